"""Packs pictures into text that a page carries."""

import base64
import io

import numpy as np
from PIL import Image

QUALITY = 40  # of lossy pictures; at 30 the strokes of digits fray
EFFORT = 6  # of the encoder, the most that it makes


def pack_picture(
    image: np.ndarray, *, lossless: bool = False, quality: int = QUALITY
) -> str:
    """Packs an image as WebP.

    Args:
        image: uint8, shape (height, width) or (height, width, 3).
        lossless: for drawings, which have few colours and sharp edges.
        quality: of a lossy picture, up to 100.

    Returns:
        A data URL.
    """
    options = {"lossless": True} if lossless else {"quality": quality}
    packed = io.BytesIO()
    Image.fromarray(image).save(packed, "WEBP", method=EFFORT, **options)
    text = base64.b64encode(packed.getvalue()).decode()
    return f"data:image/webp;base64,{text}"
