"""GitHub's workflow runs on a first push: its commands, in a fresh clone."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "book.yml"
JOBS = yaml.safe_load(WORKFLOW.read_text())["jobs"]
PAGES = "https://someone.github.io/fork"
# Says what would be run, and leaves what the book's build leaves.
MAKE = """#!/bin/sh
command make -n "$@" > /dev/null || exit
case "$*" in book) mkdir -p _build/html && echo "$BOOK" > _build/html/index.html;; esac
echo "made $*"
"""
# Like the real one, prints the answer of a failed request too.
GH = """#!/bin/sh
query='select(.build_type == "workflow").html_url'
test "$*" = "api repos/someone/fork/pages --jq $query" || exit 2
test -n "$PAGES" && { echo "$PAGES"; exit; }
echo '{"message": "Not Found", "status": "404"}'
exit 1
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a push would bring: the tracked files, as they are now."""
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        pytest.skip("This copy of the book has no history; clone it to run this test")
    command = ["git", "ls-files", "-z", "--deduplicate"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    folder = tmp_path_factory.mktemp("clone")
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture
def runner(clone, tmp_path):
    """Runs a command as GitHub does; returns what it prints and its outputs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    make = MAKE.replace("command make", shutil.which("make"))
    for name, text in (("make", make), ("gh", GH)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)

    def run(command, **variables):
        outputs = tmp_path / "outputs"
        outputs.write_text("")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        environment = inherited | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "CI": "true",
            "GITHUB_REPOSITORY": "someone/fork",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_OUTPUT": str(outputs),
            "PAGES": "",
            "BOOK": "built on the small sample",
        }
        result = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=clone,
            env=environment | variables,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        lines = outputs.read_text().splitlines()
        return result.stdout, dict(line.split("=", 1) for line in lines)

    return run


def steps(job):
    return [step for step in JOBS[job]["steps"] if "run" in step]


def step(job, words):
    (found,) = [s for s in steps(job) if words in s.get("name", s["run"])]
    return found["run"]


@pytest.mark.parametrize("pages", ["", PAGES])
@pytest.mark.parametrize("job", JOBS)
def test_every_command_of_a_job_succeeds_on_a_first_push(job, pages, runner):
    for each in steps(job):
        printed, _ = runner(each["run"], PAGES=pages)
        targets = re.findall(r"^make ([\w-]+)", each["run"], re.MULTILINE)
        assert all(f"made {target}" in printed for target in targets)


def test_the_targets_are_those_of_the_script():
    script = re.findall(r"make ([\w-]+)$", (ROOT / ".ci/run").read_text(), re.M)
    assert script == ["test-tools", "test", "colab"]
    commands = [step["run"] for job in ("test", "colab") for step in steps(job)]
    assert commands == [f"make {target}" for target in script]


def test_every_version_of_python_is_tested():
    assert JOBS["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]


def test_without_pages_the_run_says_what_to_switch_on(runner):
    command = step("book", "Ask where")
    printed, outputs = runner(command)
    assert outputs == {"site": ""}
    assert printed.startswith("::notice title=Not published::Choose 'GitHub Actions'")
    printed, outputs = runner(command, PAGES=PAGES)
    assert outputs == {"site": PAGES} and printed == ""


def test_the_run_says_that_the_sample_or_another_address_was_used(runner, clone):
    command = step("book", "Say what")
    folder = clone / "_build" / "html"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("built on the small sample")
    printed, _ = runner(command)
    assert "::warning title=Sample::" in printed and "::notice title=Addr" in printed
    (folder / "index.html").write_text("built on complete data")
    config = (clone / "_config.yml").read_text()
    old = re.search(r"\n  url: (\S+)", config)[1]
    own = {"GITHUB_SERVER_URL": old.rsplit("/", 2)[0]}
    own["GITHUB_REPOSITORY"] = old.removeprefix(own["GITHUB_SERVER_URL"] + "/")
    assert runner(command, **own)[0] == ""


def test_only_a_push_to_main_is_published_and_only_by_the_last_job():
    ask = next(s for s in JOBS["book"]["steps"] if s.get("id") == "pages")
    assert ask["if"] == (
        "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'"
    )
    publish = JOBS["publish"]
    assert publish["needs"] == ["test", "colab", "book"]
    assert publish["if"] == "needs.book.outputs.site != ''"
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert publish["environment"]["name"] == "github-pages"
    text = WORKFLOW.read_text()
    assert text.count("write") == 2 and "secrets." not in text


def test_the_book_is_built_for_the_address_at_which_it_is_published():
    build = next(s for s in steps("book") if s["run"] == "make book")
    assert build["env"] == {"VAE_BOOK_SITE": "${{ steps.pages.outputs.site }}"}
    uploads = [s for s in JOBS["book"]["steps"] if "upload" in s.get("uses", "")]
    assert {s["with"]["path"] for s in uploads} == {"_build/html"}
    conditions = [s["if"] for s in uploads]
    assert conditions == [
        f"steps.pages.outputs.site {sign} ''" for sign in ("!=", "==")
    ]
