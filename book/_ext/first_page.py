"""Writes the first page of the book as index.html, where web servers look for it.

All links lead there. The page is also written under the name of its source, which
search results and old links use; both name the same canonical address.
"""

import re
from contextlib import contextmanager
from posixpath import dirname, join, normpath

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.osutil import relative_uri

INDEX = "index.html"
# Relative addresses in raw HTML, which Sphinx does not resolve.
RELATIVE = re.compile(r'\b(src|href|poster)="(?![a-zA-Z][\w+.-]*:|[/#])([^"]+)"')


def setup(app):
    """Registers the builder in place of Sphinx's own one."""
    app.add_builder(BookBuilder, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class BookBuilder(StandaloneHTMLBuilder):
    """Builds HTML, and writes the first page twice."""

    first_is_index = True

    def get_target_uri(self, docname, typ=None):
        """Returns the address of a page, relative to the site."""
        if self.first_is_index and docname == self.config.root_doc:
            return INDEX
        return super().get_target_uri(docname, typ)

    def get_outfilename(self, pagename):
        """Returns the file of a page."""
        if self.first_is_index and pagename == self.config.root_doc:
            pagename = INDEX.removesuffix(".html")
        return super().get_outfilename(pagename)

    def write_doc(self, docname, doctree):
        """Writes a page; the first one twice."""
        if docname != self.config.root_doc or self.config.root_doc == "index":
            super().write_doc(docname, doctree)
            return
        move(doctree, dirname(docname))
        super().write_doc(docname, doctree)
        with self._under_its_own_name():
            again = self.env.get_and_resolve_doctree(docname, self)
            own = super().get_target_uri(docname)
            self.imgpath = relative_uri(own, self.imagedir)
            self.post_process_images(again)
            super().write_doc(docname, again)

    @contextmanager
    def _under_its_own_name(self):
        """Takes index.html for an ordinary name meanwhile."""
        self.first_is_index = False
        try:
            yield
        finally:
            self.first_is_index = True


def move(doctree, folder: str):
    """Rewrites what a page in `folder` names by hand, as seen from the site's root.

    Args:
        doctree: of the page; links and pictures that Sphinx resolves are right already.
        folder: such as `book`.
    """
    for node in doctree.findall(nodes.reference):
        uri = node.get("refuri", "")
        if not node.get("internal") and uri.startswith("../"):
            node["refuri"] = normpath(join(folder, uri))
    for node in list(doctree.findall(nodes.raw)):
        if node.get("format") == "html":
            text = rebase(node.astext(), folder)
            node.replace_self(nodes.raw("", text, **node.attributes))


def rebase(html: str, folder: str) -> str:
    """Returns HTML that was written for a page in `folder`, for one in the root."""
    return RELATIVE.sub(
        lambda found: f'{found[1]}="{normpath(join(folder, found[2]))}"', html
    )
