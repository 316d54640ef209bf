import itertools
import types

import numpy as np
import pytest
from keras import ops
from scipy import special, stats
from test_pixels import BAD_IMAGES

from vae_utils import evaluation, likelihoods, models, networks
from vae_utils.evaluation import bounds

# Every binary image of 2 × 2: a distribution over them sums to one.
ALL = np.array(list(itertools.product((0, 1), repeat=4)), np.float32)
ALL = ALL.reshape(16, 2, 2, 1)


def make_tiny_vae(latent_dim):
    """A VAE of linear networks, whose q(z|x) is not the true posterior."""
    vae = models.VAE(
        networks.build_fc_encoder(latent_dim, (), image_shape=(2, 2, 1)),
        networks.build_fc_decoder(latent_dim, (), image_shape=(2, 2, 1)),
        likelihoods.Bernoulli(),
    )
    rng = np.random.default_rng(latent_dim)
    for network, scale in ((vae.encoder, 0.4), (vae.decoder, 1.5)):
        network.set_weights([scale * rng.normal(size=w.shape) for w in network.weights])
    # Wider than the true posterior: importance weights without heavy tails.
    kernel, bias = vae.encoder.get_layer("z_log_var").weights
    kernel.assign(0.1 * rng.normal(size=kernel.shape))
    bias.assign(np.full(bias.shape, 0.5))
    return vae


@pytest.fixture(scope="module", params=[1, 2], ids="latent_dim={}".format)
def vae(request):
    return make_tiny_vae(request.param)


def posterior(vae, x):
    """z_mean and z_log_var, (n, latent_dim), written out."""
    x = x.reshape(len(x), 4)
    kernel, bias = vae.encoder.get_layer("z_mean").get_weights()
    z_mean = x @ kernel + bias
    kernel, bias = vae.encoder.get_layer("z_log_var").get_weights()
    return z_mean, 10 * np.tanh((x @ kernel + bias) / 10)


def log_likelihood(vae, x, z):
    """Log p(x|z), (n, points), of images and of points (points, latent_dim)."""
    kernel, bias = vae.decoder.get_weights()
    logits = z.astype(float) @ kernel + bias  # (points, 4)
    on = x.reshape(len(x), 1, 4) == 1
    return np.where(on, special.log_expit(logits), special.log_expit(-logits)).sum(-1)


def product(points, weights, dim):
    """Points and log weights of a quadrature rule in `dim` dimensions."""
    points = np.stack(np.meshgrid(*[points] * dim), axis=-1).reshape(-1, dim)
    weights = np.stack(np.meshgrid(*[weights] * dim), axis=-1).reshape(-1, dim)
    return points, np.log(weights).sum(axis=-1)


def exact_nll(vae, x):
    """−log ∫ p(z) p(x|z) dz of each image, as a sum over a fine grid."""
    grid = np.linspace(-8, 8, 161)
    weights = stats.norm.pdf(grid) * (grid[1] - grid[0])
    z, log_weights = product(grid, weights, vae.decoder.input_shape[-1])
    return -special.logsumexp(log_likelihood(vae, x, z) + log_weights, axis=1)


def expected_nll(vae, x):
    """Mean and variance over q(z|x) of −log p(x|z), by Gauss-Hermite quadrature."""
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    eps, log_weights = product(
        points, weights / weights.sum(), vae.decoder.input_shape[-1]
    )
    moments = []
    for image, mean, log_var in zip(x, *posterior(vae, x), strict=True):
        z = mean + np.exp(log_var / 2) * eps
        nll, weight = -log_likelihood(vae, image[None], z)[0], np.exp(log_weights)
        first, second = (nll * weight).sum(), (nll**2 * weight).sum()
        moments.append((first, second - first**2))
    return np.array(moments).T


def count_decoded(vae):
    """A model with the networks of `vae` that records how many z it decodes."""
    decoded = []

    class Recording(likelihoods.Bernoulli):
        def negative_log_likelihood(self, x, logits):
            decoded.append(logits.shape[0])
            return super().negative_log_likelihood(x, logits)

    parts = {"encoder": vae.encoder, "decoder": vae.decoder}
    return types.SimpleNamespace(**parts, likelihood=Recording()), decoded


def test_the_reference_is_a_distribution(vae):
    assert np.exp(-exact_nll(vae, ALL)).sum() == pytest.approx(1, rel=1e-6)


