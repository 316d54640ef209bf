"""Every command on a page of the book, and in the README, is one."""

import re
import shlex
from pathlib import Path

import pytest

from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.parser import make_parser

ROOT = Path(__file__).parents[2]
FIRST = r"(?:train --|evaluate (?:RUN|runs/)|animate runs/|data --|data import )"


def find_commands():
    """Finds the commands that pages show, in blocks and in tables."""
    found = set()
    for page in [*(ROOT / "book").glob("*.md"), ROOT / "README.md"]:
        text = page.read_text()
        found |= set(re.findall(r"^!?python -m vae_utils (\w+(?: .+)?)$", text, re.M))
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
