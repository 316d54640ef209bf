"""Extensions that make pages light, on small inputs and without Sphinx."""

import io
import re
import types
from base64 import b64decode
from pathlib import Path

import bundles
import early_styles
import icons
import page_images
import pytest
import unused_rules
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import Image
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript

FILES = {
    "basic.css": ".missing{} a{background:url(file.png)}",
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
    """Joins the files of a page; returns the name and text of each in order."""
    context = {
        "body": body,
        "css_files": [_CascadingStyleSheet(f"_static/{name}") for name in styles],
        "script_files": [
            _JavaScript(f"_static/{name}") if name.endswith(".js") else name
            for name in scripts
        ],
    }
    joined, site = {}, Path(app.outdir)
    bundles.join_files(joined, app, page, "page.html", context, None)
    files = [*context["css_files"], *context["script_files"]]
    files = [file for file in files if file.filename]
    names = [str(file.filename).removeprefix("_static/") for file in files]
    (site / "page.html").write_text("\n".join((body, *names)))
    bundles.write(joined, app, None)
    bundles.rename(joined, app, None)
    *_, sheets = (site / "page.html").read_text().partition(body or "\n")
    renamed = sheets.split()
    return [(name, (site / "_static" / name).read_text()) for name in renamed]


def test_pages_share_one_sheet_and_one_script_and_have_one_of_their_own(app):
    scripts = ["doctools.js", "explorer/map.js", "explorer/view.js", "motion.js"]
    styles = ["explorer/explorer.css", "book.css"]
    files = join(app, '<div class="vae-explorer">', styles, scripts)
    sheet, own_sheet, own = (text for _, text in files)
    assert "url(file.png)" in sheet and "url(vendor/x.woff)" in sheet
    assert "missing" not in sheet
    assert own_sheet.index("d{") < own_sheet.index("c{") and "('data:x')" in own_sheet
    assert own.split() == ["map()", ";", "view()"]
    assert files[2][0].startswith("explorer/")  # where its data are

    plain = join(app, "<p>", ["book.css"], ["doctools.js", "motion.js"])
    assert plain[0] == files[0] and len(plain) == 3
    calls = [word for word in plain[2][1].split() if word.endswith("()")]
    assert calls[-2:] == ["boot()", "theme()"]


def test_own_scripts_come_before_the_frame(app):
    scripts = [_JavaScript(f"_static/{n}") for n in ("doctools.js", "explorer/map.js")]
    later, own = bundles.join_scripts(scripts, lambda names: names[0], "")
    assert own.filename == "explorer/map.js" and own.attributes["defer"] == "defer"
    assert own.attributes["fetchpriority"] == "high"
    assert '"doctools.js"' in later.attributes["body"]
    assert '"load"' in later.attributes["body"]
    (frame,) = bundles.join_scripts(scripts[:1], lambda names: names[0], "")
    assert frame.filename == "doctools.js"
    assert frame.attributes["fetchpriority"] == "low"


def test_style_sheets_are_written_into_a_page_after_its_scripts(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "joined.1.css").write_text("a{background:url(x.png)}")
    sheet = '<link rel="stylesheet" type="text/css" href="../_static/joined.1.css" />'
    script = '<script defer="defer" src="../_static/joined.2.js"></script>'
    other = '<link rel="stylesheet" href="../_static/other.css" />'
    page = f"<head>{other}{sheet}<script>one()</script>{script}</head>"
    expected = (
        f"<head>{other}{script}<style>\na{{background:url(../_static/x.png)}}\n</style>"
        "<script>one()</script></head>"
    )
    assert early_styles.inline(page, tmp_path, "book") == expected
    assert early_styles.inline("<p>", tmp_path, "") == "<p>"


def test_what_acts_before_the_first_paint_is_written_into_pages_that_need_it(app):
    (Path(app.outdir) / "_static" / "reading.js").write_text("early()")
    scripts = [_JavaScript("_static/doctools.js"), _JavaScript("_static/reading.js")]
    for body, expected in (("<p>", []), ('<div class="outcome">', ["early()"])):
        first, *others = bundles.write_early(app, scripts, body)
        assert first.filename == "_static/doctools.js"
        assert [script.attributes["body"] for script in others] == expected


def test_the_book_s_own_rules_come_last(app):
    sheets = [("book.css", 800), ("explorer/explorer.css", 500)]
    files = [_CascadingStyleSheet(f"_static/{n}", priority=p) for n, p in sheets]
    context, joined = {"css_files": files, "script_files": []}, {}
    bundles.join_files(joined, app, "page", "page.html", context, None)
    assert ["explorer/explorer.css", "book.css"] in joined.values()


def test_a_sheet_that_no_element_needs_is_left_out(app):
    for body, expected in (("<p>", False), ('<div class="sd-card">', True)):
        files = join(app, body, ["sphinx-design.min.css", "book.css"], [])
        assert any("e{}" in text for _, text in files) == expected


def test_a_changed_file_brings_a_new_name(app, tmp_path):
    before = join(app, "", ["book.css"], [])
    (tmp_path / "_static" / "book.css").write_text("changed{}")
    after = join(app, "", ["book.css"], [])
    assert before[0] == after[0] and before[1][0] != after[1][0]


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
    files = join(app, "", ["book.css"], ["doctools.js"], page="search")
    names = [name for name, _ in files if name.endswith(".js")]
    assert names == ["doctools.js", *bundles.LAST_SCRIPTS]


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


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("<h1>A title</h1>" + "<p>word</p>" * 50, True),
        ("<h1>A title</h1>" + "<p>word word</p>" * 200, False),
        ('<div class="vae-widget vae-explorer"></div>', False),
        (f"<details><pre>{'code ' * 1000}</pre></details>", True),
    ],
)
def test_a_picture_below_the_first_screen_waits(before, first, app):
    context = {"body": f'{before}<img src="../_images/a.png" />'}
    page_images.prepare_images(app, "page", "page.html", context, None)
    assert ("fetchpriority" in context["body"]) == first
    assert ('loading="lazy"' in context["body"]) != first


