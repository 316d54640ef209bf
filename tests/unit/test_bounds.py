import numpy as np
import pytest
from keras import ops
from tiny_vae import (
    ALL,
    LABELS,
    expected_nll,
    gaussian_kl,
    make_conditional_vae,
    make_vae,
    posterior,
)

from vae_utils import evaluation, likelihoods
from vae_utils.evaluation import scoring

core = pytest.mark.core  # the others are about NumPy: seeds, and sizes of blocks


@pytest.fixture(scope="module", params=[1, 2], ids="latent_dim={}".format)
def vae(request):
    return make_vae(request.param)


@pytest.fixture
def decoded():
    """A VAE, and how many codes it decodes at a time."""
    counts = []

    class Recording(likelihoods.Bernoulli):
        def negative_log_likelihood(self, x, logits):
            counts.append(logits.shape[0])
            return super().negative_log_likelihood(x, logits)

    return make_vae(2, likelihood=Recording()), counts


both = pytest.mark.parametrize(
    "evaluate", [evaluation.elbo_split, evaluation.importance_sampled_nll]
)


@core
def test_elbo_agrees_with_quadrature(vae):
    samples = 4000
    split = evaluation.elbo_split(vae, ALL, samples=samples, seed=1)
    mean, variance = expected_nll(vae, ALL)
    standard_error = np.sqrt(variance.sum() / samples) / len(ALL)
    assert 0 < standard_error < 0.02
    assert abs(split["nll"] - mean.mean()) < 5 * standard_error
    kl = gaussian_kl(posterior(vae, ALL))
    assert split["kl"] == pytest.approx(kl.mean(), rel=1e-5)
    assert split["elbo"] == -(split["nll"] + split["kl"])
    assert split.keys() == {"nll", "kl", "elbo"}
    assert all(type(value) is float for value in split.values())


@core
def test_one_sample_per_image_suffices_for_many_images():
    vae = make_vae(2)
    x = np.repeat(ALL, 500, axis=0)
    mean, variance = expected_nll(vae, ALL)
    nll = evaluation.elbo_split(vae, x)["nll"]
    assert abs(nll - mean.mean()) < 5 * np.sqrt(variance.mean() / len(x))


@pytest.mark.parametrize(
    ("evaluate", "number"),
    [(evaluation.elbo_split, "nll"), (evaluation.importance_sampled_nll, 7)],
)
def test_equal_seeds_give_equal_numbers(vae, evaluate, number):
    first, same, other = (
        evaluate(vae, ALL, samples=3, seed=seed)[number] for seed in (1, 1, 2)
    )
    assert first == same != other


@pytest.mark.parametrize(
    ("block", "samples"),
    [
        (900, 300),  # blocks of 3, 3 and 1 images
        (90, 300),  # one image at a time, its samples in four blocks
        (7, 5),
    ],
)
def test_blocks_limit_the_memory_and_change_nothing(
    decoded, monkeypatch, block, samples
):
    vae, counts = decoded
    x = ALL[3:10]
    nll = evaluation.importance_sampled_nll(vae, x, samples=samples)
    split = evaluation.elbo_split(vae, x, samples=samples)
    counts.clear()
    monkeypatch.setattr(scoring, "BLOCK", block)
    in_blocks = evaluation.importance_sampled_nll(vae, x, samples=samples)
    np.testing.assert_allclose(in_blocks, nll, rtol=1e-5)
    assert in_blocks.shape == (7,)
    split_in_blocks = evaluation.elbo_split(vae, x, samples=samples)
    assert split_in_blocks == pytest.approx(split, rel=1e-5)
    assert sum(counts) == 2 * 7 * samples
    assert max(counts) <= block


@core
def test_every_block_has_its_own_noise(monkeypatch):
    vae = make_vae(2)
    same = np.repeat(ALL[5:6], 6, axis=0)
    monkeypatch.setattr(scoring, "BLOCK", 2)
    nll = evaluation.importance_sampled_nll(vae, same, samples=2)
    assert len(set(nll)) == 6
    one = evaluation.importance_sampled_nll(vae, same[:1], samples=2)
    four = evaluation.importance_sampled_nll(vae, same[:1], samples=4)
    assert not np.allclose(one, four)


def test_scales_uint8_images():
    vae = make_vae(2)
    as_bytes = (ALL * 255).astype(np.uint8)
    assert evaluation.elbo_split(vae, as_bytes) == evaluation.elbo_split(vae, ALL)
    np.testing.assert_array_equal(
        evaluation.importance_sampled_nll(vae, as_bytes[..., 0], samples=2),
        evaluation.importance_sampled_nll(vae, ALL, samples=2),
    )


def test_grey_images_can_be_scored():
    """Many programs print this number; `test_grey_bound` has what it bounds."""
    assert np.isfinite(evaluation.elbo_split(make_vae(2), ALL / 2)["elbo"])


@both
@pytest.mark.parametrize("samples", [0, -1, 1.5, True, "2", None])
def test_rejects_invalid_samples(evaluate, samples):
    message = f"samples must be a positive.*Received: samples={samples!r}"
    with pytest.raises(ValueError, match=message):
        evaluate(make_vae(1), ALL, samples=samples)


@both
def test_rejects_invalid_images(evaluate, bad_images):
    images, message = bad_images
    with pytest.raises(ValueError, match=message):
        evaluate(make_vae(1), images)


@both
def test_only_a_conditional_model_takes_labels(evaluate):
    with pytest.raises(ValueError, match="takes labels. Received: no labels"):
        evaluate(make_conditional_vae(2), ALL)
    with pytest.raises(ValueError, match="takes no labels. Received: labels"):
        evaluate(make_vae(2), ALL, LABELS)
    with pytest.raises(ValueError, match="0 … 2. Received: labels from 1 to 3"):
        evaluate(make_conditional_vae(2), ALL, LABELS + 1)


def test_leaves_the_model_unchanged():
    vae = make_vae(2)
    before = [ops.convert_to_numpy(variable) for variable in vae.variables]
    evaluation.elbo_split(vae, ALL)
    evaluation.importance_sampled_nll(vae, ALL, samples=2)
    after = [ops.convert_to_numpy(variable) for variable in vae.variables]
    assert all(map(np.array_equal, before, after))


def test_other_proposals_change_the_elbo(vae):
    z_mean, z_log_var = posterior(vae, ALL)
    wide = (z_mean + 0.3, z_log_var + 0.5)
    split = evaluation.elbo_split(vae, ALL, samples=4000, proposals=wide)
    assert split["kl"] == pytest.approx(gaussian_kl(wide).mean(), rel=1e-5)
    assert split["elbo"] < evaluation.elbo_split(vae, ALL, samples=4000)["elbo"] - 0.05


def test_rejects_proposals_of_another_shape(vae):
    with pytest.raises(ValueError, match="proposals must be .*Received: .*15"):
        evaluation.elbo_split(vae, ALL, proposals=[v[:15] for v in posterior(vae, ALL)])


def test_rejects_infinite_proposals(vae):
    z_mean, z_log_var = posterior(vae, ALL)
    with pytest.raises(ValueError, match="z_mean must be finite"):
        evaluation.elbo_split(vae, ALL, proposals=(z_mean + np.inf, z_log_var))
    with pytest.raises(ValueError, match="z_log_var must be finite"):
        evaluation.elbo_split(vae, ALL, proposals=(z_mean, z_log_var + np.nan))
