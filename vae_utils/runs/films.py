"""Films of a training, from what it kept after every epoch."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_utils import animation, plots, training
from vae_utils.datasets.catalog import CATALOG
from vae_utils.runs.folder import RunError
from vae_utils.runs.loading import Source
from vae_utils.training import snapshots

FILMS = ("spread", "canvas", "reconstructions")
WRITERS = {"gif": animation.write_gif, "mp4": animation.write_mp4}
# Pictures settle long before the map does: they pass in the logarithm of the epoch.
TIMES = {"spread": "linear", "canvas": "log", "reconstructions": "log"}
MOST = {"linear": 100, "log": 40}  # frames
NEEDED = {
    "spread": {"z_mean", "labels"},
    "canvas": {"canvas"},
    "reconstructions": {"reconstructions", "input"},
}


class Request(NamedTuple):
    """What to film, and how.

    Args:
        names: out of `FILMS`; none for all that there are snapshots for.
        formats: out of `WRITERS`.
        seconds: for which a film lasts.
        size: pixels of a frame's longer side.
        time: `"linear"` or `"log"`, how epochs pass; None for what suits each film.
    """

    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("gif",)
    seconds: float = animation.SECONDS
    size: int = animation.SIZE
    time: str | None = None


def film(source: Source, request: Request, target: Path) -> Iterator[Path]:
    """Films a training, and keeps the last frame of each film as a poster.

    Args:
        source: as `loading.find` returns it.
        request: what to film, and how.
        target: folder for the files.

    Yields:
        The path of each file written.

    Raises:
        RunError: if there are no snapshots for what was asked for.
    """
    arrays = snapshots.read(source.folder) if source.folder else {}
    names = _choose_films(arrays, source, request)
    for name in names:
        frames = draw(name, arrays, source, request)
        target.mkdir(parents=True, exist_ok=True)
        options = {"gif": {"colours": plots.CLASS_COLORS if name == "spread" else ()}}
        for kind in request.formats:
            yield WRITERS[kind](
                target / f"{name}.{kind}",
                frames,
                seconds=request.seconds,
                **options.get(kind, {}),
            )
        yield animation.write_poster(target / f"{name}_poster.png", frames)


def list_films(arrays: dict) -> list[str]:
    """Lists the films that snapshots are enough for.

    Args:
        arrays: name → array, as `training.Snapshots` keeps them.
    """
    return [name for name, needed in NEEDED.items() if needed <= set(arrays)]


def draw(name: str, arrays: dict, source: Source, request: Request) -> np.ndarray:
    """Draws the frames of one film.

    Args:
        name: one of `FILMS`.
        arrays: name → array, as `training.Snapshots` keeps them.
        source: whose snapshots these are.
        request: how to film.

    Returns:
        Frames, as `animation.write_gif` takes them.
    """
    shown = _choose_epochs(len(arrays["epochs"]), request.time or TIMES[name])
    titles = [f"epoch {epoch}" for epoch in arrays["epochs"][shown]]
    size = request.size
    if name == "spread":
        class_names = CATALOG[source.settings["data"]].class_names
        z = arrays["z_mean"][shown]
        return animation.draw_spread(
            z, arrays["labels"], class_names, titles, size=size
        )
    if name == "canvas":
        if getattr(source.configuration, "labelled", "none") != "none":
            titles = [f"digit {snapshots.DIGIT}, {title}" for title in titles]
        return animation.draw_canvas(
            arrays["canvas"][shown],
            titles,
            side=snapshots.SIDE,
            limit=snapshots.LIMIT,
            size=size,
        )
    drawn = arrays["reconstructions"][shown]
    return animation.draw_rows(arrays["input"], drawn, titles, size=size)


def _choose_epochs(count, time):
    """Returns the indices of the epochs that a film shows."""
    if time == "log":
        return np.array(training.spaced(count, MOST[time]))
    return np.unique(np.linspace(0, count - 1, MOST[time]).astype(int))


def _choose_films(arrays, source, request):
    if not arrays:
        raise RunError(
            "A film needs the snapshots that train keeps unless --no-viz is given. "
            f"Received: {source.name}, a run without"
        )
    there = list_films(arrays)
    missing = [name for name in request.names if name not in there]
    if missing:
        raise RunError(
            f"The snapshots of this run are enough for {', '.join(there)}; spread and "
            "canvas need two latent dimensions. Received: "
            f"{source.name}, {', '.join(missing)}"
        )
    return request.names or there
