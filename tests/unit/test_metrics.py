import dataclasses

import numpy as np
import pytest

from vae_utils import configurations, evaluation, latent, models, networks, pixels
from vae_utils.evaluation import METRICS, Measurement, measure
from vae_utils.models.abilities import ABILITIES, missing

BOUND = ["nll", "kl", "elbo"]
GREY = ["grey_nll", "grey_kl"]
SAMPLED = ["elbo_same_images", "is_nll"]
RECONSTRUCTED = ["rmse_mean", "rmse_sampled", "active_units"]
DENSITY = [*BOUND, "rmse_mean", "active_units", "bits_per_dim_dequantised"]
BYTES = [*BOUND, "bits_per_dim", *RECONSTRUCTED, *SAMPLED, "is_bits_per_dim"]


def build(name, data, **fields):
    small = {"hidden": (8,), "filters": (4, 4), "latent_dim": 3}
    kind = configurations.configuration_class(name)
    known = {field.name for field in dataclasses.fields(kind)}
    small = {key: value for key, value in small.items() if key in known}
    return models.build(
        kind(**small | fields),
        image_shape=data.image_shape,
        classes=data.classes,
        seed=0,
    )


@pytest.fixture
def classifier(data):
    return networks.build_classifier(
        (2, 4), dropout=0, classes=data.classes, image_shape=data.image_shape
    )


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.measure.__name__)
def test_metrics_need_abilities_that_exist(metric):
    assert metric.needs and set(metric.needs) <= set(ABILITIES)


# What reports of earlier versions had, in their order, and bits per dimension.
@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("vae", {}, [*BOUND, *GREY, *RECONSTRUCTED, *SAMPLED]),
        ("cvae", {}, [*BOUND, *GREY, *RECONSTRUCTED, *SAMPLED]),
        ("ae", {}, ["nll", "rmse_mean"]),
        ("vae", {"likelihood": "gaussian"}, DENSITY),
        ("vae", {"likelihood": "continuous-bernoulli"}, DENSITY),
        ("cvae", {"likelihood": "gaussian"}, DENSITY),
        ("vae", {"likelihood": "learned-gaussian"}, [*DENSITY, "sigma"]),
        ("iwae", {"likelihood": "optimal-gaussian"}, [*DENSITY, "sigma"]),
        ("vae", {"likelihood": "discretised-logistic"}, [*BYTES, "logistic_scale"]),
        ("cvae", {"likelihood": "discretised-logistic"}, [*BYTES, "logistic_scale"]),
        (
            "ae",
            {"likelihood": "discretised-logistic"},
            ["nll", "rmse_mean", "logistic_scale"],
        ),
        ("classifier", {}, ["val_accuracy", "test_accuracy"]),
        (
            "vq-vae",
            {},
            ["elbo", "nll", "kl", "codes_used", "perplexity", "rmse_mean"],
        ),
        (  # of a density there is no bound, but the reconstruction term
            "vq-vae",
            {"likelihood": "gaussian", "binarisation": "none"},
            ["codes_used", "perplexity", "nll", "rmse_mean"],
        ),
    ],
)
def test_numbers_are_those_of_earlier_reports(data, name, fields, expected):
    numbers, descriptions = measure(build(name, data, **fields), data, is_samples=3)
    assert list(numbers) == expected
    assert set(descriptions) - {"labels"} == set(expected)


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("vae", {}, ["fdd"]),
        ("cvae", {}, ["fdd", "conditional_accuracy"]),
        ("vae", {"likelihood": "gaussian"}, ["fdd"]),
        ("ae", {}, []),
        ("classifier", {}, []),
    ],
)
def test_generated_images_are_scored_with_a_classifier(
    data, classifier, name, fields, expected
):
    model = build(name, data, **fields)
    without, _ = measure(model, data)
    numbers, descriptions = measure(model, data, classifier=classifier)
    assert list(numbers) == [*without, *expected]
    assert ("generated" in descriptions) == bool(expected)


@pytest.mark.parametrize("name", configurations.MODELS)
@pytest.mark.parametrize("colour", [False, True], ids=["grey", "colour"])
def test_every_number_of_every_model_is_described(data, colour_data, name, colour):
    data = colour_data if colour else data
    model = build(name, data)
    for metric in METRICS:
        measurement = Measurement(model, data, is_samples=2)
        if missing(model, metric.needs) or not metric.applies(measurement):
            continue
        numbers = metric.measure(measurement)
        described = metric.describe
        described = described(measurement) if callable(described) else described
        assert set(numbers) <= set(described)
        assert all(np.isfinite(list(numbers.values())))
    numbers, descriptions = measure(model, data, is_samples=2)
    assert set(numbers) <= set(descriptions) and numbers
    assert all(type(text) is str for text in descriptions.values())


