"""A sheet of small pictures, to see at a glance what a folder holds."""

import numpy as np

from vae_utils.checks import check_positive_integer

GAP = 2  # pixels between pictures
COLUMNS = 10


def make_sheet(images: np.ndarray, most: int = 100) -> np.ndarray:
    """Lays pictures out in rows.

    Args:
        images: uint8, shape (n, height, width) or (n, height, width, 3).
        most: number of pictures; those shown are spaced evenly over all.

    Returns:
        uint8, shape (rows, columns, 3), white between the pictures.
    """
    check_positive_integer(most, "most", "the pictures of a sheet")
    shown = np.unique(np.linspace(0, len(images) - 1, min(most, len(images))).round())
    shown = shown.astype(int)
    height, width = images.shape[1:3]
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    size = rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3
    sheet = np.full(size, 255, np.uint8)
    for place, index in enumerate(shown):
        top = GAP + place // columns * (height + GAP)
        left = GAP + place % columns * (width + GAP)
        image = images[index]
        image = image if image.ndim == 3 else image[..., np.newaxis]
        sheet[top : top + height, left : left + width] = image
    return sheet
