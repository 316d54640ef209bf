"""VAEs of linear networks on images of 2 × 2, and their exact numbers in NumPy."""

import itertools

import numpy as np
from keras import ops
from scipy import special, stats

from vae_utils import likelihoods, models, networks

# Every binary image of 2 × 2: a distribution over them sums to one.
ALL = np.array(list(itertools.product((0, 1), repeat=4)), np.float32)
ALL = ALL.reshape(16, 2, 2, 1)
CLASSES = 3
LABELS = np.arange(16) % CLASSES
SIZES = {"hidden": (), "image_shape": (2, 2, 1)}


class OtherNormal:
    """N(1, 4 I), a prior that is not the standard one."""

    mean, sigma = 1.0, 2.0

    def __init__(self, latent_dim):
        self.latent_dim = latent_dim

    def draw(self, count, rng):
        eps = rng.standard_normal((count, self.latent_dim), dtype=np.float32)
        return self.mean + self.sigma * eps

    def log_prob(self, z):
        squares = ops.square((z - self.mean) / self.sigma)
        constant = np.log(2 * np.pi * self.sigma**2)
        return -0.5 * ops.sum(squares + constant, axis=-1)


def make_vae(latent_dim, prior=None, likelihood=None):
    """Makes a VAE whose q(z|x) is not the true posterior."""
    vae = models.VAE(
        networks.build_fc_encoder(latent_dim, **SIZES),
        networks.build_fc_decoder(latent_dim, **SIZES),
        likelihood or likelihoods.Bernoulli(),
        prior,
    )
    return set_weights(vae, latent_dim)


def make_conditional_vae(latent_dim, prior=None):
    """Makes one that is conditioned on one of three labels."""
    sizes = SIZES | {"classes": CLASSES}
    vae = models.ConditionalVAE(
        networks.build_conditional_encoder(
            networks.build_fc_encoder, latent_dim, planes=False, **sizes
        ),
        networks.build_conditional_decoder(
            networks.build_fc_decoder, latent_dim, **sizes
        ),
        likelihoods.Bernoulli(),
        prior,
    )
    return set_weights(vae, latent_dim)


def set_weights(vae, seed):
    """Sets weights that make q(z|x) wider than the true posterior.

    Importance weights then have no heavy tails.
    """
    rng = np.random.default_rng(seed)
    for network, scale in ((vae.encoder, 0.4), (vae.decoder, 1.5)):
        network.set_weights([scale * rng.normal(size=w.shape) for w in network.weights])
    kernel, bias = dense(vae.encoder, "z_log_var").weights
    kernel.assign(0.1 * rng.normal(size=kernel.shape))
    bias.assign(np.full(bias.shape, 0.5))
    return vae


def dense(network, name):
    """Finds a layer of a network, or of the network inside it."""
    inner = [x for x in network.layers if hasattr(x, "layers")] or [network]
    return inner[0].get_layer(name)


def join(values, labels):
    """Appends one-hot labels, if there are any."""
    if labels is None:
        return values
    return np.concatenate([values, np.eye(CLASSES)[labels]], axis=1)


def posterior(vae, x, labels=None):
    """Computes z_mean and z_log_var, (n, latent_dim)."""
    x = join(x.reshape(len(x), 4), labels)
    kernel, bias = dense(vae.encoder, "z_mean").get_weights()
    z_mean = x @ kernel + bias
    kernel, bias = dense(vae.encoder, "z_log_var").get_weights()
    return z_mean, 10 * np.tanh((x @ kernel + bias) / 10)


def log_likelihood(vae, x, z, label=None):
    """Computes log p(x|z), (n, points), of images and codes (points, latent_dim)."""
    z = z.astype(float)
    if label is not None:
        z = join(z, np.full(len(z), label))
    kernel, bias = dense(vae.decoder, "logits").get_weights()
    logits = z @ kernel + bias  # (points, 4)
    on = x.reshape(len(x), 1, 4) == 1
    return np.where(on, special.log_expit(logits), special.log_expit(-logits)).sum(-1)


def product(points, weights, dim):
    """Makes points and log weights of a quadrature rule in `dim` dimensions."""
    points = np.stack(np.meshgrid(*[points] * dim), axis=-1).reshape(-1, dim)
    weights = np.stack(np.meshgrid(*[weights] * dim), axis=-1).reshape(-1, dim)
    return points, np.log(weights).sum(axis=-1)


def exact_nll(vae, x, labels=None, *, mean=0.0, sigma=1.0):
    """Computes −log ∫ p(z) p(x|z) dz of each image, with the prior N(mean, sigma² I).

    It is a sum over a fine grid of standard deviations of the prior.
    """
    (dim,) = vae.latent_shape
    limit, side = (8, 161) if dim < 3 else (6, 49)
    eps = np.linspace(-limit, limit, side)
    weights = stats.norm.pdf(eps) * (eps[1] - eps[0])
    eps, log_weights = product(eps, weights, dim)
    result = np.empty(len(x))
    for label in [None] if labels is None else np.unique(labels):
        rows = slice(None) if label is None else labels == label
        scores = log_likelihood(vae, x[rows], mean + sigma * eps, label)
        result[rows] = -special.logsumexp(scores + log_weights, axis=1)
    return result


def expected_nll(vae, x, labels=None):
    """Computes mean and variance over q(z|x) of −log p(x|z), by Gauss and Hermite."""
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    eps, log_weights = product(points, weights / weights.sum(), *vae.latent_shape)
    weight, moments = np.exp(log_weights), []
    for i, (mean, log_var) in enumerate(zip(*posterior(vae, x, labels), strict=True)):
        z = mean + np.exp(log_var / 2) * eps
        label = None if labels is None else labels[i]
        nll = -log_likelihood(vae, x[i : i + 1], z, label)[0]
        first, second = (nll * weight).sum(), (nll**2 * weight).sum()
        moments.append((first, second - first**2))
    return np.array(moments).T


def gaussian_kl(q, mean=0.0, sigma=1.0):
    """Computes KL(q ‖ N(mean, sigma² I)) of each image, (n,)."""
    z_mean, z_log_var = q
    ratio = (np.exp(z_log_var) + (z_mean - mean) ** 2) / sigma**2
    return 0.5 * (ratio - 1 - z_log_var + 2 * np.log(sigma)).sum(axis=1)
