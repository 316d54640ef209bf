"""All that watches a training run, in one run: it gets what `fit` gives."""

import dataclasses
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from vae_utils import evaluation, latent, training
from vae_utils.blocks import sizes
from vae_utils.configurations import ConditionalVAEConfiguration

EPOCHS = 2
SMALL = ConditionalVAEConfiguration(hidden=(8,), batch_size=16, epochs=EPOCHS)


@pytest.fixture
def watched(data, tmp_path, capsys, monkeypatch):
    """A run that everything watches: model, history, callbacks and printed text."""
    monkeypatch.setattr(training.progress, "REFRESH_SECONDS", -1)
    shown = {"live": True, "labels": data.y_val[:3]}
    callbacks = {
        "progress": training.Progress(batch_size=SMALL.batch_size),
        "reconstructions": training.Reconstructions(data.x_val[:3], **shown),
        "tensorboard": training.TensorBoard(tmp_path / "logs", data),
        "snapshots": training.Snapshots(tmp_path, data),
    }
    model, history = training.train(
        SMALL,
        data,
        seed=1,
        callbacks=list(callbacks.values()),
        checkpoints=tmp_path / "checkpoints",
    )
    return model, history, callbacks, capsys.readouterr().err


def test_callbacks_watch_a_run_and_do_not_change_it(watched, data, tmp_path):
    model, history, callbacks, text = watched
    plain, same = training.train(SMALL, data, seed=1)
    assert history == same
    for one, other in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    check_progress(text, history)
    check_reconstructions(callbacks["reconstructions"], model, data)
    check_tensorboard(tmp_path / "logs", model, history, data)
    check_snapshots(training.read_snapshots(tmp_path), model, data)


def check_progress(text, history):
    lines = text.splitlines()
    for epoch, line in enumerate(lines[:EPOCHS]):
        assert line.startswith(f"epoch {epoch + 1}/{EPOCHS}: ")
        for name, values in history.items():
            assert f"{name} {values[epoch]:.4g}," in line
    header, _, *rows = lines[EPOCHS:]
    assert header.split() == ["epoch", *history, "seconds"]
    for epoch, row in enumerate(rows):
        numbers = [f"{values[epoch]:.2f}" for values in history.values()]
        assert row.split()[:-1] == [str(epoch + 1), *numbers]
    assert len(rows) == EPOCHS


def check_reconstructions(watch, model, data):
    assert list(watch.kept) == [1, 2]
    means = latent.reconstruct(model, data.x_val[:3], data.y_val[:3])
    np.testing.assert_array_equal(watch.kept[EPOCHS], means)
    assert np.abs(watch.kept[1] - means).max() > 0
    assert not plt.get_fignums()


def check_tensorboard(folder, model, history, data):
    for split, prefix in (("train", ""), ("val", "val_")):
        path = str(folder / split)
        events = EventAccumulator(path, size_guidance={"tensors": 0}).Reload()
        curves = {
            tag: [float(tf.make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)]
            for tag in ("loss", "nll", "kl", "rmse")
        }
        for name in ("loss", "nll", "kl"):
            np.testing.assert_allclose(curves[name], history[prefix + name], rtol=1e-6)
        images, labels = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        means = latent.reconstruct(model, images, labels)
        expected = pytest.approx(evaluation.rmse(images, means), rel=1e-5)
        assert curves["rmse"][-1] == expected


def check_snapshots(kept, model, data):
    assert list(kept["epochs"]) == [1, 2]
    z = latent.encode_mean(model, data.x_test, data.y_test)
    np.testing.assert_array_equal(kept["z_mean"][-1], z)
    assert (kept["z_mean"][0] != z).any()


def test_terminal_shows_the_steps_of_an_epoch(data, capsys, monkeypatch):
    monkeypatch.setattr(training.progress, "REFRESH_SECONDS", -1)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    configuration = dataclasses.replace(SMALL, updates_per_epoch=16, epochs=1)
    prepared = training.prepare(configuration, data, seed=1)
    spec = prepared.batches(0).element_spec
    monkeypatch.setattr(sizes, "BLOCK_BYTES", 2 * sizes.count_bytes(spec) + 10**3)
    progress = training.Progress(batch_size=SMALL.batch_size)
    history = training.fit(prepared, callbacks=[progress])
    lines = capsys.readouterr().err.split("\r")
    lines = [line for line in lines if line.startswith("epoch 1/1 ")]
    assert [line.count("━") for line in lines] == [0, 1, 2, 3, 3, 4, 5, 6]
    means = [f"{name} {history[name][0]:.4g}" for name in ("loss", "nll", "kl")]
    assert ", ".join(means) in lines[-1]
    assert "left" not in lines[0]  # the first call also compiles
    for line in lines[1:]:  # a long one is cut off
        assert re.search(r" \| \d+:\d\d left \| [\d,]+ image", line)
