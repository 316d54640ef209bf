"""The toy model in a notebook: self-contained HTML."""

from importlib.resources import files

from vae_utils import widgets
from vae_utils.checks import is_finite_number

FOLDER = files("vae_utils.toy_bound")
SCRIPTS = ("model.js", "curves.js", "bars.js", "form.js")  # in the order of loading
FALLBACK = (
    "Here a proposal q can be dragged over the true posterior, where pages can run "
    "scripts: in the book, in Colab, or in a trusted Jupyter notebook. The fold below "
    "shows both curves."
)
LARGEST_X = 3.0
SMALLEST_S = 0.1  # below, the quadrature would need a finer grid


def show_bound(x: float, s: float):
    """Shows the bound of a toy model: a proposal to drag, and its nll, kl and gap.

    The prior is N(0, 1), the likelihood N(x; tanh(2z), s²), and q is normal. The output
    contains its style and scripts, so it works from disk and without the network.

    Args:
        x: the observation, −3 to 3.
        s: standard deviation of the likelihood, 0.1 or more.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: if an argument is out of range.
    """
    from IPython.display import HTML

    return HTML(make_html(widgets.new_name("toy-bound"), x, s))


def make_html(name: str, x: float, s: float) -> str:
    """Makes the HTML of the toy.

    Args:
        name: `id` of its element, unique on the page.
        x: as for `show_bound`.
        s: as for `show_bound`.

    Returns:
        An HTML fragment.
    """
    if not (is_finite_number(x) and abs(x) <= LARGEST_X):
        raise ValueError(f"x must be from −3 to 3. Received: x={x!r}")
    if not (is_finite_number(s) and s >= SMALLEST_S):
        raise ValueError(f"s must be {SMALLEST_S} or more. Received: s={s!r}")
    return widgets.make_html(
        name,
        "toy-bound",
        FALLBACK,
        [FOLDER / "toy.css"],
        [widgets.POINTER, *(FOLDER / script for script in SCRIPTS)],
        f'VAEBook.toy.start("{name}", {widgets.pack({"x": float(x), "s": float(s)})});',
    )
