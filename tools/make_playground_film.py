"""Makes the film of the playground, for the README and the first page, and a picture.

    python tools/make_playground_film.py

The film has two parts. A small VAE learns digits, and images of one digit gather in the
map; then β is moved from 1 to 20, and the map shrinks to a point. Frames are taken at
steps of training, so that they do not depend on how fast a machine is.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from film_files import reduce_film, write_gif, write_png, write_webp
from PIL import Image
from playground_stage import open_stage

ROOT = Path(__file__).resolve().parents[1]
GIF = ".github/playground.gif"
WEBP = "book/_static/playground_film.webp"
POSTER = "book/_static/playground_poster.png"
PICTURE = "book/_static/playground.png"
EPOCH = 40  # steps
LEARNED = 15 * EPOCH  # steps of the first part, and of the picture
LEARNING_FRAMES = 36
BETAS = (2, 4, 6, 8, 10, 15, 20)  # the slider's stops on the way
DRAG = 3  # steps of training at each of them
SHRUNK = 5 * EPOCH  # steps of the second part
SHRINKING_FRAMES = 17
FRAME_MS = 80
REST_MS = {"middle": 240, "end": 3500}  # the way to the end takes 5 seconds at most
FILM_WIDTH, FILM_SCALE = 384, 2
PICTURE_WIDTH, PICTURE_SCALE = 1010, 1.5


class Shot(NamedTuple):
    """A frame to take.

    Args:
        step: of training.
        beta: which the slider is moved to before.
        rest: milliseconds for which it is shown longer.
    """

    step: int
    beta: float = 1
    rest: int = 0


def plan_film() -> list[Shot]:
    """Lists the frames: most things happen in the first steps after each change."""
    shots = [Shot(step) for step in space(0, LEARNED, LEARNING_FRAMES)]
    shots[-1] = shots[-1]._replace(rest=REST_MS["middle"])
    shots += [Shot(LEARNED + DRAG * i, beta) for i, beta in enumerate(BETAS, 1)]
    steps = space(shots[-1].step, LEARNED + SHRUNK, SHRINKING_FRAMES + 1)
    shots += [Shot(step, BETAS[-1]) for step in steps[1:]]
    shots[-1] = shots[-1]._replace(rest=REST_MS["end"])
    return shots


def space(first: int, last: int, count: int) -> list[int]:
    """Returns whole numbers from first to last, which lie ever farther apart."""
    parts = [(i / (count - 1)) ** 2 for i in range(count)]
    return [
        first + max(i, round((last - first) * part)) for i, part in enumerate(parts)
    ]


def take_film(shots: list[Shot], folder: Path) -> Iterator[tuple[Image.Image, dict]]:
    """Takes the frames, each with the numbers of the run.

    Args:
        shots: in the order of steps.
        folder: for the page, an empty one.

    Yields:
        A frame, and what the page says of the run at that step.
    """
    with open_stage(folder, FILM_WIDTH, FILM_SCALE) as stage:
        stage.call("setStage")
        beta = 1
        for shot in shots:
            if shot.beta != beta:
                stage.call("setBeta", beta := shot.beta)
            state = stage.call("goTo", shot.step)
            stage.call("say", *write_story(state))
            yield stage.take("#film"), state


def write_story(state: dict) -> tuple[str, str]:
    """Writes what is above a frame: where the run is, and what can be seen."""
    epoch, beta = int(state["epoch"]), state["beta"]
    title = f"A VAE trains in the page: epoch {epoch}, β = {beta}"
    if beta == 1:
        return title, "Images of one digit gather in the map."
    if state["active"] == 0:
        return title, "Posterior collapse: no dimension is active."
    return title, f"kl costs {beta} times as much: the map shrinks."


def take_picture(folder: Path) -> Image.Image:
    """Takes the page's upper part, after as many epochs as the film's first part."""
    with open_stage(folder, PICTURE_WIDTH, PICTURE_SCALE) as stage:
        stage.call("closeGuide")
        stage.call("goTo", LEARNED)
        return stage.take(".vae-playground", ".vp-measures")


def make_film(root: Path, shots: list[Shot]):
    """Takes and writes the film, in both formats, and what is shown before it plays."""
    with tempfile.TemporaryDirectory() as folder:
        taken = list(take_film(shots, Path(folder)))
    rests = {number for number, shot in enumerate(shots) if shot.rest}
    frames = reduce_film([frame for frame, _ in taken], rests)
    times = [FRAME_MS + shot.rest for shot in shots]
    write_gif(root / GIF, frames, times)
    write_webp(root / WEBP, frames, times)
    best = max(i for i, shot in enumerate(shots) if shot.beta == 1)
    write_png(root / POSTER, frames[best].convert("RGB"))
    for name, (_, state) in {"middle": taken[best], "end": taken[-1]}.items():
        print(name, {key: round(value, 2) for key, value in state.items()})


def make_picture(root: Path):
    """Takes and writes the picture of the page."""
    with tempfile.TemporaryDirectory() as folder:
        write_png(root / PICTURE, take_picture(Path(folder)))


def main():
    """Makes the film and the picture."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    make_picture(ROOT)
    make_film(ROOT, plan_film())
    for name in (PICTURE, POSTER, GIF, WEBP):
        print(f"{name}: {(ROOT / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
