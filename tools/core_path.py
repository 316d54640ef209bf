"""Reads a chapter in pieces: the core path, what is folded as "Deeper", the solutions.

A heading that begins with "Deeper:" begins a fold, which ends at the next heading of
the same level or a higher one. Text in a `<details>` is folded, too. Everything from
`## Solutions` on is a solution.
"""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

HEADING = re.compile(r"(#{1,6}) (.*)")
PARTS = re.compile(r"(?m)^(?=#{1,6} )")
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
FENCES = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Piece:
    """A code cell, or a part of a Markdown cell under one heading.

    Args:
        cell: name of the cell that it is in.
        place: "core", "deeper" or "solutions".
        section: title of the section of level 2 that it is in.
        text: source; of Markdown without what is in a `<details>`.
        tags: of a code cell, such as "hide-input"; None for Markdown.
        metadata: of the cell.
    """

    cell: str
    place: str
    section: str
    text: str
    tags: frozenset[str] | None
    metadata: dict

    @property
    def is_code(self) -> bool:
        """Whether it is a code cell."""
        return self.tags is not None

    @property
    def is_visible(self) -> bool:
        """Whether a reader sees it without opening anything."""
        hidden = self.is_code and self.tags & {"hide-input", "hide-cell"}
        return self.place == "core" and not hidden


def read(path: Path) -> list[Piece]:
    """Reads the pieces of a notebook, in order."""
    return list(split(nbformat.read(path, as_version=4).cells))


def split(cells) -> Iterator[Piece]:
    """Splits cells of a notebook in pieces."""
    section, level, is_solution = "", 0, False  # level: of the fold's heading
    for cell in cells:
        is_code = cell.cell_type == "code"
        tags = frozenset(cell.metadata.get("tags", [])) if is_code else None
        for text in [cell.source] if is_code else split_prose(cell.source):
            heading = None if is_code else HEADING.match(text)
            if heading:
                depth, title = len(heading[1]), heading[2].strip()
                level = 0 if depth <= level else level
                if title.startswith("Deeper:") and not level:
                    level = depth
                section = title if depth == 2 else section
                is_solution = is_solution or (depth, title) == (2, "Solutions")
            place = "solutions" if is_solution else "deeper" if level else "core"
            yield Piece(cell.id, place, section, text, tags, cell.metadata)


def split_prose(source: str) -> list[str]:
    """Splits Markdown at its headings, without folded text; code may contain a #."""
    text = DETAILS.sub("", source)
    fences = FENCES.findall(text)
    text = FENCES.sub("\0", text)
    parts = [part for part in PARTS.split(text) if part]
    rest = iter(fences)
    return [re.sub("\0", lambda _: next(rest), part) for part in parts]
