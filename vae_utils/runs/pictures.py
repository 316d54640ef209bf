"""The pictures of a run: what each needs of a model, and their files."""

from collections.abc import Callable
from typing import NamedTuple

import matplotlib.pyplot as plt

from vae_utils import configurations, files, plots
from vae_utils.models.abilities import missing
from vae_utils.runs import drawing, loading
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
    "latent": Picture(drawing.draw_latent, ("encode",)),
    "canvas": Picture(drawing.draw_grid, ("encode", "decode")),
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


def draw(run, data, aspects, request: Request, target):
    """Draws pictures of a run's model.

    Args:
        run: as `loading.find` returns it.
        data: `datasets.Dataset`; None where no picture needs it.
        aspects: which of `ASPECTS`.
        request: what to draw, and how much.
        target: folder for the PNG files.

    Yields:
        The path of each file written.
    """
    with plt.rc_context():
        plots.use_book_style()
        for name, ax in _make_axes(run, data, aspects, request):
            path = target / f"{name}.png"
            target.mkdir(parents=True, exist_ok=True)
            try:
                with files.written_whole(path) as stream:
                    ax.figure.savefig(stream, format="png")
            finally:
                plt.close(ax.figure)
            yield path


def _make_axes(run, data, aspects, request):
    """Yields the name and the Axes of each picture."""
    if "history" in aspects:
        yield "history", plots.plot_history(run.history)[0]
    drawn = [aspect for aspect in ASPECTS if aspect in aspects and ASPECTS[aspect]]
    if not drawn:
        return
    alone = not any(needs_data(aspect, request) for aspect in drawn)
    model = loading.load_decoding_parts(run) if alone else loading.load(run)
    for aspect in drawn:
        for name in ASPECTS[aspect]:
            if name == "canvas" and model.latent_shape != (2,):
                continue
            yield name, PICTURES[name].draw(model, data, request)
        if aspect == "reconstruct" and run.folder:
            if kept := snapshots.read(run.folder):
                yield "epochs", drawing.draw_epochs(kept)
