"""Makes the sheet of cat parts from a wheel: `python tools/make_cats.py WHEEL`.

The wheel is robohash 2.0 (`pip download robohash==2.0 --no-deps`), which nobody needs
to install: pictures are read from it. The parts are by David Revoy, CC BY 4.0. Each is
scaled from 1024 to 64 pixels with its colours multiplied by its opacity, so that edges
get no fringe, and stays so on the sheet: a row for each kind of part, and a column for
each part. A part that repeats an earlier one exactly is left out. Prints the hash for
`vae_utils/datasets/cats/composing.py`.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from vae_utils.datasets.cats.composing import SHEET, SIDE

WHEEL_SHA256 = "fbb51f1e30924200a3c055360eddc09d722018a47ff28f4a73d523889b3d6ba4"
FOLDER = "robohash/sets/set4/"
COLUMNS = 16


def read_wheel(contents: bytes) -> list[list[np.ndarray]]:
    """Reads the parts in a wheel, scaled.

    Args:
        contents: of the wheel.

    Returns:
        For each kind of part, arrays of premultiplied colours, shape (64, 64, 4).

    Raises:
        ValueError: if it is another wheel.
    """
    digest = hashlib.sha256(contents).hexdigest()
    if digest != WHEEL_SHA256:
        raise ValueError(
            f"The wheel must be robohash 2.0, SHA-256 {WHEEL_SHA256}. "
            f"Received: {digest}"
        )
    kinds = {}
    with zipfile.ZipFile(io.BytesIO(contents)) as wheel:
        for name in sorted(wheel.namelist()):
            if name.startswith(FOLDER) and name.endswith(".png"):
                kind = name.removeprefix(FOLDER).partition("/")[0]
                kinds.setdefault(kind, {})[_read_picture(wheel.read(name))] = None
    return [[_scale(picture) for picture in kind] for kind in kinds.values()]


def _read_picture(contents):
    """Returns size and premultiplied pixels of a picture, which can be compared."""
    picture = Image.open(io.BytesIO(contents)).convert("RGBA").convert("RGBa")
    return picture.size, picture.tobytes()


def _scale(picture):
    size, pixels = picture
    whole = Image.frombytes("RGBa", size, pixels)
    return np.asarray(whole.resize((SIDE, SIDE), Image.Resampling.BOX))


def draw_sheet(kinds: list[list[np.ndarray]]) -> np.ndarray:
    """Arranges parts: a row for each kind; returns uint8, shape (height, width, 4)."""
    sheet = np.zeros((len(kinds), SIDE, COLUMNS, SIDE, 4), np.uint8)
    for row, parts in zip(sheet, kinds, strict=True):
        for column, part in enumerate(parts):
            row[:, column] = part
    return sheet.reshape(len(kinds) * SIDE, COLUMNS * SIDE, 4)


def main():
    """Writes the sheet, and prints its size and hash."""
    sheet = draw_sheet(read_wheel(Path(sys.argv[1]).read_bytes()))
    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, "png", optimize=True)
    SHEET.write_bytes(stream.getvalue())
    print(f"{SHEET.name}: {len(stream.getvalue()):,} bytes")
    print(hashlib.sha256(stream.getvalue()).hexdigest())


if __name__ == "__main__":
    main()
