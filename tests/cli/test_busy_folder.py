"""A run's folder while another command trains in it, and names that hide others."""

import shutil

import numpy as np
import pytest

from vae_utils import cli, latent
from vae_utils.runs import RunError, RunFolder, kept_checkpoint, loading, reports
from vae_utils.runs import session as sessions
from vae_utils.training import checkpoint_file

QUICK = "--sample --epochs 1 --updates-per-epoch 3 --hidden 4 --no-viz".split()


def read_files(folder):
    """Reads all files of a run; what is in a lock does not matter."""
    paths = [p for p in folder.path.rglob("*") if p.is_file() and p != folder.lock]
    return {path: path.read_bytes() for path in paths}


def test_a_second_training_run_is_refused_and_touches_nothing(copy_run, refuse):
    run = copy_run("learned")
    before = read_files(run)
    with run.locked():
        for options in (["--resume", "--epochs", "9"], ["--overwrite", *QUICK], QUICK):
            err = refuse("train", *options, "--output-dir", run.path, code=1)
            assert "Another command is training in this folder (process " in err
            assert f"Received: {run.path}" in err
    assert read_files(run) == before
    assert not run.lock.exists()


def test_what_starts_while_another_prepares_is_found_before_anything_is_removed(
    tmp_path, refuse, monkeypatch, copy_run
):
    prepare = sessions._prepare

    def prepare_while_another_trains(plan):
        shutil.copytree(copy_run("learned").path, plan.folder.path)
        return prepare(plan)

    monkeypatch.setattr(sessions, "_prepare", prepare_while_another_trains)
    folder = RunFolder(tmp_path / "run")
    err = refuse("train", *QUICK, "--quiet", "--output-dir", folder.path, code=1)
    assert "There is a run already" in err
    assert folder.read_config()["settings"]["configuration"]["epochs"] == 2
    assert not folder.lock.exists()


def test_a_run_that_trains_can_be_evaluated(copy_run, tmp_path):
    run = copy_run("vae")
    where = ["--output-dir", str(tmp_path / "figures")]
    with run.locked():
        before = read_files(run)
        assert cli.main(["evaluate", str(run.path), "--history", *where]) == 0
        options = ["--animation", "grid"]
        assert cli.main(["animate", str(run.path), *options, *where]) == 0
        assert read_files(run) == before


def test_training_is_locked_until_its_numbers_and_pictures_are_there(
    tmp_path, train, monkeypatch
):
    locked, summarise = [], reports.summarise

    def look(*arguments):
        locked.append(RunFolder(tmp_path).lock.exists())
        return summarise(*arguments)

    monkeypatch.setattr(reports, "summarise", look)
    run = train(tmp_path, "--no-viz")
    assert locked == [True] and not run.lock.exists()


def test_a_checkpoint_that_training_removes_was_read_before(copy_run):
    run = copy_run("vae")
    whole = loading.load(loading.find(str(run.path)))
    found = loading.find(str(run.path))
    shutil.rmtree(run.checkpoints)
    codes = np.zeros((1, 2), np.float32)
    for load in (loading.load, loading.load_decoding_parts):
        images = latent.decode(load(found), codes)
        np.testing.assert_array_equal(images, latent.decode(whole, codes))


def test_a_checkpoint_that_is_removed_before_it_is_read_gives_way_to_the_next(
    copy_run, monkeypatch
):
    run = copy_run("vae")
    last = checkpoint_file.path_of(run.checkpoints, 2)
    list_epochs = checkpoint_file.list_epochs

    def list_then_train(folder):
        numbers = list_epochs(folder)
        if last.exists():
            last.rename(checkpoint_file.path_of(folder, 3))
        return numbers

    monkeypatch.setattr(checkpoint_file, "list_epochs", list_then_train)
    path, _, metadata = kept_checkpoint.read(run, "last")
    assert path.name == "epoch-00003.npz" and metadata["epoch"] == 2
    path.unlink()
    with pytest.raises(RunError, match="has kept epochs 1;.*Received: epoch 3"):
        kept_checkpoint.read(run, "3")


def test_a_folder_that_hides_a_recorded_run_is_named(tmp_path, refuse, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "explorer_vae").mkdir()
    (tmp_path / "mine").mkdir()
    for command in (
        ["evaluate", "explorer_vae"],
        ["evaluate", "./explorer_vae"],
        ["train", *QUICK, "--load-weights", "explorer_vae"],
    ):
        err = refuse(*command, code=1)
        assert (
            "explorer_vae is a recorded run, but a file or folder of that name" in err
        )
        assert "in another folder, to reach the recorded run. Received" in err
    assert "no config.json. Received: mine" in refuse("evaluate", "mine", code=1)
    assert {path.name for path in tmp_path.iterdir()} == {"explorer_vae", "mine"}


def test_a_folder_called_classifier_scores_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classifier").mkdir()
    assert loading.find_recorded("classifier").folder is None
    data = type("Data", (), {"name": "mnist", "complete": True})
    assert reports._load_classifier(data) is not None
