"""PNG files with as few colours as do not change how a figure looks."""

import io

import numpy as np
from PIL import Image

COLOURS = 256  # of a palette
GREY_ERROR = 1  # levels of 255 by which a grey may change
COLOUR_ERROR = 24  # and by which the channels of other colours may
ROUNDS = 2  # of k-means that improve a palette


def open_opaque(stream) -> Image.Image:
    """Opens an image, drops its opacity, and returns it as RGB."""
    stream.seek(0)
    image = Image.open(stream)
    if image.mode == "RGB":
        return image
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")


def encode_png(image: Image.Image, dpi: float) -> bytes:
    """Encodes an image: grey, with a palette if it looks the same, else in full.

    Args:
        image: RGB.
        dpi: pixels of the image for an inch of a page, which the file records.

    Returns:
        A PNG file's content. Greys differ by at most `GREY_ERROR`.
    """
    pixels = np.asarray(image)
    if (pixels == pixels[..., :1]).all():
        reduced = image.convert("L")
    else:
        reduced = _reduce(image, pixels)
    stream = io.BytesIO()
    reduced.save(stream, format="png", optimize=True, dpi=(dpi, dpi))
    return stream.getvalue()


def _reduce(image, pixels):
    """Gives an image a palette, unless its colours would change too much."""
    count = len(image.getcolors(image.width * image.height))
    if count <= COLOURS:
        return image.quantize(COLOURS, dither=Image.Dither.NONE, kmeans=ROUNDS)
    reduced = image.quantize(COLOURS, dither=Image.Dither.NONE, kmeans=ROUNDS)
    error = np.abs(np.asarray(reduced.convert("RGB")) - pixels.astype(int)).max(axis=2)
    grey = (pixels == pixels[..., :1]).all(axis=2)
    if error[grey].max(initial=0) > GREY_ERROR or error.max() > COLOUR_ERROR:
        return image
    return reduced
