"""Fields of configurations: a default, what it means, and which values it takes.

Each function makes one field of a frozen dataclass. What it says serves three times:
values are checked by it, docstrings list it, and the command line's options and help
are made from it.
"""

import dataclasses
import inspect
import numbers
from collections.abc import Callable

from vae_utils.checks import check_positive_integer, check_widths, is_finite_number


@dataclasses.dataclass(frozen=True)
class Description:
    """What a field says about itself.

    Args:
        kind: `"integer"`, `"number"`, `"choice"`, `"flag"` or `"widths"`.
        help: what the value is; its first part continues a sentence after "the".
        check: function of value and name that raises ValueError.
        choices: values of a choice.
        unset: what None means; empty if None is not a value.
        none: the word for None on the command line; empty if None cannot be asked for.
        may_be_empty: whether widths may be none at all.
    """

    kind: str
    help: str
    check: Callable
    choices: tuple[str, ...] = ()
    unset: str = ""
    none: str = ""
    may_be_empty: bool = True

    def describe_default(self, value) -> str:
        """Returns a default as text, and what it means where that is None."""
        if value is None:
            return f"{self.none}, {self.unset}" if self.none else self.unset
        if isinstance(value, tuple):
            return " ".join(map(str, value)) or "none"
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:g}" if isinstance(value, float) else str(value)


def describe_fields(configuration) -> dict[str, Description]:
    """Returns name → description of each field of a configuration, or its class."""
    return {
        field.name: field.metadata["description"]
        for field in dataclasses.fields(configuration)
    }


def check_fields(configuration):
    """Raises ValueError, naming the field, unless every value is one that it takes."""
    for name, description in describe_fields(configuration).items():
        value = getattr(configuration, name)
        if value is not None or not description.unset:
            description.check(value, name)


def as_plain(value):
    """Returns a value as Python and JSON have it: NumPy's numbers, lists, ranges."""
    if isinstance(value, (list, tuple, range)):
        return tuple(map(as_plain, value))
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return value
    return int(value) if isinstance(value, numbers.Integral) else float(value)


def configuration(cls):
    """Makes a class a frozen dataclass, and lists its fields in its docstring."""
    made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    own = [f for f in dataclasses.fields(made) if f.name in cls.__annotations__]
    lines = [f"    {f.name}: {_explain(f)}." for f in own]
    text, raises, ending = inspect.cleandoc(cls.__doc__).partition("Raises:")
    made.__doc__ = "\n".join([text + "Args:", *lines, "", raises + ending])
    return made


def _explain(field):
    """Returns what a field is, and its default, for a docstring."""
    description = field.metadata["description"]
    meaning = f", {description.unset}" if field.default is None else ""
    return f"{description.help}; default `{field.default!r}`{meaning}"


def integer(default: int | None, help: str, *, unset: str = "", none: str = ""):
    """Makes a field for a positive integer."""

    def check(value, name):
        check_positive_integer(value, name, _phrase(help))

    return _field(default, "integer", help, check, unset=unset, none=none)


def number(
    default: float | None,
    help: str,
    *,
    lowest: float = 0.0,
    below: float | None = None,
    unset: str = "",
    includes_lowest: bool = False,
):
    """Makes a field for a finite number above `lowest`, or from it, and below a limit.

    A value equal to `lowest` is allowed if `includes_lowest`.
    """

    def check(value, name):
        inside = is_finite_number(value) and (
            value > lowest or (includes_lowest and value == lowest)
        )
        if not inside or (below is not None and value >= below):
            raise ValueError(
                f"{name} must be {_range(lowest, below, includes_lowest)}, "
                f"{_phrase(help)}. Received: {name}={value!r}"
            )

    return _field(default, "number", help, check, unset=unset)


def choice(default: str | None, choices, help: str, *, unset: str = ""):
    """Makes a field for one of several names."""

    def check(value, name):
        if not isinstance(value, str) or value not in choices:
            raise ValueError(
                f"{name} must be one of {', '.join(choices)}. "
                f"Received: {name}={value!r}"
            )

    return _field(default, "choice", help, check, unset=unset, choices=tuple(choices))


def flag(default: bool, help: str):
    """Makes a field for True or False."""

    def check(value, name):
        if not isinstance(value, bool):
            raise ValueError(
                f"{name} must be True or False. Received: {name}={value!r}"
            )

    return _field(default, "flag", help, check)


def widths(
    default: tuple[int, ...] | None,
    help: str,
    *,
    unset: str = "",
    may_be_empty: bool = True,
):
    """Makes a field for positive integers, one for each layer."""

    def check(value, name):
        check_widths(value, name)
        if not (value or may_be_empty):
            raise ValueError(
                f"{name} needs at least one width. Received: {name}={value!r}"
            )

    more = {"unset": unset, "may_be_empty": may_be_empty}
    return _field(default, "widths", help, check, **more)


def _range(lowest, below, includes_lowest):
    if below is not None:
        start = f"from {lowest:g} to" if includes_lowest else f"above {lowest:g} and"
        return f"a number {start} below {below:g}"
    return "zero or a positive number" if includes_lowest else "a positive number"


def _phrase(help):
    """Returns the first part of a help text, as it continues a sentence."""
    return f"the {help.split(';')[0]}"


def _field(default, kind, help, check, **options):
    description = Description(kind, help, check, **options)
    return dataclasses.field(default=default, metadata={"description": description})
