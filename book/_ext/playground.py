"""The directive `vae-playground`: a network that trains in the page.

    ```{vae-playground}
    This text is shown where scripts are off.
    ```

The script and the style sheets come from `vae_utils.playground`, and only to pages that
have a playground. The page loads the first data itself, others when they are chosen.
"""

from pathlib import Path

import late_scripts
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

FOLDER = "playground"
SCRIPT = "playground.js"
FIRST = "digits"


class Playground(nodes.container):
    """A playground in a page; its children are shown where scripts are off."""


class PlaygroundDirective(SphinxDirective):
    """Puts a playground in a page."""

    has_content = True

    def run(self):
        """Makes the node, with the fallback inside."""
        node = Playground("")
        node["ids"] = [f"playground-{self.env.new_serialno('playground')}"]
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def setup(app):
    """Registers the directive, and what comes with it."""
    app.add_directive("vae-playground", PlaygroundDirective)
    app.add_node(Playground, html=(open_playground, close_playground))
    app.connect("html-page-context", add_files)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def open_playground(visitor, node):
    """Opens the part that scripts fill, room for it, and the fallback inside."""
    visitor.body.append(
        f'<div class="vae-widget vae-playground vp-page" id="{node["ids"][0]}">'
        '<div class="vp-room"><noscript><div>'
    )


def close_playground(visitor, node):
    """Closes them."""
    visitor.body.append("</div></noscript></div></div>")


def add_files(app, pagename, templatename, context, doctree):
    """Loads the script and the style sheets in a page that has a playground."""
    if doctree is None or not list(doctree.findall(Playground)):
        return
    from vae_utils.playground import STYLES

    app.add_js_file(f"{FOLDER}/{SCRIPT}", loading_method="defer")
    address = context["pathto"](f"_static/{FOLDER}/data_{FIRST}.js", 1)
    context["metatags"] += late_scripts.hurry(address)
    for style in STYLES:
        app.add_css_file(f"{FOLDER}/{style.name}")


def write_files(app, exception):
    """Writes what playgrounds load into the built site."""
    if exception is None and app.builder.format == "html":
        from vae_utils.playground.scripts import write_scripts

        list(write_scripts(Path(app.outdir) / "_static" / FOLDER))
