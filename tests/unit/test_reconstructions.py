"""Reconstructions while a model learns, of weights that are set by hand."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hostile_style import HOSTILE

from vae_utils import models, training
from vae_utils.configurations import ConditionalVAEConfiguration
from vae_utils.status import Status


@pytest.fixture
def vae(make_vae):
    return make_vae()


def run(watch, model, epochs, interrupted=False):
    """Calls what `fit` calls; before each epoch's end, all weights change."""
    watch.set_model(model)
    watch.on_train_begin()
    for epoch in range(epochs):
        model.set_weights([0.9 * value for value in model.get_weights()])
        watch.on_epoch_end(epoch, {})
    if not interrupted:
        watch.on_train_end()


def reconstruct(model, images):
    """Decodes the means of q(z|x), one image at a time."""
    rows = []
    for image in images:
        z_mean, _ = model.encoder(np.float32(image / 255)[None, :, :, None])
        logits = np.array(model.decoder(z_mean)[0], float)
        rows.append(1 / (1 + np.exp(-logits)))
    return np.stack(rows)


def test_reconstructions_are_kept_after_the_chosen_epochs(vae, images):
    few = images[:3]
    watch = training.Reconstructions(few, epochs=(1, 3))
    assert watch.kept == {}
    run(watch, vae, epochs=3)
    assert list(watch.kept) == [1, 3]
    assert watch.kept[1].shape == (3, 16, 16, 1)
    np.testing.assert_allclose(watch.kept[3], reconstruct(vae, few), rtol=1e-5)
    assert np.abs(watch.kept[3] - watch.kept[1]).max() > 0
    assert not plt.get_fignums()


def test_every_epoch_is_kept_and_the_next_run_starts_afresh(vae, images):
    watch = training.Reconstructions(images[:3])
    for epochs in (2, 1):
        run(watch, vae, epochs)
        assert list(watch.kept) == [1, 2][:epochs]


def test_labels_are_those_of_the_images(colour_data):
    shape = {"image_shape": colour_data.image_shape, "classes": colour_data.classes}
    configuration = ConditionalVAEConfiguration(hidden=(8,))
    model = models.build(configuration, **shape, seed=0)
    image, kept = colour_data.x_val[:1], []
    for label in (0, 1):
        watch = training.Reconstructions(image, labels=np.array([label]))
        run(watch, model, epochs=1)
        kept.append(watch.kept[1])
        assert kept[-1].shape == (1, 16, 24, 3)
    assert np.abs(kept[0] - kept[1]).max() > 0


@pytest.mark.parametrize("epochs", [3, (0, 1), (1.5,), "13", (True,)])
def test_invalid_epochs_are_refused(images, epochs):
    with pytest.raises(ValueError, match="epochs must be positive .*Received: epochs="):
        training.Reconstructions(images[:3], epochs=epochs)


def test_invalid_images_are_refused():
    with pytest.raises(ValueError, match="Received: shape="):
        training.Reconstructions(np.zeros(5, np.uint8))


def test_epochs_may_come_from_an_iterator(vae, images):
    watch = training.Reconstructions(images[:3], epochs=iter((1, 3)))
    run(watch, vae, epochs=3)
    assert list(watch.kept) == [1, 3]


def test_live_picture_is_redrawn_after_every_epoch(vae, images, monkeypatch):
    shown = []

    def show(self, figure):
        rows = [np.array(ax.images[0].get_array()) for ax in figure.axes]
        shown.append((figure, rows, figure.axes[1].get_title("left")))

    monkeypatch.setattr(Status, "show", show)
    watch = training.Reconstructions(images[:3], epochs=(2,), live=True)
    run(watch, vae, epochs=2)
    assert list(watch.kept) == [2]
    (first, before, name), (second, after, last_name) = shown
    assert first is second
    assert (name, last_name) == ("mean, epoch 1", "mean, epoch 2")
    np.testing.assert_array_equal(before[0], after[0])  # the inputs
    assert np.abs(before[1] - after[1]).max() > 0
    np.testing.assert_allclose(after[1][:16, :16], watch.kept[2][0, ..., 0])
    assert not plt.get_fignums()


def test_picture_of_an_interrupted_run_is_closed_by_the_next(vae, images):
    watch = training.Reconstructions(images[:3], live=True)
    for _ in range(2):
        run(watch, vae, epochs=1, interrupted=True)
        assert len(plt.get_fignums()) == 1
    run(watch, vae, epochs=1)
    assert not plt.get_fignums()


def test_live_picture_ignores_a_matplotlibrc(vae, images, monkeypatch):
    shown = []

    def show(self, figure):
        figure.canvas.draw()
        shown.append(np.array(figure.canvas.buffer_rgba()))

    monkeypatch.setattr(Status, "show", show)
    weights = vae.get_weights()
    for settings in ({}, HOSTILE):
        vae.set_weights(weights)
        with plt.rc_context(settings):
            run(training.Reconstructions(images[:3], (), live=True), vae, epochs=2)
    np.testing.assert_array_equal(shown[:2], shown[2:])


def test_a_window_that_was_closed_does_not_end_training(vae, images, monkeypatch):
    shown = []

    def show(self, figure):
        shown.append(figure)
        raise RuntimeError("the window was closed")

    monkeypatch.setattr(Status, "show", show)
    watch = training.Reconstructions(images[:3], (1, 2, 3), live=True)
    with pytest.warns(UserWarning, match="display is off. Received: RuntimeError: th"):
        run(watch, vae, epochs=3)
    assert len(shown) == 1 and list(watch.kept) == [1, 2, 3]
    assert not plt.get_fignums()
