"""Makes the frames of an animation small enough for a page to carry."""

import base64

import numpy as np

LEVELS = 256  # places of a coordinate
REACH = 1.04  # of the packed range beyond the axes: what lies farther out is not shown
GOLDEN = 0.6180339887498949  # its multiples are spread evenly over [0, 1)


def pack_codes(z: np.ndarray, limit: float) -> str:
    """Packs 2-D codes, one byte for each coordinate.

    Each point has a lattice of its own, shifted by a share of a step, so that many
    points show no grid. What is kept is how each coordinate changes from frame to
    frame, modulo 256: small numbers, which a server's gzip makes smaller.

    Args:
        z: codes, shape (frames, n, 2).
        limit: coordinate of the ends of the axes.

    Returns:
        Base64 text of uint8, shape (2, n, frames); 0 and 255 stand for codes farther
        out. `scatter.js` undoes it, within half a step of 2 · 1.04 · limit / 256.
    """
    frames, count, _ = z.shape
    step = 2 * REACH * limit / LEVELS
    index = np.arange(2 * count).reshape(count, 2)  # as the script counts them
    shift = (index * GOLDEN) % 1
    places = np.floor((z + REACH * limit) / step + shift)
    bytes_ = places.clip(0, LEVELS - 1).astype(np.uint8).transpose(2, 1, 0)
    changes = np.diff(bytes_, axis=2, prepend=np.zeros((2, count, 1), np.uint8))
    return base64.b64encode(changes.tobytes()).decode()


def thin_grid(grid: np.ndarray, side: int, every: int) -> np.ndarray:
    """Leaves out images of a grid, but keeps the outermost.

    Args:
        grid: images edge to edge, shape (frames, height, width), or the same with
            channels.
        side: images along each axis.
        every: step between the images that are kept of each row and column; it must
            divide side − 1.

    Returns:
        A grid of (side − 1) / every + 1 images along each axis.

    Raises:
        ValueError: if the grid does not have `side` images along each axis, or `every`
            does not divide side − 1.
    """
    frames, height, width, *channels = grid.shape
    if side < 1 or height % side or width % side:
        raise ValueError(
            f"The grid must have side images along each axis. Received: side={side}, "
            f"grid.shape={grid.shape}"
        )
    if every < 1 or (side - 1) % every:
        raise ValueError(
            f"every must be a positive divisor of {side - 1}. Received: every={every}"
        )
    cells = grid.reshape(frames, side, height // side, side, width // side, *channels)
    kept = cells[:, ::every, :, ::every]
    left = (side - 1) // every + 1
    return kept.reshape(frames, left * height // side, left * width // side, *channels)
