import types

import numpy as np
import pytest

from vae_utils import evaluation, latent, likelihoods, pixels, protocol


@pytest.fixture
def data(images):
    grey = (images * np.random.default_rng(0).random(images.shape)).astype(np.uint8)
    return types.SimpleNamespace(x_test=grey)


def test_what_is_measured_is_described(make_vae, data):
    vae = make_vae()
    measured = protocol.measure(vae, data, is_samples=3)
    assert set(measured) == set(protocol.describe(3))
    assert "K = 3" in protocol.describe(3)["is_nll"]
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


def test_another_likelihood_is_refused(make_vae, data):
    vae = make_vae()
    vae.likelihood = likelihoods.Gaussian(0.1)
    with pytest.raises(ValueError, match="Bernoulli.*Received: likelihood=Gaussian"):
        protocol.measure(vae, data)
