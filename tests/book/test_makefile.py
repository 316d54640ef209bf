"""make hands folders on to notebooks, and works in a folder of any name."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["two  words", "it's", "a & b; c", "(café)", "$HOME"]
SHOW = 'show: ; @printf "%s\\n" "$$VAE_UTILS_DATA_DIR" "$$VAE_UTILS_CACHE_DIR"'


@pytest.fixture(params=NAMES)
def project(request, tmp_path):
    """The project under another name, with nothing built and no environment."""
    folder = tmp_path / request.param
    folder.mkdir()
    for path in ROOT.iterdir():
        if not path.name.startswith((".", "_quick", "_build")):
            (folder / path.name).symlink_to(path)
    return folder


def make(folder, *arguments, **variables):
    """Runs make as from a terminal in `folder`; returns the lines it prints."""
    inherited = ("MAKE", "MFLAGS", "VAE_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(inherited)}
    result = subprocess.run(
        ["make", "-s", *arguments],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.replace("\\\n", " ").splitlines()


@pytest.mark.parametrize(
    ("target", "environment", "programs"),
    [
        ("site", ".venv", {"python", "jupyter-book"}),
        ("colab", ".venv-colab", {"python"}),
    ],
)
def test_commands_name_this_folder_as_one_word(target, environment, programs, project):
    lines = [line for line in make(project, "-n", target) if line.startswith("cd ")]
    words = {word for line in lines for word in read_words(line.partition("&&")[2])}
    found = {word for word in words if word.startswith("/") and "/bin/" in word}
    assert found == {str(project / environment / "bin" / name) for name in programs}


def targets():
    """Lists the targets that `make help` prints."""
    text = (ROOT / "Makefile").read_text()
    return re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)


@pytest.mark.parametrize("target", targets())
def test_a_target_makes_its_environment_before_it_uses_it(target, project):
    lines = make(project, "-n", target)
    made = "\n".join(lines).find("make_environment.py .venv ")
    used = re.search(r"(?<![\w/-])\.venv/bin/", "\n".join(lines))
    assert not used or 0 <= made < used.start()


def read_words(command):
    """Lists the words of a command as a shell reads them."""
    script = ["sh", "-c", f"printf '%s\\n' {command}"]
    result = subprocess.run(script, capture_output=True, text=True, check=True)
    return result.stdout.splitlines()


@pytest.mark.parametrize("named", ["both", "my  data/a, b", "$x", "~/idx", "/idx", ""])
def test_relative_folders_begin_where_make_is_called(named):
    expected = f"{ROOT}/{named}" if named[:1] not in "~/" else named
    for variable, shown in (
        ("VAE_UTILS_DATA_DIR", [expected, ""]),
        ("VAE_UTILS_CACHE_DIR", ["", expected]),
    ):
        assert make(ROOT, "--eval", SHOW, "show", **{variable: named}) == shown
    if "$" not in named:  # in an argument, $ is make's own
        arguments = "--eval", SHOW, "show", f"VAE_UTILS_DATA_DIR={named}"
        assert make(ROOT, *arguments) == [expected, ""]


def test_a_site_to_report_on_is_only_read(project):
    lines = make(project, "-n", "site-report", "SITE=/some where/html")
    program, *arguments = read_words(lines[-1])
    assert program.endswith("bin/python")
    assert arguments == ["tools/site_report.py", "/some where/html"]
    assert not any("copy_book" in line or "rm -rf" in line for line in lines)


def test_a_fork_names_its_addresses_without_an_environment(project):
    addresses = "URL=https://github.com/org/book", "SITE_URL=https://book.example.org/"
    (line,) = make(project, "-n", "repository", *addresses)
    expected = [a.partition("=")[2] for a in addresses]
    expected[1:1] = ["--site"]
    assert line.split() == ["python3", "tools/set_repository.py", *expected]
