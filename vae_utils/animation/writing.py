"""Writes frames to files that are complete or not there at all."""

from fractions import Fraction
from pathlib import Path

import imageio.v3 as iio

from vae_utils import files
from vae_utils.animation.frames import check_frames, check_seconds, spread_over_time
from vae_utils.animation.palette import reduce_colours

SECONDS = 5.0  # longer motion needs a pause button (WCAG 2.2.2)
LARGEST_DENOMINATOR = 100_000  # of frames per second


def write_gif(path, frames, *, seconds: float = SECONDS, colours=()) -> Path:
    """Writes a GIF that repeats forever.

    The last frame is shown first: where nothing moves (on paper, in previews, and for
    readers who ask for less motion), readers see the final picture.

    Grey frames get 16 even levels. Frames in colour get the 256 colours that suit them
    best, or 16 if some colours must be exact.

    Args:
        path: of the file; its folder must exist.
        frames: as for `check_frames`.
        seconds: of one pass, at most; some frames are left out if there are more than
            one every 0.02 s.
        colours: RGB in [0, 1] that must be exact, at most 14; grey frames need none.

    Returns:
        The path.

    Raises:
        ValueError: as `check_frames` does, or if `seconds` is not positive, or there
            are too many colours.
        OSError: if it cannot be written; an existing file of that name is kept.
    """
    frames = check_frames(frames)
    check_seconds(seconds)
    frames, milliseconds = spread_over_time(frames, seconds)
    frames = reduce_colours(frames, colours)
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
        seconds: of the whole video.

    Returns:
        The path.

    Raises:
        ModuleNotFoundError: if imageio-ffmpeg is not installed.
        ValueError: as `check_frames` does, or if `seconds` is not positive.
        OSError: if it cannot be written; an existing file of that name is kept.
    """
    try:
        import imageio_ffmpeg  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "MP4 needs the package imageio-ffmpeg: pip install imageio-ffmpeg."
        ) from error
    frames = check_frames(frames)
    check_seconds(seconds)
    height, width = (2 * (side // 2) for side in frames.shape[1:3])
    contents = iio.imwrite(
        "<bytes>",
        frames[:, :height, :width],
        extension=".mp4",
        plugin="FFMPEG",
        fps=len(frames) / seconds,
        # The package rounds fps to two decimals: one frame in 60 s would last 50.
        input_params=["-r", str(_rate(len(frames), seconds))],
        ffmpeg_log_level="error",  # else it warns that the rate is given twice
        macro_block_size=2,
    )
    return _write(path, contents)


def write_poster(path, frames) -> Path:
    """Writes the last frame as a PNG, to show in place of an animation.

    Args:
        path: of the file; its folder must exist.
        frames: as for `check_frames`.

    Returns:
        The path.

    Raises:
        ValueError: as `check_frames` does.
        OSError: if it cannot be written; an existing file of that name is kept.
    """
    contents = iio.imwrite("<bytes>", check_frames(frames)[-1], extension=".png")
    return _write(path, contents)


def _rate(count, seconds):
    """Returns frames per second as a fraction, which ffmpeg reads as it is."""
    return Fraction(count / seconds).limit_denominator(LARGEST_DENOMINATOR)


def _write(path, contents):
    path = Path(path)
    files.write(path, contents)
    return path
