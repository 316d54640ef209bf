"""Figures: arrays in, Axes out. Nothing here calls a model.

Images may be grey or in colour, of any height and width.
"""

from vae_utils.plots.codes import plot_codes
from vae_utils.plots.curves import plot_curves, plot_history
from vae_utils.plots.images import (
    ROW_GAP,
    join_pairs,
    plot_images,
    plot_rows,
    redraw_row,
    tile,
)
from vae_utils.plots.latent import (
    plot_latent_grid,
    plot_latent_scatter,
    plot_posteriors,
)
from vae_utils.plots.naming import choose_named, write_name
from vae_utils.plots.style import (
    CLASS_COLORS,
    STYLE,
    TEXT,
    WIDTH,
    book_style,
    class_color,
    line_color,
    use_book_style,
)
from vae_utils.plots.true_posterior import plot_true_posterior
from vae_utils.plots.worst import plot_differences

__all__ = [
    "CLASS_COLORS",
    "ROW_GAP",
    "STYLE",
    "TEXT",
    "WIDTH",
    "book_style",
    "choose_named",
    "class_color",
    "join_pairs",
    "line_color",
    "plot_codes",
    "plot_curves",
    "plot_differences",
    "plot_history",
    "plot_images",
    "plot_latent_grid",
    "plot_latent_scatter",
    "plot_posteriors",
    "plot_rows",
    "plot_true_posterior",
    "redraw_row",
    "tile",
    "use_book_style",
    "write_name",
]
