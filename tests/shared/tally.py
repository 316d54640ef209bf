"""Counts what the tests of faults try, and adds it up for a table."""

import collections
import os

from hypothesis import settings

LONG = os.environ.get("FAULTS") == "long"
KINDS = ("inputs", "refused", "kills", "disks", "damages")  # what a test may count
HEADINGS = ("test", *KINDS, "faults found", "seconds")


class Tally(collections.Counter):
    """Counts by kind, out of `KINDS`, and `faults` where a test finds several."""


def examples(quick, long):
    """Says how many inputs Hypothesis tries, in `make test` and in `make faults`."""
    return settings(max_examples=long if LONG else quick)


def add_up(reports):
    """Returns a row for each test function, and their sum.

    Args:
        reports: of pytest, of all phases of all tests.
    """
    rows = {}
    for report in reports:
        name = report.nodeid.split("[")[0].split("/")[-1].replace(".py::test_", ": ")
        row = rows.setdefault(name.removeprefix("test_"), collections.Counter())
        row["seconds"] += report.duration
        row["failed"] += report.failed
        if report.when == "teardown":  # what was counted is complete
            row.update(dict(report.user_properties))
    for row in rows.values():
        row["faults"] = max(row["faults"], row["failed"])
    total = sum(rows.values(), collections.Counter())
    keys = (*KINDS, "faults", "seconds")
    return [[name, *(row[key] for key in keys)] for name, row in rows.items()] + [
        ["all", *(total[key] for key in keys)]
    ]
