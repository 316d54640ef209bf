"""From a picture file to an array: upright, cropped or padded, on a background.

This runs in processes of its own (`process`), since a damaged file may take a decoder
down. There Pillow's own limit on pixels is off: `max_pixels` takes its place.
"""

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

#: What Pillow may take a file for, whatever its ending. Others, such as EPS, would
#: start programs; TGA has no signature, so that anything may pass for it.
FORMATS = (
    "PNG JPEG MPO GIF BMP DIB WEBP TIFF PPM ICO JPEG2000 AVIF".split()  # fmt: skip
)
GREY_SPREAD = 3  # levels by which a grey pixel's channels may differ, as JPEG rounds
WIDE = 65_535  # white in 16 bits
REASON = 80  # characters


class Undecodable(ValueError):
    """Says in a few words why a file is no picture that can be used."""


def prepare():
    """Lets Pillow know all its formats, and lifts its limit on pixels.

    Returns:
        The formats of `FORMATS` that this Pillow can read.
    """
    Image.init()
    Image.MAX_IMAGE_PIXELS = None
    return [name for name in FORMATS if name in Image.OPEN]


def decode(path: str, formats, *, size, colour, fit, background, max_pixels):
    """Decodes a file.

    Args:
        path: of the file.
        formats: names of formats, as `prepare` returns them.
        size: pixels of a side.
        colour: `"rgb"` or `"grey"`.
        fit: `"crop"` or `"pad"`.
        background: red, green and blue, 0 … 255.
        max_pixels: most pixels of a file.

    Returns:
        uint8 array, shape (size, size, 3), or (size, size) if grey; and what the file
        was: `width`, `height`, `mode`, `animated`, `grey`.

    Raises:
        Undecodable: if that is not possible.
    """
    try:
        image, facts = _read(path, formats, size, max_pixels)
        pixels = _flatten(_fit(image, size, fit), size, tuple(background))
    except MemoryError as error:
        raise Undecodable("too large for the memory") from error
    spread = pixels.max(axis=-1).astype(np.int16) - pixels.min(axis=-1)
    facts["grey"] = bool(spread.max() <= GREY_SPREAD)
    return to_grey(pixels) if colour == "grey" else pixels, facts


def to_grey(pixels: np.ndarray) -> np.ndarray:
    """Weighs red, green and blue as the eye does (ITU-R 601).

    Args:
        pixels: uint8, shape (height, width, 3).

    Returns:
        uint8, shape (height, width).
    """
    return np.asarray(Image.fromarray(pixels).convert("L"))


def _read(path, formats, size, max_pixels):
    """Opens a file and reads its first frame; whatever a decoder raises is a reason."""
    try:
        with Image.open(path, formats=formats) as image:
            facts = _check(image, max_pixels)
            return _load(image, size), facts
    except (Undecodable, MemoryError):
        raise
    except Exception as error:  # decoders raise what they like
        raise Undecodable(_explain(path, error)) from error


def _check(image, max_pixels):
    """Returns what a file says of itself; refuses more pixels than the limit."""
    width, height = image.size
    if width * height > max_pixels:
        raise Undecodable(
            f"{width:,} × {height:,} pixels, above max_pixels={max_pixels}"
        )
    animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
    return {"width": width, "height": height, "mode": image.mode, "animated": animated}


def _load(image, size):
    """Reads the first frame, upright, in a mode that can be resized."""
    image.draft(None, (2 * size, 2 * size))  # JPEG decodes at a fraction, far faster
    image.load()
    return _to_eight_bits(ImageOps.exif_transpose(image))


def _to_eight_bits(image):
    """Converts to RGB, or to RGBA where something is transparent."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.int64)
        if values.min() < 0 or values.max() > WIDE:
            raise Undecodable("its whole numbers are not 0 … 65,535")
        image = Image.fromarray(((values * 255 + WIDE // 2) // WIDE).astype(np.uint8))
    elif image.mode == "F":
        values = np.asarray(image)
        if not (values.min() >= 0 and values.max() <= 1):
            raise Undecodable("its floating-point numbers are not 0 … 1")
        image = Image.fromarray(np.rint(values * 255).astype(np.uint8))
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _fit(image, size, fit):
    """Resizes to a square: crops its centre, or shrinks all of it to fit inside."""
    width, height = image.size
    options = {"resample": Image.Resampling.BICUBIC, "reducing_gap": 3.0}
    if fit == "crop":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = left, top, left + side, top + side
        return image.resize((size, size), box=box, **options)
    scale = size / max(width, height)
    inside = [max(1, round(side * scale)) for side in (width, height)]
    return image.resize(inside, **options)


def _flatten(image, size, background):
    """Lays an image over a background of the full size, in its middle."""
    base = Image.new("RGB", (size, size), background)
    corner = (size - image.width) // 2, (size - image.height) // 2
    base.paste(image, corner, image if image.mode == "RGBA" else None)
    return np.asarray(base)


def _explain(path, error):
    """Says in a few words why a file cannot be read."""
    if isinstance(error, UnidentifiedImageError):
        known = path.lower().endswith((".heic", ".heif", ".tga"))
        return (
            "convert it to PNG or JPEG" if known else "not a picture that Pillow reads"
        )
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = " ".join(str(error).split()).replace(path, "the file")
    if "truncated" in text.lower():
        return "the file is cut short"
    return f"{type(error).__name__}: {text}"[:REASON].rstrip(": ")
