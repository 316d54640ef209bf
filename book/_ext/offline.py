"""Keeps the built site self-contained: no request leaves it, no button leads nowhere.

Thebe, which would fetch a kernel from the web, is off and leaves nothing behind. Launch
and repository buttons appear once the book has a public address. What makes pages light
is next to this file: `bundles`, `icons`, `formulas` and `page_images`.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

BUTTONS = (
    "launch_buttons",
    "repository_url",
    "use_repository_button",
    "use_issues_button",
)
LIGHT = ("bundles", "icons", "formulas", "page_images")
THEBE = re.compile(
    r'\s*<script type="text/x-thebe-config">.*?</script>'
    r"\s*<script>kernelName = '[^']*'</script>",
    re.DOTALL,
)
# The theme copies these into every site, and no page of this one loads them.
UNUSED = ("sphinx-thebe.*", "**/*.map", "scripts/fontawesome.js*", "locales")


def setup(app):
    """Registers the extension with Sphinx, and those that make pages light."""
    for name in LIGHT:
        app.setup_extension(name)
    app.connect("config-inited", hide_buttons)
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", delete_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def hide_buttons(app, config):
    """Removes the buttons that need a public address while there is none."""
    host = urlsplit(config.html_theme_options.get("repository_url", "")).hostname or ""
    if host.endswith(".invalid"):
        for option in BUTTONS:
            config.html_theme_options.pop(option, None)


def drop_thebe(app, pagename, templatename, context, doctree):
    """Removes the scripts, style and settings that sphinx-thebe adds to each page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file
            for file in context.get(kind, [])
            if "thebe" not in f"{file} {getattr(file, 'attributes', '')}".lower()
        ]
    if "body" in context:
        context["body"] = THEBE.sub("", context["body"])
    # The theme complains in the browser's console where no mode is named.
    context["default_mode"] = "auto"


def delete_unused(app, exception):
    """Deletes files that the theme and its extensions bring and no page loads."""
    if exception is not None:
        return
    static = Path(app.outdir) / "_static"
    for pattern in UNUSED:
        for path in sorted(static.glob(pattern), reverse=True):
            files = sorted(path.rglob("*"), reverse=True) if path.is_dir() else []
            for file in (*files, path):
                file.rmdir() if file.is_dir() else file.unlink()
