"""Annealed importance sampling: −log p(x) from codes that are led to the posterior."""

import math
from typing import NamedTuple

import numpy as np
from keras import ops, tree

from vae_utils import latent
from vae_utils.checks import check_positive_integer
from vae_utils.evaluation.importance import warn_if_grey
from vae_utils.evaluation.scoring import find_proposals
from vae_utils.evaluation.transitions import Transition
from vae_utils.models.abilities import need
from vae_utils.pixels import to_unit_interval

CODES = 2000  # codes moved at once
ANNEALING = 4  # a stream of random numbers of its own
FIRST_STEP = 0.5  # of the leapfrog, in standard deviations of the start
ACCEPTED = 0.65  # share of moves accepted that the warm-up aims at
ADAPTATION = 0.5  # change of log step for an acceptance that is off by one
STEEPNESS = 4.0  # of the sigmoid along which β rises
STARTS = ("prior", "posterior")


class Annealed(NamedTuple):
    """What annealed importance sampling gives.

    Args:
        nll: estimates of −log p(x), shape (n,), in nats; on average above it.
        log_chain_weights: log weight of each chain, shape (n, chains), in nats.
        accepted: mean acceptance at each β but the last, shape (steps − 1,).
    """

    nll: np.ndarray
    log_chain_weights: np.ndarray
    accepted: np.ndarray


def anneal(
    model,
    images,
    labels=None,
    *,
    start: str = "prior",
    steps: int = 100,
    chains: int = 10,
    leapfrog: int = 5,
    seed: int = 0,
    proposals=None,
) -> Annealed:
    """Estimates −log p(x) by annealed importance sampling with HMC.

    Codes are drawn from r(z), and moved by HMC through p(x, z)^β r(z)^(1 − β) while β
    rises from 0 to 1. A first pass, whose weights are thrown away, fits the step of
    each image at each β to an acceptance of 65 %; the steps are fixed in the second,
    so that the mean weight is an unbiased estimate of p(x).

    Args:
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: binarised images (`pixels.binarise`) where the likelihood is Bernoulli,
            shape (n, height, width, channels).
        labels: ints, shape (n,), of a conditional model.
        start: `"prior"`, or `"posterior"` for q(z|x).
        steps: intervals of β; one is importance sampling from r(z).
        chains: codes led to the posterior for each image.
        leapfrog: steps of the leapfrog in a move.
        seed: int, of all that is drawn; noise comes from NumPy.
        proposals: z_mean and z_log_var in place of the encoder's q(z|x).

    Returns:
        Estimates, log weights and acceptance.

    Raises:
        ValueError: if an argument does not fit.

    Source:
        Neal (2001), https://arxiv.org/abs/physics/9803008; Wu et al. (2017),
        https://arxiv.org/abs/1611.04273, for decoders.
    """
    _check(start, steps=steps, chains=chains, leapfrog=leapfrog)
    need(model, "encode", "log_weights")
    warn_if_grey(model, images)
    x = to_unit_interval(images, model.image_shape)
    labels = latent.check_model_labels(model, labels, len(x))
    q = find_proposals(model, x, labels, proposals)
    move = _compile(Transition(model, leapfrog, start == "prior"), model)
    rng = np.random.default_rng([seed, ANNEALING])
    rows, betas = max(1, CODES // chains), _rise(steps)
    parts = []
    for first in range(0, len(x), rows):
        # A compiled function takes whole blocks: the last image fills up the last one.
        index = np.minimum(np.arange(first, first + rows), len(x) - 1)
        block = {"x": x[index], "start": q.rows(index)}
        if labels is not None:
            block["y"] = labels[index]
        parts.append(_anneal_block(model, move, block, betas, chains, start, rng))
    return _join(parts, len(x))


def _check(start, **counts):
    if start not in STARTS:
        raise ValueError(
            f"start must be one of {', '.join(STARTS)}. Received: start={start!r}"
        )
    for name, value in counts.items():
        check_positive_integer(value, name, f"the number of {name}")


def _rise(steps):
    """Makes the β of each step, from 0 to 1, slow at both ends."""
    if steps == 1:
        return np.array([0.0, 1.0])
    places = 1 / (1 + np.exp(-STEEPNESS * np.linspace(-1, 1, steps + 1)))
    return (places - places[0]) / (places[-1] - places[0])


def _compile(transition, model):
    """Returns a function from NumPy arrays to NumPy arrays."""
    weights = [ops.convert_to_tensor(variable) for variable in model.variables]

    def move(batch):
        batch = tree.map_structure(ops.convert_to_tensor, batch)
        return transition.predict_on_batch({**batch, "weights": weights})

    return move


def _anneal_block(model, move, block, betas, chains, start, rng):
    """Runs the warm-up, then the pass that counts: log weights and acceptance."""
    q = block["start"]
    if start == "posterior":
        scale = np.exp(0.5 * np.asarray(q.log_var))[:, np.newaxis]
    else:
        scale = np.ones_like(np.asarray(q.mean))[:, np.newaxis]
    shape = (len(scale), chains, scale.shape[-1])

    def draw():
        if start == "posterior":
            return q.draw(chains, rng)
        return model.prior.draw(shape[0] * chains, rng).reshape(shape)

    steps = np.full((len(betas) - 1, shape[0]), FIRST_STEP, np.float32)
    for adapting in (True, False):
        log_weights, accepted = _run(
            move, block, draw(), betas, steps, scale, rng, adapting
        )
    return log_weights, accepted


def _run(move, block, z, betas, steps, scale, rng, adapting):
    """Leads codes from β = 0 to 1; `steps`, (β, n), are changed while `adapting`."""
    log_weights, accepted = np.zeros(z.shape[:2]), []
    for i, beta in enumerate(betas[:-1]):
        size = steps[i] if i else np.zeros_like(steps[i])  # at β = 0, just scored
        made = move(
            block
            | {
                "z": z,
                "beta": np.full((len(z), 1), beta, np.float32),
                "size": size[:, np.newaxis, np.newaxis] * scale,
                "momentum": rng.standard_normal(z.shape, dtype=np.float32),
                "uniform": rng.random(z.shape[:2], dtype=np.float32),
            }
        )
        z = made["z"]
        log_weights += (betas[i + 1] - beta) * made["gain"].astype(float)
        accepted.append(made["accepted"].mean(axis=1))
        if adapting and 0 < i < len(steps) - 1:
            steps[i + 1] = steps[i] * np.exp(ADAPTATION * (accepted[-1] - ACCEPTED))
    return log_weights, np.array(accepted)[1:]


def _join(parts, count):
    log_weights = np.concatenate([weights for weights, _ in parts])[:count]
    accepted = np.concatenate([each for _, each in parts], axis=1)[:, :count]
    log_sum = np.logaddexp.reduce(log_weights, axis=1)
    nll = math.log(log_weights.shape[1]) - log_sum
    return Annealed(nll, log_weights, accepted.mean(axis=1))
