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


def test_every_name_is_there_and_listed():
    assert set(vae_utils.__all__) <= set(dir(vae_utils))
    for name in vae_utils.__all__:
        assert getattr(vae_utils, name)
    assert vae_utils.train is vae_utils.train


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        vae_utils.trian  # noqa: B018
    assert not hasattr(vae_utils, "nowhere")
