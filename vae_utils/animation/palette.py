"""The colours of a GIF: 16 for drawings, up to 256 for colour images."""

import numpy as np
from PIL import Image

DRAWING_COLOURS = 16  # of grey frames, and of drawings that name their colours
IMAGE_COLOURS = 256  # of colour images: all that a GIF can have
BLACK_AND_WHITE = [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)]
SAMPLED = 8  # frames that a palette is chosen from


def reduce_colours(frames: np.ndarray, colours=()) -> np.ndarray:
    """Reduces frames to a palette of few colours, without dithering.

    Args:
        frames: uint8, shape (n, height, width), or (n, height, width, 3) in colour.
        colours: RGB in [0, 1] that must be kept exactly, at most 14; then the palette
            has 16 colours. Without, colour frames get a palette of up to 256.

    Returns:
        Frames of the same shape, uint8.

    Raises:
        ValueError: if there are too many colours.
    """
    if frames.ndim == 3:
        step = 255 / (DRAWING_COLOURS - 1)
        return np.rint(step * np.rint(frames / step)).astype(np.uint8)
    count = DRAWING_COLOURS if len(colours) else IMAGE_COLOURS
    palette = Image.new("P", (1, 1))
    palette.putpalette(_choose_palette(frames, colours, count).ravel().tolist())
    return np.stack(
        [
            Image.fromarray(frame)
            .quantize(palette=palette, dither=Image.Dither.NONE)
            .convert("RGB")
            for frame in frames
        ]
    )


def _choose_palette(frames, colours, count):
    """Takes black, white and the given colours, then the most typical of the rest."""
    fixed = np.concatenate([BLACK_AND_WHITE, np.reshape(colours, (-1, 3))])
    fixed = np.rint(255 * fixed).astype(np.uint8)
    free = count - len(fixed)
    if free < 0:
        raise ValueError(
            f"A GIF with given colours has {count}, black and white included. "
            f"Received: {len(colours)} colours"
        )
    picked = np.unique(np.linspace(0, len(frames) - 1, SAMPLED).astype(int))
    pixels = frames[picked].reshape(-1, 3)
    if len(colours):  # a drawing's rare colours count as much as its background
        pixels = np.unique(pixels, axis=0)
    others = pixels[~(pixels[:, None] == fixed).all(-1).any(-1)]
    if not len(others) or not free:
        return fixed
    reduced = Image.fromarray(others[None]).quantize(free, dither=Image.Dither.NONE)
    chosen = np.asarray(reduced.getpalette(), np.uint8).reshape(-1, 3)[:free]
    return np.concatenate([fixed, chosen])
