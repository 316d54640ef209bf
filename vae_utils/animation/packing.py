"""Packs the codes of an animation into text that a page carries."""

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
