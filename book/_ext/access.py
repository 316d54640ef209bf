"""Corrects what other extensions and the theme write for screen readers.

MyST-NB names every toggle "Toggle hidden content", whatever is written on it; here it
is named by its own text, and where that says "this figure", by which. docutils gives
the entries of a bibliography a role that a list must not hold. The theme names two
buttons otherwise than they read, and leaves its side bar out of the page's regions.
Tables may begin with a header that is empty.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

# The theme stores the reader's choices unguarded: where storage is blocked it would
# stop there, and with it the scripts that come after it in the same file.
STORAGE = """
<script>
try {
  localStorage.getItem("mode");
} catch {
  const kept = new Map();
  Object.defineProperty(window, "localStorage", {
    value: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, String(value)),
      removeItem: (key) => kept.delete(key),
      clear: () => kept.clear(),
    },
  });
}
</script>"""
CORRECTIONS = (
    (r"(<head>)(?!\s*<script>\s*try)", r"\1" + STORAGE),
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    (r'(<i class="theme-switch [^>]*?) title="[^"]*"', r'\1 aria-hidden="true"'),
    (
        r'(<div id="pst-primary-sidebar")( class=)',
        r'\1 role="region" aria-label="Side bar"\2',
    ),
    # The empty corner of a table heads nothing.
    (r"<th( [^>]*)?>(\s*(?:<p>\s*</p>)?\s*)</th>", r"<td\1>\2</td>"),
)


class NameCells(SphinxTransform):
    """Notes what each code cell is about, while its figure is still inside."""

    default_priority = 400

    def apply(self, **kwargs):
        """Changes the tree of one page."""
        for cell in self.document.findall(is_cell):
            cell["about"] = describe(cell)


class NameToggles(SphinxPostTransform):
    """Hands on to a toggle what its cell is about."""

    default_priority = 200  # MyST-NB makes the toggles at 199
    formats = ("html",)

    def run(self, **kwargs):
        """Changes the tree of one page."""
        for cell in self.document.findall(is_cell):
            for toggle in cell.children:  # they know no parent
                if isinstance(toggle, HideCodeCellNode):
                    toggle["about"] = cell["about"]


def setup(app):
    """Registers the extension with Sphinx."""
    app.add_css_file("access.css")
    app.add_js_file("reach.js")
    app.add_transform(NameCells)
    app.add_post_transform(NameToggles)
    toggle = (open_toggle, close_toggle)
    app.add_node(HideCodeCellNode, override=True, html=toggle)
    app.connect("build-finished", correct_pages)
    app.add_node(nodes.citation, override=True, html=(open_citation, close_citation))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def is_cell(node: nodes.Node) -> bool:
    """Returns whether a node is a code cell."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def describe(cell: nodes.container) -> str:
    """Returns the first sentence of a cell's caption, or the title of its section."""
    figure = cell.get("cell_metadata", {}).get("mystnb", {}).get("figure", {})
    if "caption" in figure:
        return figure["caption"].split(". ")[0].rstrip(".")
    section = cell.parent
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    return section[0].astext() if section is not None and len(section) else ""


def open_toggle(visitor, node):
    """Begins a folded part, after the line that opens it."""
    classes = " ".join(["admonition", "hide", *node["classes"]])
    visitor.body.append(f'<details class="{classes}">\n<summary>\n')
    for state, prompt in (("collapsed", "prompt_show"), ("expanded", "prompt_hide")):
        text = escape(node[prompt])
        if "this " in text and node.get("about"):
            text += f'<span class="visually-hidden">: {escape(node["about"])}</span>'
        visitor.body.append(f'<p class="{state} admonition-title">{text}</p>\n')
    visitor.body.append("</summary>\n")


def close_toggle(visitor, node):
    """Ends a folded part."""
    visitor.body.append("</details>\n")


def open_citation(visitor, node):
    """Begins an entry of the bibliography, as an item of its list."""
    type(visitor).visit_citation(visitor, node)
    visitor.body[-1] = visitor.body[-1].replace("doc-biblioentry", "listitem")


def close_citation(visitor, node):
    """Ends it."""
    type(visitor).depart_citation(visitor, node)


def correct_pages(app, exception):
    """Changes what the theme's templates and tables wrote into every page."""
    if exception is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if (new := correct(text)) != text:
            page.write_text(new, encoding="utf-8")


def correct(text: str) -> str:
    """Returns a page whose buttons are named as they read; empty headers are cells."""
    for pattern, replacement in CORRECTIONS:
        text = re.sub(pattern, replacement, text)
    return text
