"""Loads MathJax in pages with formulas only, after their first paint.

MathJax comes with the extension sphinx-mathjax-offline, all 30 MB of it. The combined
file that Sphinx names has a menu, which the book switches off and which is nearly half
of it: here the components that pages use are joined without it, and the others deleted.
"""

import json
from pathlib import Path

from sphinx.builders.html._assets import _JavaScript

FOLDER = "mathjax"
JOINED = f"{FOLDER}/formulas.js"
FONT = "output/chtml/fonts/tex"
# After startup.js, which starts MathJax when the script that it is in has run.
COMPONENTS = (
    "core",
    "input/tex",
    "output/chtml",
    FONT,
    "a11y/assistive-mml",
)
# The joined components, their fonts, and the TeX packages that are loaded on demand.
KEPT = ("formulas.js", "output/chtml/fonts/woff", "input/tex/extensions")
START = Path(__file__).with_name("formulas.js").read_text("utf-8")


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("html-page-context", load_late, priority=920)
    # After the other extension, which copies everything at the same event.
    app.connect("build-finished", prune_mathjax, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def load_late(app, pagename, templatename, context, doctree):
    """Removes MathJax from a page; where there are formulas, it comes last."""
    scripts = context["script_files"]
    ours = [s for s in scripts if is_mathjax(s)]
    context["script_files"] = [s for s in scripts if s not in ours]
    if 'class="math' in context.get("body", ""):
        settings = [s for s in ours if not s.filename]
        start = START.replace("ADDRESS", context["pathto"](f"_static/{JOINED}", 1))
        context["script_files"] += [*settings, _JavaScript(None, body=start)]


def is_mathjax(script) -> bool:
    """Returns whether a script is MathJax, or its settings."""
    text = script.attributes.get("body") or script.filename or ""
    return "MathJax" in str(text) or f"{FOLDER}/" in str(text)


def prune_mathjax(app, exception):
    """Joins the components that pages use, and deletes the other files of MathJax."""
    folder = Path(app.outdir) / "_static" / FOLDER
    if exception is not None or not folder.is_dir():
        return
    join_components(folder)
    for path in sorted(folder.rglob("*"), reverse=True):  # files before their folders
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and not inside.startswith(KEPT):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def join_components(folder: Path):
    """Writes the joined file, unless an earlier build has left only that."""
    if not (folder / "startup.js").exists():
        return
    names = ("startup", *COMPONENTS)
    startup, *others = [(folder / f"{name}.js").read_text("utf-8") for name in names]
    known = [f"{name}.js" if name == FONT else name for name in COMPONENTS]
    preload = f"MathJax.loader.preLoad(...{json.dumps(known)});"
    joined = "\n;\n".join((startup, preload, *others))
    (folder / "formulas.js").write_text(joined, "utf-8")
