"""Writes the style sheets of the first page into it: they cost no requests there.

Whoever opens the book for the first time has nothing in store. A slow phone waits half
a second for each answer, and paints nothing before the style sheets are there; inside
the page they come with its text. Other pages name the same files, which browsers keep.
"""

import html
import re
from pathlib import Path
from posixpath import dirname, join, normpath

import joined_files

SHEET = re.compile(r'<link rel="stylesheet"[^>]* href="([^"?]*joined\.\w+\.css)"[^>]*>')
SCRIPT = re.compile(r'<script defer[^>]* src="[^"?]*joined\.\w+\.js[^>]*></script>\s*')


def setup(app):
    """Registers the extension with Sphinx."""
    # After `bundles` has renamed the files, which is after `icons` has cut them.
    app.connect("build-finished", write_styles, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_styles(app, exception):
    """Writes them into the first page, under both of its names."""
    if exception is not None or app.builder.format != "html":
        return
    for name in ("index.html", f"{app.config.root_doc}.html"):
        page = Path(app.outdir) / name
        if page.is_file():
            text = page.read_bytes().decode()
            page.write_bytes(inline(text, Path(app.outdir), dirname(name)).encode())


def inline(text: str, site: Path, folder: str) -> str:
    """Replaces links to joined style sheets by what is in the files.

    Scripts that wait for the page come first: they travel while the rules are read.

    Args:
        text: HTML of a page.
        site: the folder of the built site.
        folder: of the page in it, "" for the site's own.

    Returns:
        The page's HTML; addresses in the rules are seen from the page.
    """

    def change(match):
        name = normpath(join(folder, html.unescape(match[1])))
        rules = joined_files.move((site / name).read_bytes().decode(), name, folder)
        return f"<style>\n{rules}\n</style>"

    if not SHEET.search(text):
        return text
    text, scripts = SCRIPT.sub("", text), SCRIPT.findall(text)
    at = SHEET.search(text).start()
    return text[:at] + "".join(scripts) + SHEET.sub(change, text[at:])
