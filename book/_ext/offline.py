"""Keeps the built site self-contained: no request leaves it, no button leads nowhere.

MathJax comes with the extension sphinx-mathjax-offline, all 30 MB of it; here it is cut
to the files that the pages load. Thebe, which would fetch a kernel from the web, is off
and leaves no script behind. Launch and repository buttons appear once the book has a
public address.
"""

from pathlib import Path
from urllib.parse import urlsplit

# The combined component, its fonts, and the TeX packages that it loads on demand.
KEPT = ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions")
BUTTONS = (
    "launch_buttons",
    "repository_url",
    "use_repository_button",
    "use_issues_button",
)


def setup(app):
    """Registers the extension with Sphinx."""
    app.connect("config-inited", hide_buttons)
    app.connect("html-page-context", drop_thebe, priority=900)
    # After the other extension, which copies everything at the same event.
    app.connect("build-finished", prune_mathjax, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def hide_buttons(app, config):
    """Removes the buttons that need a public address while there is none."""
    host = urlsplit(config.html_theme_options.get("repository_url", "")).hostname or ""
    if host.endswith(".invalid"):
        for option in BUTTONS:
            config.html_theme_options.pop(option, None)


def drop_thebe(app, pagename, templatename, context, doctree):
    """Removes the scripts of sphinx-thebe, which each page would declare twice."""
    scripts = context.get("script_files", [])
    context["script_files"] = [
        script
        for script in scripts
        if "thebe" not in f"{script} {getattr(script, 'attributes', '')}".lower()
    ]
    # The theme complains in the browser's console where no mode is named.
    context["default_mode"] = "auto"


def prune_mathjax(app, exception):
    """Deletes the files of MathJax that no page loads."""
    folder = Path(app.outdir) / "_static" / "mathjax"
    if exception is not None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*"), reverse=True):  # files before their folders
        inside = path.relative_to(folder).as_posix()
        if path.is_file() and not inside.startswith(KEPT):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
