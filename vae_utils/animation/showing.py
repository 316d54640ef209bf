"""Animations to play and to scrub in a notebook: HTML that carries its frames."""

import html
from importlib.resources import files

import numpy as np
from matplotlib.colors import to_hex

from vae_utils import plots, widgets
from vae_utils.animation import drawing
from vae_utils.animation.packing import pack_codes, thin_grid
from vae_utils.animation.writing import SECONDS

FOLDER = files("vae_utils.animation")
POINTS = 1500  # most points shown; a scatter plot of more looks the same
FALLBACK = (
    "This is the last of {count} frames. They can be played where pages can run "
    "scripts: in the book, in Colab, or in a trusted Jupyter notebook."
)


def show_scatter(z, labels, class_names, titles, *, alt: str = ""):
    """Shows 2-D codes as a scatter plot to play, to pause and to scrub.

    It plays once when it comes into view, for `SECONDS`, unless the reader's system
    asks for less motion. Of more than 1,500 points the first are shown.

    Args:
        z: codes, shape (frames, n, 2); or name → codes, for plots side by side that
            share labels, titles and axes.
        labels: ints, shape (n,).
        class_names: one name per label.
        titles: one per frame, shown below it.
        alt: what the animation shows, for readers who do not see it.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: as for `draw_scatter`.
    """
    labels = np.asarray(labels)
    panels = _check_panels(z, labels, titles)
    limit = max(drawing.choose_limit(codes) for codes in panels.values())
    labels = labels[:POINTS]
    panels = {name: codes[:, :POINTS] for name, codes in panels.items()}
    last = [
        drawing.draw_scatter(codes[-1:], labels, class_names, [titles[-1]], limit=limit)
        for codes in panels.values()
    ]
    film = {"kind": "scatter", "limit": limit, **_describe_classes(labels, class_names)}
    film["panels"] = [
        {"name": name, "codes": pack_codes(codes, limit)}
        for name, codes in panels.items()
    ]
    drawn = np.concatenate([frames[0] for frames in last], axis=1)
    poster = _make_poster(
        drawn, alt or "Codes of images, coloured by class.", lossless=True
    )
    return _show(film, titles, poster)


def show_grid(grid, titles, *, side: int, limit: float, every: int = 1, alt: str = ""):
    """Shows decoded images of a square grid of codes to play, to pause and to scrub.

    Args:
        grid: as for `draw_grid`.
        titles: one per frame, shown below it.
        side: images along each axis.
        limit: coordinate of the outermost images' codes.
        every: step between the images shown of each row and column, as for `thin_grid`;
            2 makes the page about four times as light.
        alt: what the animation shows, for readers who do not see it.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: as for `draw_grid` and `thin_grid`.
    """
    grid = thin_grid(drawing.check_images(grid, titles), side, every)
    side = (side - 1) // every + 1
    others = [widgets.pack_picture(frame) for frame in grid[:-1]]
    film = {"kind": "grid", "limit": limit, "side": side, "images": others}
    poster = _make_poster(grid[-1], alt or "Images decoded from a grid of codes.")
    return _show(film, titles, poster)


def _write_name(name):
    """Shortens a name as figures do; a page takes no $ for mathematics."""
    return plots.write_name(name).replace(r"\$", "$")


def _make_poster(image, alt, **options):
    """Makes the picture of the last frame, from which the script takes `alt` too."""
    height, width = image.shape[:2]
    return (
        f'<img src="{widgets.pack_picture(image, **options)}" alt="{html.escape(alt)}" '
        f'width="{width}" height="{height}">'
    )


def _check_panels(z, labels, titles):
    """Returns name → codes, checked."""
    panels = z if isinstance(z, dict) else {"": z}
    if not panels:
        raise ValueError("An animation needs codes to show. Received: z={}")
    panels = {name: np.asarray(codes, np.float32) for name, codes in panels.items()}
    for codes in panels.values():
        drawing.check_scatter(codes, labels, titles)
    return panels


def _describe_classes(labels, class_names):
    """Returns the label of each point, and the colours and names of classes."""
    count = len(class_names)
    named = plots.choose_named(labels, count)
    return {
        "labels": labels.tolist(),
        "colours": [to_hex(plots.class_color(label)) for label in range(count)],
        "names": {label: _write_name(class_names[label]) for label in named},
    }


def _show(film, titles, poster):
    """Puts the film's data, its scripts and its last frame together."""
    from IPython.display import HTML

    name = widgets.new_name("film")
    film |= {"titles": list(titles), "seconds": SECONDS}
    page = widgets.make_html(
        name,
        "vae-film",
        FALLBACK.format(count=len(titles)),
        [FOLDER / "film.css"],
        [FOLDER / file for file in ("axes.js", f"{film['kind']}.js", "film.js")],
        f'VAEBook.film.start("{name}", {widgets.pack(film)});',
        picture=poster,
    )
    return HTML(page)
