"""Settings that a user's matplotlibrc may have, each of which changes a figure."""

from matplotlib import cycler

HOSTILE = {
    "image.origin": "lower",
    "image.cmap": "viridis",
    "image.aspect": "auto",
    "image.interpolation": "bicubic",
    "text.usetex": True,  # without LaTeX, an error
    "text.color": "red",
    "font.size": 20,
    "font.family": ["serif"],
    "mathtext.fontset": "stix",
    "axes.facecolor": "0.2",
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=["red"]),
    "axes.titlesize": 30,
    "axes.xmargin": 0.5,
    "axes.unicode_minus": False,
    "figure.dpi": 200,
    "figure.facecolor": "0.1",
    "figure.autolayout": True,
    "figure.constrained_layout.use": False,
    "legend.frameon": True,
    "lines.linewidth": 9,
    "patch.linewidth": 5,
    "path.sketch": (1, 100, 2),
    "savefig.bbox": "tight",
    "savefig.dpi": 37,
    "savefig.transparent": True,
    "scatter.marker": "x",
    "xtick.direction": "in",
    "xtick.labelsize": 20,
    "ytick.color": "red",
}
