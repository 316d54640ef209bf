"""Makes the site's search lead to sections: their text is the index.

Sphinx's own index knows which words a page has, not where or how often, and sorts ties
by the alphabet. Here `searchindex.js` holds the text of every section, every term of
the glossary and every object of the package, and scripts in `_static/search` rank and
show them on the theme's page. What Sphinx needs to read the file again, when it builds
only what changed, stays in it.
"""

import json
import unicodedata
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
SCRIPTS = ("search/words.js", "search/rank.js", "search/page.js")
HEAD, TAIL = "Search.setIndex(", ")"
SPHINX = ("docnames", "filenames", "titles", "envversion")
EMPTY = ("alltitles", "terms", "titleterms")
# Code and results of cells would say little in a list of hits.
SKIPPED = (
    nodes.comment,
    nodes.literal_block,
    nodes.math_block,
    nodes.raw,
    addnodes.index,
)
# These have records of their own.
PARTS = (nodes.section, addnodes.glossary, addnodes.desc)


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_scripts(app, pagename, templatename, context, doctree):
    """Loads the scripts where one searches, after those of Sphinx."""
    if pagename == "search":
        for script in SCRIPTS:
            app.add_js_file(script, loading_method="defer")
        app.add_css_file("search/search.css")


def write_index(app, exception):
    """Replaces the words in Sphinx's index by sections."""
    if exception is not None or app.builder.name != "html":
        return
    path = Path(app.outdir, "searchindex.js")
    text = path.read_text(encoding="utf-8").removeprefix(HEAD).removesuffix(TAIL)
    index = json.loads(text)
    settings = yaml.safe_load(Path(app.srcdir, "book", "search.yml").read_text("utf-8"))
    kept = {key: index[key] for key in SPHINX} | {key: {} for key in EMPTY}
    kept["sections"] = list_sections(app.env, index["docnames"], settings)
    kept["synonyms"] = settings["synonyms"]
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{HEAD}{text}{TAIL}", encoding="utf-8")


def list_sections(env, pages: list[str], settings: dict) -> list[list]:
    """Lists what can be found, in the order of the book.

    Args:
        env: Sphinx's environment, with all pages read.
        pages: names of pages; a record has its page's position here.
        settings: the content of `search.yml`.

    Returns:
        For each section [page, anchor, title, text, weight, terms it answers].
    """
    answers, weights = dict(settings["answers"]), settings["weights"]
    order = [name for name in env.toctree_includes.get(env.config.root_doc, [])]
    order = [env.config.root_doc, *order]
    found = []
    for page in sorted(pages, key=lambda p: order.index(p) if p in order else 1e9):
        weight = weights.get(page, 1)
        for anchor, title, text in read_sections(env.get_doctree(page)):
            terms = answers.pop(f"{page}#{anchor}", "")
            found.append([pages.index(page), anchor, title, text, weight, terms])
    for lost in answers:
        logger.warning("book/search.yml names a section that does not exist: %s", lost)
    return found


def read_sections(doctree) -> list[tuple[str, str, str]]:
    """Reads (anchor, title, text) of all sections, terms and objects of a page."""
    found = []
    for part in doctree.findall(lambda node: isinstance(node, PARTS)):
        if isinstance(part, nodes.section):
            # The page's own title leads to the top of the page.
            anchor = part["ids"][0] if found else ""
            found.append((anchor, part[0].astext(), read_text(part.children[1:])))
        elif isinstance(part, addnodes.glossary):
            found += [read_term(item) for item in part[0]]
        else:
            found += read_object(part)
    return found


def read_term(item) -> tuple[str, str, str]:
    """Reads a term of the glossary and its definition."""
    return item[0]["ids"][0], read_text(item[0]), read_text(item[-1].children)


def read_object(desc) -> list[tuple[str, str, str]]:
    """Reads a module's, class's or function's name and the first line about it."""
    signature = desc.next_node(addnodes.desc_signature)
    if signature is None or not signature["ids"]:
        return []
    about = desc.next_node(nodes.paragraph)
    name = signature["ids"][0]
    return [(name, name, "" if about is None else read_text([about]))]


def read_text(children) -> str:
    """Joins the words of nodes, without what is skipped or has its own record."""
    parts = []

    def walk(node):
        if isinstance(node, nodes.Text):
            parts.append(node.astext())
        elif isinstance(node, nodes.math):
            parts.append(read_formula(node.astext()))
        elif not isinstance(node, (*SKIPPED, *PARTS)):
            for child in node.children:
                walk(child)
            if not isinstance(node, nodes.Inline):
                parts.append(" ")

    for child in children:
        walk(child)
    return " ".join("".join(parts).split())


def read_formula(tex: str) -> str:
    """Returns a letter, Greek ones too, as it is, and dots in place of a formula."""
    if len(tex) < 2 or tex.isalnum():
        return tex
    name = tex.removeprefix("\\").upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name}")
    except KeyError:
        return "…"
