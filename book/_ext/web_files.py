"""Writes what web servers and search engines look for: 404, sitemap.xml, robots.txt.

A server shows the page 404 at any address, so its links begin at the root of the host;
while the site has no address they stay relative.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

MISSING = "404"
BODY = """
<h1>This page does not exist</h1>
<p>It may have moved. <a href="index.html">Start at the first page</a>, choose a
chapter from the list, or <a href="search.html">search the book</a>.</p>
"""
RELATIVE = re.compile(
    r'\b(href|src|action|data-content_root)="(?![a-zA-Z][\w+.-]*:|[/#])(?:\./)?'
)
SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}
</urlset>
"""


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("html-collect-pages", list_pages)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def list_pages(app):
    """Asks for the page 404, in the book's own design."""
    title = "Page not found"
    context = {"title": title, "pagetitle": title, "body": BODY}
    return [(MISSING, context, "page.html")]


def write(app, exception):
    """Writes the files next to the pages."""
    if exception is not None or app.builder.format != "html":
        return
    site, address = Path(app.outdir), app.config.html_baseurl
    rules = "User-agent: *\nAllow: /\n"
    sitemap = site / "sitemap.xml"
    sitemap.unlink(missing_ok=True)
    if address:
        rules += f"\nSitemap: {address}{sitemap.name}\n"
        sitemap.write_text(list_addresses(app, address), encoding="utf-8")
        page = site / f"{MISSING}.html"
        text = anchor(page.read_text(encoding="utf-8"), urlsplit(address).path)
        page.write_text(text, encoding="utf-8")
    (site / "robots.txt").write_text(rules, encoding="utf-8")


def list_addresses(app, address: str) -> str:
    """Lists the pages of the book as a sitemap, the first one by its short address."""
    names = sorted(app.env.found_docs - {app.config.root_doc})
    places = ["", *map(app.builder.get_target_uri, names)]
    lines = [f"  <url><loc>{escape(address + place)}</loc></url>" for place in places]
    return SITEMAP.format("\n".join(lines))


def anchor(html: str, folder: str) -> str:
    """Makes the relative addresses of a page in the root begin with `folder`.

    Args:
        html: of the page.
        folder: path of the site on its host, such as `/vae-book/`.
    """
    return RELATIVE.sub(lambda found: f'{found[1]}="{folder}', html)
