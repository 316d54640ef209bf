"""Hamiltonian Monte Carlo over codes: compiled, for many images and chains at once."""

import keras
from keras import ops

from vae_utils.gradients import value_and_gradient
from vae_utils.precision import FLOAT32


class Transition(keras.Model):
    """Moves codes by one step of HMC, and leaves p(z|x)^β · r(z)^(1 − β) as it is.

    A batch has tensors of n images with c chains each:

    - `x`, images, and `y`, labels of a conditional model;
    - `z`, codes, (n, c, latent_dim); `start`, the `DiagonalGaussian` q(z|x);
    - `beta`, (n, 1), the place between the start r(z), 0, and the posterior, 1;
    - `momentum`, (n, c, latent_dim), standard normal; `uniform`, (n, c), in [0, 1);
    - `size`, (n, 1, latent_dim), the step of the leapfrog; zero leaves codes in place;
    - `weights`, the values of the model's variables.

    It returns the codes after it, `z`; `gain`, log p(x, z) − log r(z) of each, (n, c),
    in nats; and `accepted`, (n, c), the probability with which each was accepted.

    Args:
        model: with `log_weights`.
        leapfrog: steps of the leapfrog, each with a gradient.
        from_prior: whether r(z) is the prior; else it is `start`.

    Source:
        Neal (2011), "MCMC using Hamiltonian dynamics",
        https://arxiv.org/abs/1206.1901, section 5.3.
    """

    def __init__(self, model, leapfrog: int, from_prior: bool):
        super().__init__(name="transition", dtype=FLOAT32, autocast=False)
        # Behind a function, Keras sees neither the model nor its layers.
        self._get_model, self._leapfrog = lambda: model, leapfrog
        self._from_prior = from_prior
        self.built, self.jit_compile = True, True

    def call(self, batch):
        model = self._get_model()
        state = list(zip(model.variables, batch["weights"], strict=True))
        with keras.StatelessScope(state_mapping=state):
            z, accepted = self._move(model, batch)
            gain, _ = self._score(model, batch, z)
            return {"z": z, "gain": gain, "accepted": accepted}

    def _score(self, model, batch, z):
        """Computes log p(x, z) − log r(z), and log r(z), each (n, c), in nats."""
        q = batch["start"]
        scores = model.log_weights(batch["x"], z, q, batch.get("y"))
        if self._from_prior:
            return -scores["nll"], model.prior.log_prob(z)
        return scores["log_weights"], q.log_prob(z)

    def _move(self, model, batch):
        def log_density(z):
            gain, log_start = self._score(model, batch, z)
            return log_start + batch["beta"] * gain

        z, momentum, size = batch["z"], batch["momentum"], batch["size"]
        before, gradient = value_and_gradient(log_density, z)
        energy = _kinetic(momentum) - before
        for _ in range(self._leapfrog):
            momentum = momentum + 0.5 * size * gradient
            z = z + size * momentum
            after, gradient = value_and_gradient(log_density, z)
            momentum = momentum + 0.5 * size * gradient
        change = energy - (_kinetic(momentum) - after)
        change = ops.where(ops.isfinite(change), change, -1e30)
        accepted = ops.exp(ops.minimum(change, 0.0))
        moved = (batch["uniform"] < accepted)[..., None]
        return ops.where(moved, z, batch["z"]), accepted


def _kinetic(momentum):
    return 0.5 * ops.sum(ops.square(momentum), axis=-1)
