"""How large an image is drawn, and how its pixels become those of the figure.

The reference is an image of 28 × 28 pixels. Every other image is drawn with the same
shorter side, unless the figure would then have fewer pixels than the image.
"""

import textwrap

import numpy as np

from vae_utils.plots.style import WIDTH

REFERENCE = 28  # pixels; the side that the inches in this package are chosen for
RESOLUTION = 96  # pixels of a figure along the side of a reference image
LARGEST = 4.0  # times a reference image: the limit for images of many pixels
THINNEST = 4  # longer side by shorter side; thinner images are drawn smaller
MARGIN = 0.04  # inches between a text and the edge of the figure
SHORTER = 0.85  # times the longest line: that of a title broken once more


def enlargement(height: int, width: int) -> float:
    """Computes how much larger than a 28 × 28 image an image is drawn.

    Args:
        height: pixels.
        width: pixels.

    Returns:
        The factor of the shorter side, from 1 to `LARGEST`.
    """
    return min(max(1.0, _side(height, width) / RESOLUTION), LARGEST)


def pixel_scale(height: int, width: int) -> float:
    """Computes how large a pixel is drawn, relative to one of a 28 × 28 image.

    Args:
        height: of the image, in pixels.
        width: of the image, in pixels.

    Returns:
        The factor; 1 for 28 × 28, and for two such images side by side.
    """
    return REFERENCE / _side(height, width) * enlargement(height, width)


def show(ax, grid, height: int, width: int):
    """Shows a grid of images: grey from black at 0 to white at 1, or in colour.

    Args:
        ax: Axes to draw on.
        grid: as `tile` returns it.
        height: of each image, in pixels.
        width: of each image, in pixels.
    """
    # Images of more pixels may get fewer than two of the figure for each of their own.
    smooth = (
        {"interpolation": "antialiased"} if _side(height, width) > REFERENCE else {}
    )
    pinned = {"cmap": "gray", "origin": "upper", "aspect": "equal"}
    ax.imshow(clip_colours(grid), vmin=0, vmax=1, **pinned, **smooth)


def limit_width(size):
    """Shrinks width and height in inches, if need be, to the width of a page."""
    return np.array(size) * min(1, WIDTH / size[0])


def fit_texts(ax):
    """Makes the title fit the figure, and moves the names in it inside.

    Matplotlib lays axes out, but cuts a title that is wider than the figure, and a name
    at its edge. The figure is widened up to the width of a page; then the title breaks.

    Args:
        ax: the only Axes of the figure.
    """
    figure, margin = ax.figure, MARGIN * ax.figure.dpi
    missing = _measure_missing(ax, margin)
    if missing > 0:
        wider = (figure.bbox.width + 2 * missing) / figure.dpi
        figure.set_figwidth(max(min(wider, WIDTH), figure.get_figwidth()))
    while _measure_missing(ax, margin) > 0 and _break_title(ax):
        pass
    for text in ax.texts:
        _move_inside(text, ax, margin)


def _measure_missing(ax, margin):
    """Returns by how many pixels a title is outside its figure, on the worse side."""
    ax.figure.draw_without_rendering()
    title = ax.title.get_window_extent()
    outside = max(margin - title.x0, title.x1 + margin - ax.figure.bbox.width)
    return outside if ax.get_title() else 0


def _break_title(ax) -> bool:
    """Breaks a title into shorter lines; returns whether that was possible."""
    lines = ax.get_title().splitlines()
    most = int(SHORTER * max(map(len, lines)))
    broken = [part for line in lines for part in textwrap.wrap(line, max(most, 1))]
    ax.set_title("\n".join(broken))
    return most > 1


def _move_inside(text, ax, margin):
    """Moves a text, whose figure is laid out, so far that none of it is cut."""
    box = (text.get_bbox_patch() or text).get_window_extent()
    low, high = np.full(2, margin), np.array(ax.figure.bbox.max) - margin
    shift = np.maximum(low - box.min, 0) + np.minimum(high - box.max, 0)
    if shift.any():
        place = ax.transData.transform(text.get_position()) + shift
        text.set_position(ax.transData.inverted().transform(place))


def clip_colours(grid):
    """Clips colours to [0, 1], NaN to white; Matplotlib does both for grey itself."""
    if grid.ndim == 2:
        return grid
    return np.clip(np.nan_to_num(grid.astype(np.float32), nan=1.0), 0, 1)


def _side(height, width):
    """Returns the shorter side, or a share of the longer one of a thin image."""
    return max(min(height, width), max(height, width) / THINNEST)
