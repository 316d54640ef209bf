"""Describes each page to search engines, and to whoever shows a card for a link to it.

The description is the first paragraph of a page, the picture is the teaser of a chapter
(`notebooks/images/NAME.png`, which the chapter shows), for other pages the one of
chapter 2. Without a public address (`public_address.py`) no tag holds an address.
"""

import re
from html import escape, unescape
from pathlib import Path
from posixpath import basename

from docutils import nodes
from PIL import Image

TEASERS = "notebooks/images"
FIRST = "02_fc_vae"  # the chapter whose teaser is shown for pages without one
BOOK_TEASER = "_static/teaser.png"
BOOK_ALT = "Handwritten digits that change smoothly from one into the next."
LENGTH = 200  # characters of a description that search engines and cards show
SHORTEST = 40  # a shorter paragraph is a label, not a sentence
ENOUGH = 90  # whole sentences of this length say enough


def setup(app):
    """Registers the extension with Sphinx."""
    # After the extensions that choose what is on a page.
    app.connect("html-page-context", add_tags, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_tags(app, pagename, templatename, context, doctree):
    """Adds description, card and canonical address to the head of a page."""
    is_first = pagename == app.config.root_doc
    if is_first and context["title"] == app.config.html_title:
        context["docstitle"] = ""  # one name in the tab, not twice the same
    if doctree is None:  # search, index, and pages of other extensions
        context["pageurl"] = None
        return
    if is_first and context.get("pageurl"):
        context["pageurl"] = app.config.html_baseurl
    tags = card(app, pagename, context, doctree)
    if 'name="description"' not in context["metatags"]:
        tags = {"description": tags["og:description"]} | tags
    lines = [line(name, content) for name, content in tags.items() if content]
    context["metatags"] += "\n" + "\n".join(lines)


def card(app, pagename, context, doctree) -> dict[str, str]:
    """Collects the tags of Open Graph for a page, and the one of Twitter's own."""
    title = unescape(re.sub(r"<[^>]+>", "", context["title"]))
    tags = {
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": describe(doctree),
    }
    address = app.config.html_baseurl
    if address:
        source, place, alt = find_picture(app, pagename, doctree)
        with Image.open(source) as picture:
            width, height = picture.size
        tags |= {
            "og:url": context["pageurl"],
            "og:image": address + place,
            "og:image:width": str(width),
            "og:image:height": str(height),
            "og:image:alt": alt,
        }
    return tags | {"twitter:card": "summary_large_image"}


def line(name: str, content: str) -> str:
    """Writes a tag; Open Graph calls the name a property."""
    key = "property" if name.startswith("og:") else "name"
    return f'<meta {key}="{name}" content="{escape(content)}" />'


def describe(doctree) -> str:
    """Returns the first sentences of a page, or of a long one the beginning."""
    for paragraph in doctree.findall(nodes.paragraph):
        words = "".join(text.astext() for text in paragraph.findall(nodes.Text))
        words = " ".join(words.split())
        if len(words) >= SHORTEST:
            return shorten(words)
    return ""


def shorten(words: str) -> str:
    """Cuts a text to whole sentences, or to whole words where those are too short."""
    if len(words) <= LENGTH:
        return words
    sentences = re.match(rf"(.{{{ENOUGH},{LENGTH - 1}}}[.?!])(?=\s)", words)
    return sentences[1] if sentences else words[: LENGTH - 1].rpartition(" ")[0] + "…"


def find_picture(app, pagename, doctree) -> tuple[Path, str, str]:
    """Finds the picture of a page: its own, a chapter's, or the book's.

    Returns:
        Its file, its place in the site, and its alternative text.
    """
    own = basename(pagename) if pagename.startswith("notebooks/") else FIRST
    for name in (own, FIRST):
        source = f"{TEASERS}/{name}.png"
        if source in app.env.images:
            _, file = app.env.images[source]
            alt = BOOK_ALT if name != basename(pagename) else describe_picture(doctree)
            return Path(app.srcdir, source), f"_images/{file}", alt
    return Path(app.srcdir, "book", BOOK_TEASER), BOOK_TEASER, BOOK_ALT


def describe_picture(doctree) -> str:
    """Returns the alternative text of a page's first picture that has one."""
    texts = [image["alt"] for image in doctree.findall(nodes.image) if image.get("alt")]
    return texts[0] if texts else BOOK_ALT
