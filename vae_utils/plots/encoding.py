"""PNG files with as few colours as do not change how a figure looks."""

import io

import numpy as np
from PIL import Image

COLOURS = 256  # of a palette
# Of a palette, or of a grey image: no grey differs from its own by more than one level.
GREYS = np.append(np.arange(0, 255, 2), 255).astype(np.uint8)
MOST_ERROR = 48  # levels by which a channel of any pixel may change
USUAL_ERROR = 24  # levels by which those of all but a thousandth may
ROUNDS = 2  # of k-means that improve a palette


def open_opaque(stream) -> Image.Image:
    """Opens an image, lays it on white, and returns it as RGB."""
    stream.seek(0)
    image = Image.open(stream).convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def encode_png(image: Image.Image, dpi: float) -> bytes:
    """Encodes an image: grey, with a palette if it looks the same, else in full.

    Args:
        image: RGB.
        dpi: pixels of the image for an inch of a page, which the file records.

    Returns:
        A PNG file's content, in which greys differ by at most one level.
    """
    stream = io.BytesIO()
    reduced = reduce_colours(image)
    reduced.save(stream, format="png", optimize=True, dpi=(dpi, dpi))
    return stream.getvalue()


def reduce_colours(image: Image.Image) -> Image.Image:
    """Reduces an image to grey, or to a palette if that looks the same.

    Args:
        image: RGB.

    Returns:
        An image of mode `L`, `P`, or unchanged.
    """
    pixels = np.asarray(image)
    is_grey = (pixels == pixels[..., :1]).all(axis=2)
    if is_grey.all():
        return Image.fromarray(GREYS[_find_grey(pixels[..., 0])])
    if len(image.getcolors(image.width * image.height)) <= COLOURS:
        return image.quantize(COLOURS, dither=Image.Dither.NONE)
    reduced = _apply_palette(image, _choose_palette(pixels[~is_grey]), is_grey)
    error = np.abs(np.asarray(reduced.convert("RGB")) - pixels.astype(int)).max(axis=2)
    if error.max() > MOST_ERROR or np.quantile(error, 0.999) > USUAL_ERROR:
        return image
    return reduced


def _find_grey(values):
    """Returns the place in `GREYS` of levels, shape (...,), of 0 to 255."""
    return np.where(values == 255, len(GREYS) - 1, values // 2)


def _choose_palette(colours):
    """Takes the greys, and the most typical of the other colours, shape (256, 3)."""
    free = COLOURS - len(GREYS)
    method = Image.Quantize.MAXCOVERAGE
    typical = Image.fromarray(colours[None]).quantize(free, method, ROUNDS)
    chosen = np.array(typical.getpalette(), np.uint8).reshape(-1, 3)[:free]
    return np.concatenate([np.repeat(GREYS[:, None], 3, axis=1), chosen])


def _apply_palette(image, palette, is_grey):
    """Replaces colours by those of a palette that begins with `GREYS`."""
    holder = Image.new("P", (1, 1))
    holder.putpalette(palette.ravel().tolist())
    nearest = np.asarray(image.quantize(palette=holder, dither=Image.Dither.NONE))
    # Pillow finds the nearest colour only roughly, which greys would not survive.
    indices = np.where(is_grey, _find_grey(np.asarray(image)[..., 0]), nearest)
    reduced = Image.fromarray(indices.astype(np.uint8))
    reduced.putpalette(palette.ravel().tolist())
    return reduced
