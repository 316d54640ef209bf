import dataclasses
import json
import types

import keras
import numpy as np
import pytest

from vae_utils import likelihoods, models, networks, pipeline, training
from vae_utils.configurations import PROJECTS, Configuration

SMALL = Configuration(hidden=(16, 8), batch_size=16, epochs=2)


def widths(network):
    kernels = [w for w in network.get_weights() if w.ndim == 2]
    return [kernel.shape for kernel in kernels]


def test_a_configuration_builds_mirrored_networks():
    vae = training.build(dataclasses.replace(SMALL, latent_dim=3), seed=0)
    assert widths(vae.encoder) == [(784, 16), (16, 8), (8, 3), (8, 3)]
    assert widths(vae.decoder) == [(3, 8), (8, 16), (16, 784)]


def test_encoder_and_decoder_can_have_activations_of_their_own():
    for decoder_activation, expected in ((None, "tanh"), ("relu", "relu")):
        configuration = dataclasses.replace(
            SMALL, activation="tanh", decoder_activation=decoder_activation
        )
        vae = training.build(configuration, seed=0)
        for network, name in ((vae.encoder, "tanh"), (vae.decoder, expected)):
            first = next(x for x in network.layers if isinstance(x, keras.layers.Dense))
            assert first.activation.__name__ == name


