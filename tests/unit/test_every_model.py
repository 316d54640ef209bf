"""What every model of the registry must do: a new one joins by its line there."""

import dataclasses
import json

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import configurations, latent, models
from vae_utils.configurations import MODELS
from vae_utils.models.abilities import ABILITIES

pytestmark = pytest.mark.core

SMALL = {"hidden": (8,), "filters": (4, 4), "prior_size": 3}
SMALL |= {"codes": 8, "code_dim": 4, "width": 4}
SMALL |= {"prior_width": 8, "prior_heads": 2}
SHAPES = {"grey": (16, 16, 1), "colour": (16, 24, 3), "odd": (7, 5, 1)}
CLASSES = 3
COUNT = 6
each_model = pytest.mark.parametrize("name", MODELS)


def configure(name, **changes):
    """Makes a small configuration of a model."""
    kind = configurations.configuration_class(name)
    known = {field.name for field in dataclasses.fields(kind)} - {"prior_size"}
    return kind(**{k: v for k, v in SMALL.items() if k in known} | changes)


def build(name, image_shape=SHAPES["grey"], seed=0):
    return models.build(
        configure(name), image_shape=image_shape, classes=CLASSES, seed=seed
    )


def make_batch(model):
    """Makes random images of a model's shape, and labels if it takes them."""
    rng = np.random.default_rng(0)
    x = rng.random((COUNT, *model.image_shape), np.float32)
    y = np.arange(COUNT, dtype=np.int32) % CLASSES
    to_tensor = ops.convert_to_tensor  # as inside `fit`
    return to_tensor(x), to_tensor(y) if model.conditional else None


def numpy(values):
    return ops.convert_to_numpy(values)


@each_model
def test_has_the_class_of_its_entry(name):
    model = build(name)
    assert type(model) is configurations.model_class(name)
    assert isinstance(model, models.Trainable)
    assert configurations.configuration_class(name).model == name
    assert MODELS[name].description.strip(".") == MODELS[name].description


@each_model
def test_configuration_survives_json(name):
    configuration = configure(name, epochs=7)
    text = json.dumps(dataclasses.asdict(configuration))
    assert configurations.read(name, json.loads(text)) == configuration


@each_model
@pytest.mark.parametrize("shape", SHAPES)
def test_takes_the_image_shape_of_the_data(name, shape):
    model = build(name, SHAPES[shape])
    assert model.image_shape == SHAPES[shape]
    x, y = make_batch(model)
    terms = model.terms(x, y)
    assert all(len(values) == COUNT for values in terms.values())
    assert model.classes == (CLASSES if model.conditional else None)


@each_model
def test_parts_have_all_trained_weights(name):
    model = build(name)
    assert all(isinstance(part, keras.layers.Layer) for part in model.parts.values())
    weights = [w for part in model.parts.values() for w in part.weights]
    ids = [id(weight) for weight in weights]
    assert len(set(ids)) == len(ids)  # none is counted twice
    assert {id(weight) for weight in model.trainable_variables} <= set(ids)
    counted = sum(int(np.prod(weight.shape)) for weight in weights)
    assert models.count_parameters(model) == counted > 0


@each_model
def test_weights_depend_only_on_the_seed(name):
    first, same, other = (
        [numpy(w) for part in build(name, seed=s).parts.values() for w in part.weights]
        for s in (1, 1, 2)
    )
    assert all(map(np.array_equal, first, same))
    assert not all(map(np.array_equal, first, other))


@each_model
def test_loss_is_the_mean_of_the_objective(name):
    model = build(name)
    x, y = make_batch(model)
    batch = x if y is None else {"x": x, "y": y}
    outputs = model(batch)
    terms = model.score(outputs, x, y)
    assert set(model.reports) <= set(terms)
    per_image = numpy(model.objective(terms))
    assert per_image.shape == (COUNT,) and np.isfinite(per_image).all()
    loss = float(model.compute_loss(x=batch, y_pred=outputs))
    assert loss == pytest.approx(per_image.mean(), rel=1e-5)
    shown = {m.name: float(m.result()) for m in model.metrics if m.name != "loss"}
    assert list(shown) == list(model.reports)
    for term, value in shown.items():
        assert value == pytest.approx(numpy(terms[term]).mean(), rel=1e-5)


@each_model
def test_noise_is_that_of_the_seed(name):
    x, y = make_batch(build(name))
    first, same = (build(name).terms(x, y) for _ in range(2))
    for term, values in first.items():
        np.testing.assert_array_equal(numpy(values), numpy(same[term]), term)


@each_model
def test_rejects_sample_weights(name):
    model = build(name)
    with pytest.raises(ValueError, match="plain mean .* Received: sample_weight"):
        model.compute_loss(x=None, y_pred=None, sample_weight=np.ones(COUNT))


