"""The report on a folder of pictures: its table, and what it recommends."""

import dataclasses
import shlex
from collections import Counter
from os import PathLike
from pathlib import Path

import numpy as np
from tabulate import tabulate

from vae_utils.datasets.options import spell
from vae_utils.datasets.pictures.wording import (
    count,
    escaped,
    shown,
    some,
    some_with_reasons,
)

PROGRAM = "python -m vae_utils"
SIZES = (64, 32)  # that are recommended for larger pictures
SHOWN = 6  # classes and modes in the table
FEW = 500  # pictures


@dataclasses.dataclass(frozen=True)
class Report:
    """What a folder of pictures holds.

    Args:
        path: of the folder.
        labels: where the classes are, as for `from_folder`.
        options: other options of `from_folder` that were given.
        names: of the pictures that can be used.
        others: names of files that are no pictures.
        unusable: names of pictures that cannot be used, each with its reason.
        facts: a list each of `width`, `height`, `mode`, `animated`, `grey`.
        classes: name → number of pictures.
        complaint: why labels do not fit the pictures; None if they do.
        copies: groups of names whose pictures are equal.
        alike: groups of names whose pictures look alike.
        sheet: up to 100 of the pictures, uint8, (height, width, 3).
    """

    path: Path
    labels: str | PathLike | None
    options: dict
    names: tuple[str, ...]
    others: tuple[str, ...]
    unusable: tuple[tuple[str, str], ...]
    facts: dict[str, list] = dataclasses.field(repr=False)
    classes: dict[str, int]
    complaint: str | None
    copies: tuple[tuple[str, ...], ...]
    alike: tuple[tuple[str, ...], ...]
    sheet: np.ndarray = dataclasses.field(repr=False)

    @property
    def size(self) -> int:
        """The size to train with, as given, or 64, 32 or that of smaller pictures."""
        if "size" in self.options:
            return self.options["size"]
        sides = np.minimum(self.facts["width"], self.facts["height"])
        middle = int(np.median(sides))
        fitting = [size for size in SIZES if size <= middle]
        same = sides.min() == sides.max()
        return middle if same and middle <= SIZES[0] else (fitting or [SIZES[-1]])[0]

    @property
    def colour(self) -> str:
        """The colour to train with, as given, or grey if every picture is."""
        if "colour" in self.options:
            return self.options["colour"]
        return "grey" if all(self.facts["grey"]) else "rgb"

    @property
    def command(self) -> str:
        """The command that trains on these pictures."""
        chosen = {"size": self.size, "colour": self.colour}
        if self.labels != "folders":
            chosen["labels"] = self.labels
        if self.unusable or self.complaint:
            chosen["on_error"] = "skip"
        words = ["train", "--preset", "pictures", "--data", str(self.path)]
        words += spell(chosen | self.options)
        return f"{PROGRAM} {shlex.join(words)}"

    @property
    def remarks(self) -> list[str]:
        """What to know before training, one sentence each."""
        found = [self.complaint] if self.complaint else []
        size = self.size
        sides = np.minimum(self.facts["width"], self.facts["height"])
        if enlarged := np.count_nonzero(sides < size):
            found.append(
                f"{count(enlarged, 'picture is', 'pictures are')} smaller than "
                f"{size} pixels, and will be enlarged."
            )
        if len(self.names) < FEW:
            found.append(
                f"With fewer than {FEW} pictures, expect reconstructions of what was "
                "seen in training rather than new pictures."
            )
        if self.copies or self.alike:
            found.append("Pictures that are equal or look alike go to the same split.")
        return found

    def table(self) -> str:
        """Returns the report as text, a line for each finding."""
        rows = [*self._describe_files(), *self._describe_pictures()]
        rows += [*self._describe_groups(), ("recommended", self._recommend())]
        lines = [tabulate(rows, tablefmt="plain", disable_numparse=True)]
        lines += [f"- {remark}" for remark in self.remarks]
        return "\n".join([*lines, "To train:", f"  {self.command}"])

    def _recommend(self):
        return " ".join(spell({"size": self.size, "colour": self.colour}))

    def _describe_files(self):
        yield "folder", escaped(str(self.path))
        yield "pictures", f"{len(self.names):,}"
        if self.unusable:
            found = some_with_reasons(self.unusable)
            yield "unusable", f"{len(self.unusable):,}: {found}"
        if self.others:
            yield "other files", f"{len(self.others):,}: {some(self.others)}"

    def _describe_pictures(self):
        yield "width × height", self._describe_sizes()
        yield "modes", _list_counts(Counter(self.facts["mode"]))
        grey = sum(self.facts["grey"])
        yield "colour", f"{len(self.names) - grey:,} in colour, {grey:,} grey"
        if animated := sum(self.facts["animated"]):
            yield "animated", f"{animated:,}, of which the first frame is used"
        if len(self.classes) > 1:
            listed = _list_counts(self.classes)
            yield "classes", f"{len(self.classes):,}: {listed}"
        else:
            yield "classes", "none"

    def _describe_sizes(self):
        sizes = np.array([self.facts["width"], self.facts["height"]])
        low, middle, high = sizes.min(1), np.median(sizes, 1).astype(int), sizes.max(1)
        if (low == high).all():
            return f"{low[0]:,} × {low[1]:,}"
        spell = " to ".join(f"{w:,} × {h:,}" for w, h in (low, high))
        return f"{spell}, median {middle[0]:,} × {middle[1]:,}"

    def _describe_groups(self):
        for what, groups in (("equal", self.copies), ("look alike", self.alike)):
            if groups:
                more = sum(map(len, groups))
                of = count(len(groups), "group")
                yield what, f"{more:,} pictures in {of}, such as {some(groups[0])}"


def _list_counts(counts):
    """Lists the most frequent, each with its number."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    listed = ", ".join(f"{shown(name)} {n:,}" for name, n in ordered[:SHOWN])
    more = len(ordered) - SHOWN
    return f"{listed} and {more:,} more" if more > 0 else listed