def test_the_elbo_agrees_with_quadrature(vae):
    samples = 4000
    split = evaluation.elbo_split(vae, ALL, samples=samples, seed=1)
    mean, variance = expected_nll(vae, ALL)
    standard_error = np.sqrt(variance.sum() / samples) / len(ALL)
    assert 0 < standard_error < 0.02
    assert abs(split["nll"] - mean.mean()) < 5 * standard_error
    z_mean, z_log_var = posterior(vae, ALL)
    kl = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).sum(axis=1)
    assert split["kl"] == pytest.approx(kl.mean(), rel=1e-5)
    assert split["elbo"] == -(split["nll"] + split["kl"])
    assert split.keys() == {"nll", "kl", "elbo"}
    assert all(type(value) is float for value in split.values())


def test_one_sample_per_image_suffices_for_many_images():
    vae = make_tiny_vae(2)
    x = np.repeat(ALL, 500, axis=0)
    mean, variance = expected_nll(vae, ALL)
    nll = evaluation.elbo_split(vae, x)["nll"]
    assert abs(nll - mean.mean()) < 5 * np.sqrt(variance.mean() / len(x))


def test_equal_seeds_give_equal_numbers(vae):
    for evaluate, number in (
        (evaluation.elbo_split, "nll"),
        (evaluation.importance_sampled_nll, 7),
    ):
        first, same, other = (
            evaluate(vae, ALL, samples=3, seed=seed)[number] for seed in (1, 1, 2)
        )
        assert first == same != other


def test_importance_sampling_agrees_with_quadrature(vae):
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=20_000)
    assert nll.shape == (16,)
    np.testing.assert_allclose(nll, exact_nll(vae, ALL), atol=0.03)


def test_more_samples_tighten_the_bound():
    vae = make_tiny_vae(2)
    x = np.repeat(ALL, 100, axis=0)
    bounds = [
        evaluation.importance_sampled_nll(vae, x, samples=samples).mean()
        for samples in (1, 8, 64)
    ]
    z_mean, z_log_var = posterior(vae, ALL)
    kl = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var).sum(axis=1)
    negative_elbo = (expected_nll(vae, ALL)[0] + kl).mean()
    assert bounds[0] == pytest.approx(negative_elbo, abs=0.1)
    exact = exact_nll(vae, ALL).mean()
    assert np.all(np.diff(bounds) < 0)
    assert exact - 0.01 < bounds[-1] < exact + 0.05 < bounds[0]


def test_one_sample_is_the_elbo_of_that_sample(vae):
    x = ALL[3:10]
    z_mean, z_log_var = posterior(vae, x)
    eps = np.random.default_rng([5, bounds.EVALUATION]).standard_normal(
        z_mean.shape, dtype=np.float32
    )
    sigma = np.exp(z_log_var / 2)
    z = z_mean + sigma * eps
    expected = [
        -log_likelihood(vae, x[i : i + 1], z[i : i + 1]).item()
        + stats.norm.logpdf(z[i], z_mean[i], sigma[i]).sum()
        - stats.norm.logpdf(z[i]).sum()
        for i in range(len(x))
    ]
    nll = evaluation.importance_sampled_nll(vae, x, samples=1, seed=5)
    np.testing.assert_allclose(nll, expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("block", "samples"),
    [
        (9000, 3000),  # blocks of 3, 3 and 1 images
        (900, 3000),  # one image at a time, its samples in four blocks
        (7, 5),
    ],
)
def test_blocks_bound_the_memory_and_nothing_else(monkeypatch, block, samples):
    vae, x = make_tiny_vae(2), ALL[3:10]
    nll = evaluation.importance_sampled_nll(vae, x, samples=samples)
    split = evaluation.elbo_split(vae, x, samples=samples)
    monkeypatch.setattr(bounds, "BLOCK", block)
    recording, decoded = count_decoded(vae)
    in_blocks = evaluation.importance_sampled_nll(recording, x, samples=samples)
    np.testing.assert_allclose(in_blocks, nll, rtol=1e-5)
    assert in_blocks.shape == (7,)
    split_in_blocks = evaluation.elbo_split(recording, x, samples=samples)
    assert split_in_blocks == pytest.approx(split, rel=1e-5)
    assert sum(decoded) == 2 * 7 * samples
    assert max(decoded) <= block
    if samples == 3000:
        np.testing.assert_allclose(in_blocks, exact_nll(vae, x), atol=0.1)


