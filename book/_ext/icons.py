"""Cuts the icon font to the icons that pages show, and puts it in the style sheet.

The theme brings Font Awesome's 1,400 solid icons as a font of 150 kB, and a rule for
each of them. The site shows about twenty: their outlines, 4 kB, travel in the joined
style sheet, so icons are there with the first paint. Font Awesome Free is under the SIL
Open Font License 1.1, which the font's own text names; the cut font keeps that text.
"""

import base64
import io
import logging
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = "vendor/fontawesome/webfonts"
NAME = re.compile(r"\bfa-[a-z0-9-]+")
RULE = re.compile(
    r'((?:\.fa-[\w-]+:{1,2}before,?)+)\{content:"\\([0-9a-f]+)(?:\\[0-9a-f]+)?"\}'
)
CODE = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])")
FACE = re.compile(
    r"src:url\([^)]*?(fa-[a-z]+-\d+)\.woff2\)[^,;}]*,\s*url\([^)]*\.ttf\)[^;}]*"
)


def setup(app):
    """Registers the extension with Sphinx."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it lists every table
    app.add_css_file("icons.css")
    app.connect("build-finished", cut_icons, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def cut_icons(app, exception):
    """Cuts rules and fonts of icons in the joined style sheets of the built site."""
    static = Path(app.outdir) / "_static"
    if exception is not None or not (static / FONTS).is_dir():
        return
    used = find_names(Path(app.outdir))
    for sheet in static.glob("**/joined.*.css"):
        text = sheet.read_text("utf-8")
        if FACE.search(text):
            sheet.write_text(cut_sheet(text, used, static / FONTS), "utf-8")


def find_names(site: Path) -> set[str]:
    """Collects the names of icons in a site's pages and scripts."""
    pages = [path for path in site.glob("**/*.html") if "_static" not in path.parts]
    scripts = (site / "_static").glob("**/joined.*.js")
    return {
        name
        for path in (*pages, *scripts)
        for name in NAME.findall(path.read_text("utf-8"))
    }


def cut_sheet(text: str, used: set[str], fonts: Path) -> str:
    """Cuts a style sheet.

    Args:
        text: the sheet, with Font Awesome's rules.
        used: names of icons to keep, such as `fa-sun`.
        fonts: the folder of Font Awesome's fonts, as TrueType.

    Returns:
        The sheet with the rules of those icons, and with fonts of them and of the
        icons that other rules show.
    """

    def keep(match):
        names = re.findall(r"fa-[\w-]+", match[1])
        return match[0] if used & set(names) else ""

    text = RULE.sub(keep, text)
    codes = {int(a, 16) if a else ord(b) for a, b in CODE.findall(text)}
    return FACE.sub(lambda face: f"src:url({embed(fonts, face[1], codes)})", text)


def embed(fonts: Path, name: str, codes: set[int]) -> str:
    """Cuts a font to characters; returns it as a data address."""
    font = TTFont(fonts / f"{name}.ttf", recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=["*"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream)
    return "data:font/woff;base64," + base64.b64encode(stream.getvalue()).decode()
