"""The frames of an animation: one type, one size, and the time of each."""

import numpy as np

from vae_utils.checks import check_finite

HOLD = 0.8  # seconds of the last frame, shown first; a quarter of short animations
TICK = 0.01  # seconds, the unit of time in a GIF
SHORTEST = 0.02  # seconds; browsers slow down frames that are shorter


def check_frames(frames) -> np.ndarray:
    """Checks frames, and converts them to one array of uint8.

    Args:
        frames: uint8 or float in [0, 1], shape (n, height, width) or (n, height, width,
            3), or a sequence of n such images.

    Returns:
        The same images, uint8, shape (n, height, width) or (n, height, width, 3).

    Raises:
        ValueError: if there are no frames, their sizes differ, or a value is not finite
            or out of range.
    """
    images = [np.asarray(frame) for frame in frames]
    if not images:
        raise ValueError("An animation needs at least one frame.")
    shapes = sorted({image.shape for image in images})
    if len(shapes) > 1:
        raise ValueError(f"All frames must have the same size. Received: {shapes}")
    stacked = np.stack(images)
    in_colour = stacked.ndim == 4 and stacked.shape[-1] == 3
    if not (stacked.ndim == 3 or in_colour) or 0 in stacked.shape:
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


def check_seconds(seconds):
    """Raises ValueError unless `seconds` is positive and finite."""
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be positive. Received: seconds={seconds}")


def spread_over_time(frames: np.ndarray, seconds: float):
    """Puts the last frame first, and gives each frame its time.

    Args:
        frames: as `check_frames` returns them.
        seconds: of all frames together, at most.

    Returns:
        Frames, fewer than before if each would be shorter than `SHORTEST`; and a list
        of milliseconds, one per frame.
    """
    if len(frames) == 1:
        return frames, [round(1000 * seconds)]
    held = min(HOLD, seconds / 4)
    most = max(1, int((seconds - held) / SHORTEST))
    kept = np.linspace(0, len(frames) - 1, min(len(frames), most + 1)).astype(int)[1:]
    if len(frames) <= most:
        kept = np.arange(len(frames))
    each = np.floor((seconds - held) / len(kept) / TICK + 1e-9) * TICK
    times = [held, *np.full(len(kept), each)]
    return frames[[-1, *kept]], [round(1000 * time) for time in times]
