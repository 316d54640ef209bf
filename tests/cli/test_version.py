"""`--version`, and the program's name: `vae`, or `python -m vae_utils`."""

import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import vae_utils
from vae_utils import cli

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
CODE = """\
import sys
sys.argv = {arguments!r}
from vae_utils.__main__ import main
main()
"""


def test_the_version_is_a_result(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr() == (f"vae_utils {vae_utils.__version__}\n", "")


def run_script(*arguments):
    """Runs what pip makes a script of, called so."""
    code = CODE.format(arguments=list(arguments))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


@pytest.mark.parametrize("program", ["/usr/bin/vae", "vae.exe"])
def test_the_script_names_itself(program):
    done = run_script(program, "trian")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("vae: argument COMMAND: invalid choice: 'trian'")
    assert done.stderr.endswith("(see vae --help)\n")


def test_another_program_names_the_module():
    done = run_script("vae.py", "trian")
    assert done.stderr.startswith("python -m vae_utils: argument COMMAND")


def test_pip_makes_the_script_of_the_main_function():
    scripts = tomllib.loads(PYPROJECT.read_text())["project"]["scripts"]
    assert list(scripts) == ["vae"]
    assert pkgutil.resolve_name(scripts["vae"]).__module__ == "vae_utils.__main__"
