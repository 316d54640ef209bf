"""Joins what a page loads: two style sheets, and two scripts that wait for the page.

The theme and its extensions bring a dozen style sheets and as many scripts, which each
page would request one by one, most of them before its first paint. Here those that all
pages share become one style sheet and one script; what a page has of its own, such as
an explorer, becomes another of each. Names follow from the contents, so a browser keeps
the shared ones from page to page, and a changed book brings new ones. Rules of the
theme that match nothing are left out (`unused_rules`).
"""

from functools import partial
from pathlib import Path

import joined_files
import late_scripts
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript

# The theme's own files; `templates/static/webpack-macros.html` no longer names them.
# Sphinx's basic.css is what the theme's theme.css imports.
FIRST_STYLES = ("basic.css", "styles/pydata-sphinx-theme.css")
LAST_SCRIPTS = ("scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js")
# What the theme and the extensions bring to every page, before the book's own sheets.
FRAME = (
    *FIRST_STYLES,
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "togglebutton.css",
    "copybutton.css",
    "mystnb.",
)
# Files that only some pages need, and how those can be told from their HTML.
NEEDED_BY = {
    "sphinx-design.min.css": "sd-",
    "design-tabs.js": "sd-tab-set",
    "reading.js": 'class="outcome',
}
EARLY = ("reading.js",)  # what changes a page before its first paint is written into it
SEARCH = "search"  # the page whose own scripts expect Sphinx's in their places
# Sets what only the theme's version switcher and its search while typing ask for.
OPTION = "DOCUMENTATION_OPTIONS."


def setup(app):
    """Registers the extension with Sphinx."""
    joined = {}
    app.connect("config-inited", add_templates)
    app.connect("html-page-context", partial(join_files, joined), priority=950)
    # After the extensions that copy their files at the same event, and around `icons`.
    app.connect("build-finished", partial(write, joined), priority=700)
    app.connect("build-finished", partial(rename, joined), priority=850)
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def add_templates(app, config):
    """Puts the templates next to this file before the theme's."""
    config.templates_path.append(str(Path(__file__).with_name("templates")))


def join_files(joined, app, pagename, templatename, context, doctree):
    """Replaces a page's style sheets and scripts by joined ones, noted in `joined`."""

    def join(names):
        name = joined_files.name(names)
        joined[name] = names
        return f"_static/{name}"

    body = context.get("body", "")
    sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    styles = [*FIRST_STYLES, *name_files(sheets, body)]
    shared = [name for name in styles if name.startswith(FRAME)]
    own = [name for name in styles if name not in shared]
    context["css_files"] = [
        _CascadingStyleSheet(join(names), priority=n)
        for n, names in enumerate((shared, own))
        if names
    ]
    scripts = sorted(context["script_files"], key=lambda script: script.priority)
    context["script_files"] = (
        defer_scripts(scripts)
        if pagename == SEARCH
        else join_scripts(write_early(app, scripts, body), join, body)
    )


def name_files(wanted, body: str) -> list[str]:
    """Lists the site's files among a page's, in order, without those it can miss."""
    names = [str(file.filename).removeprefix("_static/") for file in wanted]
    return [name for name in names if NEEDED_BY.get(name, "") in body]


def write_early(app, scripts, body: str) -> list[_JavaScript]:
    """Replaces the scripts that must not wait by their text, if a page needs them."""
    static, kept = Path(app.outdir) / "_static", []
    for script in scripts:
        name = str(script.filename).removeprefix("_static/")
        if name not in EARLY:
            kept.append(script)
        elif NEEDED_BY[name] in body:
            kept.append(_JavaScript(None, body=(static / name).read_text("utf-8")))
    return kept


def join_scripts(scripts, join, body: str) -> list[_JavaScript]:
    """Joins the scripts of a page.

    Args:
        scripts: those that Sphinx would name, in order.
        join: takes names of files, and returns the name of the joined one.
        body: HTML of the page's text.

    Returns:
        Inline scripts first, then the page's own, then those that all pages share; a
        page that has its own loads the shared ones once all else is there.
    """
    inline = [script for script in scripts if not script.filename]
    local = [script for script in scripts if is_local(script)]
    names = [*name_files(local, body), *LAST_SCRIPTS]
    own = [name for name in names if is_own(name)]
    shared = [name for name in names if not is_own(name)]
    tabs = [name for name in shared if name in NEEDED_BY]
    frame = [name for name in shared if name not in tabs]
    groups = ((own, "high"), ([] if own else frame, "low"), (tabs, "low"))
    joined = [
        _JavaScript(join(group), defer="defer", fetchpriority=priority)
        for group, priority in groups
        if group
    ]
    if own:
        inline.append(late_scripts.load(join(frame)))
    others = [script for script in scripts if script.filename and script not in local]
    kept = [s for s in inline if not s.attributes.get("body", "").startswith(OPTION)]
    return renumber([*kept, *joined, *others])


def defer_scripts(scripts) -> list[_JavaScript]:
    """Adds the theme's scripts to those of the search page, after them."""
    last = [_JavaScript(f"_static/{name}", defer="defer") for name in LAST_SCRIPTS]
    return renumber([*scripts, *last])


def renumber(scripts) -> list[_JavaScript]:
    """Gives scripts the priorities that keep their order."""
    return [
        _JavaScript(script.filename, priority=n, **script.attributes)
        for n, script in enumerate(scripts)
    ]


def is_local(script) -> bool:
    """Returns whether a script is a file of the site."""
    return bool(script.filename) and str(script.filename).startswith("_static/")


def is_own(name: str) -> bool:
    """Returns whether a file belongs to some pages only: those have a folder."""
    return "/" in name and not name.startswith(("scripts/", "styles/"))


def write(joined, app, exception):
    """Writes the joined files, without rules of the theme that match nothing."""
    if exception is None:
        joined_files.write(Path(app.outdir), joined, (*FRAME, *NEEDED_BY))


def rename(joined, app, exception):
    """Renames the joined files after their contents."""
    if exception is None:
        joined_files.rename(Path(app.outdir), joined)
