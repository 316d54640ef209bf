"""Keras's own files: weights and whole models, of every model in the registry."""

import dataclasses

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import configurations, likelihoods, models, networks
from vae_utils.configurations import LIKELIHOODS, MODELS, PRECISIONS, PRIORS

pytestmark = pytest.mark.core

SHAPE, CLASSES, COUNT = (8, 6, 1), 3, 8
SMALL = {"hidden": (6,), "filters": (3,), "conditioned": "decoder", "samples": 3}
each_model = pytest.mark.parametrize("name", MODELS)


def build(name, seed=0, **changes):
    kind = configurations.configuration_class(name)
    known = {field.name for field in dataclasses.fields(kind)}
    fields = {n: v for n, v in SMALL.items() if n in known} | changes
    return models.build(kind(**fields), image_shape=SHAPE, classes=CLASSES, seed=seed)


def make_batch(model):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (COUNT, *SHAPE), np.uint8)
    return {"x": x, "y": np.arange(COUNT) % CLASSES} if model.conditional else x


def score(model):
    """Scores images with the noise of a fresh generator."""
    for variable in model.non_trainable_variables:
        if "seed_generator" in variable.path:
            variable.assign(np.zeros(variable.shape, variable.dtype))
    outputs = model.predict(make_batch(model), verbose=0)
    return [np.array(value) for value in keras.tree.flatten(outputs)]


def assert_same(one, other):
    """Compares two models by their weights, and by what they compute."""
    assert type(one) is type(other)
    assert list(one.parts) == list(other.parts)
    for first, second in zip(one.parts.values(), other.parts.values(), strict=True):
        for value, copied in zip(first.weights, second.weights, strict=True):
            np.testing.assert_array_equal(value, copied, value.path)
    for first, second in zip(score(one), score(other), strict=True):
        np.testing.assert_array_equal(first, second)


def train(model, epochs=1, **options):
    model.compile("adam", **options)
    return model.fit(make_batch(model), batch_size=4, epochs=epochs, verbose=0)


@each_model
def test_saved_weights_are_loaded_into_a_new_model(name, tmp_path):
    model, other = build(name), build(name, seed=5)
    model.save_weights(tmp_path / "fresh.weights.h5")  # nothing has called it yet
    other.load_weights(tmp_path / "fresh.weights.h5")
    assert_same(model, other)


@each_model
def test_a_checkpoint_of_keras_is_loaded(name, tmp_path):
    model, other = build(name), build(name, seed=5)
    path = tmp_path / "epoch-{epoch}.weights.h5"
    saver = keras.callbacks.ModelCheckpoint(path, save_weights_only=True)
    model.compile("adam")
    model.fit(make_batch(model), batch_size=4, epochs=2, verbose=0, callbacks=[saver])
    other.load_weights(tmp_path / "epoch-2.weights.h5")
    assert_same(model, other)


@each_model
def test_a_whole_model_survives_its_file(name, tmp_path):
    model = build(name)
    train(model)
    model.save(tmp_path / "model.keras")
    other = keras.saving.load_model(tmp_path / "model.keras")  # safe mode
    assert_same(model, other)
    # It continues training from the same state as the other.
    assert type(other.optimizer) is type(model.optimizer)
    batch = make_batch(model)
    one, two = (
        m.fit(batch, batch_size=4, shuffle=False, verbose=0).history
        for m in (model, other)
    )
    assert one == two


@each_model
def test_a_clone_has_the_same_networks_and_other_weights(name):
    model = build(name)
    clone = keras.models.clone_model(model)
    assert type(clone) is type(model)
    assert clone.get_config().keys() == model.get_config().keys()
    for part, network in model.parts.items():
        shapes = [w.shape for w in network.weights]
        assert [w.shape for w in clone.parts[part].weights] == shapes
        assert not {id(w) for w in network.weights} & {
            id(w) for w in clone.parts[part].weights
        }
    train(clone)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
@pytest.mark.parametrize("prior", PRIORS)
def test_every_likelihood_and_prior_is_saved(likelihood, prior, tmp_path):
    size = {"prior_size": 4} if PRIORS[prior].has_size else {}
    sigma = {"sigma": 0.3} if likelihood == "gaussian" else {}
    model = build("vae", likelihood=likelihood, prior=prior, **size, **sigma)
    model.beta.assign(0.25)
    model.save(tmp_path / "model.keras")
    other = keras.saving.load_model(tmp_path / "model.keras")
    assert_same(model, other)
    assert float(ops.convert_to_numpy(other.beta)) == 0.25
    assert getattr(other.likelihood, "sigma", None) == getattr(
        model.likelihood, "sigma", None
    )


@pytest.mark.parametrize("precision", PRECISIONS[1:])
def test_a_mixed_policy_survives_the_file(precision, tmp_path):
    model = build("vae", precision=precision)
    train(model)
    model.save(tmp_path / "model.keras")
    other = keras.saving.load_model(tmp_path / "model.keras")
    policies = {layer.dtype_policy.name for layer in other.encoder.layers}
    assert precision in policies
    assert type(other.optimizer) is type(model.optimizer)
    assert_same(model, other)


def make(kind, prior=None, **options):
    return kind(
        networks.build_fc_encoder(2, (4,), image_shape=SHAPE),
        networks.build_fc_decoder(2, (4,), image_shape=SHAPE),
        likelihoods.Bernoulli(),
        prior,
        **options,
    )


class Weighted(models.VAE):
    """A model with an argument that it does not list."""

    def __init__(self, *args, weight=1.0, **options):
        super().__init__(*args, **options)
        self.weight = weight


class Nameless:
    """A prior that has no get_config."""


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: make(Weighted), "get_config lists too few .* Missing: weight"),
        (lambda: make(models.VAE, Nameless()), "a part of it .* Received: .*Nameless"),
    ],
)
def test_what_could_not_be_loaded_is_not_saved(model, message, tmp_path):
    model = model()
    with pytest.raises(ValueError, match=message):
        model.save(tmp_path / "model.keras")
    assert not list(tmp_path.iterdir())
    model.save_weights(tmp_path / "model.weights.h5")
    model.load_weights(tmp_path / "model.weights.h5")
