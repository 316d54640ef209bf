"""The functions of an exported model, as plain Functional models."""

import json
import zipfile

import keras
import numpy as np
import pytest
import tiny_vae
from keras import layers, ops

from vae_utils import latent, models
from vae_utils.configurations import (
    ARCHITECTURES,
    LIKELIHOODS,
    MODELS,
    PRIORS,
    VAEConfiguration,
    configuration_class,
)
from vae_utils.distributions.gaussian_mixture import GaussianMixture
from vae_utils.distributions.standard_normal import StandardNormal
from vae_utils.export import checking
from vae_utils.export.functions import FUNCTIONS, build_function, lacks, list_inputs
from vae_utils.export.standalone import without_own_layers

pytestmark = pytest.mark.core

SHAPE = {"image_shape": (8, 6, 1), "classes": 4}
SMALL = {"hidden": (5,), "filters": (3,), "samples": 2}
SMALL |= {"codes": 8, "code_dim": 4, "width": 4}
SMALL |= {"prior_width": 8, "prior_heads": 2}


def make(model="vae", **fields):
    kind = configuration_class(model)
    known = kind.__dataclass_fields__
    small = {name: value for name, value in SMALL.items() if name in known}
    return models.build(kind(**small | fields), **SHAPE, seed=3)


def call(function, inputs):
    outputs = function({name: ops.convert_to_tensor(v) for name, v in inputs.items()})
    return {name: ops.convert_to_numpy(value) for name, value in outputs.items()}


def inputs_of(model, name, pixels="uint8"):
    return checking.make_cases(model, [name], pixels, None)[name, "0"]


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("vae", "encode decode reconstruct sample score"),
        ("iwae", "encode decode reconstruct sample score"),
        ("cvae", "encode decode reconstruct sample score"),
        ("ae", "encode decode reconstruct score"),
        ("vq-vae", "encode decode reconstruct score find_codes decode_codes"),
        (
            "code-prior",
            "encode decode reconstruct score find_codes decode_codes predict_codes",
        ),
        (
            "discrete-vae",
            "encode decode reconstruct score find_codes decode_codes predict_codes",
        ),
        ("classifier", "classify"),
    ],
)
def test_a_model_has_the_functions_whose_abilities_it_has(model, names):
    kind = models.building.model_class(model)
    assert [name for name in FUNCTIONS if not lacks(kind, name)] == names.split()


@pytest.mark.parametrize("model", MODELS)
def test_functions_take_named_inputs_in_one_order(model):
    built = make(model)
    for name in FUNCTIONS:
        if lacks(built, name):
            continue
        function = build_function(built, name)
        names = [tensor.name for tensor in function.inputs]
        assert names == list(list_inputs(built, name))
        known = ("x", "z", "noise", "eps", "codes", "y")
        order = [each for each in known if each in names]
        assert names == order
        given = inputs_of(built, name)
        in_a_list = function([ops.convert_to_tensor(given[each]) for each in names])
        for key, value in call(function, given).items():
            np.testing.assert_array_equal(value, ops.convert_to_numpy(in_a_list[key]))


@pytest.mark.parametrize("model", ["vae", "cvae", "ae"])
def test_functions_compute_what_the_model_does(model):
    built = make(model)
    given = inputs_of(built, "encode")
    x, y = given["x"], given.get("y")
    posterior = latent.encode(built, x, y)
    encoded = call(build_function(built, "encode"), given)
    assert list(encoded) == (["z"] if model == "ae" else ["z_mean", "z_log_var"])
    for value, expected in zip(encoded.values(), posterior, strict=True):
        np.testing.assert_allclose(value, expected, atol=1e-6)
    found = call(build_function(built, "reconstruct"), given)["x_mean"]
    expected = latent.reconstruct(built, x, y)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    given = inputs_of(built, "decode")
    found = call(build_function(built, "decode"), given)["x_mean"]
    expected = latent.decode(built, given["z"], given.get("y"))
    np.testing.assert_allclose(found, expected, atol=1e-6)


PARTS = [("likelihood", each) for each in LIKELIHOODS]
PARTS += [("prior", each) for each in PRIORS]
PARTS += [("encoder", each) for each in ARCHITECTURES]


@pytest.mark.parametrize(("part", "name"), PARTS, ids=[name for _, name in PARTS])
def test_functions_hold_every_likelihood_prior_and_network(part, name):
    fields = {part: name} | ({"decoder": name} if part == "encoder" else {})
    sizes = {"image_shape": (20, 17, 3), "classes": 4}
    vae = models.build(VAEConfiguration(hidden=(5,), **fields), **sizes, seed=3)
    names = ["score", "sample"]
    cases = checking.make_cases(vae, names, "uint8", None)
    built = {n: without_own_layers(build_function(vae, n)) for n in names}
    found = {key: call(built[key[0]], inputs) for key, inputs in cases.items()}
    checking.compare("keras", found, checking.compute(vae, cases), vae)
    assert not any("vae_utils" in json.dumps(f.get_config()) for f in built.values())


