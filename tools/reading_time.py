"""Estimates how long a beginner needs for a chapter, and compares what the page says.

    python tools/reading_time.py [NOTEBOOK ...]

Reading is the core path only: no "Deeper" section, `<details>`, solution, set-up or
folded code; what an exercise says belongs to the exercises. The weights were fitted by
hand to fifteen readings of drafts by beginners who had the page alone, and who read
some sentences twice; these have been mended since:

    chapter  words  lines  figures  equations  predictions  minutes  estimate
    00       1,074     51        3          1            1   27, 31        31
    00         808     51        3          0            1       31        26
    00         974     51        3          0            1       32        28
    01       2,301     51        6          6            4   68, 74        65
    01       2,060     29        5          5            3   57, 59        55
    01       2,201     29        5          5            3       65        57
    02       2,003     85        7          3            5       65        62
    02       1,687     76        6          2            4       53        53
    02       1,775     77        6          2            4       56        55
    03       2,056     72        7          2            5   55, 65        60
    03       2,062     48        7          2            4       58        55

Their three to five exercises took 17 to 35 minutes. Eleven later readings of mended
texts took 26 and 29 minutes (00), 48, 50 and 55 (01), 50 and 50 (02), 49 and 50 (03),
44 (05) and 48 (07), up to a fifth less than the estimates. A few readers are few: take
an estimate as good to within a fifth.
"""

import argparse
import dataclasses
import re
from pathlib import Path

import core_path
from tabulate import tabulate

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WORDS_PER_MINUTE = 80
MINUTES_PER_LINE = 0.15  # of code, a line that only closes brackets not counted
MINUTES_PER_PART = 1  # a figure or prediction
MINUTES_PER_EQUATION = 2  # a displayed one, of one line or several
MINUTES_OF_RECALL = 3
MINUTES_OF_BLANK = 4
MINUTES_PER_EXERCISE = 8
SET_UP = ("setup", "colab", "imports")
PROMISE = re.compile(r"Time: (\d+) minutes of reading, (\d+) of exercises")
EQUATION = re.compile(r"\$\$.*?\$\$", re.DOTALL)
WORD = re.compile(r"\S*\w\S*")


@dataclasses.dataclass(frozen=True)
class Length:
    """Counts what a reader of a chapter's core path meets."""

    words: int = 0
    lines: int = 0
    figures: int = 0
    equations: int = 0
    predictions: int = 0
    recalls: int = 0
    blanks: int = 0
    exercises: int = 0

    def __add__(self, other):
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)
        return Length(*(one + another for one, another in pairs))

    @property
    def reading(self) -> int:
        """Minutes of reading."""
        return round(
            self.words / WORDS_PER_MINUTE
            + self.lines * MINUTES_PER_LINE
            + (self.figures + self.predictions) * MINUTES_PER_PART
            + self.equations * MINUTES_PER_EQUATION
            + self.recalls * MINUTES_OF_RECALL
            + self.blanks * MINUTES_OF_BLANK
        )

    @property
    def exercising(self) -> int:
        """Minutes of exercises."""
        return self.exercises * MINUTES_PER_EXERCISE


def measure(path: Path) -> Length:
    """Counts the core path of a notebook."""
    pieces = [piece for piece in core_path.read(path) if piece.place == "core"]
    counts = (count(piece) for piece in pieces if piece.cell not in SET_UP)
    return sum(counts, Length())


def count(piece: core_path.Piece) -> Length:
    """Counts what a reader meets in one piece."""
    if piece.is_code:
        is_exercise = re.fullmatch(r"exercise-\d+-answer", piece.cell) is not None
        return Length(
            lines=count_lines(piece.text)
            if piece.is_visible and not is_exercise
            else 0,
            figures="figure" in piece.metadata.get("mystnb", {}),
            blanks=piece.cell == "blank",
            exercises=is_exercise,
        )
    if piece.section == "Exercises":
        return Length()
    prose = EQUATION.sub(" ", piece.text)
    return Length(
        words=len(WORD.findall(prose)),
        equations=len(EQUATION.findall(piece.text)),
        predictions=prose.count("**Predict.**"),
        recalls=piece.cell == "recall",
    )


def count_lines(code: str) -> int:
    """Counts lines of code that say something."""
    return len([line for line in code.splitlines() if line.strip(" )]},;")])


def read_promise(path: Path) -> tuple[int, int] | None:
    """Reads the minutes that a chapter promises: of reading, and of exercises."""
    text = next((p.text for p in core_path.read(path) if p.cell == "promise"), "")
    found = PROMISE.search(text)
    return (int(found[1]), int(found[2])) if found else None


def main():
    """Prints a table of chapters."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="all, if none is named")
    paths = parser.parse_args().notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))
    rows = []
    for path in paths:
        length, promise = measure(path), read_promise(path)
        counts = [length.words, length.lines, length.figures, length.equations]
        estimate = [length.predictions, length.reading, length.exercising]
        said = "{} + {}".format(*promise) if promise else "no minutes"
        rows.append([path.stem, *counts, *estimate, said])
    heads = "words,lines,figures,equations,predictions,reading,exercises,the page says"
    print(tabulate(rows, headers=["chapter", *heads.split(",")]))


if __name__ == "__main__":
    main()
