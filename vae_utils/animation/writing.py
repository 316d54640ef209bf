"""Frames become a file that is whole or not there."""

from pathlib import Path

import imageio.v3 as iio
import numpy as np
from PIL import Image

from vae_utils import files
from vae_utils.checks import check_finite

SECONDS = 5.0  # longer motion needs a pause button (WCAG 2.2.2)
COLOURS = 16
BLACK_AND_WHITE = [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)]
SAMPLED = 8  # frames that a palette is chosen from
HELD = 0.8  # seconds for which the finished picture stands, or a quarter of the film
TICK = 0.01  # of a GIF's clock, in seconds
SHORTEST = 0.02  # that browsers keep to; they slow anything shorter down


def check_frames(frames) -> np.ndarray:
    """Checks frames, and brings them to one type.

    Args:
        frames: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            3), or a sequence of n such images.

    Returns:
        The same pictures, uint8, shape (n, height, width) or (n, height, width, 3).

    Raises:
        ValueError: if there are no frames, their sizes differ, or a value is not finite
            or out of range.
    """
    images = [np.asarray(frame) for frame in frames]
    if not images:
        raise ValueError("A film needs a frame at least. Received: none")
    shapes = sorted({image.shape for image in images})
    if len(shapes) > 1:
        raise ValueError(f"All frames must have one size. Received: {shapes}")
    stacked = np.stack(images)
    coloured = stacked.ndim == 4 and stacked.shape[-1] == 3
    if not (stacked.ndim == 3 or coloured) or 0 in stacked.shape:
        raise ValueError(
            "Frames must have shape (height, width), or (height, width, 3) in colour. "
            f"Received: {shapes[0]}"
        )
    if stacked.dtype == np.uint8:
        return stacked
    check_finite(stacked, "frames")
    if stacked.dtype.kind != "f" or stacked.min() < 0 or stacked.max() > 1:
        raise ValueError(
            "Frames must be uint8, or float in [0, 1]. Received: "
            f"{stacked.dtype} from {stacked.min():g} to {stacked.max():g}"
        )
    return np.rint(255 * stacked).astype(np.uint8)


def write_gif(path, frames, *, seconds: float = SECONDS, colours=()) -> Path:
    """Writes a GIF of 16 colours, endlessly repeated.

    The last frame comes first: where nothing moves (on paper, in previews, and where
    the reader has asked for less motion), the finished picture is the one to see.

    Args:
        path: of the file; its folder must exist.
        frames: as for `check_frames`.
        seconds: for which one pass lasts, at most; if frames would follow each other
            faster than every 0.02 s, some are left out.
        colours: RGB in [0, 1] that must come out exactly, 14 at most; grey frames need
            none.

    Returns:
        The path.

    Raises:
        ValueError: as `check_frames` does, or if `seconds` is not positive, or there
            are too many colours.
        OSError: if it cannot be written; a file of that name stays as it was.
    """
    frames = check_frames(frames)
    _check_seconds(seconds)
    frames, milliseconds = _time(frames, seconds)
    frames = _reduce_colours(frames, colours)
    contents = iio.imwrite(
        "<bytes>",
        frames,
        extension=".gif",
        plugin="pillow",
        is_batch=True,
        duration=milliseconds if len(frames) > 1 else milliseconds[0],
        loop=0,
    )
    return _write(path, contents)


def write_mp4(path, frames, *, seconds: float = SECONDS) -> Path:
    """Writes a video (H.264).

    Args:
        path: of the file; its folder must exist.
        frames: as for `check_frames`; an odd last row or column is left out.
        seconds: for which it lasts.

    Returns:
        The path.

    Raises:
        ModuleNotFoundError: if imageio-ffmpeg is not installed.
        ValueError: as `check_frames` does, or if `seconds` is not positive.
        OSError: if it cannot be written; a file of that name stays as it was.
    """
    try:
        import imageio_ffmpeg  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "MP4 needs the package imageio-ffmpeg: pip install imageio-ffmpeg. "
            "Received: none installed"
        ) from error
    frames = check_frames(frames)
    _check_seconds(seconds)
    height, width = (2 * (side // 2) for side in frames.shape[1:3])
    contents = iio.imwrite(
        "<bytes>",
        frames[:, :height, :width],
        extension=".mp4",
        plugin="FFMPEG",
        fps=len(frames) / seconds,
        macro_block_size=2,
    )
    return _write(path, contents)


def write_poster(path, frames) -> Path:
    """Writes the last frame as a PNG: what a film shows where nothing moves.

    Args:
        path: of the file; its folder must exist.
        frames: as for `check_frames`.

    Returns:
        The path.

    Raises:
        ValueError: as `check_frames` does.
        OSError: if it cannot be written; a file of that name stays as it was.
    """
    contents = iio.imwrite("<bytes>", check_frames(frames)[-1], extension=".png")
    return _write(path, contents)


def _time(frames, seconds):
    """Puts the last frame first; returns frames, and milliseconds for each."""
    if len(frames) == 1:
        return frames, [round(1000 * seconds)]
    held = min(HELD, seconds / 4)
    most = max(1, int((seconds - held) / SHORTEST))
    kept = np.linspace(0, len(frames) - 1, min(len(frames), most + 1)).astype(int)[1:]
    if len(frames) <= most:
        kept = np.arange(len(frames))
    each = np.floor((seconds - held) / len(kept) / TICK + 1e-9) * TICK
    times = [held, *np.full(len(kept), each)]
    return frames[[-1, *kept]], [round(1000 * time) for time in times]


def _check_seconds(seconds):
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive. Received: seconds={seconds}")


def _write(path, contents):
    path = Path(path)
    files.write(path, contents)
    return path


def _reduce_colours(frames, colours):
    """Returns RGB frames in which no more than 16 colours occur, without dithering."""
    if frames.ndim == 3:
        step = 255 / (COLOURS - 1)
        return np.rint(step * np.rint(frames / step)).astype(np.uint8)
    palette = Image.new("P", (1, 1))
    palette.putpalette(_choose_palette(frames, colours).ravel().tolist())
    return np.stack(
        [
            Image.fromarray(frame)
            .quantize(palette=palette, dither=Image.Dither.NONE)
            .convert("RGB")
            for frame in frames
        ]
    )


def _choose_palette(frames, colours):
    """Takes the colours asked for, and fills up with what else occurs."""
    asked = np.concatenate([BLACK_AND_WHITE, np.reshape(colours, (-1, 3))])
    asked = np.rint(255 * asked).astype(np.uint8)
    picked = np.unique(np.linspace(0, len(frames) - 1, SAMPLED).astype(int))
    pixels = np.unique(frames[picked].reshape(-1, 3), axis=0)
    others = pixels[~(pixels[:, None] == asked).all(-1).any(-1)]
    free = COLOURS - len(asked)
    if free < 0:
        raise ValueError(
            f"A GIF here has {COLOURS} colours, with black and white. "
            f"Received: {len(colours)} others"
        )
    if not len(others) or not free:
        return asked
    reduced = Image.fromarray(others[None]).quantize(free, dither=Image.Dither.NONE)
    found = np.asarray(reduced.getpalette(), np.uint8).reshape(-1, 3)[:free]
    return np.concatenate([asked, found])