def test_score_gives_the_terms_of_the_elbo_at_the_code_that_noise_chooses():
    vae = make()
    given = inputs_of(vae, "score")
    terms = call(build_function(vae, "score"), given)
    assert list(terms) == ["neg_elbo", "nll", "kl", "mse"]
    x = given["x"].astype(np.float32) / 255
    q = latent.encode(vae, given["x"])
    z = q.mean + np.exp(q.log_var / 2) * given["eps"]
    p = latent.decode(vae, z)
    nll = -(x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(terms["nll"], nll, rtol=1e-5)
    np.testing.assert_allclose(terms["kl"], tiny_vae.gaussian_kl(q), atol=1e-6)
    total = terms["nll"] + terms["kl"]
    np.testing.assert_allclose(terms["neg_elbo"], total, rtol=1e-6)
    errors = np.square(x - p).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(terms["mse"], errors, rtol=1e-5)


def test_without_noise_score_is_that_of_the_reconstruction():
    vae = make()
    given = inputs_of(vae, "score")
    terms = call(build_function(vae, "score"), given | {"eps": 0 * given["eps"]})
    x = given["x"].astype(np.float32) / 255
    errors = np.square(x - latent.reconstruct(vae, given["x"])).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(terms["mse"], errors, rtol=1e-5)


def test_an_autoencoder_is_scored_without_noise():
    given = inputs_of(make("ae"), "score")
    assert list(given) == ["x"]
    assert list(call(build_function(make("ae"), "score"), given)) == ["nll", "mse"]


def test_bytes_and_numbers_from_0_to_1_are_the_same_images():
    vae = make()
    x = inputs_of(vae, "encode")["x"]
    from_bytes = call(build_function(vae, "encode"), {"x": x})
    numbers = build_function(vae, "encode", "float32")
    from_numbers = call(numbers, {"x": (x / 255).astype(np.float32)})
    for name, value in from_bytes.items():
        np.testing.assert_allclose(value, from_numbers[name], atol=1e-6)
    assert numbers.inputs[0].dtype == "float32"


def test_the_number_of_examples_can_be_fixed():
    function = build_function(make("cvae"), "sample", batch_size=5)
    assert [tensor.shape for tensor in function.inputs] == [(5, 2), (5,)]
    assert function.output["x_mean"].shape == (5, 8, 6, 1)


def test_codes_of_a_standard_normal_prior_are_the_noise():
    prior = StandardNormal(3)
    eps = np.random.default_rng(0).standard_normal((4, 3), np.float32)
    assert prior.noise_shape == (3,) and prior.from_noise(eps) is eps


def test_noise_becomes_codes_of_a_mixture():
    shares, deviation = [0.2, 0.5, 0.3], 0.1
    prior = GaussianMixture(2, components=3)
    prior.logits.assign(np.log(shares))
    prior.means.assign([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]])
    log_var = 2 * np.log(deviation)
    prior.raw_log_vars.assign(np.full((3, 2), 5 * np.arctanh(log_var / 5)))
    eps = np.random.default_rng(0).standard_normal((20_000, *prior.noise_shape))
    z = ops.convert_to_numpy(prior.from_noise(eps.astype(np.float32)))
    means = ops.convert_to_numpy(prior.means)
    nearest = ((z[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    found = np.bincount(nearest) / len(z)
    np.testing.assert_allclose(found, shares, atol=0.01)
    np.testing.assert_allclose((z - means[nearest]).std(axis=0), deviation, rtol=0.02)


def test_a_mixture_may_have_one_component_or_a_weightless_one():
    eps = np.random.default_rng(0).standard_normal((50, 3)).astype(np.float32)
    single = GaussianMixture(2, components=1)
    assert np.isfinite(ops.convert_to_numpy(single.from_noise(eps))).all()
    prior = GaussianMixture(2, components=2)
    prior.logits.assign([200.0, -200.0])
    z = ops.convert_to_numpy(prior.from_noise(eps))
    first = ops.convert_to_numpy(prior.means)[0]
    np.testing.assert_allclose(z, first + eps[:, :2], atol=1e-5)


def test_files_name_no_class_of_the_package(tmp_path):
    vae = make(prior="gaussian-mixture", likelihood="learned-gaussian")
    for name in ("sample", "score"):
        path = tmp_path / f"{name}.keras"
        build_function(vae, name).save(path)
        with zipfile.ZipFile(path) as archive:
            config = archive.read("config.json").decode()
        assert "vae_utils" not in config
        assert json.loads(config)["class_name"] == "Functional"


@keras.saving.register_keras_serializable("tests")
class Doubled(layers.Layer):
    """A layer of our own, with a weight and without."""

    def build(self, shape):
        self.shift = self.add_weight(name="shift", shape=shape[-1:])

    def call(self, x):
        return 2 * x + ops.convert_to_tensor(self.shift)


def make_network():
    x = keras.Input((4,), name="x")
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, Doubled()(layers.Dense(4)(inner_input)))
    inner.layers[-1].shift.assign([1.0, 2.0, 3.0, 4.0])
    return inner, keras.Model([x], {"once": inner(x), "twice": inner(inner(x))})


def test_layers_of_our_own_become_operations():
    inner, function = make_network()
    plain = without_own_layers(function)
    x = np.random.default_rng(0).random((3, 4), np.float32)
    found, expected = call(plain, {"x": x}), call(function, {"x": x})
    assert list(found) == ["once", "twice"]
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value)
    assert "Doubled" not in json.dumps(plain.get_config())
    assert [id(v) for v in plain.weights] == [id(v) for v in inner.layers[1].weights]


def test_a_network_of_keras_alone_stays_as_it_is():
    function = build_function(make(), "encode")
    assert without_own_layers(function) is function


def test_a_run_in_half_precision_is_exported_in_float32():
    from vae_utils.export.exporting import in_float32
    from vae_utils.runs import loading

    run = loading.find_recorded("explorer_vae")
    configuration = run.settings["configuration"] | {"precision": "mixed_float16"}
    run = run._replace(settings=run.settings | {"configuration": configuration})
    assert run.configuration.precision == "mixed_float16"
    model = loading.load(in_float32(run))
    assert {layer.compute_dtype for layer in model.encoder.layers} == {"float32"}
    assert isinstance(in_float32(run).configuration, VAEConfiguration)
