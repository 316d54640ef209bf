"""All recipes at once: a figure, and the rows of a table."""

import html
import math
from collections.abc import Callable
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from vae_utils.loss_units.recipes import RECIPES
from vae_utils.plots.style import WIDTH

BIN = 0.1  # decades of β; recipes in the same bin are stacked
STACK = 8  # recipes in one column
COLUMN = 0.052  # decades from one column of a stack to the next: marks nearly touch
DOT = 0.095  # inches from one mark of a stack to the next
LETTER = 0.085  # inches, about, of a letter of a name
LINE = 0.2  # inches from one line of names to the next
AROUND = 0.75  # inches of a panel's title and ticks
# Recipes far from the ELBO, whose names fit beside each other.
NAMED = ("chollet_1", "keras_2016", "antixk", "keras_guide", "ethanluoyc")


class _Panel(NamedTuple):
    """What differs between recipes with a cross-entropy, and with squared errors.

    Args:
        error: per pixel.
        marker: of Matplotlib, with its color.
        color: of the marks.
        label: of the axis.
        ticks: numbers on the axis.
        convert: from such a number to β.
        neutral: what β = 1 is there.
    """

    error: str
    marker: str
    color: str
    label: str
    ticks: tuple[float, ...]
    convert: Callable[[float], float]
    neutral: str


PANELS = (
    _Panel(
        "cross-entropy", "o", "C0", "β, the weight of the KL",
        (0.5, 1, 2, 5, 10, 100, 1000, 1e4, 1e5), lambda beta: beta, "β = 1",
    ),
    _Panel(
        "squared error", "D", "C1",
        "σ, with which the loss is an ELBO, of pixels from 0 to 1",
        (0.5, 1, 2, 5, 10, 20, 50, 100, 200), lambda sigma: 2 * sigma**2,
        "σ² = ½",
    ),
)  # fmt: skip


def plot_recipes(recipes=None, *, named=NAMED, versions=True, figure=None):
    """Plots the β of recipes with a cross-entropy, and the σ of those with squares.

    Each recipe is a mark; recipes with nearly the same number are stacked. Both panels
    have the same scale: a σ lies below the β = 2σ² of the same loss under the
    convention σ² = ½, with pixels from 0 to 1.

    Args:
        recipes: key → `Recipe`; all by default.
        named: keys of the recipes whose names are written, if they are plotted.
        versions: whether later versions of a file are shown, too, hollow and with a
            name, if their β differs.
        figure: an empty figure; by default one of the book's width.

    Returns:
        Two Axes.
    """
    recipes = RECIPES if recipes is None else recipes
    panels = [_choose_marks(recipes, named, versions, sq) for sq in (False, True)]
    places = [mark.place for marks in panels for mark in marks]
    limits = min(places) / 1.5, max(places) * 1.5
    width = figure.get_size_inches()[0] if figure else WIDTH
    panels = [_arrange(marks, limits, width) for marks in panels]
    heights = [AROUND + DOT * high for _, _, high in panels]
    figure = figure or plt.figure(figsize=(WIDTH, sum(heights)))
    axes = figure.subplots(2, 1, height_ratios=heights)
    for squared, (ax, panel) in enumerate(zip(axes, PANELS, strict=True)):
        _plot_panel(ax, panel, *panels[squared])
        _set_ticks(ax, panel, limits)
        shown = [_place(r) for r in recipes.values() if r.is_squared == squared]
        usual = sum(math.isclose(place, 1) for place in shown)
        title = f"{len(shown)} recipes with a {panel.error}, {usual} at {panel.neutral}"
        ax.set_title(title, loc="left")
    return axes


def list_recipes(recipes=None) -> tuple[list[str], list[list[str]]]:
    """Lists recipes for a table of HTML (`tabulate(..., "unsafehtml")`).

    Args:
        recipes: of them; all by default, by their names.

    Returns:
        Headers, and one row for each recipe, with a link to it, β, σ if it has one (of
        pixels from 0 to 1), and a remark with other versions of the file.
    """
    recipes = RECIPES.values() if recipes is None else recipes
    ordered = sorted(recipes, key=lambda recipe: recipe.name.casefold())
    headers = ["recipe", "β", "σ", "what its reductions amount to"]
    return headers, [_make_row(recipe) for recipe in ordered]


def _make_row(recipe):
    link = f'<a href="{recipe.source}">{html.escape(recipe.name)}</a>'
    remarks = [html.escape(recipe.remark), html.escape(recipe.dated)]
    remarks += [_describe_version(version) for version in recipe.versions]
    return [link, *_write(recipe), " ".join(filter(None, remarks))]


