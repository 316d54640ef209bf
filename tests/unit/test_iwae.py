import numpy as np
import pytest
from keras import ops
from scipy import special

from vae_utils import configurations, evaluation, models
from vae_utils.models.iwae import IWAE, IWAEConfiguration

pytestmark = pytest.mark.core

SHAPE = (4, 6, 1)


@pytest.fixture
def x():
    pixels = np.random.default_rng(0).random((8, *SHAPE))
    return ops.convert_to_tensor((pixels > 0.5).astype(np.float32))


def build(**fields):
    configuration = IWAEConfiguration(hidden=(8,), **fields)
    return models.build(configuration, image_shape=SHAPE, classes=3, seed=0)


def numpy(values):
    return ops.convert_to_numpy(values).astype(float)


@pytest.mark.parametrize("samples", [1, 5])
def test_objective_is_the_importance_weighted_bound(x, samples):
    model = build(samples=samples)
    terms = model.terms(x)
    weights = numpy(terms["log_weights"])
    assert weights.shape == (8, samples)
    bound = special.logsumexp(weights, axis=1) - np.log(samples)
    np.testing.assert_allclose(numpy(model.objective(terms)), -bound, rtol=1e-5)


def test_terms_are_those_of_the_elbo_of_the_same_codes(x):
    model = build()
    terms = model.terms(x)
    elbo = numpy(terms["log_weights"]).mean(axis=1)
    assert set(terms) == {"nll", "kl", "log_weights"}
    np.testing.assert_allclose(
        numpy(terms["nll"]) + numpy(terms["kl"]), -elbo, rtol=1e-5
    )
    assert (numpy(model.objective(terms)) < -elbo + 1e-4).all()


def repeat(x, count):
    return ops.convert_to_tensor(np.repeat(ops.convert_to_numpy(x), count, axis=0))


def test_with_one_sample_it_is_the_vae(x):
    """On average over the noise: the VAE has the KL in closed form."""
    model = build(samples=1)
    objectives = numpy(model.objective(model.terms(repeat(x, 200))))
    split = evaluation.elbo_split(model, numpy(x), samples=2000)
    error = 5 * objectives.std() / len(objectives) ** 0.5
    assert objectives.mean() == pytest.approx(-split["elbo"], abs=error)


def test_bound_is_that_of_importance_sampling(x):
    model = build(samples=50)
    many = repeat(x, 40)
    objectives = numpy(model.objective(model.terms(many)))
    nll = evaluation.importance_sampled_nll(model, numpy(many), samples=50)
    error = 5 * nll.std() / len(nll) ** 0.5
    assert objectives.mean() == pytest.approx(nll.mean(), abs=error)


def test_is_built_from_its_configuration():
    model = build(samples=3)
    assert type(model) is IWAE and model.samples == 3
    assert configurations.read("iwae", {"samples": 2}) == IWAEConfiguration(samples=2)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"beta": 0.5}, "no beta other than 1. Received: beta=0.5"),
        ({"samples": 0}, "samples must be a positive.*Received: samples=0"),
    ],
)
def test_rejects_invalid_fields(fields, message):
    with pytest.raises(ValueError, match=message):
        IWAEConfiguration(**fields)
