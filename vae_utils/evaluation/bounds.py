"""The ELBO in its two parts, from codes drawn for each image.

It works for every model that encodes images to a posterior it can draw from, and that
has importance weights (`log_weights`): any prior and posterior, with labels or without.
Noise comes from NumPy: the same seed gives the same draws on every backend.
"""

import numpy as np

from vae_utils.evaluation.scoring import score


def elbo_split(
    model, images, labels=None, *, samples: int = 1, seed: int = 0, proposals=None
) -> dict[str, float]:
    """Estimates the ELBO and its two parts, in nats per image.

    Grey images are scored as well, since that is what many programs print. Under a
    Bernoulli likelihood −elbo then bounds the mean of −log p over their dynamic
    binarisations from above (`importance.warn_if_grey` has the proof).

    Args:
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: the images to explain, shape (n, height, width, channels); binarised
            ones (`pixels.binarise`) where the likelihood is Bernoulli.
        labels: ints, shape (n,), of a conditional model, whose log p(x|y) is bounded.
        samples: draws of z per image; more make the estimate steadier, not tighter.
        seed: int, of the draws.
        proposals: z_mean and z_log_var of another q(z|x) for each image than the
            encoder's, such as `fit_proposals` finds, each of shape (n, latent_dim); or
            a `distributions.DefensiveGaussian`.

    Returns:
        The means over images of `nll` and `kl`, and `elbo` = −(nll + kl).

    Raises:
        ValueError: if `samples` is not a positive integer, `images` are not images,
            `proposals` do not fit them, or the model lacks an ability.
    """
    terms = elbo_terms(
        model, images, labels, samples=samples, seed=seed, proposals=proposals
    )
    split = {name: float(values.mean()) for name, values in terms.items()}
    return split | {"elbo": -(split["nll"] + split["kl"])}


def elbo_terms(
    model, images, labels=None, *, samples: int = 1, seed: int = 0, proposals=None
) -> dict[str, np.ndarray]:
    """Estimates the two parts of the ELBO of each image, in nats.

    Takes what `elbo_split` takes.

    Returns:
        `nll` and `kl` of each image, shape (n,); the ELBO is −(nll + kl).

    Raises:
        ValueError: as for `elbo_split`.
    """
    nll, kl = np.zeros(len(images)), np.zeros(len(images))
    for index, block in score(model, images, labels, samples, seed, proposals):
        np.add.at(nll, index, block["nll"].sum(axis=1) / samples)
        if block["kl"].ndim == 1:  # exact
            kl[index] = block["kl"]
        else:
            np.add.at(kl, index, block["kl"].sum(axis=1) / samples)
    return {"nll": nll, "kl": kl}
