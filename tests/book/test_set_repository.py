"""`make repository` writes the public addresses wherever they belong."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import readme_blocks
import set_repository
import yaml

ROOT = Path(__file__).parents[2]
ADDRESS, SITE = "https://github.com/org/book", "https://org.github.io/book/"


@pytest.fixture
def project(tmp_path):
    """A copy of the files that name addresses, and of the tools."""
    for folder in ("notebooks", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("_config.yml", "README.md"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def run(project, *arguments):
    tool = project / "tools" / "set_repository.py"
    command = [sys.executable, "-S", tool, *arguments]  # without packages
    return subprocess.run(command, capture_output=True, text=True)


def config(project):
    return yaml.safe_load((project / "_config.yml").read_text())


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:org/book.git",
        "ssh://git@github.com/org/book.git",
        "https://github.com/org/book.git",
        "https://someone:secret@github.com/org/book.git",
        "https://github.com/org/book/",
        "https://github.com/org/book\n",
    ],
)
def test_every_form_of_an_address_becomes_the_web_one(url):
    assert set_repository.normalise(url) == ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/srv/book.git",
        "http://x.org/a/b",
        "https://x.org/a",
        "https://example.invalid/a/b",
    ],
)
def test_rejects_addresses_that_are_not_public(url):
    with pytest.raises(ValueError, match="must be of the form https.*Received"):
        set_repository.normalise(url)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        (ADDRESS, SITE),
        ("https://github.com/Some-One/their.fork", "https://some-one.github.io/their.fork/"),
        ("https://github.com/Org/org.github.io", "https://org.github.io/"),
        ("https://gitlab.com/org/book", "https://org.gitlab.io/book/"),
        ("https://git.example.org/org/book", set_repository.NO_SITE),
    ],
)  # fmt: skip
def test_the_site_follows_from_the_repository(address, site):
    assert set_repository.find_site(address) == site


@pytest.mark.parametrize("named", ["book.example.org", "ftp://x.org/", "https://a b/"])
def test_rejects_sites_that_no_browser_opens(named):
    with pytest.raises(ValueError, match=r"https://HOST/PATH/\. Received: '"):
        set_repository.find_site(ADDRESS, named)


def test_writes_the_addresses_everywhere_and_only_once(project):
    result = run(project, "git@github.com:org/book.git")
    assert result.returncode == 0, result.stderr
    notebooks = sorted((project / "notebooks").glob("*.ipynb"))
    assert f"{len(notebooks) + 2} files changed" in result.stdout
    written = config(project)
    assert written["repository"]["url"] == ADDRESS
    assert written["html"]["baseurl"] == SITE
    for path in [*notebooks, project / "README.md", project / "_config.yml"]:
        assert "example.invalid" not in path.read_text(), path
    assert "0 files changed" in run(project, ADDRESS).stdout


def test_a_notebook_gets_a_link_that_runs_it_and_nothing_else(project):
    path = project / "notebooks" / "02_fc_vae.ipynb"
    before = json.loads(path.read_text())
    title = "".join(before["cells"][0]["source"])
    title = set_repository.COLAB_LINK.sub("", title)  # a fork has a link already
    for address in (ADDRESS, "https://github.com/another/fork"):
        run(project, address)
        first, *cells = json.loads(path.read_text())["cells"]
        *rest, link = "".join(first["source"]).split("\n\n")
        place = f"{address.removeprefix('https://')}/blob/main/notebooks/{path.name}"
        place = place.replace("github.com", "github")
        assert link.endswith(f"(https://colab.research.google.com/{place})")
        assert "\n\n".join(rest) == title
        changed = [a for a, b in zip(cells, before["cells"][1:], strict=True) if a != b]
        assert [cell["id"] for cell in changed] == ["colab"]
    run(project, "https://git.example.org/org/book")
    first = json.loads(path.read_text())["cells"][0]
    assert "".join(first["source"]) == title


def test_the_readme_links_to_the_site_and_shows_badges(project):
    run(project, ADDRESS, "--site", "https://book.example.org")
    text = (project / "README.md").read_text()
    assert "**[Play with it](https://book.example.org/)**" in text
    assert "](https://book.example.org/book/playground.html)" in text
    assert (ROOT / f"{readme_blocks.PAGE}.md").is_file()
    assert f"{ADDRESS}/actions/workflows/book.yml/badge.svg" in text
    assert "[![open in Colab]" in text
    assert config(project)["html"]["baseurl"] == "https://book.example.org/"


def test_takes_the_address_of_origin(project):
    git = ["git", "-C", project]
    subprocess.run([*git, "init", "-q"], check=True)
    result = run(project)
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "git has no remote 'origin'" in result.stderr
    subprocess.run(
        [*git, "remote", "add", "origin", "git@github.com:org/book.git"], check=True
    )
    assert run(project).returncode == 0
    assert config(project)["repository"]["url"] == ADDRESS


def test_the_readme_is_as_the_tool_writes_it():
    written = yaml.safe_load((ROOT / "_config.yml").read_text())
    site = written["html"]["baseurl"]
    text = (ROOT / "README.md").read_text()
    expected = readme_blocks.fill(
        text,
        written["repository"]["url"],
        None if site == set_repository.NO_SITE else site,
        written["repository"]["branch"],
    )
    assert text == expected
    blocks = readme_blocks.BLOCK.findall(text)
    assert [name for _, name, _ in blocks] == ["badges", "picture", "site"]


def test_the_readme_begins_with_a_moving_picture_of_at_most_1500_kb():
    from PIL import Image

    file = ROOT / readme_blocks.PICTURE
    assert file.stat().st_size <= 1_500_000
    with Image.open(file) as picture:
        assert picture.n_frames > 20 and picture.info["loop"] == 0
    first = (ROOT / "README.md").read_text().index("![")
    assert first < 400 and len(readme_blocks.ALT) > 40


def test_links_of_the_readme_lead_to_files_and_headings():
    text = (ROOT / "README.md").read_text()
    headings = {
        re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif not target.startswith("https://"):
            assert (ROOT / target).exists(), target


def test_the_readme_lists_every_notebook_by_its_title_in_order():
    toc = re.findall(r"file: (notebooks/\w+)", (ROOT / "_toc.yml").read_text())
    text = (ROOT / "README.md").read_text()
    listed = re.findall(r"\[([^\]]+)\]\((notebooks/\w+)\.ipynb\)", text)
    assert [path for _, path in listed] == toc
    for title, path in listed:
        cells = json.loads((ROOT / f"{path}.ipynb").read_text())["cells"]
        heading = "".join(cells[0]["source"]).splitlines()[0].removeprefix("# ")
        assert re.sub(r"^[\w ]{1,12} · ", "", heading) == title
