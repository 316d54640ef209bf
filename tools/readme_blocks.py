"""Writes the parts of the README that hold an address.

Each is between two comments, `<!-- begin NAME -->` and `<!-- end NAME -->`. While
the book has no public address they are empty, or say how to get one.
"""

import re
from urllib.parse import urlsplit

BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
WORKFLOW = "actions/workflows/book.yml"
PICTURE = ".github/playground.gif"
ALT = (
    "A VAE trains in a web page: in a map of handwritten digits, those of one class "
    "gather, and a grid of decoded digits gets sharp. Then a slider moves β from 1 to "
    "20; the map shrinks to a point, and all decoded digits look the same."
)
PAGE = "book/playground"
PYTHON = "https://img.shields.io/badge/Python-3.11%20to%203.13-3b6ea5"
LICENCE = "https://img.shields.io/badge/licence-MIT%2C%20CC%20BY%204.0-3b6ea5"
COLAB = "https://colab.research.google.com"
BADGE = "assets/colab-badge.svg"


def fill(text: str, address: str, site: str | None, branch: str) -> str:
    """Fills every block of a README.

    Args:
        text: of the README.
        address: of the repository, such as `https://github.com/ORG/REPO`.
        site: of the published book, or None.
        branch: that is published.

    Returns:
        The new text.
    """
    blocks = {
        "badges": write_badges(address, branch),
        "picture": write_picture(site),
        "site": write_links(site),
    }
    return BLOCK.sub(lambda found: found[1] + blocks[found[2]] + found[3], text)


def write_badges(address: str, branch: str) -> str:
    """Writes badges: those of GitHub's services for a repository on GitHub only."""
    badges = []
    if urlsplit(address).hostname == "github.com":
        first = f"{urlsplit(address).path}/blob/{branch}/notebooks/00_first_vae.ipynb"
        state = f"{address}/{WORKFLOW}"
        badges += [
            f"[![tests]({state}/badge.svg?branch={branch})]({state})",
            f"[![open in Colab]({COLAB}/{BADGE})]({COLAB}/github{first})",
        ]
    badges += [
        f"[![Python 3.11 to 3.13]({PYTHON})](pyproject.toml)",
        f"[![licence: MIT, text CC BY 4.0]({LICENCE})](LICENSE)",
    ]
    return "\n".join(badges) + "\n"


def write_picture(site: str | None) -> str:
    """Writes the moving picture, as a link to the site where there is one."""
    picture = f"![{ALT}]({PICTURE})"
    return f"[{picture}]({site})\n" if site else f"{picture}\n"


def write_links(site: str | None) -> str:
    """Writes the invitation to the site, or says how to get one."""
    if site:
        return (
            f"**[Play with it]({site})** or [train a VAE]({site}{PAGE}.html) in your "
            "browser; nothing to install.\n"
        )
    return (
        "`make book` builds the site on your computer, and "
        "[five steps](#publish-your-own-copy) publish it.\n"
    )
