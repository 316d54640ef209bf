"""What a wrong name of a data set might have meant."""

import difflib
import os
from collections.abc import Iterable


def guess(name, known: Iterable[str]) -> str:
    """Ends a sentence with what a wrong name might mean.

    Args:
        name: what was given for a name.
        known: the names that there are.

    Returns:
        A file or folder of that name, a name like it, or a full stop only.
    """
    text = name if isinstance(name, str) else ""
    if text and os.path.exists(text):
        return f"; the file or folder of that name is './{text}'."
    close = difflib.get_close_matches(text.lower(), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else "."
