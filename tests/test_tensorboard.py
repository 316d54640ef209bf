import importlib.util

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from vae_utils import evaluation, latent, training
from vae_utils.configurations import ClassifierConfiguration, Configuration

SMALL = Configuration(hidden=(16,), batch_size=16, epochs=2)


def read(folder):
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    return events.Reload()


def scalars(events, tag):
    values = events.Tensors(tag)
    return [event.step for event in values], [
        float(tf.make_ndarray(event.tensor_proto)) for event in values
    ]


@pytest.mark.parametrize("labelled", ["none", "both"])
def test_curves_and_pictures_of_both_splits(data, tmp_path, labelled):
    configuration = Configuration(
        hidden=(16,), batch_size=16, epochs=2, labelled=labelled
    )
    logs = training.TensorBoard(tmp_path, data)
    model, history = training.train(configuration, data, seed=1, callbacks=[logs])
    pictures = {"input above reconstruction (mean)"}
    for split, prefix, new in (
        ("train", "", set()),
        ("val", "val_", {"new images (mean)"}),
    ):
        events = read(tmp_path / split)
        tags = set(events.Tags()["tensors"])
        assert tags == {"loss", "nll", "kl", "rmse"} | pictures | new
        for name in ("loss", "nll", "kl"):
            steps, values = scalars(events, name)
            assert steps == [1, 2]
            np.testing.assert_allclose(values, history[prefix + name], rtol=1e-6)
        images, labels = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        labels = labels if labelled == "both" else None
        means = latent.reconstruct(model, images, labels)
        _, (_, rmse) = scalars(events, "rmse")
        assert rmse == pytest.approx(evaluation.rmse(images, means), rel=1e-5)
        for tag in pictures | new:
            last = events.Tensors(tag)[-1]
            png = tf.make_ndarray(last.tensor_proto)[2]
            canvas = tf.image.decode_png(png).numpy()
            rows = 2 if tag in pictures else 1
            assert canvas.shape == (rows * 30 - 2, 298, 1)
            if tag in pictures:
                np.testing.assert_array_equal(canvas[:28, :28, 0], images[0])


def test_a_classifier_has_curves_only(data, tmp_path):
    logs = training.TensorBoard(tmp_path, data)
    configuration = ClassifierConfiguration(filters=(4,), batch_size=16, epochs=1)
    training.train(configuration, data, seed=1, callbacks=[logs])
    assert set(read(tmp_path / "val").Tags()["tensors"]) == {"loss", "accuracy"}


def test_logs_do_not_change_the_training(data, tmp_path):
    logs = training.TensorBoard(tmp_path, data)
    assert (
        training.train(SMALL, data, seed=1, callbacks=[logs])[1]
        == training.train(SMALL, data, seed=1)[1]
    )


def test_without_tensorboard_there_is_one_sentence(data, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install tensorboard"):
        training.TensorBoard(tmp_path, data)
