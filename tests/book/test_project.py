"""The project's own files hold what they promise."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from vae_utils import configurations, runs

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(file):
    lines = (ROOT / file).read_text().splitlines()
    return {
        re.sub(r"[._]", "-", line.split("==")[0].lower()): line.split("==")[1]
        for line in lines
        if "==" in line
    }


def test_lower_bounds_admit_colab_and_cap_nothing():
    colab = pins("requirements-colab.txt")
    for requirement in map(Requirement, PROJECT["dependencies"]):
        version = Version(colab[requirement.name])
        assert version in requirement.specifier, requirement
        assert {s.operator for s in requirement.specifier} == {">="}, requirement


def test_the_tests_run_on_one_pytest_with_both_sets_of_versions():
    colab, tested = pins("requirements-colab.txt"), pins("requirements.txt")
    for name in ("pytest", "pytest-timeout", "pytest-xdist", "nbmake", "hypothesis"):
        assert colab[name] == tested[name], name


def test_python_versions():
    (requirement,) = [Requirement(f"python{PROJECT['requires-python']}")]
    admitted = [f"3.{minor}" for minor in range(8, 16)]
    admitted = [v for v in admitted if v in requirement.specifier]
    assert admitted == ["3.11", "3.12", "3.13"]


def test_requirements_pin_what_the_constraints_lock():
    locked = pins("constraints.txt")
    wanted = pins("requirements.txt")
    assert wanted["jupyter-book"] == "1.0.4.post1"
    for name, version in wanted.items():
        assert locked[name] == version, name
    for requirement in map(Requirement, PROJECT["dependencies"]):
        name = requirement.name.replace("_", "-")
        assert Version(wanted[name]) in requirement.specifier, name


def test_requirements_pin_what_options_of_the_package_need():
    wanted = pins("requirements.txt")
    for requirements in PROJECT["optional-dependencies"].values():
        for requirement in map(Requirement, requirements):
            assert Version(wanted[requirement.name]) in requirement.specifier
            assert {s.operator for s in requirement.specifier} == {">="}, requirement


def test_every_package_folder_is_installed():
    """Folders without `__init__.py` are not found, so they must hold data only."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = config["tool"]["setuptools"]["packages"]["find"]
    assert found == {"include": ["vae_utils*"], "namespaces": False}
    folders = {path.parent for path in (ROOT / "vae_utils").rglob("*.py")}
    assert all((folder / "__init__.py").exists() for folder in folders)


def test_a_page_states_what_the_recorded_runs_measured():
    text = (ROOT / "book" / "expected_results.md").read_text()
    table = re.findall(r"^\| `([\w-]+)` \|(.+)\|$", text, re.M)
    projects = {f"project_{name}" for name in configurations.PROJECTS}
    assert {"fc_vae_seeds", "fc_vae_long"} | projects <= {name for name, _ in table}
    for name, cells in table:
        study = runs.load_study(name)
        network, epochs, seeds, *numbers = [cell.strip() for cell in cells.split("|")]
        (model,) = study.models()
        sizes = study.protocol["image_shape"], study.protocol["classes"]
        configuration = model.results[0].configuration
        assert configurations.name_layers(configuration, *sizes) == network
        assert set(study["epochs"]) == {int(epochs)}
        assert len(study.values("seed")) == int(seeds)
        for text, key in zip(numbers, ("elbo", "is_nll", "rmse_mean"), strict=True):
            digits = len(text.split(" ")[0].split(".")[1])
            expected = f"{abs(np.mean(study[key])):.{digits}f}"
            if len(study) > 1:
                expected += f" ± {np.std(study[key], ddof=1):.{digits}f}"
            assert text == expected, name


def run_environment_tool(code):
    """Runs tools/make_environment.py after `code`, which plays another Python."""
    tool = ROOT / "tools" / "make_environment.py"
    script = f"{code}\nimport runpy\nrunpy.run_path({str(tool)!r}, run_name='__main__')"
    command = [sys.executable, "-c", script, "unused", "requirements.txt"]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (3, 8, 18)])
def test_rejects_other_python_versions_in_one_sentence(version, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run_environment_tool(f"import sys; sys.version_info = {version}")
    assert result.returncode == 1 and result.stdout == ""
    assert re.fullmatch(
        r"The book needs Python 3\.11, 3\.12 or 3\.13; .* Received: Python "
        rf"{version[0]}\.{version[1]} at \S+\n",
        result.stderr,
    )
    assert not list(tmp_path.iterdir())


def test_names_the_missing_package_where_python_lacks_ensurepip(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run_environment_tool("import sys; sys.modules['ensurepip'] = None")
    assert result.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"install the package python{version}-venv" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_package_data_patterns_cover_every_file_of_the_package():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = config["package-data"].items()
    covered = {
        path
        for package, globs in patterns
        for glob in globs
        for path in (ROOT / package.replace(".", "/")).glob(glob)
    }
    files = {
        path
        for path in (ROOT / "vae_utils").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert files and files <= covered