def test_importance_sampling_is_left_out_unless_asked_for(make_vae, data):
    vae = make_vae()
    numbers, descriptions = measure(vae, data, is_samples=3)
    assert "K = 3" in descriptions["is_nll"]
    without, others = measure(vae, data)
    assert set(numbers) - set(without) == set(descriptions) - set(others)
    assert set(numbers) - set(without) == set(SAMPLED)
    for name, value in without.items():
        assert numbers[name] == pytest.approx(value), name


def test_each_number_uses_the_images_and_draws_of_its_description(make_vae, data):
    vae = make_vae(latent_dim=3)
    # One dimension without information, so that not all of them are active.
    head = vae.encoder.get_layer("z_mean")
    kernel, bias = head.get_weights()
    head.set_weights([kernel * [20, 20, 0], bias])
    binary = pixels.binarise(data.x_test, seed=0)
    z_mean, z_log_var = latent.encode(vae, data.x_test)
    z = latent.sample_posterior(z_mean, z_log_var, seed=0)
    grey = evaluation.elbo_split(vae, data.x_test)
    same_images = evaluation.elbo_split(vae, binary[::10], samples=10)
    nll = evaluation.importance_sampled_nll(vae, binary[::10], samples=3)
    expected = evaluation.elbo_split(vae, binary) | {
        "grey_nll": grey["nll"],
        "grey_kl": grey["kl"],
        "rmse_mean": evaluation.rmse(data.x_test, latent.decode(vae, z_mean)),
        "rmse_sampled": evaluation.rmse(data.x_test, latent.decode(vae, z)),
        "active_units": 2,
        "elbo_same_images": same_images["elbo"],
        "is_nll": nll.mean(),
    }
    numbers, _ = measure(vae, data, is_samples=3)
    assert len({round(value, 6) for value in expected.values()}) == len(expected)
    for name, value in expected.items():
        assert numbers[name] == pytest.approx(value, rel=1e-6), name


def test_a_conditional_model_gets_the_labels_of_the_images(data):
    model = build("cvae", data)
    numbers, descriptions = measure(model, data, is_samples=3)
    assert "p(x|y)" in descriptions["labels"]
    binary = pixels.binarise(data.x_test, seed=0)
    expected = evaluation.elbo_split(model, binary, data.y_test)
    wrong = evaluation.elbo_split(model, binary, np.roll(data.y_test, 1))
    assert numbers["elbo"] == pytest.approx(expected["elbo"], rel=1e-6)
    assert abs(wrong["elbo"] - expected["elbo"]) > 1e-3
    tenth = binary[::10], data.y_test[::10]
    nll = evaluation.importance_sampled_nll(model, *tenth, samples=3)
    assert numbers["is_nll"] == pytest.approx(nll.mean(), rel=1e-6)


def test_densities_are_measured_on_grey_images(data):
    model = build("vae", data, likelihood="gaussian", sigma=0.2)
    numbers, descriptions = measure(model, data, is_samples=3)
    expected = evaluation.elbo_split(model, data.x_test)
    for name, value in expected.items():
        assert numbers[name] == pytest.approx(value, rel=1e-6)
    assert "density" in descriptions["elbo"]


@pytest.mark.parametrize("binarisation", pixels.BINARISATIONS)
def test_autoencoder_is_measured_on_images_as_it_was_trained_on(data, binarisation):
    model = build("ae", data)
    numbers, descriptions = measure(model, data, binarisation=binarisation)
    x = pixels.binarise(data.x_test, binarisation, seed=0)
    logits = np.array(model.decoder(model.encoder(x)), np.float64)
    nll = (np.logaddexp(0, logits) - x * logits).sum(axis=(1, 2, 3))
    assert numbers["nll"] == pytest.approx(nll.mean(), rel=1e-5)
    assert f"binarisation {binarisation}" in descriptions["nll"]
    means = latent.reconstruct(model, data.x_test)
    assert numbers["rmse_mean"] == evaluation.rmse(data.x_test, means)


