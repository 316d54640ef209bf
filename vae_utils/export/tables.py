"""Tables of a model card, and of what the command prints."""

from tabulate import tabulate


def write_table(rows, headers) -> str:
    """Writes a table in Markdown; a bar in a cell does not end it."""
    rows = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return tabulate(rows, headers, "pipe", disable_numparse=True)


def tabulate_differences(differences: dict, style: str = "simple") -> str:
    """Makes a table of the largest differences: a row an output, a column a format.

    Args:
        differences: format → (function, output) → number.
        style: of `tabulate`.
    """
    keys = next(iter(differences.values()))
    rows = [
        [*key, *(f"{found[key]:.1e}" for found in differences.values())] for key in keys
    ]
    headers = ["function", "output", *differences]
    return tabulate(rows, headers, style, disable_numparse=True)
