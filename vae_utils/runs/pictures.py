"""The pictures of a run: what each needs of a model, and their files."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt

from vae_utils import configurations, files, plots
from vae_utils.models.abilities import missing
from vae_utils.runs import drawing, loading, maps
from vae_utils.runs.attempts import draw_each
from vae_utils.runs.drawing import Request
from vae_utils.training import snapshots


class Picture(NamedTuple):
    """A picture of a model.

    Args:
        draw: function of model, data and request that returns Axes.
        needs: abilities that the model must have.
    """

    draw: Callable
    needs: tuple[str, ...]


#: Name of the file → picture.
PICTURES = {
    "reconstruct": Picture(drawing.draw_reconstructions, ("encode", "decode")),
    "generate": Picture(drawing.draw_generated, ("sample", "decode")),
    "latent": Picture(maps.draw_latent, ("encode",)),
    "canvas": Picture(maps.draw_grid, ("encode", "decode")),
}
#: What can be asked for → the pictures it draws; `history` has its curves as well.
ASPECTS = {
    "history": (),
    "reconstruct": ("reconstruct",),
    "generate": ("generate",),
    "latent": ("latent", "canvas"),
    "metrics": (),
}


def lacks(run, aspect: str, request: Request) -> list[str]:
    """Lists the abilities that a run's model lacks for an aspect; none if it has all.

    Args:
        run: as `loading.find` returns it.
        aspect: key of `ASPECTS`.
        request: what would be drawn.
    """
    needs = [ability for name in ASPECTS[aspect] for ability in PICTURES[name].needs]
    if aspect == "generate" and request.around == "class-means":
        needs = ["encode", "decode"]
    model = configurations.model_class(run.configuration.model)
    return missing(model, dict.fromkeys(needs))


def needs_data(aspect: str, request: Request) -> bool:
    """Tells whether an aspect needs images; what the prior generates needs none."""
    from_prior = aspect == "generate" and request.around == "prior"
    return aspect != "history" and not from_prior


def draw(run, data, aspects, request: Request, target) -> Iterator[Path]:
    """Draws pictures of a run's model; each that cannot be drawn is a warning.

    Args:
        run: as `loading.find` returns it.
        data: `datasets.Dataset`; None where no picture needs it.
        aspects: which of `ASPECTS`.
        request: what to draw, and how much.
        target: folder for the PNG files.

    Yields:
        The path of each file written.

    Raises:
        NothingDrawn: if none of them could be drawn.
        OSError: if a file cannot be written.
    """
    for name, contents in draw_each(_list_drawings(run, data, aspects, request)):
        path = target / f"{name}.png"
        target.mkdir(parents=True, exist_ok=True)
        files.write(path, contents)
        yield path


def _list_drawings(run, data, aspects, request):
    """Yields the name of each picture, and the function that draws it as a PNG."""
    if "history" in aspects:
        yield "history", partial(render, _draw_history, run)
    drawn = [aspect for aspect in ASPECTS if aspect in aspects and ASPECTS[aspect]]
    if not drawn:
        return
    alone = not any(needs_data(aspect, request) for aspect in drawn)
    model = loading.load_decoding_parts(run) if alone else loading.load(run)
    for aspect in drawn:
        for name in ASPECTS[aspect]:
            if name == "canvas" and model.latent_shape != (2,):
                continue
            yield name, partial(render, PICTURES[name].draw, model, data, request)
        if aspect == "reconstruct" and run.folder:
            if kept := snapshots.read(run.folder):
                yield "epochs", partial(render, drawing.draw_epochs, kept)


def _draw_history(run):
    return plots.plot_history(run.history)[0]


def render(draw, *arguments) -> bytes:
    """Draws a picture in the book's style; leaves no figure open, also if it fails.

    Args:
        draw: function that returns Axes.
        *arguments: of that function.

    Returns:
        The contents of a PNG file.
    """
    before = set(plt.get_fignums())
    try:
        with plots.book_style():
            stream = io.BytesIO()
            draw(*arguments).figure.savefig(stream, format="png")
            return stream.getvalue()
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
