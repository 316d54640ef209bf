"""Lets Markdown link to terms of the glossary, and shows what a term means.

`[ELBO](../book/glossary.md#term-ELBO)` opens the file on GitHub, and leads to the term
on the site. A term that does not exist is a warning, which fails the build. Links to
terms get the class `term`, and the first sentence of the definition as their title.
"""

import re
import unicodedata

from docutils import nodes
from sphinx import addnodes

PAGE = "book/glossary"
TARGET = re.compile(r"(?:(?:^|/)glossary\.html)?#(term-[\w-]+)")
SENTENCE = re.compile(r"(?<=\.)\s")
TEX = {  # in this order
    r"\\(?:mathrm|mathbb|mathcal|text|bar)\s*\{?(\w+)\}?": r"\1",
    r"\\d?frac\s*(\w)\s*(\w)": r"\1/\2",
    r"\\(?:big|Big)": "",
    r"\\,": " ",
    r"\\mid": " | ",
    r"\\Vert": " ‖ ",
    r"\\sim": " ~ ",
    r"\\in": " ∈ ",
    r"\\cdot": " · ",
    r"\\approx": " ≈ ",
    r"\\(log|ln|max)": r"\1 ",
    r"\\nabla": "∇",
    r"\\ell": "ℓ",
    r"\\sum": "Σ",
    r"\^2": "²",
    r"\^\{([^{}]*)\}": r"^(\1)",
    r"[_{}]": "",
    r"-": "−",
    r"\s+": " ",
}


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("env-updated", offer_terms)
    app.connect("doctree-resolved", describe_links)
    app.add_css_file("glossary.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def offer_terms(app, env):
    """Notes terms where MyST looks for what a link may lead to, and what they mean."""
    if PAGE not in env.found_docs:
        return
    slugs = env.metadata[PAGE].setdefault("myst_slugs", {})
    meanings = env.metadata[PAGE]["meanings"] = {}
    for glossary in env.get_doctree(PAGE).findall(addnodes.glossary):
        for term, *_, definition in glossary[0]:
            name = term["ids"][0]
            slugs[name] = (0, name, term.astext())
            meanings[name] = SENTENCE.split(read_plainly(definition))[0]


def read_plainly(node: nodes.Node) -> str:
    """Reads a definition as one line of text, formulas too."""
    parts = []
    for part in node.findall():
        if isinstance(part, nodes.math):
            parts.append(read_formula(part.astext()))
        elif isinstance(part, nodes.Text) and not isinstance(part.parent, nodes.math):
            parts.append(part.astext())
    return " ".join("".join(parts).split())


def read_formula(tex: str) -> str:
    r"""Writes a formula as text: `q_\phi(z\mid x)` as q_φ(z | x) without the mark.

    Args:
        tex: a formula, as the glossary has them.
    """
    tex = re.sub(r"\\[a-zA-Z]+", lambda name: find_letter(name[0]), tex)
    for pattern, replacement in TEX.items():
        tex = re.sub(pattern, replacement, tex)
    return tex


def find_letter(name: str) -> str:
    r"""Returns the Greek letter of a TeX command such as `\phi`, if it is one."""
    word = name.removeprefix("\\").removeprefix("var").upper()
    word = word.replace("LAMBDA", "LAMDA")  # as Unicode spells it
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {word}")
    except KeyError:
        return name


def describe_links(app, doctree, docname):
    """Marks links to terms, and gives them the meaning as their title."""
    meanings = app.env.metadata.get(PAGE, {}).get("meanings", {})
    for link in doctree.findall(nodes.reference):
        address = link.get("refuri") or f"#{link.get('refid', '')}"
        found = TARGET.search(address)
        if found and found[1] in meanings:
            link["classes"].append("term")
            if "\\" not in meanings[found[1]]:  # TeX that has no plain form here
                link["reftitle"] = meanings[found[1]]
