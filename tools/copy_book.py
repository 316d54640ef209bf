"""Copies what a build of the book needs into a folder of its own.

    python tools/copy_book.py _quick/site [--keep-notebooks] [--tests]

There the notebooks can be executed in place, and the site built from those executed
copies with execution off, while the stored notebooks stay without outputs. With
`--tests` the tests can run there too, on an installed package: the package's source is
not copied.
"""

import argparse
import shutil
from pathlib import Path

import yaml

FILES = ("_toc.yml", "requirements.txt", "constraints.txt")
# Files of the package that a chapter offers for download.
DOWNLOADS = ("vae_utils/recorded/training_film/*.gif",)
# What kernels leave in their folder stays behind; its configuration travels.
IGNORED = shutil.ignore_patterns(
    "__pycache__", ".ipynb_checkpoints", "db", "log", "pid", "security", "startup"
)


def copy_book(root: Path, site: Path, folders: list[str], files: list[str]):
    """Copies folders, files and the configuration, with execution switched off."""
    for folder in folders:
        shutil.rmtree(site / folder, ignore_errors=True)
        shutil.copytree(root / folder, site / folder, ignore=IGNORED)
    downloads = [file for pattern in DOWNLOADS for file in root.glob(pattern)]
    for file in [*files, *(file.relative_to(root) for file in downloads)]:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / file, site / file)
    config = yaml.safe_load((root / "_config.yml").read_text())
    config["execute"]["execute_notebooks"] = "off"
    (site / "_config.yml").write_text(yaml.safe_dump(config, sort_keys=False))


def main():
    """Reads the command line and copies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path, help="folder to copy to")
    parser.add_argument(
        "--keep-notebooks", action="store_true", help="leave those already there"
    )
    parser.add_argument("--tests", action="store_true", help="copy the tests too")
    options = parser.parse_args()
    folders, files = ["book", "notebooks/images"], [*FILES]
    if not options.keep_notebooks:
        folders = ["book", "notebooks"]
    if options.tests:
        folders += ["tests", "tools"]
        files.append("pyproject.toml")
    copy_book(Path(__file__).resolve().parents[1], options.site, folders, files)


if __name__ == "__main__":
    main()
