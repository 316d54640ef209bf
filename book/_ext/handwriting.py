"""The directive `vae-handwriting`: draw a digit, and a network writes all ten.

    ```{vae-handwriting}
    This text is shown where scripts are off.
    ```

Scripts and style sheets come from `vae_utils.handwriting`, and only to pages that have
the widget; what it shares with the explorer, the extension `explorer` writes.
"""

from pathlib import Path

import late_scripts
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

FOLDER, SHARED_FOLDER = "handwriting", "explorer"


class Handwriting(nodes.container):
    """A widget in a page; its children are shown where scripts are off."""


class HandwritingDirective(SphinxDirective):
    """Puts the widget in a page."""

    has_content = True

    def run(self):
        """Makes the node, with the fallback inside."""
        node = Handwriting("")
        node["ids"] = [f"handwriting-{self.env.new_serialno('handwriting')}"]
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def setup(app):
    """Registers the directive, and what comes with it."""
    app.setup_extension("explorer")
    app.add_directive("vae-handwriting", HandwritingDirective)
    app.add_node(Handwriting, html=(open_widget, close_widget))
    app.connect("html-page-context", add_files, priority=400)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def open_widget(visitor, node):
    """Begins the part that scripts fill, and the fallback inside."""
    visitor.body.append(
        f'<div class="vae-widget vae-handwriting" id="{node["ids"][0]}">'
        '<div class="vh-room"><noscript>'
    )


def close_widget(visitor, node):
    """Ends both, and fetches the network, which is half of what the page loads."""
    from vae_utils.handwriting.scripts import MODEL

    fetch = late_scripts.fetch(f"_static/{FOLDER}/{MODEL}")
    visitor.body.append(f"</noscript></div></div><script>{fetch}</script>")


def add_files(app, pagename, templatename, context, doctree):
    """Loads scripts and style sheets in a page that has the widget."""
    if doctree is not None and any(doctree.findall(Handwriting)):
        for script in list_scripts():
            app.add_js_file(script, loading_method="defer")
        for style in list_styles():
            app.add_css_file(style)


def list_scripts():
    """Lists the scripts in the order of loading; they load the network themselves."""
    from vae_utils.handwriting import SCRIPTS, SHARED

    shared = [f"{SHARED_FOLDER}/{script.name}" for script in SHARED]
    own = [f"{FOLDER}/{script.name}" for script in SCRIPTS]
    return [*shared, f"{SHARED_FOLDER}/index.js", *own]


def list_styles():
    """Lists the style sheets; the widgets' common one is the explorer's file."""
    from vae_utils.handwriting import STYLES

    common, *own = STYLES
    return [f"{SHARED_FOLDER}/{common.name}", *(f"{FOLDER}/{s.name}" for s in own)]


def write_files(app, exception):
    """Writes what the widget loads into the built site."""
    if exception is None and app.builder.format == "html":
        from vae_utils.handwriting import write_scripts

        list(write_scripts(Path(app.outdir) / "_static" / FOLDER))
