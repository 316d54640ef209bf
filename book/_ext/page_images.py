"""Lets pages load pictures when they come near, and keep their places until then.

A picture gets its width and height, so nothing moves when it arrives, and waits until
the reader has nearly scrolled to it; one at the head of a page is wanted at once.
Browsers load all pictures before they print, and all at once where scripts are off.
"""

import html
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import imagesize

IMAGE = re.compile(r"<noscript>.*?</noscript>|<img\b[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
TAG = re.compile(r"<(script|style|details)\b.*?</\1>|<[^>]*>", re.DOTALL)
HEAD = 1000  # characters that fill the first screen of a desk, or two of a phone
WIDGET = 'class="vae-widget'  # nothing may keep it waiting
PIXELS = re.compile(r"(?:^|[;\s])width:\s*([\d.]+)px")


def setup(app):
    """Registers the extension with Sphinx."""
    app.add_css_file("images.css")
    app.connect("html-page-context", prepare_images, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def prepare_images(app, pagename, templatename, context, doctree):
    """Adds sizes, and who waits, to the pictures in a page's text."""
    if "body" not in context:
        return
    sources = list_sources(app)
    seen = []

    def prepare(match):
        if not match[0].startswith("<img"):
            return match[0]
        seen.append(match[0])
        first = len(seen) == 1 and is_head(context["body"][: match.start()])
        return write_tag(match[0], sources, first)

    context["body"] = IMAGE.sub(prepare, context["body"])


def is_head(before: str) -> bool:
    """Returns whether what precedes a picture leaves it on the first screen."""
    text = re.sub(r"\s+", " ", TAG.sub("", before))
    return len(text) < HEAD and WIDGET not in before


def list_sources(app) -> dict[str, Path]:
    """Lists the files that the site's pictures are copied from, by their new names."""
    folder = app.builder.imagedir
    return {
        f"{folder}/{name}": Path(app.srcdir) / source
        for source, name in app.builder.images.items()
    }


def write_tag(tag: str, sources: dict[str, Path], first: bool) -> str:
    """Writes an <img> tag with size, priority and loading.

    Args:
        tag: as Sphinx writes it.
        sources: the files, by their paths in the site.
        first: whether it is the picture at the head of its page.

    Returns:
        The tag; attributes that it had stay as they are.
    """
    had = dict(ATTRIBUTE.findall(tag))
    new = {"fetchpriority": "high"} if first else {"loading": "lazy"}
    new["decoding"] = "async"
    address = re.sub(r"^(\.\./)+", "", unquote(html.unescape(had.get("src", ""))))
    if address in sources:
        new |= find_size(had, measure(sources[address]))
    text = "".join(f' {key}="{value}"' for key, value in new.items() if key not in had)
    return tag.removesuffix(">").removesuffix("/").rstrip() + f"{text} />"


def find_size(had: dict[str, str], size: tuple[int, int]) -> dict[str, int]:
    """Returns the attributes `width` and `height` of a picture.

    Args:
        had: attributes of its tag, which may fix its width.
        size: of the file, in pixels; (-1, -1) if unknown.
    """
    width, height = size
    if min(width, height) <= 0:
        return {}
    shown = had.get("width", "").removesuffix("px")
    match = PIXELS.search(had.get("style", ""))
    wide = match[1] if match else shown
    if not re.fullmatch(r"[\d.]+", wide):
        return {"width": round(width), "height": round(height)}
    return {"width": round(float(wide)), "height": round(float(wide) * height / width)}


@cache
def measure(path: Path) -> tuple[int, int]:
    """Reads the size of a picture, in pixels of a page."""
    return imagesize.get(path)
