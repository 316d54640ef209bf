"""Drops rules of the theme's style sheets that no element of the site can match.

The theme brings all of Bootstrap, of which the book uses a tenth, in the style sheet
that every page waits for. A rule goes if its selector names a class or an id that
occurs in no page and in no script of the site, where classes may be added later.
"""

import re
from collections.abc import Iterator
from pathlib import Path

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
STRING = r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\''
PART = re.compile(rf"/\*.*?\*/|{STRING}|url\([^\"')]*\)|[{{}};]", re.DOTALL)
COMMA = re.compile(
    rf",(?=(?:{STRING}|\[[^\]]*\]|[^()\[\]]|\((?:[^()]|\([^()]*\))*\))*$)"
)
# What a selector excludes or offers as one of several need not occur.
OPTIONAL = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]")
NAME = re.compile(r"[.#]((?:\\.|[\w-])+)")
WORD = re.compile(r"[\w-]+")
GROUPS = ("@media", "@supports", "@layer", "@container")
COMPOSED = ("bs-",)  # classes whose names Bootstrap's script puts together


def find_words(site: Path) -> set[str]:
    """Collects every word of a site's pages and scripts, so every name in use."""
    pages = [path for path in site.glob("**/*.html") if "_sources" not in path.parts]
    scripts = [p for p in site.glob("_static/**/*.js") if "mathjax" not in p.parts]
    words = set()
    for path in (*pages, *scripts):
        words.update(WORD.findall(path.read_text("utf-8")))
    return words


def prune(text: str, words: set[str]) -> str:
    """Drops rules that match nothing.

    Args:
        text: a style sheet, or the inside of a group of rules.
        words: names that occur.

    Returns:
        The rest, without comments but for licences.
    """
    kept = []
    for selector, block in split_rules(text):
        kept += LICENCE.findall(selector)
        head = COMMENT.sub("", selector).strip()
        if block is None:
            kept.append(head)
        elif head.startswith(GROUPS):
            inner = prune(block, words)
            kept += [f"{head}{{{inner}}}"] if inner else []
        elif head.startswith("@"):
            kept.append(f"{head}{{{block}}}")
        else:
            used = [s for s in COMMA.split(head) if is_used(s, words)]
            kept += [f"{','.join(used)}{{{block}}}"] if used else []
    return "".join(kept)


def split_rules(text: str) -> Iterator[tuple[str, str | None]]:
    """Splits a style sheet in rules.

    Args:
        text: CSS.

    Yields:
        What precedes a block, and the block's inside; None if there is none.
    """
    depth = start = brace = 0
    for match in PART.finditer(text):
        if match[0] == "{":
            brace = brace if depth else match.start()
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                yield text[start:brace], text[brace + 1 : match.start()]
                start = match.end()
        elif match[0] == ";" and depth == 0:
            yield text[start : match.end()], None
            start = match.end()


def is_used(selector: str, words: set[str]) -> bool:
    """Returns whether all classes and ids that a selector asks for occur."""
    names = NAME.findall(OPTIONAL.sub("", selector))
    return all(
        name in words or "\\" in name or name.startswith(COMPOSED) for name in names
    )