def test_every_block_has_noise_of_its_own(monkeypatch):
    vae = make_tiny_vae(2)
    same = np.repeat(ALL[5:6], 6, axis=0)
    monkeypatch.setattr(bounds, "BLOCK", 2)
    nll = evaluation.importance_sampled_nll(vae, same, samples=2)
    assert len(set(nll)) == 6
    one = evaluation.importance_sampled_nll(vae, same[:1], samples=2)
    four = evaluation.importance_sampled_nll(vae, same[:1], samples=4)
    assert not np.allclose(one, four)


def test_far_away_weights_do_not_underflow():
    """Weights of e^−4000 each: their logarithms must be added as logarithms."""
    vae = make_tiny_vae(2)
    decoder = networks.build_fc_decoder(
        vae.decoder.input_shape[-1], (), image_shape=(2, 2, 1)
    )
    kernel, bias = decoder.weights
    decoder.set_weights([np.zeros(kernel.shape), np.full(bias.shape, 1000.0)])
    sure = models.VAE(vae.encoder, decoder, likelihoods.Bernoulli())
    nll = evaluation.importance_sampled_nll(sure, np.zeros((3, 2, 2)), samples=500)
    np.testing.assert_allclose(nll, 4000, atol=1)


def test_uint8_images_are_scaled():
    vae = make_tiny_vae(2)
    as_bytes = (ALL * 255).astype(np.uint8)
    assert evaluation.elbo_split(vae, as_bytes) == evaluation.elbo_split(vae, ALL)
    np.testing.assert_array_equal(
        evaluation.importance_sampled_nll(vae, as_bytes[..., 0], samples=2),
        evaluation.importance_sampled_nll(vae, ALL, samples=2),
    )


both = pytest.mark.parametrize(
    "evaluate", [evaluation.elbo_split, evaluation.importance_sampled_nll]
)


@both
@pytest.mark.parametrize("samples", [0, -1, 1.5, True, "2", None])
def test_samples_that_are_no_count_are_refused(evaluate, samples):
    message = f"samples must be a positive.*Received: samples={samples!r}"
    with pytest.raises(ValueError, match=message):
        evaluate(make_tiny_vae(1), ALL, samples=samples)


@both
@pytest.mark.parametrize(("images", "message"), BAD_IMAGES)
def test_what_is_no_image_is_refused(evaluate, images, message):
    with pytest.raises(ValueError, match=message):
        evaluate(make_tiny_vae(1), images)


def test_rmse_is_the_mean_of_the_images_own():
    images = np.zeros((3, 2, 2))
    reconstructions = np.zeros((3, 2, 2))
    reconstructions[0] = 0.5  # 0.5
    reconstructions[1, 0, 1] = 0.8  # √(0.64 / 4) = 0.4; the third is perfect
    rmse = evaluation.rmse(images, reconstructions)
    assert type(rmse) is float
    assert rmse == pytest.approx((0.5 + 0.4 + 0) / 3)  # √ of the whole: 0.37


def test_rmse_takes_uint8_for_grey_values():
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    grey = np.array([[[0, 0.2], [0.4, 1]]])
    assert evaluation.rmse(images, grey[..., None]) == pytest.approx(0, abs=1e-7)
    assert evaluation.rmse(images, images) == 0
    assert evaluation.rmse(images, np.zeros((1, 2, 2, 1))) == pytest.approx(
        np.sqrt((0.04 + 0.16 + 1) / 4)
    )


@pytest.mark.parametrize("shape", [(2, 4, 4), (3, 4, 5), (3, 4, 4, 3), (1, 4, 4)])
def test_rmse_broadcasts_nothing(shape):
    with pytest.raises(ValueError, match=r"the same shape.*Received: \(3, 4, 4, 1\)"):
        evaluation.rmse(np.zeros((3, 4, 4)), np.zeros(shape))


def test_the_model_is_left_as_it_was():
    vae = make_tiny_vae(2)
    before = [ops.convert_to_numpy(variable) for variable in vae.variables]
    evaluation.elbo_split(vae, ALL)
    evaluation.importance_sampled_nll(vae, ALL, samples=2)
    after = [ops.convert_to_numpy(variable) for variable in vae.variables]
    assert all(map(np.array_equal, before, after))


def test_grey_images_under_a_bernoulli_likelihood_bring_a_warning(make_vae, images):
    vae = make_vae()
    grey = images[:2] / 255 * 0.5
    with pytest.warns(UserWarning, match="The images are grey.*no probability"):
        evaluation.importance_sampled_nll(vae, grey, samples=2)
    evaluation.importance_sampled_nll(vae, images[:2], samples=2)  # black and white


