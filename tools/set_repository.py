"""Carries the repository's public address into _config.yml and every notebook.

    python tools/set_repository.py [URL]

Without a URL, git's `origin` is taken.
"""

import re
import subprocess
import sys
from pathlib import Path

PUBLIC = re.compile(r"https://[\w.-]+(?<!\.invalid)(?:/[\w.~-]+){2,}")
CONFIG_LINE = re.compile(r"^(repository:\n  url: )(\S+)$", re.MULTILINE)


def normalise(url: str) -> str:
    """Turns any form of a git address into the https address of its web page.

    Args:
        url: such as `git@github.com:ORG/REPO.git`.

    Returns:
        Such as `https://github.com/ORG/REPO`.

    Raises:
        ValueError: if it is none that a browser can open.
    """
    address = re.sub(r"^(?:ssh://)?git@([^:/]+)[:/]", r"https://\1/", url.strip())
    address = address.removesuffix("/").removesuffix(".git")
    if not PUBLIC.fullmatch(address):
        raise ValueError(
            "The address must be of the form https://HOST/ORG/REPO; name it with "
            f"'make repository URL=...'. Received: {_without_password(url)!r}"
        )
    return address


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", url)


def set_repository(root: Path, address: str) -> list[Path]:
    """Replaces the old address in the configuration and the notebooks.

    Args:
        root: of the book.
        address: as `normalise` returns it.

    Returns:
        The files that changed.

    Raises:
        ValueError: if _config.yml holds no address to replace.
    """
    config = root / "_config.yml"
    found = CONFIG_LINE.search(config.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"There is no repository url in {config}.")
    changed = []
    # The configuration last: it names the address that is still to be replaced.
    for path in [*sorted((root / "notebooks").glob("*.ipynb")), config]:
        text = path.read_text(encoding="utf-8")
        new = re.sub(rf"{re.escape(found[2])}(?![\w/.~-])", address, text)
        if new != text:
            path.write_text(new, encoding="utf-8")
            changed.append(path)
    return changed


def main(arguments):
    """Sets the address given, or git's origin."""
    command = ["git", "remote", "get-url", "origin"]
    try:
        url = (
            arguments[0]
            if arguments
            else subprocess.run(
                command, capture_output=True, text=True, check=True
            ).stdout
        )
        address = normalise(url)
    except subprocess.CalledProcessError:
        sys.exit("git has no remote 'origin': name one, 'make repository URL=...'.")
    except ValueError as error:
        sys.exit(str(error))
    changed = set_repository(Path(__file__).resolve().parents[1], address)
    print(f"{address}: {len(changed)} files changed")


if __name__ == "__main__":
    main(sys.argv[1:])
