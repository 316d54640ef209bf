"""Commands on pages of the book are parsed; the command line's page is complete."""

import ast
import dataclasses
import importlib
import re
import shlex
from pathlib import Path

import pytest

from vae_utils import configurations
from vae_utils.cli.choosing import PRESETS, choose_configuration
from vae_utils.cli.parser import make_parser
from vae_utils.configurations.fields import describe_fields

ROOT = Path(__file__).parents[2]
STARTS = "train --", "evaluate (?:RUN|runs/)", "(?:animate|compare|export|score) runs/"
FIRST = f"(?:{'|'.join(STARTS)}|data --|data import )"


def find_commands():
    """Finds the commands that pages show, in blocks and in tables."""
    found = set()
    for page in [*(ROOT / "book").glob("*.md"), ROOT / "README.md"]:
        text = page.read_text()
        blocks = r"^!?(?:python -m vae_utils|vae) (\w+(?: .+)?)$"
        found |= set(re.findall(blocks, text, re.M))
        found |= set(re.findall(rf"`!?(?:python -m vae_utils )?({FIRST}[^`…]+)`", text))
    return sorted(found)


def test_pages_show_commands():
    assert len(find_commands()) > 50


@pytest.mark.parametrize("command", find_commands())
def test_a_documented_command_is_parsed(command, capsys):
    arguments = shlex.split(command.replace(" NAME ", " vae "))
    arguments = ["1" if word == "N" else word for word in arguments]
    try:
        options = make_parser(arguments).parse_args(arguments)
    except SystemExit as end:
        assert not end.code, capsys.readouterr().err
        assert "--help" in arguments
        return
    if options.command == "train" and not options.resume:
        choose_configuration(options)


PAGE = (ROOT / "book" / "command_line.md").read_text()
DESCRIPTIONS = {
    field.name: (describe_fields(kind)[field.name], field.default)
    for model in ("classifier", "cvae")  # the latter's defaults come first in a cell
    for kind in [configurations.configuration_class(model)]
    for field in dataclasses.fields(kind)
}


def read_rows(heading):
    """Reads the rows of all tables under a heading of the page, cell by cell."""
    section = re.split(r"\n##+ ", PAGE.partition(f"\n{heading}\n")[2])[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line[:1] == "|"]
    assert rows
    return [[cell.strip() for cell in row] for row in rows]


def list_options(command, *arguments):
    parser = make_parser([command, *arguments])
    (commands,) = (a for a in parser._actions if a.dest == "command")
    actions = commands.choices[command]._actions
    return {name for a in actions for name in a.option_strings if name[:2] == "--"}


@pytest.mark.parametrize(
    ("headings", "command", "arguments"),
    [
        (("### Model", "### Training", "### Data", "### Run"), "train", ()),
        (("### Model",), "train", ("--model", "iwae")),
        (("## Options of `evaluate`",), "evaluate", ()),
        (("## Options of `score`",), "score", ()),
        (("## Options of `compare`",), "compare", ()),
        (("## Options of `animate`",), "animate", ()),
        (("## Options of `export`",), "export", ()),
        (("## Options of `data`",), "data", ()),
    ],
)
def test_every_option_is_in_a_table(headings, command, arguments):
    rows = [row for heading in headings for row in read_rows(heading)]
    documented = set(re.findall(r"--[a-z][a-z-]*", " ".join(row[0] for row in rows)))
    options = list_options(command, *arguments) - {"--help"}
    if arguments:  # what only this model has
        options -= list_options(command)
    else:
        assert documented - {"--samples"} <= options
    assert options <= documented


def test_tables_have_the_defaults_of_the_configurations():
    checked = set()
    for heading in ("### Model", "### Training"):
        for option, default, *_ in read_rows(heading):
            names = re.findall(r"`--([a-z][a-z-]*)`", option)
            fields = {name.replace("-", "_") for name in names} & set(DESCRIPTIONS)
            for field in fields:
                description, value = DESCRIPTIONS[field]
                expected = description.describe_default(value).split(",")[0]
                assert default.split(";")[0] == expected, option
                checked.add(field)
    assert checked == set(DESCRIPTIONS)


def test_presets_are_in_a_table():
    rows = read_rows("## Coming from one of the five projects")
    projects = {row[0].strip("`") for row in rows[2:]}
    assert projects == set(PRESETS) - set(configurations.PICTURES)
    assert all(f"`--preset {name}`" in PAGE for name in configurations.PICTURES)


def test_every_message_is_one_of_the_package():
    source = []
    for path in (ROOT / "vae_utils").rglob("*.py"):
        tree = ast.walk(ast.parse(path.read_text()))
        source += [n.value for n in tree if isinstance(n, ast.Constant)]
    texts = "\n".join(text for text in source if isinstance(text, str))
    messages = [row[0] for row in read_rows("## When something goes wrong")]
    messages = messages[messages.index("message") + 2 :]
    assert len(messages) > 12
    for message in messages:
        phrase = message.replace("(a warning)", "").strip(" …")
        assert phrase.lower() in texts.lower(), phrase


def test_code_on_the_page_uses_what_the_package_has():
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    code = next(block for block in blocks if "training.train" in block)
    nodes = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Attribute)]
    used = {(n.value.id, n.attr) for n in nodes if isinstance(n.value, ast.Name)}
    modules = {"configurations", "datasets", "training"}
    used = {(module, name) for module, name in used if module in modules}
    assert len(used) == 4
    for module, name in used:
        assert hasattr(importlib.import_module(f"vae_utils.{module}"), name)
