"""Animations of a run, from the snapshots it kept after every epoch."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_utils import animation, latent, plots, training
from vae_utils.configurations import model_class
from vae_utils.runs import maps
from vae_utils.runs.attempts import draw_each
from vae_utils.runs.folder import RunError
from vae_utils.runs.loading import Run
from vae_utils.training import snapshots

#: Name → name of the file, without its ending; the projects' own names.
ANIMATIONS = {
    "scatter": "spread",
    "grid": "canvas",
    "reconstructions": "reconstructions",
}
WRITERS = {"gif": animation.write_gif, "mp4": animation.write_mp4}
# Pictures settle long before the map does: they pass in the logarithm of the epoch.
TIMES = {"scatter": "linear", "grid": "log", "reconstructions": "log"}
MOST_FRAMES = {"linear": 100, "log": 40}
NEEDED = {
    "scatter": {"z_mean", "labels"},
    "grid": {"canvas", "z_mean"},
    "reconstructions": {"reconstructions", "input"},
}


class Request(NamedTuple):
    """What to animate, and how.

    Args:
        names: out of `ANIMATIONS`; none for all that there are snapshots for.
        formats: out of `WRITERS`.
        seconds: for which an animation lasts.
        size: pixels of a frame's longer side.
        time: `"linear"` or `"log"`, how epochs pass; None for what suits each.
    """

    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("gif",)
    seconds: float = animation.SECONDS
    size: int = animation.SIZE
    time: str | None = None


def animate(run: Run, request: Request, target: Path) -> Iterator[Path]:
    """Animates a run, and keeps the last frame of each animation as a poster.

    Args:
        run: as `loading.find` returns it.
        request: what to animate, and how.
        target: folder for the files.

    Yields:
        The path of each file written.

    Raises:
        RunError: if there are no snapshots for what was asked for, or no animation
            could be drawn; if only some could not, each is a warning.
        OSError: if a file cannot be written.
    """
    arrays = snapshots.read(run.folder) if run.folder else {}
    names = _choose_animations(arrays, run, request)
    drawings = ((name, partial(draw, name, arrays, run, request)) for name in names)
    for name, frames in draw_each(drawings):
        target.mkdir(parents=True, exist_ok=True)
        file = ANIMATIONS[name]
        options = {"gif": {"colours": plots.CLASS_COLORS if name == "scatter" else ()}}
        for kind in request.formats:
            yield WRITERS[kind](
                target / f"{file}.{kind}",
                frames,
                seconds=request.seconds,
                **options.get(kind, {}),
            )
        yield animation.write_poster(target / f"{file}_poster.png", frames)


def list_animations(arrays: dict) -> list[str]:
    """Lists the animations that snapshots are enough for.

    Args:
        arrays: name → array, as `training.Snapshots` keeps them.
    """
    return [name for name, needed in NEEDED.items() if needed <= set(arrays)]


def draw(name: str, arrays: dict, run: Run, request: Request) -> np.ndarray:
    """Draws the frames of one animation.

    Args:
        name: one of `ANIMATIONS`.
        arrays: name → array, as `training.Snapshots` keeps them.
        run: whose snapshots these are.
        request: how to draw.

    Returns:
        Frames, as `animation.write_gif` takes them.
    """
    shown = _choose_epochs(len(arrays["epochs"]), request.time or TIMES[name])
    titles = [f"epoch {epoch}" for epoch in arrays["epochs"][shown]]
    return DRAW[name](arrays, shown, titles, run, request.size)


def _draw_scatter(arrays, shown, titles, run, size):
    z, labels, left_out = maps.leave_out(arrays["z_mean"][shown], arrays["labels"])
    least = maps.least_variance(_model_class(run))
    notes = [latent.find_collapse(codes, least).title for codes in z]
    titles = [_join(*words, left_out) for words in zip(titles, notes, strict=True)]
    return animation.draw_scatter(z, labels, run.class_names, titles, size=size)


def _draw_grid(arrays, shown, titles, run, size):
    grids, z, side = arrays["canvas"][shown], arrays["z_mean"][shown], snapshots.SIDE
    notes = [
        maps.describe_collapse(codes, _model_class(run), _cut(grid))
        for codes, grid in zip(z, grids, strict=True)
    ]
    titles = [_join(*words) for words in zip(titles, notes, strict=True)]
    if hasattr(run.configuration, "conditioned"):
        names = run.class_names
        label = plots.write_name(names[snapshots.grid_label(len(names))])
        titles = [f"class {label}, {title}" for title in titles]
    limit = snapshots.LIMIT
    return animation.draw_grid(grids, titles, side=side, limit=limit, size=size)


def _draw_rows(arrays, shown, titles, run, size):
    drawn = arrays["reconstructions"][shown]
    return animation.draw_rows(arrays["input"], drawn, titles, size=size)


DRAW = {"scatter": _draw_scatter, "grid": _draw_grid, "reconstructions": _draw_rows}


def _cut(grid):
    """Cuts a grid into its images, each flattened."""
    side, (height, width, *channels) = snapshots.SIDE, grid.shape
    cells = grid.reshape(side, height // side, side, width // side, *channels)
    return cells.swapaxes(1, 2).reshape(side**2, -1)


def _join(*words):
    return ", ".join(filter(None, words))


def _model_class(run):
    return model_class(run.configuration.model)


def _choose_epochs(count, time):
    """Returns the indices of the epochs that an animation shows."""
    if time == "log":
        return np.array(training.spaced(count, MOST_FRAMES[time]))
    return np.unique(np.linspace(0, count - 1, MOST_FRAMES[time]).astype(int))


def _choose_animations(arrays, run, request):
    if not arrays:
        raise RunError(
            "Animations need the snapshots that train keeps unless --no-viz is given. "
            f"Received: {run.name}, a run without snapshots"
        )
    possible = list_animations(arrays)
    missing = [name for name in request.names if name not in possible]
    if missing:
        raise RunError(
            f"The snapshots of this run are enough for {', '.join(possible)}; scatter "
            "and grid need two latent dimensions. Received: "
            f"{run.name}, {', '.join(missing)}"
        )
    return request.names or possible
