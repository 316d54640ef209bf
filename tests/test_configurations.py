import dataclasses
import json
import types

import keras
import numpy as np
import pytest

from vae_utils import configurations, pipeline
from vae_utils.configurations import PROJECTS, Configuration

SMALL = Configuration(hidden=(16, 8), batch_size=16, epochs=2)


@pytest.fixture
def data(images):
    return types.SimpleNamespace(x_train=images[:48], x_val=images[48:])


def widths(network):
    kernels = [w for w in network.get_weights() if w.ndim == 2]
    return [kernel.shape for kernel in kernels]


def test_a_configuration_builds_mirrored_networks():
    vae = configurations.build(dataclasses.replace(SMALL, latent_dim=3), seed=0)
    assert widths(vae.encoder) == [(784, 16), (16, 8), (8, 3), (8, 3)]
    assert widths(vae.decoder) == [(3, 8), (8, 16), (16, 784)]


def test_encoder_and_decoder_can_have_activations_of_their_own():
    for decoder_activation, expected in ((None, "tanh"), ("relu", "relu")):
        configuration = dataclasses.replace(
            SMALL, activation="tanh", decoder_activation=decoder_activation
        )
        vae = configurations.build(configuration, seed=0)
        for network, name in ((vae.encoder, "tanh"), (vae.decoder, expected)):
            first = next(x for x in network.layers if isinstance(x, keras.layers.Dense))
            assert first.activation.__name__ == name


@pytest.mark.parametrize(
    ("name", "network", "parameters"),
    [  # counted by hand: (inputs + 1) · outputs, summed over the layers
        ("yulinliutw", "784-512-256-128", 1_165_840),
        ("nocty-chan", "784-500-10", 800_804),
        ("cryer", "784-400-20", 652_824),
        ("asahi417-vae", "784-500-500-20", 1_316_824),
        ("conormdurkan", "784-500-500-200-2", 1_488_388),
    ],
)
def test_the_projects_networks(name, network, parameters):
    assert PROJECTS[name].network == network
    vae = configurations.build(PROJECTS[name], seed=0)
    counted = vae.encoder.count_params() + vae.decoder.count_params()
    assert counted == parameters


def test_training_gives_one_number_per_epoch(data):
    seen = []
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(epoch)
    )
    vae, history = configurations.train(SMALL, data, seed=0, callbacks=[callback])
    assert seen == [0, 1]
    assert {"loss", "nll", "kl", "val_loss", "val_nll", "val_kl"} == set(history)
    assert all(len(values) == 2 for values in history.values())
    assert int(vae.optimizer.iterations) == 2 * (48 // 16)
    assert float(vae.optimizer.learning_rate) == pytest.approx(SMALL.learning_rate)


@pytest.mark.parametrize(("epochs", "updates"), [(2, 5), (5, 2), (1, 1), (3, 7)])
def test_an_epoch_can_be_any_number_of_updates(data, epochs, updates, recwarn):
    configuration = dataclasses.replace(SMALL, epochs=epochs, updates_per_epoch=updates)
    vae, history = configurations.train(configuration, data, seed=0)
    assert len(history["loss"]) == epochs
    assert int(vae.optimizer.iterations) == epochs * updates


def test_the_same_seed_trains_the_same_model(data):
    runs = [configurations.train(SMALL, data, seed=seed) for seed in (3, 3, 4)]
    weights = [vae.get_weights() for vae, _ in runs]
    for first, second in zip(weights[0], weights[1], strict=True):
        np.testing.assert_array_equal(first, second)
    assert runs[0][1] == runs[1][1]
    assert runs[0][1] != runs[2][1]


def test_the_binarisation_reaches_training_and_validation(data, monkeypatch):
    seen = []
    for name in ("training_batches", "evaluation_batches"):
        original = getattr(pipeline, name)

        def spy(*args, original=original, **options):
            seen.append(options["binarisation"])
            return original(*args, **options)

        monkeypatch.setattr(pipeline, name, spy)
    grey = dataclasses.replace(SMALL, binarisation="none", epochs=1)
    configurations.train(grey, data, seed=0)
    assert seen == ["none", "none"]


def test_a_configuration_survives_json():
    for configuration in PROJECTS.values():
        text = json.dumps(dataclasses.asdict(configuration))
        assert Configuration(**json.loads(text)) == configuration


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("latent_dim", 0),
        ("latent_dim", 2.5),
        ("hidden", (500, 0)),
        ("hidden", (500, -1)),
        ("hidden", 500),
        ("batch_size", 0),
        ("epochs", -1),
        ("updates_per_epoch", 0),
        ("learning_rate", 0),
        ("learning_rate", float("nan")),
        ("learning_rate", "fast"),
        ("binarisation", "maybe"),
    ],
)
def test_a_bad_configuration_names_the_argument(name, value):
    with pytest.raises(ValueError, match=rf"{name}.* Received: .*") as caught:
        Configuration(**{name: value})
    assert repr(value) in str(caught.value)


def test_a_batch_larger_than_the_data_is_refused(data):
    with pytest.raises(ValueError, match="batch_size must be at most .* 48.*=100"):
        configurations.train(dataclasses.replace(SMALL, batch_size=100), data, seed=0)


def test_labels_are_no_images(data):
    labels = np.arange(48) % 10
    wrong = types.SimpleNamespace(x_train=labels, x_val=data.x_val)
    with pytest.raises(
        ValueError, match=r"Images must have shape .* Received: shape=\(48,\)"
    ):
        configurations.train(SMALL, wrong, seed=0)
