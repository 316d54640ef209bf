"""`train --preset pictures` on a few images: adapted, stopped, resumed."""

import numpy as np
import pytest

from vae_utils import cli, datasets
from vae_utils.datasets import Dataset
from vae_utils.runs import RunFolder

QUICK = "train --preset pictures --updates-per-epoch 2 --latent-dim 3 --no-viz".split()


@pytest.fixture(autouse=True)
def few_images(monkeypatch):
    """Fifty pictures of 8 × 8 in colour stand for a folder of one's own."""
    x = np.random.default_rng(0).integers(0, 256, (50, 8, 8, 3), np.uint8)
    x, y = np.split(x, (40, 45)), np.split(np.arange(50) % 2, (40, 45))
    splits = [values for pair in zip(x, y, strict=True) for values in pair]
    data = Dataset("mnist", *splits, ("a", "b"), False, "made for tests")
    monkeypatch.setattr(datasets, "load", lambda *args, **options: data)


def train(folder, *options):
    assert cli.main([*QUICK, "--output-dir", str(folder), *options]) == 0
    run = RunFolder(folder)
    return run, run.read_config()["settings"]["configuration"]


def test_a_run_on_few_images_is_adapted_and_resumed(tmp_path, capsys):
    run, c = train(tmp_path, "--epochs", "1", "--no-decay", "--quiet")
    assert (c["batch_size"], c["augmentation"]) == (10, "none")
    assert "40 images to train with" in capsys.readouterr().err
    run, resumed = train(tmp_path, "--epochs", "2", "--no-decay", "--quiet", "--resume")
    assert resumed == c | {"epochs": 2}
    assert len(run.read_history()["loss"]) == 2
    assert "bits_per_dim_dequantised" in run.metrics.read_text()


def test_a_run_that_stops_early_reports_its_best_epoch(tmp_path, capsys):
    options = ["--epochs", "20", "--patience", "1", "--learning-rate", "3"]
    run, _ = train(tmp_path, *options)
    losses = run.read_history()["val_loss"]
    assert len(losses) < 20
    output = capsys.readouterr()
    best = int(np.argmin(losses)) + 1
    assert f"smallest after epoch {best} of {len(losses)}" in output.err
    assert f'"epoch": {best}' in run.metrics.read_text()
