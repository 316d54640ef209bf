"""Any options, made from the parsers themselves: work starts, or one sentence refuses.

What is refused is refused before a file is written or TensorFlow is imported.
"""

import argparse
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import assert_is_one_line
from tally import examples

from vae_utils import cli, datasets
from vae_utils.cli import engine
from vae_utils.cli.parser import make_parser
from vae_utils.configurations import MODELS, configuration_class
from vae_utils.configurations.fields import describe_fields

COMMANDS = ("train", "evaluate", "animate", "export", "data")
# Words that mean something to some option, and so may be mistaken for a value.
WORDS = "none all last best prior fc vae mnist 0 1 2 -1 1.5 1e3 nan inf 2147483648"
TEXTS = st.sampled_from(WORDS.split()) | st.text(
    st.characters(exclude_categories=("Cs", "Cc")), max_size=5
).filter(lambda text: not text.startswith("-"))


class Started(BaseException):
    """Work would start now."""


def find_parser(command, model):
    """Returns the parser of a command, with the options of a model."""
    arguments = ["--model", model] if model else []
    parser = make_parser([command, *arguments])
    (choose,) = (a for a in parser._actions if hasattr(a, "choices") and a.choices)
    return choose.choices[command]


def values_of(action):
    """Makes a strategy of the values of an option, right and wrong ones."""
    known = st.sampled_from([*map(str, action.choices)]) if action.choices else TEXTS
    values = known | TEXTS if action.choices else TEXTS | st.integers(1, 9).map(str)
    if action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction):
        return st.just([])
    if action.nargs in ("*", "+"):
        return st.lists(values, max_size=3)
    return values.map(lambda value: [value])


@st.composite
def command_lines(draw, command):
    """Draws a command with some of its options, and tells whether each is in range."""
    model = draw(st.none() | st.sampled_from([*MODELS])) if command == "train" else None
    actions = find_parser(command, model)._actions
    options = [
        a for a in actions if a.option_strings and a.dest not in ("help", "debug")
    ]
    arguments, allowed = [command, *(["--model", model] if model else [])], True
    for action in draw(st.lists(st.sampled_from(options), max_size=4, unique=True)):
        if action.dest == "model":
            continue
        values = draw(values_of(action))
        arguments += [draw(st.sampled_from(action.option_strings)), *values]
        allowed = allowed and is_allowed(action, values, model)
    if any(not a.option_strings and a.nargs is None for a in actions):
        arguments.insert(1, draw(TEXTS.filter(bool)))
    return arguments, allowed


def is_allowed(action, values, model):
    """Tells whether an option takes these values; what its field takes, if it has one.

    The field of the model that is trained says so, or of the first model that has it.
    """
    try:
        read = [action.type(value) if action.type else value for value in values]
    except argparse.ArgumentTypeError:
        return False
    if action.choices and not set(values) <= set(action.choices):
        return False
    if action.nargs == "+" and not values:
        return False
    description = describe_fields(configuration_class(model or "vae")).get(action.dest)
    if description is None or action.nargs == 0 or values == [description.none]:
        return True
    if isinstance(action, argparse.BooleanOptionalAction):
        return True
    value = tuple(read) if description.kind == "widths" else read[0]
    try:
        description.check(value, action.dest)
    except ValueError:
        return False
    return True


@pytest.fixture
def nothing_starts(tmp_path, monkeypatch):
    """Stops before work starts, in an empty folder, which stays empty."""

    def start(*arguments, **options):
        raise Started

    monkeypatch.setattr(engine, "start", start)
    monkeypatch.setattr(datasets, "load", start)
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
@examples(quick=30, long=3000)
@given(draw=st.data())
def test_options_start_work_or_are_refused(
    command, draw, tally, nothing_starts, capsys
):
    arguments, allowed = draw.draw(command_lines(command))
    tally["inputs"] += 1
    capsys.readouterr()
    try:
        code = cli.main(arguments)
    except SystemExit as error:
        code = error.code
    except Started:
        assert allowed
        return
    tally["refused"] += 1
    out, err = capsys.readouterr()
    assert out == ""
    assert_is_one_line(err)
    # Options of a run that is resumed are checked together with what it was.
    assert code in ((1, 2) if allowed or "--resume" in arguments else (2,))


SCRIPT = """
import json, sys
from vae_utils import cli
for arguments in json.load(sys.stdin):
    try:
        assert cli.main(arguments) in (1, 2), arguments
    except SystemExit as error:
        assert error.code == 2, arguments
    assert not {"tensorflow", "keras", "jax"} & set(sys.modules), arguments
"""


@examples(quick=1, long=5)
@given(draw=st.data())
def test_what_is_out_of_range_is_refused_without_tensorflow(draw, tally, tmp_path):
    lines = st.sampled_from(COMMANDS).flatmap(command_lines)
    wrong = lines.filter(lambda line: not line[1]).map(lambda line: line[0])
    # The configuration of this model is in the file of the model, which imports Keras.
    wrong = wrong.filter(lambda arguments: "iwae" not in arguments)
    refused = draw.draw(st.lists(wrong, min_size=20, max_size=20))
    tally["inputs"] += len(refused)
    subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(refused),
        cwd=tmp_path,
        text=True,
        check=True,
        capture_output=True,
    )
    assert not list(tmp_path.iterdir())