def test_bits_of_bytes_are_those_of_the_bound_on_grey_images(data):
    model = build("vae", data, likelihood="discretised-logistic")
    numbers, descriptions = measure(model, data, is_samples=3)
    split = evaluation.elbo_split(model, data.x_test)
    assert numbers["elbo"] == pytest.approx(split["elbo"], rel=1e-6)
    size = np.prod(data.image_shape) * np.log(2)
    assert numbers["bits_per_dim"] == pytest.approx(-split["elbo"] / size, rel=1e-6)
    nll = evaluation.importance_sampled_nll(model, data.x_test[::10], samples=3)
    assert numbers["is_nll"] == pytest.approx(nll.mean(), rel=1e-6)
    assert numbers["is_bits_per_dim"] == pytest.approx(nll.mean() / size, rel=1e-6)
    for name in ("elbo", "is_nll"):
        assert "256 levels" in descriptions[name]
        assert "binarised" not in descriptions[name]


def test_bits_of_a_density_are_those_of_dequantised_images(data):
    model = build("vae", data, likelihood="gaussian", sigma=0.1)
    numbers, descriptions = measure(model, data)
    spread = evaluation.dequantise(data.x_test, seed=0)
    elbo = evaluation.elbo_split(model, spread)["elbo"]
    bits = -elbo / (np.prod(data.image_shape) * np.log(2)) + 8
    assert numbers["bits_per_dim_dequantised"] == pytest.approx(bits, rel=1e-6)
    assert "bits_per_dim" not in numbers
    assert "(k + u)" in descriptions["bits_per_dim_dequantised"]


def test_a_density_is_measured_on_images_as_it_was_trained_on(data):
    model = build("vae", data, likelihood="gaussian", sigma=0.1)
    numbers, descriptions = measure(model, data, dequantisation="uniform")
    spread = evaluation.dequantise(data.x_test, seed=0)
    expected = evaluation.elbo_split(model, spread)
    for name, value in expected.items():
        assert numbers[name] == pytest.approx(value, rel=1e-6)
    bits = -expected["elbo"] / (np.prod(data.image_shape) * np.log(2)) + 8
    assert numbers["bits_per_dim_dequantised"] == pytest.approx(bits, rel=1e-6)
    assert "level k at (k + u) / 256" in descriptions["elbo"]
    grey, others = measure(model, data)
    assert grey["elbo"] != numbers["elbo"] and "(k + u)" not in others["elbo"]


def test_a_density_of_images_that_are_no_bytes_has_no_bits(data):
    model = build("vae", data, likelihood="gaussian")
    data = dataclasses.replace(data, x_test=data.x_test / np.float32(255))
    assert "bits_per_dim_dequantised" not in measure(model, data)[0]


def test_learned_sigma_is_a_number(data):
    model = build("vae", data, likelihood="learned-gaussian")
    model.likelihood.log_sigma.assign(np.log(0.3))
    assert measure(model, data)[0]["sigma"] == pytest.approx(0.3)


def test_classifier_is_measured_on_validation_and_test_images(data):
    model = build("classifier", data)
    numbers, _ = measure(model, data)
    for split in ("val", "test"):
        x, y = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        logits = np.array(model.network(pixels.to_unit_interval(x)))
        expected = (logits.argmax(axis=1) == y).mean()
        assert numbers[f"{split}_accuracy"] == pytest.approx(expected)


def test_generated_images_have_the_labels_of_the_test_images(data, classifier):
    model = build("cvae", data)
    numbers = evaluation.measure_generated(model, classifier, data)
    z = latent.sample_prior(64, 3, seed=0)
    means = latent.decode(model, z, data.y_test)
    predictions, features = evaluation.classify(classifier, means)
    assert numbers["conditional_accuracy"] == np.mean(predictions == data.y_test)
    _, real = evaluation.classify(classifier, data.x_test)
    distance = evaluation.frechet_digit_distance(features, real)
    assert numbers["fdd"] == pytest.approx(distance, rel=1e-6)
    assert measure(model, data, classifier=classifier)[0]["fdd"] == numbers["fdd"]


def test_generated_images_without_labels_have_no_accuracy(make_vae, data, classifier):
    assert set(evaluation.measure_generated(make_vae(), classifier, data)) == {"fdd"}


@pytest.mark.parametrize("is_samples", [0, -1, 2.5, "3", True])
def test_rejects_invalid_is_samples(make_vae, data, is_samples):
    message = f"is_samples must be a positive.*Received: is_samples={is_samples!r}"
    with pytest.raises(ValueError, match=message):
        measure(make_vae(), data, is_samples=is_samples)


def test_rejects_unknown_options(make_vae, data):
    with pytest.raises(TypeError, match="samples_of_is"):
        measure(make_vae(), data, samples_of_is=3)
