"""Carries the public address of the repository into everything that names it.

    python tools/set_repository.py [URL] [--site SITE]

Without a URL, git's `origin` is taken. The address of the site follows from the one of
the repository on hosts that publish pages; `--site` names another one. Runs on any
Python 3.9 or later, without packages.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from readme_blocks import fill

PUBLIC = re.compile(r"https://[\w.-]+(?<!\.invalid)(?:/[\w.~-]+){2,}")
SITE = re.compile(r"https?://[\w.-]+(?<!\.invalid)(?::\d+)?(?:/[\w.~-]+)*/?")
NO_SITE = "https://example.invalid/vae-book/"
# Hosts whose Pages have an address that follows from the repository's.
PAGES = {"github.com": "github.io", "gitlab.com": "gitlab.io"}
REPOSITORY_LINE = re.compile(r"^(repository:\n  url: )(\S+)$", re.MULTILINE)
BRANCH_LINE = re.compile(r"^  branch: (\S+)$", re.MULTILINE)
SITE_LINE = re.compile(r"^(  baseurl: )(\S+)$", re.MULTILINE)
COLAB = "https://colab.research.google.com/github"
COLAB_LINK = re.compile(rf"\n+\[[^\]]+\]\({re.escape(COLAB)}/[^)]+\)")


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
    address = re.sub(r"^https://[^/@]*@", "https://", address)
    address = address.removesuffix("/").removesuffix(".git")
    if not PUBLIC.fullmatch(address):
        raise ValueError(
            "The address must be of the form https://HOST/ORG/REPO; name it with "
            f"'make repository URL=...'. Received: {_without_password(url)!r}"
        )
    return address


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", url)


def find_site(address: str, named: str | None = None) -> str:
    """Returns the address at which the book of a repository is published.

    Args:
        address: of the repository, as `normalise` returns it.
        named: the address that the caller wants, if any.

    Returns:
        Such as `https://org.github.io/REPO/`; one that ends in `.invalid` where the
        host of the repository is not known to publish pages.

    Raises:
        ValueError: if the address named is none that a browser can open.
    """
    if named:
        if not SITE.fullmatch(named):
            raise ValueError(
                "The address of the site must be of the form https://HOST/PATH/. "
                f"Received: {named!r}"
            )
        return named.rstrip("/") + "/"
    parts = urlsplit(address)
    owner, *path = parts.path.strip("/").split("/")
    if parts.hostname not in PAGES:
        return NO_SITE
    host = f"{owner.lower()}.{PAGES[parts.hostname]}"
    path = [] if path == [host] else path
    return "/".join([f"https://{host}", *path, ""])


def set_repository(root: Path, address: str, site: str) -> list[Path]:
    """Replaces the old addresses in the configuration, the notebooks and the README.

    Args:
        root: of the book.
        address: of the repository, as `normalise` returns it.
        site: of the book, as `find_site` returns it.

    Returns:
        The files that changed.

    Raises:
        ValueError: if _config.yml holds no address to replace.
    """
    config = root / "_config.yml"
    text = config.read_text(encoding="utf-8")
    old, branch = REPOSITORY_LINE.search(text), BRANCH_LINE.search(text)
    if not (old and branch and SITE_LINE.search(text)):
        raise ValueError(f"There is no repository url, branch or baseurl in {config}.")
    new = {
        path: carry(path, old[2], address, branch[1])
        for path in sorted((root / "notebooks").glob("*.ipynb"))
    }
    readme = root / "README.md"
    public = None if site == NO_SITE else site
    new[readme] = fill(readme.read_text(encoding="utf-8"), address, public, branch[1])
    # The configuration last: it names the address that is still to be replaced.
    text = REPOSITORY_LINE.sub(rf"\g<1>{address}", text)
    new[config] = SITE_LINE.sub(rf"\g<1>{site}", text)
    return [path for path, text in new.items() if write(path, text)]


def carry(notebook: Path, old: str, address: str, branch: str) -> str:
    """Returns a notebook's text with the new address, and a link that runs it."""
    text = notebook.read_text(encoding="utf-8")
    text = re.sub(rf"{re.escape(old)}(?![\w/.~-])", address, text)
    content = json.loads(text)
    title = content["cells"][0]
    source = COLAB_LINK.sub("", "".join(title["source"]))
    if urlsplit(address).hostname == "github.com":
        place = f"{urlsplit(address).path}/blob/{branch}/notebooks/{notebook.name}"
        source += f"\n\n[Run this page in Google Colab]({COLAB}{place})"
    if source == "".join(title["source"]):
        return text
    title["source"] = source.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def write(path: Path, text: str) -> bool:
    """Writes a file if its text is new; returns whether it was."""
    if path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def ask_git(root: Path) -> str:
    """Returns the address of the remote `origin`.

    Raises:
        ValueError: if there is none, or no git.
    """
    command = ["git", "remote", "get-url", "origin"]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=root
        ).stdout
    except (subprocess.CalledProcessError, FileNotFoundError):
        raise ValueError(
            "git has no remote 'origin': name one, 'make repository URL=...'."
        ) from None


def main(arguments):
    """Sets the address given, or git's origin."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", metavar="URL", help="of the repository")
    parser.add_argument("--site", help="where the book is published")
    options = parser.parse_args(arguments)
    root = Path(__file__).resolve().parents[1]
    try:
        address = normalise(options.url or ask_git(root))
        site = find_site(address, options.site)
    except ValueError as error:
        sys.exit(str(error))
    changed = set_repository(root, address, site)
    unknown = "not known; name it with 'make repository SITE_URL=https://...'"
    print(f"Repository: {address}")
    print(f"Site: {unknown if site == NO_SITE else site}")
    print(f"{len(changed)} files changed")


if __name__ == "__main__":
    main(sys.argv[1:])