# From the projects' code, as read: encoder, activations, Adam's rate, batch, epochs,
# updates per epoch; parameters counted by hand, (inputs + 1) · outputs over the layers
# (of the convolutional ones, by Keras, with decoders that mirror the encoders).
PUBLISHED = {
    "yulinliutw": ("784-512-256-128", "relu relu", 2e-3, 100, 100, None, 1_165_840),
    "nocty-chan": ("784-500-10", "tanh tanh", 1e-3, 100, 50, None, 800_804),
    "cryer": ("784-400-20", "leaky_relu relu", 1e-3, 100, 50, None, 652_824),
    "asahi417-vae": (
        "784-500-500-20", "softplus softplus", 5e-3, 100, 150, None, 1_316_824,
    ),
    "asahi417-cvae-2cnn": (
        "2cnn-20", "relu relu", 5e-3, 100, 150, None, 66_857,
    ),
    "asahi417-cvae-3cnn": (
        "3cnn-20", "relu relu", 5e-3, 100, 150, None, 58_057,
    ),
    "asahi417-cvae-fc": (
        "784+10-500-500-20", "softplus softplus", 5e-3, 100, 150, None, 1_326_824,
    ),
    "conormdurkan": ("784-500-500-200-2", "relu relu", 2e-4, 128, 100, 100, 1_488_388),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_projects_networks_are_those_of_their_code(name):
    c = PROJECTS[name]
    vae = training.build(c, seed=0)
    parameters = vae.encoder.count_params() + vae.decoder.count_params()
    activations = f"{c.activation} {c.decoder_activation or c.activation}"
    schedule = c.learning_rate, c.batch_size, c.epochs, c.updates_per_epoch
    ours = (c.encoder_layers, activations, *schedule, parameters)
    assert ours == PUBLISHED[name]
    assert c.binarisation == "none"
    assert c.labelled == ("both" if "cvae" in name else "none")


def test_every_project_is_there_and_leaks_as_much_as_it_did():
    assert set(PROJECTS) == set(PUBLISHED)
    assert float(keras.activations.leaky_relu(-1.0)) == pytest.approx(-0.2)


def test_training_gives_one_number_per_epoch(data):
    seen = []
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(epoch)
    )
    vae, history = training.train(SMALL, data, seed=0, callbacks=[callback])
    assert seen == [0, 1]
    assert {"loss", "nll", "kl", "val_loss", "val_nll", "val_kl"} == set(history)
    assert all(len(values) == 2 for values in history.values())
    assert int(vae.optimizer.iterations) == 2 * (48 // 16)
    assert float(vae.optimizer.learning_rate) == pytest.approx(SMALL.learning_rate)


@pytest.mark.parametrize(("epochs", "updates"), [(2, 5), (5, 2), (1, 1), (3, 7)])
def test_an_epoch_can_be_any_number_of_updates(data, epochs, updates):
    configuration = dataclasses.replace(SMALL, epochs=epochs, updates_per_epoch=updates)
    vae, history = training.train(configuration, data, seed=0)
    assert len(history["loss"]) == epochs
    assert int(vae.optimizer.iterations) == epochs * updates


def test_encoder_and_decoder_are_chosen_apart(data):
    configuration = dataclasses.replace(
        SMALL, encoder="conv", hidden=(), decoder_hidden=(8,), latent_dim=3
    )
    assert configuration.encoder_layers == "conv-3"
    vae = training.build(configuration, seed=0)
    assert widths(vae.encoder) == [(7 * 7 * 32, 3)] * 2
    assert widths(vae.decoder) == [(3, 8), (8, 784)]


@pytest.mark.parametrize("labelled", networks.LABELLED)
def test_labels_make_a_conditional_model(data, labelled):
    configuration = dataclasses.replace(SMALL, labelled=labelled)
    vae, history = training.train(configuration, data, seed=0)
    assert isinstance(vae, models.ConditionalVAE) == (labelled != "none")
    assert np.isfinite(history["val_loss"]).all()


def test_the_learning_rate_falls_to_zero_where_asked(data):
    configuration = dataclasses.replace(SMALL, decay=True)
    vae, _ = training.train(configuration, data, seed=0)
    rate = vae.optimizer._learning_rate
    steps = [0, 3, 6]  # two epochs of three updates
    expected = [SMALL.learning_rate, SMALL.learning_rate / 2, 0]
    np.testing.assert_allclose([rate(step) for step in steps], expected, atol=1e-9)


def test_the_same_seed_trains_the_same_model(data):
    runs = [training.train(SMALL, data, seed=seed) for seed in (3, 3, 4)]
    weights = [vae.get_weights() for vae, _ in runs]
    for first, second in zip(weights[0], weights[1], strict=True):
        np.testing.assert_array_equal(first, second)
    assert runs[0][1] == runs[1][1]
    assert runs[0][1] != runs[2][1]


@pytest.mark.parametrize("binarisation", ["dynamic", "none"])
def test_it_trains_as_one_would_by_hand(binarisation, images):
    """As in chapter 02, whose numbers are compared with recorded ones."""
    grey = (images * np.random.default_rng(0).random(images.shape)).astype(np.uint8)
    data = types.SimpleNamespace(x_train=grey[:48], x_val=grey[48:])
    c = dataclasses.replace(SMALL, binarisation=binarisation)
    vae, history = training.train(c, data, seed=3)

    keras.utils.set_random_seed(3)
    encoder = networks.build_fc_encoder(2, (16, 8))
    decoder = networks.build_fc_decoder(2, (8, 16))
    by_hand = models.VAE(encoder, decoder, likelihoods.Bernoulli(), seed=3)
    by_hand.compile(keras.optimizers.Adam(2e-3))
    batches, steps = pipeline.training_batches(
        data.x_train, batch_size=16, epochs=2, seed=3, binarisation=binarisation
    )
    expected = by_hand.fit(
        batches,
        epochs=2,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(
            data.x_val, binarisation=binarisation
        ),
        shuffle=False,
        verbose=0,
    ).history
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-6)
    for ours, theirs in zip(vae.get_weights(), by_hand.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


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
        ("learning_rate", True),
        ("decay", 1),
        ("encoder", "resnet"),
        ("decoder", ["conv"]),
        ("decoder_hidden", 16),
        ("labelled", "all"),
        ("activation", "rellu"),
        ("activation", 3),
        ("decoder_activation", "rellu"),
        ("binarisation", "maybe"),
    ],
)
def test_a_bad_configuration_names_the_argument(name, value):
    with pytest.raises(ValueError, match=rf"{name}.* Received: .*") as caught:
        Configuration(**{name: value})
    assert repr(value) in str(caught.value)


def test_a_batch_larger_than_the_data_is_refused(data):
    with pytest.raises(ValueError, match="batch_size must be at most .* 48.*=100"):
        training.train(dataclasses.replace(SMALL, batch_size=100), data, seed=0)
