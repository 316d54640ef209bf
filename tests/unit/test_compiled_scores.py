"""Many codes are scored by a compiled function, which changes only the speed."""

import gc
import math
import weakref

import keras
import numpy as np
import pytest
from tiny_vae import ALL, LABELS, make_conditional_vae, make_vae, posterior

from vae_utils import configurations, evaluation, likelihoods, models
from vae_utils.evaluation import compiled, scoring

pytestmark = pytest.mark.core

SHAPE, CLASSES = (8, 8, 1), 3


class Counting(models.VAE):
    """Counts how often Python computes weights: once per trace, or once per block."""

    calls = 0

    def log_weights(self, *args, **options):
        self.calls += 1
        return super().log_weights(*args, **options)


def make_counting_vae(likelihood=None):
    vae = make_vae(2)
    return Counting(vae.encoder, vae.decoder, likelihood or vae.likelihood)


@pytest.fixture
def compile_all(monkeypatch):
    """Makes even a few codes worth compiling, in small blocks."""
    monkeypatch.setattr(scoring, "PAYS", 0)
    monkeypatch.setattr(scoring, "BLOCK", 300)


def compare(monkeypatch, model, x, labels=None, **options):
    """Scores compiled, then not, and compares every number."""
    results = []
    for pays in (0, math.inf):
        monkeypatch.setattr(scoring, "PAYS", pays)
        weights = evaluation.log_weights(model, x, labels, **options)
        split = evaluation.elbo_split(model, x, labels, **options)
        nll = evaluation.importance_sampled_nll(model, x, labels, **options)
        results.append([weights, *split.values(), nll])
        expected = pays == 0 and compiled.may_compile(model)
        assert (model in compiled._SCORERS) == expected
        compiled._SCORERS.pop(model, None)
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("vae", {}),
        ("vae", {"prior": "gaussian-mixture", "prior_size": 3, "encoder": "conv"}),
        ("vae", {"likelihood": "learned-gaussian", "decoder": "conv"}),
        ("vae", {"likelihood": "continuous-bernoulli"}),
        ("cvae", {}),
        ("iwae", {}),
    ],
)
def test_compiled_scores_are_those_of_the_model(monkeypatch, compile_all, name, fields):
    kind = configurations.configuration_class(name)
    settings = kind(hidden=(8,), **fields)
    model = models.build(settings, image_shape=SHAPE, classes=CLASSES, seed=0)
    x = np.random.default_rng(0).integers(0, 2, (7, *SHAPE)).astype(np.float32)
    labels = np.arange(7) % CLASSES if model.conditional else None
    compare(monkeypatch, model, x, labels, samples=40)


@pytest.mark.parametrize("samples", [1, 7, 101, 500])
def test_any_number_of_images_and_samples(monkeypatch, compile_all, samples):
    compare(monkeypatch, make_vae(2), ALL[:5], samples=samples, seed=3)


def test_labels_stay_with_their_images(monkeypatch, compile_all):
    compare(monkeypatch, make_conditional_vae(2), ALL, LABELS, samples=90)


def test_other_proposals(monkeypatch, compile_all):
    vae = make_vae(2)
    z_mean, z_log_var = posterior(vae, ALL)
    wide = (z_mean + 0.3, z_log_var + 0.5)
    compare(monkeypatch, vae, ALL, samples=90, proposals=wide)


def test_compiles_once_for_any_number_of_images_and_hundreds_of_samples(compile_all):
    vae = make_counting_vae()
    for count, samples in ((16, 100), (3, 100), (1, 500), (5, 2000)):
        evaluation.importance_sampled_nll(vae, ALL[:count], samples=samples)
    assert vae.calls == 1
    evaluation.elbo_split(vae, ALL, samples=200)
    assert vae.calls == 1


def test_sees_what_training_changed(compile_all):
    vae = make_counting_vae()
    before = evaluation.importance_sampled_nll(vae, ALL, samples=100)
    vae.decoder.set_weights([-w for w in vae.decoder.get_weights()])
    after = evaluation.importance_sampled_nll(vae, ALL, samples=100)
    assert vae.calls == 1
    new = Counting(vae.encoder, vae.decoder, vae.likelihood)
    expected = evaluation.importance_sampled_nll(new, ALL, samples=100)
    np.testing.assert_array_equal(after, expected)
    assert np.abs(after - before).max() > 0.1


def test_sees_another_likelihood(compile_all):
    vae = make_counting_vae(likelihoods.Gaussian(0.3))
    first = evaluation.importance_sampled_nll(vae, ALL, samples=100)
    vae.likelihood = likelihoods.Gaussian(0.9)
    second = evaluation.importance_sampled_nll(vae, ALL, samples=100)
    assert vae.calls == 2
    assert np.abs(first - second).min() > 0.1


def test_the_scored_model_can_be_forgotten(compile_all):
    vae = make_counting_vae()
    known = len(compiled._SCORERS)
    evaluation.importance_sampled_nll(vae, ALL, samples=100)
    scorer = weakref.ref(compiled._SCORERS[vae])
    vae, model = None, weakref.ref(vae)
    keras.backend.clear_session()  # Keras itself keeps the last model's names
    gc.collect()
    assert model() is None and scorer() is None
    assert len(compiled._SCORERS) <= known


def test_the_scored_model_gets_no_new_parts(compile_all):
    vae = make_vae(2)
    before = [variable.path for variable in vae.variables]
    evaluation.importance_sampled_nll(vae, ALL, samples=100)
    assert [variable.path for variable in vae.variables] == before


@pytest.mark.parametrize("options", [{"run_eagerly": True}, {"jit_compile": False}])
def test_a_model_that_is_not_to_be_compiled_is_not(compile_all, options):
    vae = make_counting_vae()
    vae.compile(**options)
    evaluation.importance_sampled_nll(vae, ALL, samples=450)
    assert vae.calls == 27  # 16 · 5 rows of 90 codes, three in a block
    assert vae not in compiled._SCORERS


def test_a_layer_that_cannot_be_compiled_is_not(compile_all):
    vae = make_counting_vae()
    vae.decoder.layers[-1].supports_jit = False
    evaluation.importance_sampled_nll(vae, ALL, samples=100)
    assert vae not in compiled._SCORERS


@pytest.mark.parametrize("part", ["encoder", "decoder"])
def test_convolutions_that_tensorflow_computes_faster_are_not_compiled(part):
    settings = configurations.VAEConfiguration(hidden=(8,), **{part: "conv"})
    model = models.build(settings, image_shape=SHAPE, classes=CLASSES, seed=0)
    faster = keras.backend.backend() == "tensorflow"
    faster = faster and not keras.distribution.list_devices("gpu")
    assert compiled.may_compile(model) != (faster and part == "decoder")


def test_few_codes_are_not_worth_compiling():
    vae = make_counting_vae()
    evaluation.importance_sampled_nll(vae, ALL, samples=50)
    assert vae not in compiled._SCORERS


def test_blocks_of_larger_images_have_fewer_codes(monkeypatch):
    monkeypatch.setattr(scoring, "LOGITS", 36)  # of 2 × 2 pixels: nine codes
    rows, part, _ = scoring._plan(make_vae(2), 10, 24)
    assert (rows, part) == (1, 8)
    rows, part, _ = scoring._plan(make_vae(2), 10, 3)
    assert (rows, part) == (3, 3)
