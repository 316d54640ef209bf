"""Sphinx extensions of the book, without Sphinx."""

import os
import subprocess
import sys
import types
from pathlib import Path

import execution
import first_page
import formulas
import nbformat
import offline
import public_address
import pytest
import sharing
import web_files
from docutils import nodes
from sphinx.errors import ConfigError

from vae_utils import datasets, paths


@pytest.fixture
def config():
    return types.SimpleNamespace(
        html_theme_options={
            "repository_url": "https://example.invalid/vae-book",
            "launch_buttons": {"colab_url": "https://colab.research.google.com"},
            "use_repository_button": True,
            "use_issues_button": True,
            "home_page_in_toc": True,
        }
    )


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book without pages, as Sphinx describes it to extensions."""
    for name in ("IPYTHONDIR", "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.setenv(name, "set")  # not for the tests that follow
    html = tmp_path / "book" / "_build" / "html"
    html.mkdir(parents=True)
    return types.SimpleNamespace(srcdir=str(tmp_path / "book"), outdir=str(html))


def test_jupyter_book_clean_keeps_the_executed_notebooks(book, config):
    execution.prepare(book, config)
    cache = Path(config.nb_execution_cache_path)
    cache.mkdir(parents=True)
    (cache / "global.db").touch()
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "clean", book.srcdir]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "except for .jupyter_cache" in result.stdout
    assert (cache / "global.db").exists() and not Path(book.outdir).exists()


@pytest.mark.parametrize("variable", ["VAE_UTILS_DATA_DIR", "VAE_UTILS_CACHE_DIR"])
def test_notebooks_get_folders_that_mean_the_same_in_theirs(
    variable, book, config, monkeypatch, tmp_path
):
    monkeypatch.setattr(paths, "START", tmp_path)
    monkeypatch.setenv(variable, "both")
    execution.prepare(book, config)
    assert os.environ[variable] == str(tmp_path / "both")


def test_a_home_that_nobody_knows_stops_the_build_with_the_sentence(
    book, config, monkeypatch
):
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", "~/both")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    with pytest.raises(ConfigError, match="home folder is not known"):
        execution.prepare(book, config)


def test_the_cache_folder_depends_on_all_that_changes_a_result(monkeypatch, tmp_path):
    package = tmp_path / "vae_utils"
    (package / "datasets").mkdir(parents=True)
    (package / "models.py").write_text("a = 1")
    monkeypatch.setattr(datasets, "__file__", str(package / "datasets" / "__init__.py"))
    complete = {"mnist": "complete"}
    seen = {execution.fingerprint(complete)}

    def is_new(kinds=complete):
        key = execution.fingerprint(kinds)
        assert key == execution.fingerprint(kinds)
        new = key not in seen
        seen.add(key)
        return new

    assert not is_new()
    assert is_new({"mnist": "sample"})
    (package / "models.py").write_text("a = 2")
    assert is_new()
    (package / "models.py").rename(package / "networks.py")
    assert is_new()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "models.pyc").write_text("")
    assert not is_new()
    for name, value in (
        ("VAE_BOOK_PROFILE", "quick"),
        ("VAE_BOOK_SEED", "7"),
        ("KERAS_BACKEND", "torch"),
    ):
        monkeypatch.setenv(name, value)
        assert is_new(), name
    monkeypatch.setattr(execution.metadata, "version", lambda name: "0.0")
    assert is_new()


def test_only_data_sets_that_code_loads_are_looked_for(tmp_path):
    new = nbformat.v4
    cells = {
        "a": [
            new.new_markdown_cell('try `DATASET = "fashion_mnist"`'),
            new.new_code_cell('DATASET = "mnist"  # or "fashion_mnist"'),
        ],
        "b": [new.new_code_cell('clothes = datasets.load("fashion_mnist")')],
    }
    paths = [tmp_path / f"{name}.ipynb" for name in cells]
    for path, content in zip(paths, cells.values(), strict=True):
        nbformat.write(new.new_notebook(cells=content), path)
    assert execution.used(paths[:1]) == ["mnist"]
    assert execution.used(paths) == ["fashion_mnist", "mnist"]


def test_a_wrong_data_folder_stops_the_build_with_the_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", str(tmp_path / "file"))
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="must be a folder that can be read"):
        execution.find("mnist")


def test_without_any_source_the_build_goes_on_and_says_why(monkeypatch, tmp_path):
    said = []
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    monkeypatch.setattr(execution.logger, "info", said.append)
    assert execution.find("mnist") == "sample"
    assert "bundled sample" in said[0] and "VAE_UTILS_OFFLINE=1" in said[1]


def test_readers_of_a_sample_are_told_why(monkeypatch):
    kinds = {"mnist": "sample", "fashion_mnist": "complete"}
    text = execution.notice(kinds)
    assert "sample of mnist bundled" in text and "could not be reached" in text
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    assert "in the quick profile" in execution.notice(kinds)


def test_buttons_are_hidden_while_the_address_is_invalid(config):
    offline.hide_buttons(None, config)
    assert config.html_theme_options == {"home_page_in_toc": True}


def test_buttons_stay_once_there_is_an_address(config):
    config.html_theme_options["repository_url"] = "https://github.com/org/book"
    before = dict(config.html_theme_options)
    offline.hide_buttons(None, config)
    assert config.html_theme_options == before


def test_scripts_of_thebe_are_dropped_and_others_stay():
    context = {"script_files": ["a.js", "_static/sphinx-thebe.js", "b.js"]}
    offline.drop_thebe(None, "page", "page.html", context, None)
    assert context["script_files"] == ["a.js", "b.js"]


def test_style_and_settings_of_thebe_are_dropped():
    settings = '<script type="text/x-thebe-config">{}</script>\n'
    body = f"<p>text</p>\n{settings}<script>kernelName = 'python3'</script>"
    context = {"css_files": ["sphinx-thebe.css", "book.css"], "body": body}
    offline.drop_thebe(None, "page", "page.html", context, None)
    assert context["css_files"] == ["book.css"]
    assert context["body"] == "<p>text</p>"


def test_mathjax_keeps_what_pages_load(tmp_path):
    folder = tmp_path / "_static" / "mathjax"
    parts = [f"{name}.js" for name in ("startup", *formulas.COMPONENTS)]
    kept = ["output/chtml/fonts/woff-v2/a.woff"]
    for name in [*kept, *parts, "sre/mathmaps/en.json", "tex-svg.js", "a11y/sre.js"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"/* {name} */")
    app = types.SimpleNamespace(outdir=str(tmp_path))
    formulas.prune_mathjax(app, RuntimeError("a failed build keeps everything"))
    assert (folder / "tex-svg.js").exists()
    for _ in range(2):  # the second build finds only what the first has left
        formulas.prune_mathjax(app, None)
        files = [path for path in folder.rglob("*") if path.is_file()]
        left = {path.relative_to(folder).as_posix() for path in files}
        assert left == {*kept, "formulas.js"}
    text = (folder / "formulas.js").read_text()
    order = [text.index(f"/* {part} */") for part in parts]
    assert order == sorted(order) and "preLoad" in text
    assert not (folder / "sre").exists()


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("https://org.github.io/book", "https://org.github.io/book/"),
        ("https://org.github.io/book/", "https://org.github.io/book/"),
        ("http://localhost:8000", "http://localhost:8000/"),
        ("https://example.invalid/vae-book/", ""),
        ("", ""),
    ],
)
def test_the_site_has_an_address_or_none(named, address, monkeypatch):
    book = types.SimpleNamespace(html_baseurl=named)
    public_address.choose(None, book)
    assert book.html_baseurl == address
    book.html_baseurl = "https://example.invalid/vae-book/"
    monkeypatch.setenv("VAE_BOOK_SITE", named)
    public_address.choose(None, book)
    assert book.html_baseurl == address


def test_rejects_an_address_that_no_browser_opens():
    with pytest.raises(ConfigError, match=r"https://HOST/PATH/\. Received: 'org/book'"):
        public_address.normalise("org/book")


def test_a_description_ends_with_a_sentence_or_a_word():
    sentences = "One sentence that is not very short, to begin with. " * 5
    assert sharing.shorten(sentences.strip()) == sentences[: 3 * 52 - 1]
    words = sharing.shorten("word " * 60)
    assert words.endswith("word…") and len(words) <= sharing.LENGTH
    assert sharing.shorten("Short.") == "Short."


def test_a_description_skips_pictures_and_labels():
    picture = nodes.paragraph("", "", nodes.image(alt="A picture " * 9))
    sentence = "A sentence with\nmore than forty characters, over two lines."
    texts = [nodes.paragraph("", text) for text in ("A label", sentence)]
    page = nodes.section("", picture, *texts)
    assert sharing.describe(page) == sentence.replace("\n", " ")
    assert sharing.describe(nodes.section()) == ""


def test_a_tag_escapes_what_it_holds():
    assert sharing.line("og:title", 'a "b" < c & d') == (
        '<meta property="og:title" content="a &quot;b&quot; &lt; c &amp; d" />'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="../a/b.html#c">', '<a href="a/b.html#c">'),
        ('<img src="_static/x.png">', '<img src="book/_static/x.png">'),
        *[(f'<a href="{uri}">',) * 2 for uri in ("#a", "https://x.org", "/a", "data:")],
    ],
)  # fmt: skip
def test_html_of_a_folder_is_moved_to_the_root(before, after):
    assert first_page.rebase(before, "book") == after


def test_addresses_of_a_page_in_the_root_begin_at_the_host():
    before = (
        '<html data-content_root="./"><a href="a/b.html"><a href="#c"><a href="/d">'
    )
    after = '<html data-content_root="/x/"><a href="/x/a/b.html"><a href="#c">'
    assert web_files.anchor(before, "/x/") == after + '<a href="/d">'
