import types

import numpy as np
import pytest

from vae_utils import (
    evaluation,
    latent,
    likelihoods,
    models,
    networks,
    pixels,
    protocol,
)


@pytest.fixture
def data(images):
    grey = (images * np.random.default_rng(0).random(images.shape)).astype(np.uint8)
    return types.SimpleNamespace(x_test=grey, y_test=np.arange(len(grey)) % 10)


def test_what_is_measured_is_described(make_vae, data):
    vae = make_vae()
    measured = protocol.measure(vae, data, is_samples=3)
    assert set(measured) == set(protocol.describe(3))
    assert "K = 3" in protocol.describe(3)["is_nll"]
    told = protocol.describe(3, conditional=True)
    assert set(told) - set(measured) == {"labels"} and "p(x|y)" in told["labels"]
    without = protocol.measure(vae, data)
    assert set(without) == set(protocol.describe())
    assert set(measured) - set(without) == {"is_nll", "elbo_same_images"}
    for name, value in without.items():
        assert measured[name] == pytest.approx(value), name


def test_each_number_uses_the_images_and_draws_it_names(make_vae, data):
    vae = make_vae(latent_dim=3)
    # One dimension that says nothing, so that not all of them are active.
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
    measured = protocol.measure(vae, data, is_samples=3)
    assert len({round(value, 6) for value in expected.values()}) == len(expected)
    for name, value in expected.items():
        assert measured[name] == pytest.approx(value, rel=1e-6), name


@pytest.fixture
def conditional():
    return models.ConditionalVAE(
        networks.build_encoder("fc", 3, (16,), labelled="both"),
        networks.build_decoder("fc", 3, (16,), labelled="both"),
        likelihoods.Bernoulli(),
    )


def test_a_conditional_model_is_told_the_labels(conditional, data):
    measured = protocol.measure(conditional, data, is_samples=3)
    binary = pixels.binarise(data.x_test, seed=0)
    expected = evaluation.elbo_split(conditional, binary, data.y_test)
    wrong = evaluation.elbo_split(conditional, binary, np.roll(data.y_test, 1))
    assert measured["elbo"] == pytest.approx(expected["elbo"], rel=1e-6)
    assert abs(wrong["elbo"] - expected["elbo"]) > 1e-3
    tenth = binary[::10], data.y_test[::10]
    nll = evaluation.importance_sampled_nll(conditional, *tenth, samples=3)
    assert measured["is_nll"] == pytest.approx(nll.mean(), rel=1e-6)


def test_generated_digits_are_judged_by_the_label_asked_for(conditional, data):
    classifier = networks.build_classifier(filters=(2, 4), dropout=0)
    measured = protocol.measure_generated(conditional, classifier, data)
    assert set(measured) == set(protocol.describe_generated()) - {"generated"}
    z = latent.sample_prior(64, 3, seed=0)
    means = latent.decode(conditional, z, data.y_test)
    found, features = evaluation.classify(classifier, means)
    assert measured["conditional_accuracy"] == np.mean(found == data.y_test)
    _, real = evaluation.classify(classifier, data.x_test)
    distance = evaluation.frechet_digit_distance(features, real)
    assert measured["fdd"] == pytest.approx(distance, rel=1e-6)


def test_without_labels_there_is_no_accuracy(make_vae, data):
    classifier = networks.build_classifier(filters=(2, 4), dropout=0)
    assert set(protocol.measure_generated(make_vae(), classifier, data)) == {"fdd"}


def test_another_likelihood_is_refused(make_vae, data):
    vae = make_vae()
    vae.likelihood = likelihoods.Gaussian(0.1)
    with pytest.raises(ValueError, match="Bernoulli.*Received: likelihood=Gaussian"):
        protocol.measure(vae, data)
