"""From the option `--sweep` to the options of each training run."""

import argparse
from typing import NamedTuple

from vae_utils.cli.errors import UsageError
from vae_utils.runs import sweeps
from vae_utils.runs.folder import RunFolder

#: Options of `train` that are no settings of a run.
OWN = (
    "data-dir debug device help keep-every live log-dir no-download output-dir "
    "overwrite part quiet resume sweep viz".split()  # fmt: skip
)
WORDS = {"yes": True, "no": False}  # values of a flag


class Point(NamedTuple):
    """One run of a sweep: its folder's name, and the options of `train`."""

    name: str
    options: argparse.Namespace


def make_points(options, root: RunFolder) -> list[Point]:
    """Makes the options of every combination.

    Args:
        options: of `train`, with `sweep`.
        root: folder of the sweep.

    Returns:
        One point for each combination.

    Raises:
        UsageError: if a setting cannot be swept, is given as well, or has one value
            twice. A value that its option does not take ends the program, as it does
            without a sweep.
    """
    axes = read_axes(options.sweep)
    base = _leave_out(options.arguments[1:], ["sweep", "output-dir", "log-dir"])
    base = [a for a in base if a not in ("--resume", "--overwrite")]
    actions = _find_actions(axes, base)
    _refuse_given(axes, actions, base)
    points = []
    for settings in sweeps.combine(axes):
        own = [a for n, v in settings.items() for a in _write(actions[n], n, v)]
        points.append(_make_point(sweeps.name(settings), [*base, *own], options, root))
    _refuse_equal(points)
    return points


def read_axes(texts) -> dict[str, list[str]]:
    """Reads `name=a,b` of each setting.

    Raises:
        UsageError: if one is written otherwise, or named twice.
    """
    axes = {}
    for text in texts:
        name, equals, values = text.partition("=")
        name = name.strip().removeprefix("--").replace("_", "-")
        values = [value.strip() for value in values.split(",")]
        if not (name and equals and all(values)):
            raise UsageError(
                "A sweep is a name, an equals sign and values with commas between "
                f"them, such as beta=0.5,1,4. Received: --sweep {text}"
            )
        if name in axes:
            raise UsageError(
                f"A setting can be swept once. Received: --sweep {name} twice"
            )
        axes[name] = values
    return axes


def _find_actions(axes, base):
    """Finds the option of each setting.

    Raises:
        UsageError: if there is no such option, or it is no setting of a run.
    """
    parser = _find_parser(["train", *base, *_name_model(axes)])
    known = {
        option[2:]: action
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option[2:] not in OWN
    }
    for name in axes:
        takes_values = name in known and (
            known[name].nargs != 0 or _is_flag(known[name])
        )
        if not takes_values or name.startswith("no-"):
            raise UsageError(
                "What can be swept are the options of train that are settings of a run "
                f"and take values (train --help). Received: --sweep {name}"
            )
    return known


def _name_model(axes):
    """Names a model whose options are only there if it is named, if it is swept."""
    return ["--model", axes["model"][-1]] if "model" in axes else []


def _find_parser(arguments):
    from vae_utils.cli.parser import make_parser

    parser = make_parser(arguments)
    commands = next(a for a in parser._actions if a.dest == "command")
    return commands.choices["train"]


def _is_flag(action):
    return isinstance(action, argparse.BooleanOptionalAction)


def _refuse_given(axes, actions, base):
    """Raises UsageError if a setting is swept, and has a value of its own."""
    given = {argument.partition("=")[0] for argument in base}
    for name in axes:
        if both := given.intersection(actions[name].option_strings):
            raise UsageError(
                f"A setting is swept, or has one value. Received: {sorted(both)[0]} "
                f"and --sweep {name}"
            )


def _write(action, name, value):
    """Writes a setting as arguments of `train`."""
    if _is_flag(action):
        if value not in WORDS:
            raise UsageError(f"The values are yes and no. Received: {name}={value}")
        return [f"--{name}" if WORDS[value] else f"--no-{name}"]
    if action.nargs in ("*", "+"):  # widths, in a value of their own
        return [f"--{name}", *([] if value == "none" else value.split())]
    return [f"--{name}={value}"]


def _leave_out(arguments, names):
    """Returns arguments without some options and their values."""
    kept, dropping = [], False
    options = [f"--{name}" for name in names]
    for argument in arguments:
        if argument.startswith("--"):
            dropping = argument.partition("=")[0] in options
        if not dropping:
            kept.append(argument)
    return kept


def _make_point(name, arguments, options, root):
    """Parses the arguments of one run."""
    from vae_utils.cli.parser import make_parser

    folder = RunFolder(root.path / name)
    arguments = ["train", *arguments, f"--output-dir={folder.path}"]
    if options.log_dir:
        arguments.append(f"--log-dir={options.log_dir}/{name}")
    if options.overwrite:
        arguments.append("--overwrite")
    parsed = make_parser(arguments).parse_args(arguments)
    parsed.resume = options.resume and folder.config.exists()
    parsed.quiet = True  # one line for all of them says which data it is
    parsed.arguments = [a for a in arguments if a != "--overwrite"]
    return Point(name, parsed)


def _refuse_equal(points):
    """Raises UsageError if two runs would be the same, or have one folder."""
    own = ("output_dir", "log_dir", "arguments", "resume")
    seen = {}
    for point in points:
        described = {n: v for n, v in vars(point.options).items() if n not in own}
        for key in (point.name, repr(sorted(described.items(), key=str))):
            if key in seen:
                raise UsageError(
                    "Two runs of a sweep would be the same: give each value once. "
                    f"Received: {seen[key]} and {point.name}"
                )
            seen[key] = point.name
