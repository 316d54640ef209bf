"""The book's protocol: how every number in a table of results is measured."""

from vae_utils import evaluation, latent, pixels
from vae_utils.likelihoods import Bernoulli

BINARISATION_SEED = 0  # of test images, the same for every model
POSTERIOR_SEED = 0  # of the sampled codes behind `rmse_sampled`
EVERY = 10  # importance sampling uses every tenth test image: the first are easier
SAME_IMAGES_SAMPLES = 10  # draws of z for the ELBO of those images


def describe(is_samples: int | None = None) -> dict[str, str]:
    """Says how `measure` measures each number.

    Args:
        is_samples: as for `measure`.

    Returns:
        Name → description.
    """
    binarised = f"test images, binarised once (dynamic, seed {BINARISATION_SEED})"
    grey = "all grey test images"
    loss = "no bound on a probability, but what a program trained on grey images prints"
    described = {
        "elbo": f"all {binarised}; one sample of z each; nats",
        "nll": "part of elbo",
        "kl": "part of elbo",
        "grey_nll": f"{grey}; one sample of z each; nats; {loss}",
        "grey_kl": f"{grey}; nats",
        "rmse_mean": f"{grey}; from the mean of q(z|x); mean over images",
        "rmse_sampled": f"{grey}; from one sample of z (seed {POSTERIOR_SEED}); mean "
        "over images",
        "active_units": f"{grey}; dimensions whose posterior mean has a variance above "
        f"{evaluation.ACTIVE_VARIANCE}",
    }
    if is_samples is not None:
        tenth = f"every {EVERY}th of the {binarised}"
        described["elbo_same_images"] = (
            f"{tenth}; {SAME_IMAGES_SAMPLES} samples of z each; nats"
        )
        described["is_nll"] = f"{tenth}; importance-sampled, K = {is_samples}; nats"
    return described


def measure(vae, data, *, is_samples: int | None = None) -> dict[str, float]:
    """Measures a VAE on test images, as `describe` says.

    Args:
        vae: `models.VAE` with a Bernoulli likelihood.
        data: `datasets.Dataset`.
        is_samples: K of the importance-sampled NLL; None leaves it out.

    Returns:
        Name → number, in nats per image, grey levels (RMSE) or units.

    Raises:
        ValueError: if the likelihood is another, or `is_samples` not positive.
    """
    if not isinstance(vae.likelihood, Bernoulli):
        raise ValueError(
            "These numbers are defined for a Bernoulli likelihood. "
            f"Received: likelihood={type(vae.likelihood).__name__}"
        )
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
        same_images = evaluation.elbo_split(vae, tenth, samples=SAME_IMAGES_SAMPLES)
        measured["elbo_same_images"] = same_images["elbo"]
        nll = evaluation.importance_sampled_nll(vae, tenth, samples=is_samples)
        measured["is_nll"] = float(nll.mean())
    return measured