def _describe_version(version):
    beta, sigma = _write(version)
    title = f"{version.when.capitalize()} version"
    numbers = f"β = {beta}" + (f", σ = {sigma}" if sigma else "")
    link = f'<a href="{version.source}">{title}</a>'
    return f"{link}: {numbers}. {html.escape(version.remark)}"


def _write(loss):
    """Writes β, and σ of squared errors."""
    sigma = "" if loss.sigma is None else f"{loss.sigma:.3g}"
    beta = f"{loss.beta:,.0f}" if loss.beta >= 1000 else f"{loss.beta:.3g}"
    return beta, sigma


def _place(loss):
    """Places a loss on the common scale of both panels: β, or 2σ² of squared errors."""
    return 2 * loss.sigma**2 if loss.is_squared else loss.beta


class _Mark(NamedTuple):
    """A mark: its place, its name if it is written, and whether it is a later version.

    The place is its β, or 2σ² of a squared error.
    """

    place: float
    name: str
    is_later: bool = False


def _choose_marks(recipes, named, versions, squared):
    """Lists the marks of a panel."""
    chosen = {k: r for k, r in recipes.items() if r.is_squared == squared}
    marks = [_Mark(_place(r), r.short if k in named else "") for k, r in chosen.items()]
    later = [
        _Mark(_place(version), f"{recipe.short}, later", True)
        for recipe in chosen.values()
        for version in recipe.versions
        if version.when == "later" and not math.isclose(_place(version), _place(recipe))
    ]
    return marks + later if versions else marks


def _arrange(marks, limits, width):
    """Places marks and names; returns both, and the height in rows of marks."""
    places = _stack([mark.place for mark in marks])
    top = max(row for _, row in places)
    named = [(m.name, *place) for m, place in zip(marks, places, strict=True) if m.name]
    names, lines = _place_names(named, top + 1.5, limits, width)
    dots = [(*place, m.is_later) for m, place in zip(marks, places, strict=True)]
    return dots, names, top + 1.5 + lines * LINE / DOT


def _stack(betas):
    """Places marks: on the axis (`betas`), and in a row, so that none hides another.

    A bin of more than `STACK` recipes is as many columns as it needs, around their β.
    """
    bins = np.round(np.log10(betas) / BIN).astype(int)
    places = [None] * len(betas)
    for chosen in np.unique(bins):
        members = sorted(np.flatnonzero(bins == chosen), key=betas.__getitem__)
        columns = math.ceil(len(members) / STACK)
        for count, index in enumerate(members):
            row, column = divmod(count, columns)
            shift = (column - (columns - 1) / 2) * COLUMN
            places[index] = (betas[index] * 10**shift, row)
    return places


def _place_names(named, base, limits, width):
    """Places names above the stacks, on as few lines as they need."""
    low, high = np.log10(limits)
    letter = LETTER * (high - low) / width  # decades
    ends, names = [], []
    for name, beta, row in sorted(named, key=lambda each: each[1]):
        half = len(name) * letter / 2
        x = np.clip(np.log10(beta), low + half, high - half)
        line = next((i for i, end in enumerate(ends) if x - half > end), len(ends))
        ends[line : line + 1] = [x + half + 2 * letter]
        names.append((name, (beta, row), (10**x, base + line * LINE / DOT)))
    return names, len(ends)


def _plot_panel(ax, panel, dots, names, high):
    """Plots marks, and names joined to theirs by a line."""
    for name, (beta, row), (x, y) in names:
        ax.plot([beta, x], [row, y], color="0.6", linewidth=0.8, zorder=1)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        ax.text(x, y, name, ha="center", va="bottom", bbox=box)
    for is_later in (False, True):
        places = [(beta, row) for beta, row, later in dots if later == is_later]
        ax.plot(
            *np.reshape(places, (-1, 2)).T,
            panel.marker,
            color=panel.color,
            markerfacecolor="white" if is_later else panel.color,
            markersize=5.5,
        )
    ax.set_ylim(-0.8, high)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])


def _set_ticks(ax, panel, limits):
    """Sets the scale, and ticks at round numbers inside the limits."""
    inside = [n for n in panel.ticks if limits[0] <= panel.convert(n) <= limits[1]]
    ax.set(xscale="log", xlim=limits, xlabel=panel.label)
    ax.set_xticks([panel.convert(n) for n in inside], [f"{n:,g}" for n in inside])
    ax.xaxis.set_minor_locator(plt.NullLocator())
