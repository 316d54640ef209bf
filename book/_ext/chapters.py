"""Numbers figures by chapter: the third one of chapter 2 is Fig. 2.3.

A chapter's number is what comes before the `·` of its title, as in `2 · Teach a
network to draw` or `A · Train a classifier`; the figures of a page without one are
Fig. 1, 2, 3. Sphinx itself can only number by a page's position in the book.
"""

import re

NUMBER = re.compile(r"(\w+) · ")


def setup(app):
    """Registers the extension with Sphinx."""
    app.add_css_file("chapters.css")
    # Sphinx's own numbers are saved by now. A build that reads only what changed
    # compares with those to find the pages that it must write again.
    app.connect("env-check-consistency", number_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def number_figures(app, env):
    """Replaces the numbers of figures, tables and listings on every page."""
    for page, kinds in env.toc_fignumbers.items():
        chapter = chapter_number(env.titles[page].astext())
        for numbers in kinds.values():
            for position, name in enumerate(numbers, 1):  # in the order of the page
                numbers[name] = (*chapter, position)


def chapter_number(title: str) -> tuple[str, ...]:
    """Returns the number in a chapter's title, or nothing.

    Args:
        title: such as `2 · Teach a network to draw`.
    """
    match = NUMBER.match(title)
    return match.groups() if match else ()
