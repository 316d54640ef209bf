import contextlib

import keras
import numpy as np
import pytest
from keras import ops

from vae_utils import configurations, models, networks, precision
from vae_utils.configurations import MODELS, PRECISIONS
from vae_utils.models.base import Trainable

pytestmark = pytest.mark.core

SHAPE = (10, 6, 3)
each_model = pytest.mark.parametrize("name", MODELS)
SMALL = {
    "vae": {"encoder": "conv", "decoder": "conv", "prior": "gaussian-mixture"},
    "cvae": {"hidden": (8,), "likelihood": "continuous-bernoulli"},
    "iwae": {"hidden": (8,), "likelihood": "learned-gaussian"},
    "ae": {"encoder": "conv3", "decoder": "conv", "hidden": (8,)},
    "classifier": {"filters": (4, 4)},
    "vq-vae": {"codes": 8, "code_dim": 4, "width": 4},
    "code-prior": {"codes": 8, "code_dim": 4, "width": 4, "prior_width": 8},
    "discrete-vae": {"codes": 8, "code_dim": 4, "width": 4, "prior_width": 8},
}


@contextlib.contextmanager
def process_settings(*, floatx="float32", policy=None, layout="channels_last"):
    """Sets what `keras.json`, or a cell of a notebook, may have set."""
    before = (
        keras.config.floatx(),
        keras.config.dtype_policy(),
        keras.config.image_data_format(),
    )
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy or floatx)
    keras.config.set_image_data_format(layout)
    try:
        yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])
        keras.config.set_image_data_format(before[2])


def build(name, **changes):
    configuration = configurations.configuration_class(name)(**SMALL[name], **changes)
    return models.build(configuration, image_shape=SHAPE, classes=3, seed=1)


def compute(model):
    """Computes the terms of six images, in NumPy arrays."""
    rng = np.random.default_rng(0)
    x = ops.convert_to_tensor(rng.random((6, *SHAPE), np.float32))
    y = ops.convert_to_tensor(np.arange(6) % 3) if model.conditional else None
    return {n: ops.convert_to_numpy(v) for n, v in model.terms(x, y).items()}


HOSTILE = {
    "channels first": {"layout": "channels_first"},
    "half floatx": {"floatx": "bfloat16"},
    "mixed policy": {"policy": "mixed_float16"},
}


@each_model
def test_a_configuration_means_the_same_under_all_settings_of_a_process(name):
    expected = compute(build(name))
    for settings in HOSTILE.values():
        with process_settings(**settings):
            terms = compute(build(name))
        for term, values in expected.items():
            np.testing.assert_array_equal(terms[term], values, term)


@each_model
def test_a_model_evaluates_the_same_under_other_settings_than_it_was_built(name):
    model, other = build(name), build(name)
    expected = compute(model)
    with process_settings(floatx="bfloat16", layout="channels_first"):
        terms = compute(other)
    for term, values in expected.items():
        np.testing.assert_array_equal(terms[term], values, term)


@each_model
@pytest.mark.parametrize("policy", PRECISIONS[1:])
def test_terms_are_float32_under_a_mixed_policy(name, policy):
    model = build(name, precision=policy)
    for part in ("encoder", "decoder", "classifier"):
        if part in model.parts:
            assert model.parts[part].compute_dtype == policy.removeprefix("mixed_")
    terms = compute(model)
    for term, values in terms.items():
        assert values.dtype == np.float32, term
    single = compute(build(name))
    for term in set(terms) - {"accuracy"}:
        np.testing.assert_allclose(terms[term], single[term], rtol=0.05, atol=0.5)


def test_settings_are_restored_also_after_an_error():
    with process_settings(floatx="float64", policy="mixed_bfloat16"):
        with pytest.raises(RuntimeError), precision.pinned("mixed_float16"):
            assert keras.config.floatx() == "float32"
            assert keras.config.dtype_policy().name == "mixed_float16"
            raise RuntimeError
        assert keras.config.floatx() == "float64"
        assert keras.config.dtype_policy().name == "mixed_bfloat16"


def test_networks_follow_the_policy_of_the_process():
    with process_settings(policy="mixed_bfloat16"):
        network = networks.build_fc_encoder(2, (4,), image_shape=SHAPE)
    assert network.compute_dtype == "bfloat16"
    assert {str(w.dtype) for w in network.weights} == {"float32"}
    assert network.inputs[0].dtype == "float32"


def test_only_float16_needs_a_scaled_loss():
    for policy in PRECISIONS:
        model = build("ae", precision=policy)
        model.compile("adam")
        scaled = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        assert scaled == (policy == "mixed_float16")
    given = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
    model = build("ae", precision="mixed_float16")
    model.compile(given)
    assert model.optimizer is given


def test_float16_weights_are_refused():
    with process_settings(floatx="float16"):
        model = models.Classifier(
            networks.build_classifier((4,), classes=3, image_shape=SHAPE)
        )
    with pytest.raises(ValueError, match="mixed_float16 instead. Received: weights"):
        model.compile("adam")


class OneWeight(Trainable):
    reports = ("error",)

    @property
    def parts(self):
        return {}


def test_running_means_are_float32():
    with process_settings(floatx="bfloat16"):
        model = OneWeight()
        model.compile("adam")
    assert {metric.dtype for metric in model.metrics} == {"float32"}
    assert {metric.name for metric in model.metrics} == {"loss", "error"}
