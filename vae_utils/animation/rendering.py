"""Turns a Matplotlib figure into frames, without a notebook's or a window's help."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

DPI = 100
TEXT = {"size": 8}


def make_axes(width, height):
    """Makes a figure with one Axes that no notebook displays.

    Args:
        width: pixels.
        height: pixels.

    Returns:
        The figure and the Axes.
    """
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    ax = figure.add_subplot(aspect="equal")
    ax.tick_params(labelsize=TEXT["size"])
    return figure, ax


def render_images(figure, ax, titles, images, **options):
    """Renders one image per title.

    Args:
        figure: of `make_axes`.
        ax: its Axes.
        titles: one per frame.
        images: uint8, shape (frames, height, width), or (frames, height, width, 3).
        **options: of `Axes.imshow`.

    Returns:
        Frames, uint8, grey or in colour like the images.
    """
    levels = {"cmap": "gray", "vmin": 0, "vmax": 255}
    shown = ax.imshow(
        images[0], **levels, origin="upper", interpolation="antialiased", **options
    )
    frames = render(figure, ax, titles, lambda i: shown.set_data(images[i]))
    return frames if images.ndim == 4 else frames[..., 0]


def render(figure, ax, titles, update):
    """Renders one frame per title.

    Args:
        figure: of `make_axes`.
        ax: its Axes.
        titles: one per frame.
        update: function of a frame's index that changes what the Axes show.

    Returns:
        Frames, uint8, shape (frames, height, width, 3).
    """
    frames = []
    for index, title in enumerate(titles):
        update(index)
        ax.set_title(title, TEXT)
        figure.canvas.draw()
        if index == 0:  # nothing moves between frames: the layout is computed once
            figure.set_layout_engine("none")
        frames.append(np.array(figure.canvas.buffer_rgba())[..., :3])
    return np.stack(frames)
