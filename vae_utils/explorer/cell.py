"""The explorer as the output of a notebook cell: self-contained HTML."""

from vae_utils import widgets
from vae_utils.explorer.networks import FIRST, NETWORKS
from vae_utils.explorer.scripts import SCRIPTS, STYLES, make_index, make_script
from vae_utils.widgets.assembly import ELEMENTS, STYLE

FALLBACK = (
    "The explorer runs where pages can run scripts: in the book, in Colab, or in a "
    "trusted Jupyter notebook. It shows the latent plane of a recorded network."
)


def show_explorer(*names: str):
    """Shows the latent plane of recorded networks, with a pad to draw digits on.

    The output contains style, scripts, test digits and the networks named, so it works
    from disk and without the network.

    Args:
        *names: of `NETWORKS`, the first of which is shown at first; `vae` if none is
            given.

    Returns:
        `IPython.display.HTML`, for a notebook to show.

    Raises:
        ValueError: if a name is unknown.
    """
    from IPython.display import HTML

    return HTML(make_html(widgets.new_name("explorer"), names or (FIRST,)))


def make_html(name: str, networks: tuple[str, ...]) -> str:
    """Makes the HTML of an explorer.

    Args:
        name: `id` of its element, unique on the page.
        networks: names of those it offers.

    Returns:
        An HTML fragment.

    Raises:
        ValueError: if a network is unknown.
    """
    for network in networks:
        if network not in NETWORKS:
            raise ValueError(
                f"The networks are {', '.join(NETWORKS)}; choose among them. "
                f"Received: name={network!r}"
            )
    data = "".join([make_index(), *(make_script(network) for network in networks)])
    return widgets.make_html(
        name,
        "vae-explorer",
        FALLBACK,
        [style for style in STYLES if style != STYLE],
        [script for script in SCRIPTS if script != ELEMENTS],
        _close_nothing(data) + _start(name, networks),
    )


def _start(name, networks):
    """Returns JavaScript that puts the explorer into its element."""
    runs = " and ".join(NETWORKS[network].study for network in networks)
    if len(networks) == 1:
        note = f"This is a network of the book (recorded run {runs}), not the one that "
    else:
        note = (
            f"These are networks of the book (recorded runs {runs}), not the one that "
        )
    note += "your notebook trains."
    return (
        f"VAEBook.startExplorer({widgets.pack(name)}, "
        f"{{ networks: {widgets.pack(list(networks))}, note: {widgets.pack(note)} }});"
    )


def _close_nothing(script):
    """Keeps data in a script from closing its element."""
    return script.replace("</", "<\\/")
