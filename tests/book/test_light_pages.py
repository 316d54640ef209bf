"""Extensions that make pages light, on small inputs and without Sphinx."""

import io
import re
import types
from base64 import b64decode
from pathlib import Path

import bundles
import icons
import page_images
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import Image
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript

FILES = {
    "basic.css": "a{background:url(file.png)}",
    "styles/pydata-sphinx-theme.css": "b{src:url(../vendor/x.woff)}",
    "book.css": "c{}",
    "explorer/explorer.css": "d{src:url('data:x')}",
    "sphinx-design.min.css": "e{}",
    "doctools.js": "const one = 1",
    "motion.js": "(function () {})()",
    "explorer/map.js": "map()",
    "explorer/view.js": "view()",
    "scripts/bootstrap.js": "boot()",
    "scripts/pydata-sphinx-theme.js": "theme()",
}


@pytest.fixture
def app(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    builder = types.SimpleNamespace(format="html", imagedir="_images", images={})
    return types.SimpleNamespace(
        outdir=str(tmp_path), srcdir=str(tmp_path), builder=builder
    )


def join(app, body, styles, scripts, page="page"):
    """Joins the files of a page; returns its context and the text of each file."""
    context = {
        "body": body,
        "css_files": [_CascadingStyleSheet(f"_static/{name}") for name in styles],
        "script_files": [
            _JavaScript(f"_static/{name}") if name.endswith(".js") else name
            for name in scripts
        ],
    }
    joined = {}
    bundles.join_files(joined, app, page, "page.html", context, None)
    bundles.write_bundles(joined, app, None)
    static = Path(app.outdir) / "_static"
    return context, {name: (static / name).read_text() for name in joined}


def test_pages_share_one_sheet_and_one_script_and_have_one_of_their_own(app):
    scripts = ["doctools.js", "explorer/map.js", "explorer/view.js", "motion.js"]
    styles = ["explorer/explorer.css", "book.css"]
    context, read = join(app, '<div class="vae-explorer">', styles, scripts)
    sheets = [file.filename.removeprefix("_static/") for file in context["css_files"]]
    first, second = (read[name] for name in sheets)
    assert "url(file.png)" in first and "url(vendor/x.woff)" in first
    assert second.index("d{") < second.index("c{") and "url('data:x')" in second
    files = [file.filename.removeprefix("_static/") for file in context["script_files"]]
    own, shared = (read[name] for name in files)
    assert own.split() == ["map()", ";", "view()"] and files[0].startswith("explorer/")
    assert [w for w in shared.split() if w.endswith("()")][-2:] == ["boot()", "theme()"]
    assert all(f.attributes == {"defer": "defer"} for f in context["script_files"])

    plain, _ = join(app, "<p>", ["book.css"], ["doctools.js", "motion.js"])
    assert plain["css_files"][0].filename == context["css_files"][0].filename
    assert plain["script_files"][0].filename == context["script_files"][1].filename


def test_a_sheet_that_no_element_needs_is_left_out(app):
    for body, expected in (("<p>", False), ('<div class="sd-card">', True)):
        _, read = join(app, body, ["sphinx-design.min.css", "book.css"], [])
        assert any("e{}" in text for text in read.values()) == expected


def test_a_changed_file_brings_a_new_name(app, tmp_path):
    before, _ = join(app, "", ["book.css"], [])
    (tmp_path / "_static" / "book.css").write_text("changed{}")
    after, _ = join(app, "", ["book.css"], [])
    names = [[f.filename for f in context["css_files"]] for context in (before, after)]
    assert names[0][0] == names[1][0] and names[0][1] != names[1][1]


def test_inline_scripts_come_first_but_for_options_that_nobody_reads(app):
    options = _JavaScript(None, body="DOCUMENTATION_OPTIONS.pagename = 'page';")
    hint = _JavaScript(None, body="let toggleHintShow = 'Show';")
    files = [_JavaScript("_static/doctools.js"), options, hint]
    joined = bundles.join_scripts(files, lambda names: "+".join(names), "")
    assert [s.attributes.get("body") or s.filename for s in joined] == [
        "let toggleHintShow = 'Show';",
        "doctools.js+scripts/bootstrap.js+scripts/pydata-sphinx-theme.js",
    ]


def test_the_search_page_keeps_its_scripts_in_place(app):
    context, _ = join(app, "", ["book.css"], ["doctools.js"], page="search")
    names = [script.filename for script in context["script_files"]]
    assert names[0] == "_static/doctools.js" and "bootstrap" in names[1]


@pytest.fixture
def fonts(tmp_path):
    """A font of three icons, as the theme brings it."""
    letters = {0xF001: "sun", 0xF002: "moon", 0xF003: "star"}
    builder = FontBuilder(100, isTTF=True)
    builder.setupGlyphOrder([".notdef", *letters.values()])
    builder.setupCharacterMap(letters)
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0)), pen.lineTo((50, 90)), pen.lineTo((90, 0)), pen.closePath()
    builder.setupGlyf({name: pen.glyph() for name in builder.font.getGlyphOrder()})
    metrics = {name: (100, 0) for name in builder.font.getGlyphOrder()}
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=90, descent=-10)
    builder.setupNameTable({"familyName": "Icons", "licenseDescription": "OFL"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "fa-solid-900.ttf")
    return tmp_path


def test_icons_are_cut_to_those_in_use(fonts):
    text = (
        '@font-face{src:url(v/fa-solid-900.woff2) format("woff2"),'
        'url(v/fa-solid-900.ttf) format("truetype")}'
        '.fa-sun:before{content:"\\f001"}.fa-moon:before,.fa-night:before'
        '{content:"\\f002"}:root{--pst-icon-star:"\uf003"}p{color:red}'
    )
    cut = icons.cut_sheet(text, {"fa-night"}, fonts)
    assert ".fa-sun" not in cut and ".fa-night:before" in cut and "p{color:red}" in cut
    (font,) = re.findall(r"src:url\(data:font/woff;base64,([^)]+)\)}", cut)
    font = TTFont(io.BytesIO(b64decode(font)))
    assert set(font.getBestCmap()) == {0xF002, 0xF003}
    assert font["name"].getDebugName(13) == "OFL"


def test_names_of_icons_are_found_in_pages_and_scripts(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "a.html").write_text('<i class="theme fa-solid fa-sun"></i>')
    (tmp_path / "_static" / "joined.1.js").write_text("e.className = 'fa-xmark'")
    assert icons.find_names(tmp_path) == {"fa-solid", "fa-sun", "fa-xmark"}


def test_the_first_picture_is_wanted_at_once_and_others_wait(app, tmp_path):
    for name in ("a.png", "b.png"):
        Image.new("L", (300, 100)).save(tmp_path / name)
        app.builder.images[name] = name
    body = (
        '<noscript><img src="../_images/a.png" /></noscript>'
        '<img alt="x" src="../_images/a.png" style="width: 60%;" /> text'
        '<img alt="y" src="../_images/b.png" style="width: 150px;" />'
        '<img src="data:image/png;base64,AAAA" width="20" />'
    )
    context = {"body": body}
    page_images.prepare_images(app, "page", "page.html", context, None)
    inert, first, second, third = re.findall("<img[^>]*>", context["body"])
    assert inert == '<img src="../_images/a.png" />'
    assert 'fetchpriority="high"' in first and "lazy" not in first
    assert 'width="300" height="100"' in first
    assert 'loading="lazy"' in second and 'width="150" height="50"' in second
    assert "height" not in third and third.count("width") == 1


def test_sizes_of_vector_graphics_are_pixels_of_a_page(tmp_path):
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="432pt" height="288pt"></svg>'
    (tmp_path / "a.svg").write_text(f'<?xml version="1.0"?>{text}')
    size = page_images.measure(tmp_path / "a.svg")
    assert page_images.find_size({}, size) == {"width": 576, "height": 384}
    assert page_images.find_size({"width": "288px"}, size)["height"] == 192
