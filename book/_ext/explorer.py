"""The directive `vae-explorer`: a network to play with, computed in the page.

    ```{vae-explorer}
    :model: vae

    This text is shown where scripts are off.
    ```

Scripts and style sheets come from `vae_utils.explorer`, and only to pages that have an
explorer; the networks' scripts are written from recorded runs. The page loads the first
network itself, the others when they are chosen.
"""

from pathlib import Path

import late_scripts
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

FOLDER = "explorer"


class Explorer(nodes.container):
    """An explorer in a page; its children are shown where scripts are off."""


class ExplorerDirective(SphinxDirective):
    """Puts an explorer in a page."""

    has_content = True
    option_spec = {"model": directives.unchanged}  # noqa: RUF012

    def run(self):
        """Makes the node, with the fallback inside."""
        from vae_utils.explorer import FIRST, NETWORKS

        model = self.options.get("model", FIRST)
        if model not in NETWORKS:
            raise self.error(
                f"The networks are {', '.join(NETWORKS)}. Received: {model}"
            )
        node = Explorer("", model=model)
        node["ids"] = [f"explorer-{self.env.new_serialno('explorer')}"]
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def setup(app):
    """Registers the directive, and what comes with it."""
    app.add_directive("vae-explorer", ExplorerDirective)
    app.add_node(Explorer, html=(open_explorer, close_explorer))
    app.connect("html-page-context", add_files)
    app.connect("build-finished", write_networks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def open_explorer(visitor, node):
    """Opens the part that scripts fill, room for it, and the fallback inside."""
    visitor.body.append(
        f'<div class="vae-widget vae-explorer" id="{node["ids"][0]}"'
        f' data-model="{node["model"]}"><div class="vx-room">'
        '<noscript><div class="vx-fallback">'
    )


def close_explorer(visitor, node):
    """Closes them."""
    visitor.body.append("</div></noscript></div></div>")


def add_files(app, pagename, templatename, context, doctree):
    """Loads scripts and style sheets in a page that has an explorer."""
    explorers = [] if doctree is None else list(doctree.findall(Explorer))
    if not explorers:
        return
    from vae_utils.explorer import SCRIPTS, STYLES

    for script in list_scripts(SCRIPTS):
        app.add_js_file(f"{FOLDER}/{script}", loading_method="defer")
    for model in sorted({node["model"] for node in explorers}):
        address = context["pathto"](f"_static/{FOLDER}/model_{model}.js", 1)
        context["metatags"] += late_scripts.hurry(address)
    for style in STYLES:
        app.add_css_file(f"{FOLDER}/{style.name}")


def list_scripts(scripts):
    """Lists the scripts of a page in order; they load the networks themselves."""
    *others, last = (script.name for script in scripts)
    return [*others, "index.js", last]


def write_networks(app, exception):
    """Writes what explorers load into the built site."""
    if exception is None and app.builder.format == "html":
        from vae_utils.explorer import write_scripts

        list(write_scripts(Path(app.outdir) / "_static" / FOLDER))
