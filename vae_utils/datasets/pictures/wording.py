"""Names of files in sentences: a few of them, and only characters that can be shown."""

from collections.abc import Iterable, Sequence

SHOWN = 3  # names in a sentence
LONGEST = 60  # characters of a name


def escaped(name: str) -> str:
    """Escapes the characters of a name that cannot be shown."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in name
    )


def shown(name: str) -> str:
    """Makes a name fit for a sentence: escapes what cannot be shown, shortens it."""
    name = escaped(name)
    return name if len(name) <= LONGEST else f"…{name[1 - LONGEST :]}"


def some(names: Sequence[str], most: int = SHOWN) -> str:
    """Lists the first of several names, and counts the others."""
    listed = ", ".join(map(shown, names[:most]))
    more = len(names) - most
    return f"{listed} and {more:,} more" if more > 0 else listed


def some_with_reasons(pairs: Iterable[tuple[str, str]]) -> str:
    """Lists the first of several names, each with its reason in parentheses."""
    pairs = list(pairs)
    listed = ", ".join(f"{shown(name)} ({reason})" for name, reason in pairs[:SHOWN])
    more = len(pairs) - SHOWN
    return f"{listed} and {more:,} more" if more > 0 else listed


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Counts things in words that fit: "1 picture", "2,000 pictures"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
