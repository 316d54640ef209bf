"""Writes films and pictures of pages, small: few colours, and only what changes."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from vae_utils import files
from vae_utils.plots import encoding

COLOURS, GREYS = 40, 12  # of a film, and how many of them are grey
GREY_SPREAD = 24  # levels by which the channels of a grey differ, at most
NEAR = 32  # levels: a change below is not shown while a film moves
SAMPLES = 8  # frames that the colours are chosen from
ROUNDS = 2  # of k-means that improve them
UNCHANGED = COLOURS  # of the palette: a pixel as in the frame before


def reduce_film(frames: list[Image.Image], rests: set[int]) -> list[Image.Image]:
    """Reduces a film to few colours; small changes wait for a frame that rests.

    White and black are shown at once, so that nothing is left behind on the ground.

    Args:
        frames: RGB, of one size.
        rests: numbers of frames that are shown for long.

    Returns:
        Images with one palette, without dither.
    """
    palette = choose_palette(frames)
    levels = np.array(palette.getpalette()[: 3 * COLOURS], int).reshape(-1, 3)
    distance = np.abs(levels[:, None] - levels).max(axis=2)
    is_ground = (levels == 0).all(axis=1) | (levels == 255).all(axis=1)
    is_near = (distance <= NEAR) & ~is_ground[:, None] | (distance == 0)
    shown, reduced = None, []
    for number, frame in enumerate(frames):
        new = np.asarray(frame.quantize(palette=palette, dither=Image.Dither.NONE))
        if shown is not None and number not in rests:
            new = np.where(is_near[new, shown], shown, new)
        reduced.append(paint(shown := new, palette))
    return reduced


def choose_palette(frames: list[Image.Image]) -> Image.Image:
    """Takes even greys, and the most typical other colours of a film.

    Args:
        frames: RGB.

    Returns:
        An image with the palette.
    """
    chosen = np.linspace(0, len(frames) - 1, min(SAMPLES, len(frames))).round()
    pixels = np.concatenate([np.asarray(frames[int(i)]) for i in chosen])
    pixels = pixels.reshape(-1, 3)
    others = pixels[np.ptp(pixels.astype(int), axis=1) > GREY_SPREAD]
    free = COLOURS - GREYS
    typical = Image.fromarray(others[None]).quantize(free, kmeans=ROUNDS)
    greys = np.linspace(0, 255, GREYS).round().astype(int).repeat(3)
    holder = Image.new("P", (1, 1))
    colours = [*greys.tolist(), *typical.getpalette()[: 3 * free]]
    holder.putpalette([*colours, *[0] * (3 * COLOURS - len(colours)), 0, 0, 0])
    return holder


def paint(indices: np.ndarray, palette: Image.Image) -> Image.Image:
    """Turns indices into a picture with a palette."""
    picture = Image.fromarray(np.uint8(indices), mode="P")
    picture.putpalette(palette.getpalette())
    return picture


def write_gif(path: Path, frames: list[Image.Image], times: list[int]):
    """Writes a film that repeats.

    Args:
        path: of the file.
        frames: as `reduce_film` returns them.
        times: milliseconds for which each is shown, multiples of 10.
    """
    indices = [np.asarray(frame) for frame in frames]
    changes = [
        paint(np.where(new == old, UNCHANGED, new), frames[0])
        for old, new in zip(indices, indices[1:], strict=False)
    ]
    write_film(
        path,
        [frames[0], *changes],
        times,
        format="gif",
        loop=0,
        transparency=UNCHANGED,
        disposal=1,  # what is transparent shows the frame before
        optimize=False,  # the palette is the same for all
    )


def write_webp(path: Path, frames: list[Image.Image], times: list[int]):
    """Writes a film that plays once, and rests on its last frame."""
    frames = [frame.convert("RGB") for frame in frames]
    write_film(path, frames, times, format="webp", loop=1, lossless=True, method=4)


def write_film(path, frames, times, **options):
    """Writes frames with Pillow."""
    first, *rest = frames
    stream = io.BytesIO()
    first.save(stream, save_all=True, append_images=rest, duration=times, **options)
    write(path, stream)


def write_png(path: Path, image: Image.Image):
    """Writes a picture, with a palette if it looks the same."""
    stream = io.BytesIO()
    encoding.reduce_colours(image).save(stream, format="png", optimize=True)
    write(path, stream)


def write(path, stream):
    """Writes a file, in a folder that is made if missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, stream.getvalue())
