"""The widget in a notebook: self-contained HTML."""

import base64
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from vae_utils import widgets
from vae_utils.checks import check_finite

FOLDER = files("vae_utils.weighted_draws")
SCRIPTS = ("model.js", "plane.js", "curve.js", "form.js")  # in the order of loading
FALLBACK = (
    "Here codes can be drawn from a proposal, where pages can run scripts: in the "
    "book, in Colab, or in a trusted Jupyter notebook. The text below says what to see."
)
DEPTH = 320.0  # nats below the largest value that are kept
STEPS = 100  # a nat, as whole numbers of 16 bits have it


class Case(NamedTuple):
    """An image, and the plane of codes around its true posterior.

    Args:
        name: of the image.
        image: grey levels from 0 to 1, shape (height, width).
        axis_1: evenly spaced first coordinates of the codes, shape (side,).
        axis_2: second coordinates, of the same step, shape (side,).
        log_joint: log p(z) + log p(x|z) in nats, shape (side, side); the row is the
            second coordinate. It should have all but a trace of the true posterior.
        exact: −log p(x), in nats.
        proposals: name → means and log-variances, each of shape (2,); the first is
            shown at the start.
    """

    name: str
    image: np.ndarray
    axis_1: np.ndarray
    axis_2: np.ndarray
    log_joint: np.ndarray
    exact: float
    proposals: dict[str, tuple[np.ndarray, np.ndarray]]


def show_draws(cases: Sequence[Case]):
    """Shows importance sampling: a proposal to move, its draws, and their estimate.

    The output contains its style, scripts and data, so it works from disk and without
    the network.

    Args:
        cases: one or more images, with different names.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: if the shapes of a case do not fit, or a number is not finite.
    """
    from IPython.display import HTML

    return HTML(make_html(widgets.new_name("weighted-draws"), cases))


def make_html(name: str, cases: Sequence[Case]) -> str:
    """Makes the HTML of the widget.

    Args:
        name: `id` of its element, unique on the page.
        cases: as for `show_draws`.

    Returns:
        An HTML fragment.
    """
    packed = widgets.pack([_pack(case) for case in cases])
    return widgets.make_html(
        name,
        "weighted-draws",
        FALLBACK,
        [FOLDER / "draws.css"],
        [widgets.POINTER, widgets.RANDOM, *(FOLDER / script for script in SCRIPTS)],
        f'VAEBook.draws.start("{name}", {packed});',
    )


def _pack(case: Case) -> dict:
    """Lists what the page needs of an image."""
    log_joint = np.asarray(case.log_joint, dtype=float)
    side = len(case.axis_1)
    if side < 2 or len(case.axis_2) != side or log_joint.shape != (side, side):
        raise ValueError(
            "log_joint must have shape (side, side), and both axes side values. "
            f"Received: {log_joint.shape}, {len(case.axis_1)} and {len(case.axis_2)}"
        )
    check_finite(log_joint, "log_joint")
    highest = log_joint.max()
    steps = np.rint((log_joint - highest).clip(-DEPTH) * STEPS).astype("<i2")
    picture = (255 * np.asarray(case.image)).round().astype(np.uint8)
    return {
        "name": case.name,
        "picture": widgets.pack_picture(picture, lossless=True),
        "low": [float(case.axis_1[0]), float(case.axis_2[0])],
        "high": [float(case.axis_1[-1]), float(case.axis_2[-1])],
        "side": side,
        "highest": float(highest),
        "steps": base64.b64encode(steps.tobytes()).decode(),
        "exact": float(case.exact),
        "proposals": {
            name: {
                "mean": np.asarray(mean, dtype=float).round(3).tolist(),
                "sigma": np.exp(np.asarray(log_var) / 2)
                .astype(float)
                .round(3)
                .tolist(),
            }
            for name, (mean, log_var) in case.proposals.items()
        },
    }
