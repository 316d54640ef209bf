"""Logs for TensorBoard, of models whose weights are set by hand."""

import dataclasses
import importlib.util

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from vae_utils import models, training
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)

PAIRS, NEW = "input above reconstruction (mean)", "new images (mean)"
GAP = 2  # white pixels
LOGS = [
    {"loss": 3.0, "kl": 1.0, "val_loss": 4.0, "val_kl": 2.0},
    {"loss": 2.5, "kl": 1.5, "val_loss": 3.5, "val_kl": 2.5},
]


def log(folder, configuration, data, epochs=LOGS):
    """Calls what `fit` calls, and returns the model."""
    shape = {"image_shape": data.image_shape, "classes": data.classes}
    model = models.build(configuration, **shape, seed=0)
    callback = training.TensorBoard(folder, data)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, logs in enumerate(epochs):
        callback.on_epoch_end(epoch, logs)
    callback.on_train_end()
    return model


def read(folder):
    return EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()


def list_tags(folder):
    return set(read(folder).Tags()["tensors"])


def scalars(folder, tag):
    """Reads the steps and values of a curve."""
    events = read(folder).Tensors(tag)
    values = [float(tf.make_ndarray(event.tensor_proto)) for event in events]
    return [event.step for event in events], values


def last_picture(folder, tag):
    png = tf.make_ndarray(read(folder).Tensors(tag)[-1].tensor_proto)[2]
    return tf.image.decode_png(png).numpy()


def cut(picture, data):
    """Cuts a picture into images, shape (rows, columns, height, width, channels)."""
    height, width, channels = data.image_shape
    padded = np.pad(picture, ((0, GAP), (0, GAP), (0, 0)))
    rows, columns = len(padded) // (height + GAP), padded.shape[1] // (width + GAP)
    cells = padded.reshape(rows, height + GAP, columns, width + GAP, channels)
    return cells.swapaxes(1, 2)[:, :, :height, :width]


def reconstruct(model, images, labels=None):
    """Decodes the means of q(z|x), with encoder and decoder themselves."""
    x = np.float32(images / 255).reshape(-1, *model.image_shape)
    if labels is None:
        logits = model.decoder(model.encoder(x)[0])
    else:
        z_mean, _ = model.encoder({"x": x, "y": labels})
        logits = model.decoder({"z": np.array(z_mean), "y": labels})
    return 1 / (1 + np.exp(-np.array(logits, float)))


def test_curves_are_those_of_either_split(data, tmp_path):
    log(tmp_path, VAEConfiguration(hidden=(8,)), data)
    for name in ("loss", "kl"):
        for split, prefix in (("train", ""), ("val", "val_")):
            expected = [logs[prefix + name] for logs in LOGS]
            assert scalars(tmp_path / split, name) == ([1, 2], expected)
    tags = {"loss", "kl", "rmse", PAIRS}
    assert list_tags(tmp_path / "train") == tags
    assert list_tags(tmp_path / "val") == tags | {NEW}


@pytest.mark.parametrize("split", ["train", "val"])
@pytest.mark.parametrize("conditional", [False, True])
def test_rmse_and_pictures_are_of_the_split(
    data, colour_data, tmp_path, conditional, split
):
    kind = ConditionalVAEConfiguration if conditional else VAEConfiguration
    data = colour_data if conditional else data
    model = log(tmp_path, kind(hidden=(8,)), data, LOGS[:1])
    images, labels = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
    means = reconstruct(model, images, labels if conditional else None)
    x = (images / 255).reshape(means.shape)
    rmse = np.sqrt(np.square(x - means).mean(axis=(1, 2, 3))).mean()
    assert scalars(tmp_path / split, "rmse")[1] == [pytest.approx(rmse, rel=1e-5)]
    above, below = cut(last_picture(tmp_path / split, PAIRS), data)
    np.testing.assert_array_equal(above, np.rint(255 * x[:10]))
    np.testing.assert_allclose(below, 255 * means[:10], atol=1.01)


def test_new_images_are_of_every_class_in_turn(colour_data, tmp_path):
    model = log(tmp_path, ConditionalVAEConfiguration(hidden=(8,)), colour_data)
    (new,) = cut(last_picture(tmp_path / "val", NEW), colour_data)
    labels = np.arange(10) % 4
    z = np.random.default_rng([0, 2]).standard_normal((10, 2), dtype=np.float32)
    logits = np.array(model.decoder({"z": z, "y": labels}), float)
    np.testing.assert_allclose(new, 255 / (1 + np.exp(-logits)), atol=1.01)


def test_each_of_many_classes_has_a_new_image(data, tmp_path):
    labels = {f"y_{split}": getattr(data, f"y_{split}") for split in ("train", "val")}
    names = tuple(f"class {i}" for i in range(23))
    data = dataclasses.replace(data, class_names=names, **labels)
    log(tmp_path, ConditionalVAEConfiguration(hidden=(8,)), data, LOGS[:1])
    rows = cut(last_picture(tmp_path / "val", NEW), data)
    assert rows.shape[:2] == (3, 10)
    assert not rows[2, 3:].any() and rows[2, :3].any()  # 23 images


def test_model_without_a_prior_has_no_new_images(data, tmp_path):
    log(tmp_path, AutoencoderConfiguration(hidden=(8,)), data, LOGS[:1])
    assert list_tags(tmp_path / "val") == {"loss", "kl", "rmse", PAIRS}


def test_classifier_has_curves_only(data, tmp_path):
    log(tmp_path, ClassifierConfiguration(filters=(4,)), data, LOGS[:1])
    for split in ("train", "val"):
        assert list_tags(tmp_path / split) == {"loss", "kl"}


def test_missing_tensorboard_is_named(data, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install tensorboard"):
        training.TensorBoard(tmp_path, data)


def test_folder_that_cannot_be_made_is_an_os_error(data, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        training.TensorBoard(tmp_path / "file", data)
