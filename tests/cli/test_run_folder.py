"""What is in a run's folder, and which folders can be one."""

import json

import numpy as np
import pytest

from vae_utils.runs import RunError, RunFolder, loading
from vae_utils.training import checkpoint_file


def test_a_run_records_settings_environment_history_and_numbers(shared_run):
    run = shared_run("vae")
    config = run.read_config()
    assert config["format"] == 1
    assert set(config["versions"]) == {"keras", "tensorflow", "numpy", "python"}
    assert config["command"].startswith("python -m vae_utils train --sample")
    settings = config["settings"]
    assert (settings["model"], settings["data"]) == ("vae", "mnist")
    assert settings["seed"] == 1
    assert (settings["image_shape"], settings["classes"]) == ([28, 28, 1], 10)
    assert settings["complete"] is False and settings["viz"] is True
    assert settings["configuration"]["hidden"] == [4]
    history = run.read_history()
    kept = checkpoint_file.read(checkpoint_file.path_of(run.checkpoints, 2))
    assert history == kept["about"]["history"]
    metrics = json.loads(run.metrics.read_text())
    assert metrics["epoch"] == 2 and metrics["data"].startswith("MNIST, bundled")
    assert {"elbo", "nll", "kl", "rmse_mean"} <= set(metrics["metrics"])
    assert set(metrics["measured"]) >= {"elbo", "rmse_mean"}


PICTURES = {"history", "reconstruct", "epochs", "latent", "canvas"}
ANIMATIONS = {"spread", "spread_poster", "canvas_poster"}  # canvas is a picture, too


@pytest.mark.parametrize(
    ("name", "figures", "number"),
    [
        ("vae", PICTURES | ANIMATIONS | {"generate"}, "elbo"),
        ("wide", PICTURES - {"canvas"} | {"generate"}, "elbo"),
        ("cvae", PICTURES | ANIMATIONS | {"generate"}, "elbo"),
        ("ae", PICTURES | ANIMATIONS, "nll"),
        ("classifier", {"history"}, "test_accuracy"),
    ],
)
def test_train_draws_and_measures_what_the_model_can(name, figures, number, shared_run):
    run = shared_run(name)
    assert {path.stem for path in run.figures.iterdir()} == figures
    metrics = json.loads(run.metrics.read_text())["metrics"]
    assert number in metrics
    assert all(np.isfinite(value) for value in metrics.values())


def test_a_density_is_measured_as_one(shared_run):
    run = shared_run("learned")
    saved = json.loads(run.metrics.read_text())
    assert "density" in saved["measured"]["elbo"]
    metrics = saved["metrics"]
    assert metrics["elbo"] == pytest.approx(-(metrics["nll"] + metrics["kl"]))
    assert run.read_config()["settings"]["configuration"]["binarisation"] == "none"


def test_without_viz_there_are_neither_figures_nor_snapshots(shared_run):
    run = shared_run("learned")
    assert not run.figures.exists() and not run.snapshots.exists()


def test_a_learned_sigma_is_kept_and_loaded(shared_run):
    run = shared_run("learned")
    sigma = json.loads(run.metrics.read_text())["metrics"]["sigma"]
    assert sigma != pytest.approx(0.5, abs=1e-4)  # where it started
    loaded = loading.load(loading.find(str(run.path)))
    assert loaded.likelihood.sigma == sigma
    with np.load(checkpoint_file.path_of(run.checkpoints, 2)) as saved:
        assert np.exp(saved["likelihood/000"]) == pytest.approx(sigma)


def test_a_run_is_never_removed_unasked(shared_run, refuse):
    run = shared_run("vae")
    before = run.config.read_bytes()
    err = refuse("train", "--sample", "--output-dir", run.path, code=1)
    assert "--resume" in err and "--overwrite" in err
    assert run.config.read_bytes() == before


def test_overwrite_removes_a_run_but_no_other_file(copy_run, train):
    run = copy_run("learned")
    (run.path / "notes.txt").write_text("mine")
    train(run.path, "--no-viz", "--seed", "2", "--overwrite")
    assert run.read_config()["settings"]["seed"] == 2
    assert (run.path / "notes.txt").read_text() == "mine"


def test_a_folder_with_other_files_is_refused_with_overwrite_too(tmp_path, refuse):
    (tmp_path / "notes.txt").write_text("mine")
    where = ["--sample", "--output-dir", tmp_path]
    for options in ([], ["--overwrite"]):
        err = refuse("train", *where, *options, code=1)
        assert "which are not changed. Received" in err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_half_removed_run_can_be_overwritten(tmp_path, train, refuse):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "history.csv").write_text("epoch")
    (tmp_path / ".config.json.77.unfinished").write_text("{")
    err = refuse("train", "--sample", "--output-dir", tmp_path, code=1)
    assert "but no config.json" in err and "--overwrite" in err
    assert (tmp_path / "history.csv").read_text() == "epoch"
    run = train(tmp_path, "--no-viz", "--overwrite")
    assert len(run.read_history()["loss"]) == 2
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read.*Received"),
        ('{"format": 1, "settings": {', "cannot be read.*Received"),
        ("[1, 2]", "cannot be read.*Received"),
        ('{"settings": {}}', "cannot be read.*Received"),
        ('{"format": 2, "settings": {}}', "another version.*Received: format=2, not 1"),
        ('{"format": 1}', "lacks settings.*Missing: complete, configuration, data"),
        ('{"format": 1, "settings": {"model": "vae"}}', "Missing: complete, config"),
    ],
)
def test_a_damaged_configuration_is_refused(text, message, tmp_path):
    folder = RunFolder(tmp_path)
    folder.config.write_text(text)
    with pytest.raises(RunError, match=message):
        folder.read_config()


@pytest.mark.parametrize(
    ("configuration", "words"),
    [({"depth": 3}, "Received: depth"), ({"latent_dim": 0}, "latent_dim=0")],
)
def test_settings_that_no_model_has_are_refused(configuration, words, copy_run, refuse):
    run = copy_run("learned")
    config = run.read_config()
    config["settings"]["configuration"] |= configuration
    run.write_config(config)
    for command in (["train", "--resume", "--output-dir"], ["evaluate"]):
        assert words in refuse(*command, run.path, code=1)


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match="no config.json. Received"):
        RunFolder(tmp_path).read_config()
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="A run is a folder. Received"):
        RunFolder(tmp_path / "file").read_config()
    with pytest.raises(RunError, match="A run is a folder. Received"):
        RunFolder(tmp_path / "file").check_free()
    with pytest.raises(RunError, match="no recorded run of that name. Received"):
        loading.find(str(tmp_path / "none"))


def test_an_epoch_that_is_not_kept_is_refused(shared_run, tmp_path):
    run = shared_run("vae")
    assert loading.find(str(run.path), "1").epoch == 1
    best = loading.find(str(run.path), "best")
    losses = best.history["val_loss"]
    assert losses[best.epoch - 1] == min(losses)
    with pytest.raises(RunError, match="kept epochs 1, 2;.*Received: epoch 7"):
        loading.find(str(run.path), "7")
    RunFolder(tmp_path).start(run.read_config())
    with pytest.raises(RunError, match="no checkpoint yet.*Received"):
        loading.find(str(tmp_path))
