"""Folders that options name: the same from anywhere, and with names that files hold."""

import os
from pathlib import Path

import pytest

from vae_utils import cli
from vae_utils.cli import engine
from vae_utils.cli.parser import make_parser
from vae_utils.runs import RunFolder

NOT_UTF8 = os.fsdecode(b"caf\xe9")
#: Every option and argument that is a path.
PATHS = [
    "train --sample --output-dir PATH",
    "train --sample --log-dir PATH",
    "train --sample --load-weights PATH",
    "train --data-dir PATH",
    "evaluate PATH",
    "evaluate explorer_vae --output-dir PATH",
    "evaluate explorer_vae --data PATH",
    "evaluate explorer_vae --data-dir PATH",
    "animate PATH",
    "animate run --output-dir PATH",
    "compare PATH",
    "compare one other --csv PATH",
    "compare one other --picture PATH",
    "compare one other --tensorboard PATH",
    "score PATH test",
    "score explorer_vae test --output-dir PATH",
    "score explorer_vae test --output PATH",
    "score explorer_vae test --data PATH",
    "score explorer_vae test --data-dir PATH",
    "export PATH",
    "export explorer_vae --output-dir PATH",
    "export explorer_vae --data PATH",
    "export explorer_vae --data-dir PATH",
    "data --data-dir PATH",
    "data import PATH",
    "data check PATH",
]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Starts in one of two empty folders; called, changes to the other one."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "first")
    return lambda: monkeypatch.chdir(tmp_path / "second")


def write_mnist(folder, published):
    folder.mkdir()
    for name, raw in published["mnist"].items():
        (folder / name).write_bytes(raw)
    return folder


def test_a_run_finds_its_data_from_another_folder(
    published, elsewhere, tmp_path, monkeypatch
):
    idx = write_mnist(tmp_path / "first" / "idx", published)
    small = "--epochs 1 --updates-per-epoch 2 --hidden 4 --no-viz --quiet"
    where = ["--output-dir", str(tmp_path / "run")]
    assert cli.main(["train", *small.split(), "--data-dir", "idx", *where]) == 0
    run = RunFolder(tmp_path / "run")
    assert run.read_config()["data_dir"] == str(idx)
    assert run.read_config()["settings"]["complete"]
    elsewhere()
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    assert cli.main(["train", "--resume", "--quiet", "--epochs", "2", *where]) == 0
    assert run.read_config()["data_dir"] == str(idx)
    assert not list((tmp_path / "second").iterdir())
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("remembered", ["idx", "/not/there/idx", "~/not/there"])
def test_a_data_folder_that_is_gone_is_not_downloaded_again(
    remembered, published, copy_run, elsewhere, refuse
):
    run = copy_run("vae")
    config = run.read_config()
    config["settings"]["complete"] = True
    run.write_config(config | {"data_dir": remembered})  # as earlier versions did
    before = run.config.read_bytes()
    elsewhere()
    err = refuse("train", "--resume", "--output-dir", run.path, code=2)
    expected = Path(remembered).expanduser().absolute()
    assert err.endswith(f"--data-dir. Received: {expected}, from config.json")
    assert run.config.read_bytes() == before
    assert not list(Path.cwd().iterdir())


def test_a_run_on_the_sample_does_not_need_its_data_folder(copy_run, resume):
    run = copy_run("vae")
    run.write_config(run.read_config() | {"data_dir": "/not/there"})
    resume(run)


@pytest.mark.parametrize("arguments", PATHS)
@pytest.mark.parametrize("name", [NOT_UTF8, ""], ids=["not-utf-8", "empty"])
def test_a_name_that_files_cannot_hold_is_refused(name, arguments, elsewhere, refuse):
    given = [name if word == "PATH" else word for word in arguments.split()]
    err = refuse(*given, code=2)
    assert ("UTF-8" if name else "must name a file or folder") in err
    assert repr(os.fsencode(name) if name else name) in err
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize("arguments", PATHS)
def test_a_home_that_nobody_knows_is_refused(arguments, elsewhere, refuse, monkeypatch):
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    given = [word.replace("PATH", "~/x") for word in arguments.split()]
    assert "home folder is not known" in refuse(*given, code=2)
    assert not list(Path.cwd().iterdir())


def test_every_path_is_among_those_tried():
    parser = make_parser(["train"])
    (commands,) = (a for a in parser._actions if a.dest == "command")
    metavars = {"DIR", "PATH", "FILE"}
    found = {
        f"{name} {option}"
        for name, command in commands.choices.items()
        for action in command._actions
        if action.metavar in metavars
        for option in action.option_strings
    }
    tried = {(words := a.split())[0] + " " + words[-2] for a in PATHS if "--" in a}
    assert found == tried


def test_data_import_without_a_cache_names_the_variable(
    published, elsewhere, refuse, monkeypatch, tmp_path
):
    monkeypatch.delenv("VAE_UTILS_CACHE_DIR")
    monkeypatch.setattr("pooch.os_cache", lambda project: Path("~/.cache", project))
    idx = write_mnist(tmp_path / "idx", published)
    assert "VAE_UTILS_CACHE_DIR" in refuse("data", "import", idx, code=1)
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize("known", [True, False])
def test_tensorflow_makes_no_folder_named_like_the_home(known, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", "")  # so that it is restored afterwards
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if not known:
        monkeypatch.setattr("os.path.expanduser", lambda path: path)
    engine.import_quietly()
    expected = None if known else str(tmp_path / ".keras")
    assert os.environ.get("KERAS_HOME") == expected
