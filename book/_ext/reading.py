"""Marks what a chapter asks of its reader, and keeps results back until asked for.

A paragraph that begins with **Predict.** or **Look.** gets a class of its own. What
follows a prediction is its *outcome*: from the output of the next code cell that has
one to the paragraph that begins with **Look.**, or to the next prediction or heading,
whichever comes first. A widget to try things with is no outcome: the reader predicts,
tries, and then asks. The page keeps it behind a button (`reading.js`); without scripts
and on paper it is shown.

Links inside a notebook, such as `[Solutions](#Solutions)`, lead to a heading under the
name that Jupyter gives it; `slug` makes them lead there on the site, too.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

KINDS = {"Predict.": "predict", "Look.": "look"}
BUTTONS = """\
<div class="outcome-bar">
<button type="button" class="outcome-show" aria-expanded="true"
 aria-controls="outcome-{number}" aria-describedby="predict-{number}"
>Show what happened</button>
<button type="button" class="outcome-always" aria-pressed="false">Always show</button>
</div>
"""


class Outcome(nodes.General, nodes.Element):
    """What happened: the part of a page that answers a prediction."""


class MarkReading(SphinxTransform):
    """Marks predictions and what to look at, and gathers outcomes."""

    default_priority = 500

    def apply(self, **kwargs):
        """Changes the tree of one page."""
        predictions = []
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if name := kind(paragraph):
                paragraph["classes"].append(name)
                predictions += [paragraph] if name == "predict" else []
        number = 0
        for paragraph in predictions:
            if found := find_outcome(paragraph):
                number += 1
                paragraph["ids"].append(f"predict-{number}")
                wrap(found, number)


def setup(app):
    """Registers the extension with Sphinx."""
    app.add_transform(MarkReading)
    app.add_node(Outcome, html=(open_outcome, close_outcome))
    app.add_css_file("reading.css")
    app.add_css_file("print.css", priority=900)  # after the book's own
    app.add_js_file("reading.js")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def slug(title: str) -> str:
    """Returns the name that Jupyter gives to a heading."""
    return title.replace(" ", "-")


def kind(node: nodes.Node) -> str | None:
    """Returns what a paragraph asks for, by the bold word that it begins with."""
    if not isinstance(node, nodes.paragraph):
        return None
    # MyST begins such a paragraph with an empty text.
    first = next((child for child in node.children if child.astext()), None)
    return KINDS.get(first.astext()) if isinstance(first, nodes.strong) else None


def has_output(node: nodes.Node) -> bool:
    """Returns whether a node is a code cell with an output."""
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
        and bool(node.children)
        and node.children[-1].get("nb_element") == "cell_code_output"
    )


def is_to_try(node: nodes.Node) -> bool:
    """Returns whether a cell shows a widget to try, and not an animation."""
    shown = " ".join(raw.astext() for raw in node.findall(nodes.raw))
    widgets = re.findall(r'class="vae-widget ([\w-]+)"', shown)
    return any(widget != "vae-film" for widget in widgets)


def find_outcome(prediction: nodes.paragraph) -> list[nodes.Node]:
    """Lists what answers a prediction, its first code cell included."""
    siblings = prediction.parent.children
    found, tried = [], False
    for node in siblings[siblings.index(prediction) + 1 :]:
        if isinstance(node, nodes.section) or kind(node) == "predict":
            break
        tried = tried or is_to_try(node)
        answers = kind(node) == "look" if tried else has_output(node)
        if found or answers:
            found.append(node)
        if kind(node) == "look":
            break
    return found


def wrap(found: list[nodes.Node], number: int):
    """Puts an outcome into a node of its own; the first cell's code stays outside."""
    cell, *rest = found
    place = cell.parent.index(cell) + 1
    outcome = Outcome("", number=number)
    shows_code = cell.get("hide_mode") in (None, "input") and len(cell.children) > 1
    if has_output(cell) and shows_code:
        shell = nodes.container(classes=["cell", "container"], is_div=True)
        output = cell.children[-1]
        cell.remove(output)
        shell += output
        rest = [shell, *rest]
    else:  # a cell that is folded as a whole, one that shows no code, or no cell
        place, rest = place - 1, found
    parent = cell.parent
    for node in rest:
        if node.parent is parent:
            parent.remove(node)
    outcome.extend(rest)
    parent.insert(place, outcome)


def open_outcome(visitor, node):
    """Begins an outcome, after its buttons."""
    visitor.body.append(BUTTONS.format(number=node["number"]))
    visitor.body.append(f'<div class="outcome" id="outcome-{node["number"]}">\n')


def close_outcome(visitor, node):
    """Ends it."""
    visitor.body.append("</div>\n")
