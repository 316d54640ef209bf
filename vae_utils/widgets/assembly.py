"""Puts a widget's style, scripts and data together into one HTML fragment."""

import html
import json
import uuid
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable

FOLDER = files("vae_utils.widgets")
STYLE = FOLDER / "widget.css"
ELEMENTS, POINTER = FOLDER / "elements.js", FOLDER / "pointer.js"
RANDOM = FOLDER / "random.js"


def make_html(
    name: str,
    kind: str,
    fallback: str,
    styles: Sequence[Traversable],
    scripts: Sequence[Traversable],
    start: str,
    picture: str = "",
) -> str:
    """Makes the HTML of a widget.

    Args:
        name: `id` of its element, unique on the page.
        kind: class of its element.
        fallback: text shown where scripts are off.
        styles: style sheets, after `STYLE`.
        scripts: classic scripts in the order of loading, after `ELEMENTS`.
        start: JavaScript that fills the element.
        picture: HTML of an image shown above the fallback.

    Returns:
        An HTML fragment.
    """
    style = "".join(_read(sheet) for sheet in (STYLE, *styles))
    script = "".join(_read(script) for script in (ELEMENTS, *scripts))
    return (
        f'<div class="vae-widget {kind}" id="{name}">'
        f"{picture}<p>{html.escape(fallback)}</p></div>\n"
        f"<style>\n{style}</style>\n"
        f"<script>\n{script}{start}\n</script>\n"
    )


def new_name(kind: str) -> str:
    """Makes an `id` that no other element of a page has."""
    return f"{kind}-{uuid.uuid4().hex}"


def pack(value) -> str:
    """Writes a value as JavaScript that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _read(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")
