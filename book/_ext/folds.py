"""Folds what a chapter marks as "Deeper", so that its core path reads in one go.

A section whose title begins with "Deeper:" becomes a `<details>` whose summary is its
heading: closed at first, also without scripts, and left out of the page's contents. So
does small text that a notebook puts in a `<details>` of its own; both get the class
`fold` and look alike. `folds.js` opens what an address leads into, also an outcome of
`reading`; paper shows all (print.css).
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

DEEPER = "Deeper:"
OPENING = re.compile(r"<details>(?=\s*<summary>)")


class MarkFolds(SphinxTransform):
    """Marks sections to fold, and the folds that prose brings along."""

    default_priority = 500

    def apply(self, **kwargs):
        """Changes the tree of one page."""
        for section in filter(is_deeper, self.document.findall(nodes.section)):
            section["classes"].append("deeper")
        for raw in self.document.findall(nodes.raw):
            if OPENING.match(raw.astext()):
                text = OPENING.sub('<details class="fold">', raw.astext())
                raw.children[:] = [nodes.Text(text)]


def setup(app):
    """Registers the extension with Sphinx."""
    app.add_transform(MarkFolds)
    app.connect("doctree-read", leave_out)  # after Sphinx has listed the contents
    app.add_node(nodes.title, override=True, html=(open_title, close_title))
    app.add_node(nodes.section, override=True, html=(open_section, close_section))
    app.add_css_file("folds.css")
    app.add_js_file("folds.js")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def is_deeper(node: nodes.Node) -> bool:
    """Returns whether a node is a section to fold."""
    if not isinstance(node, nodes.section) or not node.children:
        return False
    return isinstance(node[0], nodes.title) and node[0].astext().startswith(DEEPER)


def leave_out(app, doctree):
    """Takes folded sections out of the contents that stand next to a page."""
    ids = {i for part in filter(is_deeper, doctree.findall()) for i in part["ids"]}
    for link in list(app.env.tocs[app.env.docname].findall(nodes.reference)):
        if link["anchorname"].removeprefix("#") in ids:
            item = link.parent.parent
            if len(listed := item.parent) == 1:  # a list needs an item
                item = listed
            item.parent.remove(item)


def open_title(visitor, node):
    """Begins a title, and with it the fold that it opens."""
    if is_deeper(node.parent):
        visitor.body.append('<details class="fold">\n<summary>\n')
    type(visitor).visit_title(visitor, node)


def close_title(visitor, node):
    """Ends it."""
    type(visitor).depart_title(visitor, node)
    if is_deeper(node.parent):
        visitor.body.append("</summary>\n")


def open_section(visitor, node):
    """Begins a section."""
    type(visitor).visit_section(visitor, node)


def close_section(visitor, node):
    """Ends it, and with it its fold."""
    if is_deeper(node):
        visitor.body.append("</details>\n")
    type(visitor).depart_section(visitor, node)