def test_active_units_vary_over_images():
    rng = np.random.default_rng(0)
    spreads = np.array([1.0, 0.11, 0.09, 0.0])  # variances 1, 0.0121, 0.0081, 0
    z_mean = 5 + spreads * stats.zscore(rng.normal(size=(1000, 4)))
    assert evaluation.active_units(z_mean) == 2
    assert evaluation.active_units(z_mean, threshold=0.005) == 3
    assert evaluation.active_units(z_mean, threshold=2) == 0


def test_active_units_of_a_model_that_broke_are_not_counted():
    z_mean = np.ones((5, 2))
    z_mean[3, 1] = np.nan
    with pytest.raises(ValueError, match="must be finite. Received: 1 values"):
        evaluation.active_units(z_mean)


@pytest.mark.parametrize("shape", [(1, 3), (10,), (0, 2), (10, 0)])
def test_active_units_need_many_images(shape):
    with pytest.raises(ValueError, match=r"\(n, latent_dim\), n > 1. Received: "):
        evaluation.active_units(np.zeros(shape))


def test_log_weights_give_both_bounds(vae):
    weights = evaluation.log_weights(vae, ALL, samples=30, seed=2)
    assert weights.shape == (16, 30) and weights.dtype == np.float32
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=30, seed=2)
    expected = np.log(30) - special.logsumexp(weights, axis=1)
    np.testing.assert_allclose(nll, expected, rtol=1e-5)


def test_log_weights_of_many_draws_stay_in_order(vae, monkeypatch):
    monkeypatch.setattr(bounds, "BLOCK", 7)
    weights = evaluation.log_weights(vae, ALL, samples=20, seed=2)
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=20, seed=2)
    expected = np.log(20) - special.logsumexp(weights, axis=1)
    np.testing.assert_allclose(nll, expected, rtol=1e-5)


def test_other_proposals_move_the_elbo_and_not_the_evidence(vae):
    z_mean, z_log_var = posterior(vae, ALL)
    wide = (z_mean + 0.3, z_log_var + 0.5)
    split = evaluation.elbo_split(vae, ALL, samples=4000, proposals=wide)
    kl = 0.5 * (wide[0] ** 2 + np.exp(wide[1]) - 1 - wide[1]).sum(axis=1)
    assert split["kl"] == pytest.approx(kl.mean(), rel=1e-5)
    assert split["elbo"] < evaluation.elbo_split(vae, ALL, samples=4000)["elbo"] - 0.05
    nll = evaluation.importance_sampled_nll(vae, ALL, samples=20_000, proposals=wide)
    np.testing.assert_allclose(nll, exact_nll(vae, ALL), atol=0.03)


def test_proposals_of_another_shape_are_refused(vae):
    with pytest.raises(ValueError, match="proposals must be .*Received: .*15"):
        evaluation.elbo_split(vae, ALL, proposals=[v[:15] for v in posterior(vae, ALL)])


def test_the_plane_agrees_with_quadrature_in_numpy():
    vae = make_tiny_vae(2)
    plane = evaluation.integrate_plane(vae, ALL, side=161, limit=8.0)
    np.testing.assert_allclose(plane.nll, exact_nll(vae, ALL), rtol=1e-5)
    cell = (16 / 160) ** 2
    np.testing.assert_allclose(np.exp(plane.log_posterior).sum(axis=1) * cell, 1)
    # Bayes at one of the codes, written out.
    index, z = 9000, plane.z[9000:9001]
    joint = log_likelihood(vae, ALL, z)[:, 0] + stats.norm.logpdf(z).sum()
    bayes = joint + exact_nll(vae, ALL)
    np.testing.assert_allclose(plane.log_posterior[:, index], bayes, rtol=1e-4)


@pytest.mark.parametrize(
    ("vae", "options", "sentence"),
    [
        (make_tiny_vae(1), {}, "two latent dimensions"),
        (make_tiny_vae(2), {"side": 1}, "side must be a positive"),
        (make_tiny_vae(2), {"limit": -1}, "limit must be positive"),
    ],
)
def test_a_plane_has_two_dimensions(vae, options, sentence):
    with pytest.raises(ValueError, match=f"{sentence}.*Received: "):
        evaluation.integrate_plane(vae, ALL, **options)


