"""Sections titled "Deeper" fold, and links to the glossary resolve, in a small book."""

import subprocess
import sys
from pathlib import Path

import folds
import glossary_links
import pytest
from bs4 import BeautifulSoup
from docutils import nodes

ROOT = Path(__file__).parents[2]
CONF = """
extensions = ["myst_parser", "folds", "glossary_links"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
html_theme = "basic"
exclude_patterns = ["_build"]
"""
INDEX = """# Book

```{toctree}
book/glossary
notebooks/page
```
"""
GLOSSARY = r"""# Glossary

```{glossary}
ELBO
  Evidence lower bound: $\mathbb E_{q_\phi(z\mid x)}[\log p]$, in nats. It is more
  than one sentence.

active unit
  A dimension that the model uses.

oddity
  It is $\unknown{3}$.
```
"""
PAGE = r"""# Page

The [bound](../book/glossary.md#term-ELBO),
an [active unit](../book/glossary.md#term-active-unit),
an [oddity](../book/glossary.md#term-oddity) and [a page](../book/glossary.md).

## Questions

<details>
<summary>Answers</summary>

An answer with $x$.

</details>

### Deeper: why it holds

Text that is folded.

#### A part of it

More.

### Deeper: once more

The end.

## The core path

A section without a fold.
"""


def build(folder, page=PAGE):
    """Builds a book of one page and a glossary; returns Sphinx's result."""
    pages = {"index": INDEX, "book/glossary": GLOSSARY, "notebooks/page": page}
    for name, text in pages.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    extensions = str(ROOT / "book" / "_ext")
    (folder / "conf.py").write_text(
        f"import sys\nsys.path[:0] = [{extensions!r}]{CONF}"
    )
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n"]
    command += [str(folder), str(folder / "_build")]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def soup(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    result = build(folder)
    assert result.returncode == 0, result.stderr
    html = (folder / "_build" / "notebooks" / "page.html").read_text()
    return BeautifulSoup(html, "html.parser")


def test_a_section_titled_deeper_is_a_closed_fold_with_its_heading(soup):
    parts = soup.select("section.deeper")
    assert [part["id"] for part in parts] == ["deeper-why-it-holds", "deeper-once-more"]
    for part in parts:
        (fold,) = part.find_all(recursive=False)
        assert fold.name == "details" and not fold.has_attr("open")
        assert fold.contents[1].name == "summary"
        assert fold.summary.h3.get_text().startswith("Deeper: ")
    assert "Text that is folded." in parts[0].details.get_text()
    assert parts[0].details.section.h4.get_text().startswith("A part of it")


def test_the_core_path_is_outside_of_every_fold(soup):
    for text in ("A section without a fold.", "and a page"):
        paragraph = next(p for p in soup.find_all("p") if text in p.get_text())
        assert paragraph.find_parent("details") is None
    folded = [p.get_text() for p in soup.select("details.fold p")]
    assert folded[1:] == ["Text that is folded.", "More.", "The end."]


def test_a_fold_in_prose_looks_like_the_others(soup):
    answers = soup.find("summary", string="Answers").parent
    assert answers["class"] == ["fold"]
    assert "An answer" in answers.get_text()
    assert all(fold.get("class") == ["fold"] for fold in soup.find_all("details"))


def test_the_contents_leave_folds_out(soup):
    listed = [link.get_text() for link in soup.select(".sphinxsidebar li a")]
    assert "The core path" in listed
    assert not [title for title in listed if "Deeper" in title or "part" in title]


@pytest.mark.parametrize(
    ("title", "folded"),
    [("Deeper: why", True), ("Deeper networks", False), ("Look deeper:", False)],
)
def test_only_a_title_that_begins_with_deeper_and_a_colon_folds(title, folded):
    assert folds.is_deeper(nodes.section("", nodes.title("", title))) is folded
    assert not folds.is_deeper(nodes.section())
    assert not folds.is_deeper(nodes.paragraph("", title))


def test_a_term_is_linked_and_its_first_sentence_is_the_title(soup):
    links = {link.get_text(" ", strip=True): link for link in soup.select("a.term")}
    assert list(links) == ["bound", "active unit", "oddity"]
    bound = links["bound"]
    assert bound["href"] == "../book/glossary.html#term-ELBO"
    assert bound["title"] == "Evidence lower bound: Eqφ(z | x)[log p], in nats."
    assert links["active unit"]["title"] == "A dimension that the model uses."
    assert not links["oddity"].has_attr("title")  # TeX is no plain text


def test_other_links_stay_as_they_are(soup):
    page = soup.find("a", string="a page")
    assert "term" not in page["class"] and not page.has_attr("title")


def test_a_term_that_does_not_exist_fails_the_build(tmp_path):
    result = build(tmp_path, "# Page\n\n[a](../book/glossary.md#term-nothing)\n")
    assert result.returncode
    assert "local id not found" in result.stderr and "term-nothing" in result.stderr


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"q_\phi(z\mid x)", "qφ(z | x)"),
        (r"\mathrm{KL}(q\,\Vert\,p)", "KL(q ‖ p)"),
        (r"\text{nll} + \beta\,\text{kl}", "nll + β kl"),
        (r"1/(1+e^{-\ell_i})", "1/(1+e^(−ℓi))"),
        (r"\lambda^x (1-\lambda)^{1-x}", "λ^x (1−λ)^(1−x)"),
        (r"\varepsilon \sim \mathcal N(0, I)", "ε ~ N(0, I)"),
        (r"\log\sigma^2", "log σ²"),
    ],
)
def test_a_formula_is_read_as_plain_text(tex, text):
    assert glossary_links.read_formula(tex) == text
