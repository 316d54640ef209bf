"""The book's protocol: how every number in a table of results is measured."""

import numpy as np

from vae_utils import evaluation, latent, pixels
from vae_utils.likelihoods import Bernoulli
from vae_utils.models import ConditionalVAE
from vae_utils.networks import input_shape

BINARISATION_SEED = 0  # of test images, the same for every model
POSTERIOR_SEED = 0  # of the sampled codes behind `rmse_sampled`
PRIOR_SEED = 0  # of the codes that generated digits are decoded from
EVERY = 10  # importance sampling uses every tenth test image: the first are easier
SAME_IMAGES_SAMPLES = 10  # draws of z for the ELBO of those images


def describe(
    is_samples: int | None = None, *, conditional: bool = False
) -> dict[str, str]:
    """Says how `measure` measures each number.

    Args:
        is_samples: as for `measure`.
        conditional: True for a model that is told the labels.

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
    if conditional:
        described["labels"] = (
            "the model is told those of the test images; elbo and is_nll are of "
            "p(x|y), or of p(x) if its decoder does not hear them"
        )
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
        vae: `models.VAE` with a Bernoulli likelihood; a conditional one is told the
            labels, and its `elbo` and `is_nll` are those of p(x|y) (of p(x) if its
            decoder ignores them).
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
    y = data.y_test if isinstance(vae, ConditionalVAE) else None
    grey = evaluation.elbo_split(vae, data.x_test, y)
    z_mean, z_log_var = latent.encode(vae, data.x_test, y)
    z = latent.sample_posterior(z_mean, z_log_var, seed=POSTERIOR_SEED)
    measured = evaluation.elbo_split(vae, x_test, y) | {
        "grey_nll": grey["nll"],
        "grey_kl": grey["kl"],
        "rmse_mean": evaluation.rmse(data.x_test, latent.decode(vae, z_mean, y)),
        "rmse_sampled": evaluation.rmse(data.x_test, latent.decode(vae, z, y)),
        "active_units": evaluation.active_units(z_mean),
    }
    if is_samples is not None:
        tenth = x_test[::EVERY], None if y is None else y[::EVERY]
        same_images = evaluation.elbo_split(vae, *tenth, samples=SAME_IMAGES_SAMPLES)
        measured["elbo_same_images"] = same_images["elbo"]
        nll = evaluation.importance_sampled_nll(vae, *tenth, samples=is_samples)
        measured["is_nll"] = float(nll.mean())
    return measured


def describe_generated() -> dict[str, str]:
    """Says how `measure_generated` measures each number; name → description."""
    return {
        "generated": "one digit per test image, with that image's label where labels "
        f"are told: decoder mean, z from the prior (seed {PRIOR_SEED})",
        "fdd": "Fréchet digit distance between these and the grey test images",
        "conditional_accuracy": "share of these that the classifier takes for the "
        "label asked for",
    }


def measure_generated(vae, classifier, data) -> dict[str, float]:
    """Measures generated digits, as `describe_generated` says.

    Args:
        vae: `models.VAE`; a conditional one is told the labels of the test images.
        classifier: as built by `networks.build_classifier`, trained.
        data: `datasets.Dataset`.

    Returns:
        `fdd`, in squared units of the classifier's features; of a conditional VAE also
        `conditional_accuracy`, in [0, 1].
    """
    (latent_dim,) = input_shape(vae.decoder, "z")
    z = latent.sample_prior(len(data.x_test), latent_dim, seed=PRIOR_SEED)
    y = data.y_test if isinstance(vae, ConditionalVAE) else None
    found, features = evaluation.classify(classifier, latent.decode(vae, z, y))
    _, real = evaluation.classify(classifier, data.x_test)
    measured = {"fdd": evaluation.frechet_digit_distance(features, real)}
    if y is not None:
        measured["conditional_accuracy"] = float(np.mean(found == y))
    return measured
