"""The version of this package, written down once: in `pyproject.toml`."""

import tomllib
from importlib import metadata
from pathlib import Path

NAME = "vae_utils"
PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def read_version() -> str:
    """Reads the version: of a copy of the repository, or of what pip installed.

    A copy has its own `pyproject.toml`, whatever version is installed besides. A folder
    that was copied without either has an unknown one.
    """
    project = _read_project().get("project", {})
    if project.get("name") == NAME:
        return project["version"]
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "unknown"


def _read_project():
    try:
        return tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # there is none where pip installs packages
        return {}
