"""The contract of `models.base`: what a subclass defines, and what it gets for it."""

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import likelihoods, models, networks
from vae_utils.models.base import Trainable

pytestmark = pytest.mark.core

SHAPE = (4, 6, 3)


def numpy(values):
    return ops.convert_to_numpy(values)


def make(kind, **options):
    return kind(
        networks.build_fc_encoder(2, (8,), image_shape=SHAPE),
        networks.build_fc_decoder(2, (8,), image_shape=SHAPE),
        likelihoods.Bernoulli(),
        **options,
    )


@pytest.fixture
def x():
    return np.random.default_rng(0).random((5, *SHAPE), np.float32)


def losses_of(model, x):
    """Returns the loss, and the terms of each image for the same noise."""
    outputs = model(x)
    terms = {name: numpy(v) for name, v in model.score(outputs, x).items()}
    return float(model.compute_loss(x=x, y_pred=outputs)), terms


class MeanOverPixels(models.VAE):
    """A usual bug: a mean over pixels, and a sum over latent dimensions."""

    def objective(self, terms):
        return terms["nll"] / np.prod(SHAPE) + terms["kl"]


class FreeBits(models.VAE):
    def objective(self, terms):
        return terms["nll"] + ops.maximum(terms["kl"], 3.0)


def test_another_objective_changes_the_loss(x):
    loss, terms = losses_of(make(MeanOverPixels), x)
    expected = terms["nll"].mean() / 72 + terms["kl"].mean()
    assert loss == pytest.approx(expected, rel=1e-5)
    loss, terms = losses_of(make(FreeBits), x)
    assert (terms["kl"] < 3).any()
    expected = (terms["nll"] + np.maximum(terms["kl"], 3)).mean()
    assert loss == pytest.approx(expected, rel=1e-5)


def test_another_objective_reports_the_same_terms(x):
    keras.utils.set_random_seed(0)
    bug = make(MeanOverPixels)
    keras.utils.set_random_seed(0)
    vae = make(models.VAE)
    shown = []
    for model in (bug, vae):
        model.compute_loss(x=x, y_pred=model(x))
        shown.append({m.name: float(m.result()) for m in model.metrics})
    assert shown[0] == shown[1]


class Linear(Trainable):
    """A model of its own: one layer that predicts the sum of an image's pixels."""

    reports = ("error",)

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    @property
    def parts(self):
        return {"dense": self.dense}

    def forward(self, x, y=None, training=None):
        return {"prediction": self.dense(ops.reshape(x, (-1, 72)))[:, 0]}

    def score(self, outputs, x, y=None):
        error = ops.square(outputs["prediction"] - ops.sum(x, axis=(1, 2, 3)))
        return {"error": error, "size": ops.abs(outputs["prediction"])}

    def objective(self, terms):
        return terms["error"] + 2 * terms["size"]


def test_a_subclass_defines_forward_score_objective_and_parts(x):
    model = Linear()
    loss, terms = losses_of(model, x)
    kernel, bias = map(numpy, model.dense.weights)
    prediction = (x.reshape(5, 72) @ kernel + bias)[:, 0]
    error = np.square(prediction - x.sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(terms["error"], error, rtol=1e-3)
    assert loss == pytest.approx((error + 2 * np.abs(prediction)).mean(), rel=1e-3)
    assert [m.name for m in model.metrics] == ["error"]
    assert models.count_parameters(model) == 73


def test_terms_are_the_score_of_one_pass(x):
    model = Linear()
    terms, scored = model.terms(x), model.score(model(x), x)
    for name, values in terms.items():
        np.testing.assert_array_equal(numpy(values), numpy(scored[name]), name)


def test_batches_of_dicts_give_images_and_labels(x):
    class Labelled(Linear):
        conditional = True

        def forward(self, x, y=None, training=None):
            return {"prediction": super().forward(x)["prediction"] + y}

    model = Labelled()
    y = np.arange(5, dtype=np.float32)
    shifted = numpy(model({"x": x, "y": y})["prediction"])
    plain = numpy(model({"x": x, "y": np.zeros_like(y)})["prediction"])
    np.testing.assert_allclose(shifted - plain, y, atol=1e-5)


def test_trackers_average_over_batches(x):
    model = Linear()
    for rows in (x[:2], x[2:]):
        model.compute_loss(x=rows, y_pred=model(rows))
    (tracker,) = model.metrics
    expected = numpy(model.terms(x)["error"]).mean()
    assert float(tracker.result()) == pytest.approx(expected, rel=1e-5)
    model.reset_metrics()
    assert float(tracker.result()) == 0


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda m: m.parts, "must say what its parts are"),
        (lambda m: m.forward(None), "must run its networks"),
        (lambda m: m.score({}, None), "must compute its terms"),
        (lambda m: m.objective({}), "must have an objective"),
    ],
)
def test_a_subclass_without_a_method_is_named(use, words):
    class Unfinished(Trainable):
        """Defines nothing."""

    with pytest.raises(TypeError, match=f"^Unfinished {words}"):
        use(Unfinished())