def test_sizes_of_vector_graphics_are_pixels_of_a_page(tmp_path):
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="432pt" height="288pt"></svg>'
    (tmp_path / "a.svg").write_text(f'<?xml version="1.0"?>{text}')
    size = page_images.measure(tmp_path / "a.svg")
    assert page_images.find_size({}, size) == {"width": 576, "height": 384}
    assert page_images.find_size({"width": "288px"}, size)["height"] == 192


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (".a{x:1}.b{x:2}", ".a{x:1}"),
        (".b,.a:hover,p{x:1}", ".a:hover,p{x:1}"),
        (".a .b>#c{x:1}#a{x:2}", "#a{x:2}"),
        (".a:not(.b){x:1}p:is(.b,.a){x:2}", ".a:not(.b){x:1}p:is(.b,.a){x:2}"),
        ("@media print{.b{x:1}}@media (min-width:1px){.b{x:1}.a{x:2}}",
         "@media (min-width:1px){.a{x:2}}"),
        ('@charset "UTF-8";@font-face{src:url(a.woff)}', None),
        ("@keyframes b{from{x:1}to{x:2}}", None),
        ('p:before{content:"}.b{;"}', None),
        ('[class*=".b,c"]{x:url(data:a;b)}.bs-tooltip-top{x:1}', None),
        ("/*! licence */.b{}/* note */.a{x:1}", "/*! licence */.a{x:1}"),
        (r".sd-1\.5{x:1}", None),
    ],
)  # fmt: skip
def test_rules_go_that_match_nothing(css, expected):
    pruned = unused_rules.prune(css, {"a", "x"})
    assert pruned == (css if expected is None else expected)
    assert unused_rules.prune(pruned, {"a", "x"}) == pruned


def test_names_in_pages_and_scripts_are_in_use(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "a.html").write_text('<p class="two words-here">')
    (tmp_path / "_static" / "a.js").write_text("e.classList.add('is-open')")
    words = unused_rules.find_words(tmp_path)
    assert {"two", "words-here", "is-open"} <= words
