"""`train --load-weights`: a new run that starts with the weights of another."""

import shutil

import numpy as np
import pytest

from vae_utils import models
from vae_utils.runs import loading
from vae_utils.runs.folder import SettingsError
from vae_utils.runs.initial_weights import InitialWeights
from vae_utils.training import checkpoint_file


def build(run, seed):
    return models.build(run.configuration, **run.shape, seed=seed)


def assert_equal(one, other, **tolerance):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, **tolerance or {"rtol": 0})


def test_weights_of_one_part_are_set_and_described(shared_run):
    run = loading.find(str(shared_run("vae").path))
    trained, fresh, started = loading.load(run), build(run, 9), build(run, 9)
    weights = InitialWeights(str(shared_run("vae").path), "decoder")
    weights.set(started)
    assert_equal(started.decoder, trained.decoder)
    assert_equal(started.encoder, fresh.encoder)
    described = weights.describe(started)
    assert described["part"] == "decoder" and len(described["sha256"]) == 64
    assert described == weights.describe(trained) != weights.describe(fresh)


def test_weights_of_a_recorded_run_are_set():
    run = loading.find("explorer_vae")
    started = build(run, 9)
    InitialWeights("explorer_vae").set(started)
    trained = loading.load(run)
    assert_equal(started.encoder, trained.encoder)
    assert_equal(started.decoder, trained.decoder)


def test_a_part_that_the_model_lacks_is_refused(shared_run):
    run = loading.find(str(shared_run("vae").path))
    with pytest.raises(SettingsError, match="encoder, decoder. Received: part=head"):
        InitialWeights(str(shared_run("vae").path), "head").set(build(run, 9))


def test_a_run_starts_with_the_weights_of_a_checkpoint(
    shared_run, train, resume, tmp_path
):
    trained = shared_run("vae")
    path = checkpoint_file.path_of(trained.checkpoints, 2)
    source = tmp_path / "source.npz"
    shutil.copyfile(path, source)
    options = ["--load-weights", str(source), "--learning-rate", "1e-9", "--no-viz"]
    run = train(tmp_path / "new", *options, "--epochs", "1")
    kept = loading.load(loading.find(str(run.path)))
    expected = loading.load(loading.find(str(trained.path)))
    assert_equal(kept.encoder, expected.encoder, atol=1e-6)
    assert_equal(kept.decoder, expected.decoder, atol=1e-6)
    assert run.read_config()["settings"]["weights"]["part"] == "all"

    source.unlink()  # checkpoints have what the run started with
    resume(run, "--epochs", "2")
    assert len(run.read_history()["loss"]) == 2
    resume(run, "--load-weights", str(source))  # as the hint after Ctrl-C repeats it
    for path in run.checkpoints.iterdir():
        path.unlink()
    resume(run, code=1)  # the weights are needed again


def test_weights_of_another_architecture_are_refused(shared_run, tmp_path, refuse):
    new = ["--output-dir", tmp_path / "new", "--load-weights", shared_run("vae").path]
    err = refuse("train", "--sample", *new, "--latent-dim", 3, code=1)
    assert "another architecture" in err
    assert not (tmp_path / "new").exists()
