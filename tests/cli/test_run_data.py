"""A run is evaluated and resumed on the data that it was trained on, and no other."""

import json

import pytest

from vae_utils import cli, datasets
from vae_utils.cli import evaluate


def call(*arguments):
    return cli.main(list(map(str, arguments)))


@pytest.fixture
def complete(copy_run, monkeypatch, tmp_path):
    """A run whose settings say complete data, which cannot be had here."""
    run = copy_run("vae")
    config = json.loads(run.config.read_text())
    config["settings"]["complete"] = True
    run.config.write_text(json.dumps(config))
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    return run


def read_all(run):
    return {p: p.read_bytes() for p in sorted(run.path.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("profile", ["full", "quick"])
@pytest.mark.parametrize(
    "asked", ["", "--metrics", "--latent", "--generate --around class-means"]
)
def test_other_data_are_refused(asked, profile, complete, monkeypatch, refuse):
    monkeypatch.setenv("VAE_BOOK_PROFILE", profile)
    before = read_all(complete)
    err = refuse("evaluate", complete.path, *asked.split(), code=1)
    assert "The complete mnist data is unavailable" in err
    assert "the cache: no train-images" in err and "VAE_UTILS_OFFLINE=1" in err
    assert read_all(complete) == before


def test_resuming_on_other_data_is_refused(complete, refuse):
    before = read_all(complete)
    where = ["--output-dir", complete.path]
    err = refuse("train", "--resume", "--epochs", "3", *where, code=1)
    assert "The complete mnist data is unavailable" in err
    assert read_all(complete) == before


def test_what_needs_no_data_is_drawn_without(complete):
    asked = ["--history", "--generate", "--num-gen", "4"]
    assert call("evaluate", complete.path, *asked) == 0
    assert call("animate", complete.path, "--animation", "grid") == 0


def test_the_sample_goes_to_another_folder(complete, tmp_path, refuse):
    before = read_all(complete)
    asked = ["evaluate", complete.path, "--metrics", "--sample"]
    assert "choose another folder" in refuse(*asked, code=2)
    assert call(*asked, "--output-dir", tmp_path / "of sample") == 0
    numbers = json.loads((tmp_path / "of sample" / "metrics.json").read_text())
    assert "bundled sample" in numbers["data"]
    assert read_all(complete) == before


def test_a_run_on_the_sample_never_gets_the_complete_data(copy_run, monkeypatch):
    run = copy_run("learned")
    monkeypatch.setattr(datasets, "load_complete", None)
    for profile in ("full", "quick"):
        monkeypatch.setenv("VAE_BOOK_PROFILE", profile)
        before = json.loads(run.metrics.read_text())
        assert call("evaluate", run.path, "--metrics") == 0
        after = json.loads(run.metrics.read_text())
        assert "bundled sample" in after["data"]
        assert after["metrics"] == before["metrics"]


@pytest.mark.parametrize("name", ["cats-64-fur", "sprites-colour"])
def test_a_run_finds_its_rendered_data_again(name, train, resume, tmp_path):
    run = train(tmp_path / "run", "--data", name, "--no-viz")
    data = datasets.load(name, sample=True)
    settings = json.loads(run.config.read_text())["settings"]
    assert settings["data"] == name and not settings["complete"]
    assert settings["image_shape"] == list(data.image_shape)
    assert settings["classes"] == data.classes
    before = json.loads(run.metrics.read_text())
    assert before["data"] == data.provenance
    assert call("evaluate", run.path, "--metrics") == 0
    assert json.loads(run.metrics.read_text())["metrics"] == before["metrics"]
    resume(run, "--epochs", "3")
    assert len(run.read_history()["loss"]) == 3


def test_a_run_on_colour_images_has_every_picture_and_animation(train, tmp_path):
    run = train(tmp_path / "run", "--data", "sprites-colour")
    names = {path.name for path in run.figures.iterdir()}
    assert {"reconstruct.png", "generate.png", "latent.png", "canvas.png"} <= names
    assert {"epochs.png", "spread.gif", "canvas.gif"} <= names


def test_a_folder_for_rendered_data_is_refused(tmp_path, refuse):
    where = ["--data-dir", tmp_path, "--output-dir", tmp_path / "run"]
    err = refuse("train", "--data", "cats", *where, code=1)
    assert "Cats are not read from a folder" in err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("there", [True, False])
def test_data_come_from_the_folder_that_training_used(there, copy_run, tmp_path):
    run, folder = copy_run("learned"), tmp_path / "idx"
    config = json.loads(run.config.read_text()) | {"data_dir": str(folder)}
    run.config.write_text(json.dumps(config))
    if there:
        folder.mkdir()
    assert evaluate.remembered_folder(run) == (str(folder) if there else None)
