"""The package's own names: version, three functions, and what importing it costs."""

import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import vae_utils
from vae_utils import version

ROOT = Path(__file__).parents[2]


def in_new_process(code, **variables):
    """Runs code where nothing is imported yet; returns what it prints."""
    kept = {n: v for n, v in os.environ.items() if n != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert vae_utils.__version__ == project["version"]


@pytest.mark.parametrize("text", [None, "", "[project", '[project]\nname = "other"'])
def test_an_installed_package_has_the_version_of_its_metadata(
    text, tmp_path, monkeypatch
):
    project = tmp_path / "pyproject.toml"
    if text is not None:
        project.write_text(text)
    monkeypatch.setattr(version, "PROJECT", project)
    monkeypatch.setattr(metadata, "version", lambda name: f"{name} 9")
    assert version.read_version() == "vae_utils 9"


def test_a_copied_folder_has_an_unknown_version(tmp_path, monkeypatch):
    def find(name):
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(version, "PROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(metadata, "version", find)
    assert version.read_version() == "unknown"


def test_importing_the_package_imports_nothing_else():
    code = (
        "import os, sys, typing, importlib; before = set(sys.modules); "
        "import vae_utils; vae_utils.__version__; "
        "heavy = {'numpy', 'keras', 'tensorflow', 'matplotlib', 'vae_utils.cli'}; "
        "print(sorted(heavy & (set(sys.modules) - before)))"
    )
    assert in_new_process(code) == "[]\n"


@pytest.mark.parametrize("given", [None, "0"])
def test_greetings_of_tensorflow_are_off_unless_asked_for(given):
    code = "import os, vae_utils; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    variables = {"TF_CPP_MIN_LOG_LEVEL": given} if given else {}
    assert in_new_process(code, **variables) == f"{given or 3}\n"


GREETINGS = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795716632.674449   10328 port.cc:153] oneDNN custom operations are on.
E0000 00:00:1795716632.674449   10328 cuda.cc:8] Unable to register cuDNN factory: it
2026-11-26 18:11:01.123456: I tensorflow/core/util/port.cc:153] oneDNN is on.
To enable the following instructions: AVX2 FMA, rebuild TensorFlow.
"""
IMPORT = """\
import importlib.util, os, sys, vae_utils
class Greets:
    def find_spec(self, name, path=None, target=None):
        if name == "vae_utils.shortcuts":
            return importlib.util.spec_from_loader(name, self)
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        os.write(2, {text!r}.encode())
        module.load = len
sys.meta_path.insert(0, Greets())
vae_utils.load
os.write(2, b"later")
"""


@pytest.mark.parametrize(
    ("level", "expected"),
    [("3", "a real error\nlater"), ("0", f"{GREETINGS}a real error\nlater")],
)
def test_what_is_no_greeting_is_shown(level, expected):
    code = IMPORT.format(text=f"{GREETINGS}a real error\n")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": level},
        capture_output=True,
        text=True,
    )
    assert done.stderr == expected


def test_every_name_is_there_and_listed():
    assert set(vae_utils.__all__) <= set(dir(vae_utils))
    for name in vae_utils.__all__:
        assert getattr(vae_utils, name)
    assert vae_utils.train is vae_utils.train


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        vae_utils.trian  # noqa: B018
    assert not hasattr(vae_utils, "nowhere")
