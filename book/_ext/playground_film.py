"""The directive `playground-film`: a film of the playground, and a link to it.

    ```{playground-film} playground_film.webp
    :poster: _static/playground_poster.png
    :alt: What the poster shows.
    :page: book/playground
    :title: Train one live
    ```

The film is in `book/_static`. Its script loads it when it comes into view; until then,
and without scripts, the poster is shown.
"""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from landing import link_to
from PIL import Image, ImageSequence
from sphinx.util.docutils import SphinxDirective

STATIC = "book/_static"
SCRIPT = "playground_film/film.js"


class Film(nodes.container):
    """A film; its children are the poster and a link."""


class FilmDirective(SphinxDirective):
    """Puts a film in a page."""

    required_arguments = 1
    option_spec = dict.fromkeys(
        ("poster", "alt", "page", "title"), directives.unchanged
    )

    def run(self):
        """Makes the node."""
        name = self.arguments[0]
        path = Path(self.env.srcdir, STATIC, name)
        self.env.note_dependency(str(path))
        film = Film("", film=name, milliseconds=measure(path))
        film += nodes.image(uri=self.options["poster"], alt=self.options["alt"])
        title = nodes.inline("", self.options["title"])
        link = link_to(self.options["page"], title)
        film += nodes.paragraph("", "", link, classes=["start-buttons"])
        return [film]


def measure(path: Path) -> int:
    """Returns after how many milliseconds a film has reached its last frame."""
    times = []
    with Image.open(path) as film:
        for frame in ImageSequence.Iterator(film):
            frame.load()  # before which its time is not known
            times.append(frame.info["duration"])
    return sum(times[:-1])


def setup(app):
    """Registers the directive, and its script."""
    app.setup_extension("landing")
    app.add_directive("playground-film", FilmDirective)
    app.add_node(Film, html=(open_film, close_film))
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def open_film(visitor, node):
    """Opens the part that the script knows."""
    visitor.body.append(
        f'<div class="playground-film" data-film="{node["film"]}"'
        f' data-milliseconds="{node["milliseconds"]}">'
    )


def close_film(visitor, node):
    """Closes it."""
    visitor.body.append("</div>")


def add_script(app, pagename, templatename, context, doctree):
    """Loads the script in a page that has a film."""
    if doctree is not None and any(doctree.findall(Film)):
        app.add_js_file(SCRIPT, loading_method="defer")
