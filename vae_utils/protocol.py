"""The book's protocol: how every number in a table of results is measured."""

from vae_utils import evaluation, latent, pixels

BINARISATION_SEED = 0  # of test images, the same for every model
EVERY = 10  # importance sampling uses every tenth test image: the first are easier
POSTERIOR_SEED = 0  # of the sampled codes behind `rmse_sampled`

DESCRIPTION = {
    "elbo, nll, kl": "all test images, binarised once (dynamic, seed "
    f"{BINARISATION_SEED}), one sample of z each, in nats",
    "grey_nll, grey_kl": "the same on the grey images: no bound on a probability of "
    "them, but the loss that a program trained on grey images prints",
    "elbo_same_images": f"every {EVERY}th binarised test image, ten samples of z each",
    "is_nll": f"every {EVERY}th binarised test image",
    "rmse_mean, rmse_sampled": "all grey test images, from the mean of q(z|x) and from "
    "one sample of z; mean over images",
    "active_units": "latent dimensions whose posterior mean varies by more than 0.01 "
    "over the grey test images",
}


def measure(vae, data, *, is_samples: int | None = None) -> dict[str, float]:
    """Measures a VAE on test images, as `DESCRIPTION` says.

    Args:
        vae: `models.VAE` with a Bernoulli likelihood.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        Name → number, in nats per image, grey levels (RMSE) or units.
    """
    x_test = pixels.binarise(data.x_test, seed=BINARISATION_SEED)
    grey = evaluation.elbo_split(vae, data.x_test)
    z_mean, z_log_var = latent.encode(vae, data.x_test)
    z = latent.sample_posterior(z_mean, z_log_var, seed=POSTERIOR_SEED)
    measured = evaluation.elbo_split(vae, x_test) | {
        "grey_nll": grey["nll"],
        "grey_kl": grey["kl"],
        "rmse_mean": evaluation.rmse(data.x_test, latent.decode(vae, z_mean)),
        "rmse_sampled": evaluation.rmse(data.x_test, latent.decode(vae, z)),
        "active_units": evaluation.active_units(z_mean),
    }
    if is_samples is not None:
        tenth = x_test[::EVERY]
        same_images = evaluation.elbo_split(vae, tenth, samples=10)
        measured["elbo_same_images"] = same_images["elbo"]
        nll = evaluation.importance_sampled_nll(vae, tenth, samples=is_samples)
        measured["is_nll"] = float(nll.mean())
    return measured