@each_model
def test_has_at_least_one_ability(name):
    kind = configurations.model_class(name)
    assert any(hasattr(kind, ability) for ability in ABILITIES)


@pytest.mark.parametrize(
    ("name", "ability"),
    [
        (name, ability)
        for name in MODELS
        for ability in ABILITIES
        if hasattr(configurations.model_class(name), ability)
    ],
)
@pytest.mark.parametrize("shape", ["grey", "colour"])
def test_abilities_return_the_shapes_they_promise(name, ability, shape):
    model = build(name, SHAPES[shape])
    CHECKS[ability](model, *make_batch(model))


def check_encode(model, x, y):
    assert model.encode(x, y).mean.shape == (COUNT, *model.latent_shape)
    labels = None if y is None else numpy(y)
    codes = latent.encode_mean(model, numpy(x), labels, batch_size=4)
    np.testing.assert_allclose(codes, numpy(model.encode(x, y).mean), atol=1e-5)


def check_decode(model, x, y):
    z = np.random.default_rng(1).normal(size=(COUNT, *model.latent_shape))
    z = z.astype(np.float32)
    images = numpy(model.decode(ops.convert_to_tensor(z), y))
    assert images.shape == x.shape and 0 <= images.min() <= images.max() <= 1
    labels = None if y is None else numpy(y)
    np.testing.assert_allclose(latent.decode(model, z, labels), images, atol=1e-5)


def check_sample(model, x, y):
    labels = None if y is None else numpy(y)
    images, same = (
        numpy(model.sample(COUNT, np.random.default_rng(0), labels)) for _ in range(2)
    )
    assert images.shape == x.shape and 0 <= images.min() <= images.max() <= 1
    np.testing.assert_array_equal(images, same)
    z = model.prior.draw(COUNT, np.random.default_rng(0))
    expected = latent.decode(model, z, labels)
    np.testing.assert_allclose(images, expected, atol=1e-6)


def check_from_noise(model, x, y):
    noise = np.random.default_rng(0).normal(size=(COUNT, *model.prior.noise_shape))
    z = model.from_noise(noise.astype(np.float32))
    assert tuple(z.shape) == (COUNT, *model.latent_shape)
    expected = numpy(model.prior.from_noise(noise.astype(np.float32)))
    np.testing.assert_array_equal(numpy(z), expected)


def check_log_weights(model, x, y):
    q = model.encode(x, y)
    z = q.sample(0, 5)
    scores = model.log_weights(x, z, q, y)
    nll = numpy(scores["nll"])
    assert nll.shape == numpy(scores["log_weights"]).shape == (COUNT, 5)
    # log p(x|z) of the fourth code of each image, one at a time.
    logits = model.logits(z[:, 3], y)
    alone = numpy(model.likelihood.negative_log_likelihood(x, logits))
    np.testing.assert_allclose(nll[:, 3], alone, rtol=1e-4)
    rest = numpy(model.prior.log_prob(z)) - numpy(q.log_prob(z))
    weights = numpy(scores["log_weights"])
    np.testing.assert_allclose(weights, rest - nll, rtol=1e-4)


def check_classify(model, x, y):
    assert model.classify(x).shape == (COUNT, CLASSES)


def check_find_codes(model, x, y):
    codes = numpy(model.find_codes(x))
    assert codes.shape == (COUNT, *model.grid) and codes.dtype == np.int32
    assert 0 <= codes.min() <= codes.max() < model.codebook.size
    np.testing.assert_array_equal(latent.find_codes(model, numpy(x)), codes)


def check_weigh_codes(model, x, y):
    log_q = numpy(model.weigh_codes(x))
    assert log_q.shape == (COUNT, *model.grid, model.codebook.size)
    np.testing.assert_allclose(np.exp(log_q).sum(axis=-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(log_q.argmax(axis=-1), numpy(model.find_codes(x)))


def check_predict_codes(model, x, y):
    codes = model.find_codes(x)
    logits = numpy(model.predict_codes(codes))
    assert logits.shape == (COUNT, *model.grid, model.codebook.size)
    chosen = np.take_along_axis(logits, numpy(codes)[..., None], axis=-1)[..., 0]
    each = np.logaddexp.reduce(logits.astype(float), axis=-1) - chosen
    nats = numpy(model.prior.nats(codes))
    np.testing.assert_allclose(nats, each.sum(axis=(1, 2)), rtol=1e-5)


CHECKS = {
    "encode": check_encode,
    "decode": check_decode,
    "sample": check_sample,
    "from_noise": check_from_noise,
    "log_weights": check_log_weights,
    "classify": check_classify,
    "find_codes": check_find_codes,
    "weigh_codes": check_weigh_codes,
    "predict_codes": check_predict_codes,
}
