"""What only the landing page has: buttons to start with, and the chapters as cards.

    ```{start-buttons}
    ```
    ```{chapter-cards}
    ```

Both follow `_toc.yml` and the notebooks' own titles, so no list is kept twice.
"""

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import nbformat
import yaml
from docutils import nodes
from PIL import Image
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

PICTURES = "notebooks/images"
THUMBNAILS = "_build/thumbnails"  # a card shows a picture in a fifth of the page
THUMBNAIL = (400, 210)  # pixels, two for each that most screens show
QUALITY = 60  # of a thumbnail, per cent
COLAB = "https://colab.research.google.com/github"
SHORT_PART = 3  # cards; two such parts may share a row
SHORT = 30  # characters; a shorter teaser gets another sentence
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")


class Chapter(NamedTuple):
    """A notebook as its card shows it.

    Args:
        name: its page, from the book's folder, without an ending.
        title: of its first cell.
        teaser: the first sentences after the title.
        alt: alternative text of its picture.
    """

    name: str
    title: str
    teaser: str
    alt: str


def setup(app):
    """Registers the directives."""
    app.add_directive("start-buttons", StartButtons)
    app.add_directive("chapter-cards", ChapterCards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class StartButtons(SphinxDirective):
    """A button to the first chapter, and one that opens it in Colab."""

    def run(self):
        """Makes the buttons; Colab's needs a public address."""
        folder = Path(self.env.srcdir)
        first = next(name for _, names in read_parts(folder) for name in names)
        title = nodes.inline("", "Start with chapter " + number_of(first))
        paragraph = nodes.paragraph(classes=["start-buttons"])
        paragraph += link_to(first, title)
        address = colab_address(self.config, first)
        if address:
            paragraph += nodes.Text(" ")
            paragraph += nodes.reference("", "Run it in Colab", refuri=address)
        return [paragraph]


class ChapterCards(SphinxDirective):
    """The chapters, part by part: a picture, a title, a sentence."""

    def run(self):
        """Makes a list of cards for each part that has notebooks."""
        folder = Path(self.env.srcdir)
        self.env.note_dependency("../_toc.yml")
        parts = nodes.container(classes=["chapter-parts"])
        for caption, names in read_parts(folder):
            size = "is-long" if len(names) > SHORT_PART else "is-short"
            part = nodes.container(classes=["chapter-part", size])
            part += nodes.rubric("", caption)
            cards = nodes.bullet_list(classes=["chapter-cards"])
            for name in names:
                self.env.note_dependency(f"../{name}.ipynb")
                cards += make_card(read_chapter(folder, name), folder)
            part += cards
            parts += part
        return [parts]


def read_parts(folder: Path) -> list[tuple[str, list[str]]]:
    """Returns caption and notebooks of each part of `_toc.yml` that has notebooks."""
    parts = yaml.safe_load((folder / "_toc.yml").read_text("utf-8"))["parts"]
    names = [[chapter["file"] for chapter in part["chapters"]] for part in parts]
    notebooks = [[n for n in each if n.startswith("notebooks/")] for each in names]
    captions = [part["caption"] for part in parts]
    return [pair for pair in zip(captions, notebooks, strict=True) if pair[1]]


def read_chapter(folder: Path, name: str) -> Chapter:
    """Reads title, first sentence and the picture's alt text from a notebook."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    source = notebook.cells[0].source
    picture = PICTURE.search(source)
    title, *rest = PICTURE.sub("", source).strip().split("\n", 1)
    title = title.removeprefix("#").strip()
    paragraph = plain(" ".join(rest).strip().split("\n\n")[0])
    teaser = first_sentences(paragraph)
    alt = picture["alt"] if picture else f"The opening picture of: {title}"
    return Chapter(name, title, teaser, alt)


def first_sentences(paragraph: str) -> str:
    """Returns as many sentences as make a line or two."""
    sentences = SENTENCE_END.split(paragraph)
    count = 1
    while count < len(sentences) and len(" ".join(sentences[:count])) < SHORT:
        count += 1
    return " ".join(sentences[:count])


def plain(markdown: str) -> str:
    """Drops links and emphasis from a paragraph of Markdown."""
    return re.sub(r"[*_`]", "", LINK.sub(r"\1", markdown)).replace("\n", " ")


def number_of(name: str) -> str:
    """Returns the number in a notebook's name, without a leading zero."""
    return str(int(re.search(r"\d+", Path(name).name)[0]))


def make_card(chapter: Chapter, folder: Path) -> nodes.list_item:
    """Makes a card; its title's link is the only one, style lets it cover the card."""
    card = nodes.list_item()
    picture = folder / PICTURES / f"{Path(chapter.name).name}.png"
    if picture.is_file():
        small = make_thumbnail(picture, folder / THUMBNAILS)
        uri = f"/{small.relative_to(folder).as_posix()}"
        card += nodes.paragraph("", "", nodes.image(uri=uri, alt=chapter.alt))
    title = nodes.strong("", chapter.title)
    card += nodes.paragraph("", "", link_to(chapter.name, title))
    card += nodes.paragraph("", chapter.teaser)
    return card


def make_thumbnail(picture: Path, folder: Path) -> Path:
    """Writes a small copy of a picture under another name; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    small = folder / f"{picture.stem}_card.webp"
    with Image.open(picture) as image:
        shrunk = image.convert("RGB").resize(THUMBNAIL, Image.Resampling.LANCZOS)
    shrunk.save(small, quality=QUALITY, method=6)
    return small


def link_to(name: str, text: nodes.Node) -> addnodes.pending_xref:
    """Makes a link to a page of the book."""
    options = {"refdomain": "std", "reftype": "doc", "refexplicit": True}
    return addnodes.pending_xref("", text, reftarget=f"/{name}", **options)


def colab_address(config, name: str) -> str | None:
    """Returns where Colab opens a notebook, or None without an address on GitHub."""
    options = config.html_theme_options
    parts = urlsplit(options.get("repository_url", ""))
    if parts.hostname != "github.com":
        return None
    branch = options.get("repository_branch", "main")
    return f"{COLAB}{parts.path.rstrip('/')}/blob/{branch}/{name}.ipynb"
