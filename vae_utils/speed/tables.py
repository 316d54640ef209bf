"""Tables of a record."""

import numpy as np
from tabulate import tabulate

MISSING = "–"
# In a page a range stays on one line: no break at its space, none around its dash.
UNBROKEN = str.maketrans(
    {" ": "\N{NO-BREAK SPACE}", "–": "\N{WORD JOINER}–\N{WORD JOINER}"}
)


def speed_table(comparison, style: str = "simple") -> str:
    """Writes seconds of an epoch, and their ratios to the yardstick's.

    Args:
        comparison: of one network.
        style: a format of `tabulate`, such as `"html"`.
    """
    rows = [
        [
            each.label,
            f"{np.median(each.rates):,.0f}",
            f"{np.median(each.rounds('cpu')):.2f}",
            _span(comparison.ratios(each.name)),
            _span(comparison.ratios(each.name, of="wall")),
        ]
        for each in comparison.listed
    ]
    headers = ["variant", "images/s", "CPU s", "CPU ratio", "wall ratio"]
    return _write(rows, headers, style)


def cost_table(comparison, style: str = "simple") -> str:
    """Writes what else a variant needs, and the loss of its last epoch.

    Args:
        comparison: of one network.
        style: a format of `tabulate`, such as `"html"`.
    """
    rows = []
    for each in comparison.listed:
        share = comparison.share_of_ceiling(each.name)
        trains = each.name != comparison.ceiling
        rows.append(
            [
                each.label,
                MISSING if share is None else f"{share:.0f}",
                f"{each.memory:,.0f}",
                f"{each.start:.1f}",
                f"{each.epochs[-1]['loss']:.1f}" if trains else MISSING,
            ]
        )
    headers = ["variant", "of the ceiling, %", "memory, MB", "start, s", "loss, nats"]
    return _write(rows, headers, style)


def report(record) -> str:
    """Writes all tables of a record as text."""
    parts = [record.describe()]
    for each in record.comparisons:
        parts += [each.describe(), speed_table(each), cost_table(each)]
    return "\n\n".join(parts)


def _span(ratios):
    """Writes median, least and most of several ratios."""
    least, most = np.min(ratios), np.max(ratios)
    return f"{np.median(ratios):.2f} ({least:.2f}–{most:.2f})"


def _write(rows, headers, style):
    right = ["left", *["right"] * (len(headers) - 1)]
    if style == "html":
        rows = [
            [label, *(cell.translate(UNBROKEN) for cell in row)] for label, *row in rows
        ]
    return tabulate(rows, headers, style, disable_numparse=True, colalign=right)
