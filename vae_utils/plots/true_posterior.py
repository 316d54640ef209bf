"""The true posterior of an image, compared with normal distributions."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Ellipse

SHARES = (0.95, 0.5)  # of the posterior's mass, inside each contour
# Of the circle that holds the first share of a standard normal distribution.
RADIUS = np.sqrt(-2 * np.log(1 - SHARES[0]))
MARGIN = 0.6  # around the contours and ellipses, as a share of their size
STYLES = ("-", "--", ":")


def plot_true_posterior(z, log_posterior, proposals: dict, *, ax=None):
    """Plots p(z|x) of one image in grey, and normal distributions as ellipses.

    Contours hold 50 % and 95 % of the true posterior, each ellipse 95 % of its normal
    distribution; the axes show the region around all of them.

    Args:
        z: square grid of codes, shape (side², 2), as in `latent.square_grid`.
        log_posterior: log p(z|x) at each code, shape (side²,).
        proposals: name → z_mean and z_log_var, each of shape (2,).
        ax: Axes to draw on; a new figure if None.

    Returns:
        The Axes.

    Raises:
        ValueError: if the codes are not a square grid, or there is not one density per
            code.
    """
    z, log_posterior = np.asarray(z), np.asarray(log_posterior)
    side = round(np.sqrt(len(z)))
    if z.shape != (side**2, 2) or log_posterior.shape != (side**2,):
        raise ValueError(
            "z must be a grid of shape (side², 2), and log_posterior have shape "
            f"(side²,). Received: z.shape={z.shape}, "
            f"log_posterior.shape={log_posterior.shape}"
        )
    if ax is None:
        ax = plt.figure(figsize=(4, 4)).add_subplot()
    levels = _find_levels(log_posterior)
    grid = [values.reshape(side, side) for values in (*z.T, log_posterior)]
    ax.contourf(*grid, levels=[*levels, grid[2].max() + 1], colors=["0.85", "0.6"])
    ends = [z[log_posterior >= levels[0]]]
    for index, (name, (mean, log_var)) in enumerate(proposals.items()):
        radii = RADIUS * np.exp(np.asarray(log_var) / 2)
        style = STYLES[index % len(STYLES)]
        look = {"fill": False, "lw": 1.8, "color": f"C{index}", "linestyle": style}
        ax.add_patch(Ellipse(mean, *(2 * radii), label=name, **look))
        ends += [np.asarray(mean) - radii, np.asarray(mean) + radii]
    _show_around(ax, np.vstack(ends))
    return ax


def _find_levels(log_posterior):
    """Finds the log densities above which `SHARES` of the posterior lie."""
    falling = np.sort(log_posterior)[::-1]
    inside = np.cumsum(np.exp(falling - falling[0]))
    ends = np.searchsorted(inside, [share * inside[-1] for share in SHARES])
    return falling[ends] + [0, 1e-6]  # contour levels must increase on coarse grids too


def _show_around(ax, points):
    """Sets the limits to a square around all points."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle, reach = (low + high) / 2, (1 + MARGIN) * (high - low).max() / 2
    ax.set(
        xlim=(middle[0] - reach, middle[0] + reach),
        ylim=(middle[1] - reach, middle[1] + reach),
        aspect="equal",
        xlabel="$z_1$",
        ylabel="$z_2$",
    )
