import types

import numpy as np
import pytest

from vae_utils import evaluation, latent, pixels, protocol


@pytest.fixture
def data(images):
    grey = (images * np.random.default_rng(0).random(images.shape)).astype(np.uint8)
    return types.SimpleNamespace(x_test=grey)


def test_what_is_measured_is_described(make_vae, data):
    vae = make_vae()
    measured = protocol.measure(vae, data, is_samples=3)
    described = [name for names in protocol.DESCRIPTION for name in names.split(", ")]
    assert sorted(measured) == sorted(described)
    without = protocol.measure(vae, data)
    assert set(measured) - set(without) == {"is_nll", "elbo_same_images"}
    for name, value in without.items():
        assert measured[name] == pytest.approx(value), name


def test_each_number_uses_the_images_it_names(make_vae, data):
    vae = make_vae()
    measured = protocol.measure(vae, data, is_samples=3)
    binary = pixels.binarise(data.x_test, seed=0)
    assert measured["elbo"] == pytest.approx(evaluation.elbo_split(vae, binary)["elbo"])
    grey = evaluation.elbo_split(vae, data.x_test)
    assert measured["grey_nll"] == pytest.approx(grey["nll"])
    z_mean, _ = latent.encode(vae, data.x_test)
    mean = latent.decode(vae, z_mean)
    assert measured["rmse_mean"] == pytest.approx(evaluation.rmse(data.x_test, mean))
    assert measured["rmse_sampled"] != pytest.approx(measured["rmse_mean"], rel=1e-6)
    nll = evaluation.importance_sampled_nll(vae, binary[::10], samples=3)
    assert measured["is_nll"] == pytest.approx(nll.mean())