def test_fitted_proposals_close_the_amortisation_gap():
    vae = make_tiny_vae(2)
    decoder = [np.array(w) for w in vae.decoder.get_weights()]
    fitted = evaluation.fit_proposals(vae, ALL, steps=200, samples=16)
    bounds_ = [
        evaluation.elbo_split(vae, ALL, samples=4000, proposals=each)["elbo"]
        for each in (posterior(vae, ALL), fitted)
    ]
    exact = -exact_nll(vae, ALL).mean()
    assert bounds_[0] + 0.1 < bounds_[1] < exact
    # No change of a fitted proposal helps.
    for shift in (-0.2, 0.2):
        for moved in ((fitted[0] + shift, fitted[1]), (fitted[0], fitted[1] + shift)):
            split = evaluation.elbo_split(vae, ALL, samples=4000, proposals=moved)
            assert split["elbo"] < bounds_[1]
    for before, after in zip(decoder, vae.decoder.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert vae.decoder.trainable


def test_fitting_may_start_elsewhere():
    vae = make_tiny_vae(2)
    elsewhere = np.full((len(ALL), 2), 2.0), np.full((len(ALL), 2), -4.0)
    fits = [
        evaluation.fit_proposals(vae, ALL, start=start, steps=steps)
        for start, steps in ((None, 300), (elsewhere, 300), (elsewhere, 1))
    ]
    elbos = [
        evaluation.elbo_split(vae, ALL, samples=2000, proposals=fit)["elbo"]
        for fit in fits
    ]
    assert elbos[0] == pytest.approx(elbos[1], abs=0.05)  # one hill, found from both
    assert elbos[2] < elbos[1] - 0.5
    with pytest.raises(
        ValueError, match=r"^start must be .* of shape \(\d+, 2\). Received: "
    ):
        evaluation.fit_proposals(vae, ALL, start=(np.zeros((1, 2)), np.zeros((1, 2))))


def test_kl_per_dimension_sums_to_the_kl_term(vae):
    z_mean, z_log_var = posterior(vae, ALL)
    parts = evaluation.kl_per_dimension(z_mean, z_log_var)
    assert parts.shape == z_mean.shape[1:]
    split = evaluation.elbo_split(vae, ALL)
    assert parts.sum() == pytest.approx(split["kl"], rel=1e-5)


def test_codes_far_apart_tell_all_and_equal_codes_nothing():
    far = np.arange(50.0)[:, np.newaxis] * [100.0, 0.0]
    narrow = np.full((50, 2), -2.0)
    told = evaluation.mutual_information(far, narrow)
    assert told == pytest.approx(np.log(50), abs=1e-6)
    assert evaluation.mutual_information(np.zeros((50, 2)), narrow) == pytest.approx(0)


def test_mutual_information_agrees_with_a_gaussian_channel():
    """Means from N(0, 3) and noise of variance 1: ½ log(1 + 3) per dimension."""
    rng = np.random.default_rng(0)
    z_mean = rng.normal(0, np.sqrt(3), (4000, 2))
    told = evaluation.mutual_information(z_mean, np.zeros((4000, 2)), seed=1)
    assert told == pytest.approx(np.log(4), abs=0.05)


@pytest.mark.parametrize("measure", ["kl_per_dimension", "mutual_information"])
def test_proposals_that_do_not_fit_are_refused(measure):
    with pytest.raises(ValueError, match=r"shape \(n, latent_dim\). Received: .*3, 2"):
        getattr(evaluation, measure)(np.zeros((3, 2)), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="z_log_var must be finite. Received: 1 "):
        getattr(evaluation, measure)(np.zeros((1, 1)), np.full((1, 1), np.nan))


@pytest.mark.parametrize("options", [{"steps": 0}, {"samples": 0}, {"rate": 0}])
def test_fitting_needs_positive_options(options):
    (name,) = options
    with pytest.raises(
        ValueError, match=f"{name} must be a positive.*Received: {name}"
    ):
        evaluation.fit_proposals(make_tiny_vae(2), ALL, **options)


@pytest.mark.parametrize("score", ["log_weights", "importance_sampled_nll"])
def test_grey_images_are_warned_about(score, vae):
    with pytest.warns(UserWarning, match="grey.*binarise them first"):
        getattr(evaluation, score)(vae, ALL / 2, samples=2)


def test_a_plane_of_grey_images_is_warned_about():
    with pytest.warns(UserWarning, match="grey.*binarise them first"):
        evaluation.integrate_plane(make_tiny_vae(2), ALL / 2, side=5)


def test_proposals_must_be_finite(vae):
    z_mean, z_log_var = posterior(vae, ALL)
    with pytest.raises(ValueError, match="z_mean must be finite"):
        evaluation.elbo_split(vae, ALL, proposals=(z_mean + np.inf, z_log_var))
