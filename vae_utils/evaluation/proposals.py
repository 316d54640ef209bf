"""The best q(z|x) of each image, found without the encoder."""

import functools

import keras
import numpy as np
from keras import ops

from vae_utils.checks import check_positive_integer, is_finite_number
from vae_utils.evaluation.bounds import check_proposals
from vae_utils.networks import call_in_batches, input_shape, join
from vae_utils.objectives import gaussian_kl, sample_gaussian
from vae_utils.pixels import to_unit_interval


def fit_proposals(
    model,
    images,
    *,
    start: tuple[np.ndarray, np.ndarray] | None = None,
    steps: int = 300,
    samples: int = 8,
    rate: float = 0.03,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Fits a normal distribution over codes to each image, by its ELBO.

    The decoder stays as it is. What the ELBO gains over the encoder's q(z|x) is the
    amortisation gap: the price of one encoder for all images. Adam climbs the hill
    that it starts on; where the ELBO has several, another start may end higher.

    Args:
        model: `models.VAE` that takes no labels.
        images: as the likelihood wants them, shape (n, 28, 28, 1), all handled at once.
        start: z_mean and z_log_var to start from, each of shape (n, latent_dim); None
            for the encoder's q(z|x).
        steps: of Adam, its rate falling along a cosine.
        samples: draws of z per image and step.
        rate: of Adam.
        seed: int, of the draws.

    Returns:
        z_mean and z_log_var, each of shape (n, latent_dim).

    Raises:
        ValueError: if `steps` or `samples` is not a positive integer, `rate` not a
            positive number, the model takes labels, or images or `start` do not fit.

    Source:
        Cremer, Li and Duvenaud (2018), https://arxiv.org/abs/1801.03558, section 3.
    """
    check_positive_integer(steps, "steps", "the updates of each proposal")
    check_positive_integer(samples, "samples", "the draws of z per image and step")
    if not (is_finite_number(rate) and rate > 0):
        raise ValueError(f"rate must be a positive number. Received: rate={rate!r}")
    x = to_unit_interval(images, input_shape(model.encoder, "x"))
    join("x", x, None, model.encoder)  # refuses a model that takes labels
    if start is None:
        start = call_in_batches(model.encoder, x, len(x))
    start = check_proposals(start, (len(x), *input_shape(model.decoder, "z")), "start")
    proposals = _Proposals(model, start, seed)
    falling = keras.optimizers.schedules.CosineDecay(rate, steps)
    proposals.compile(keras.optimizers.Adam(falling))
    proposals.fit(
        _Again(np.repeat(x, samples, axis=0), steps), shuffle=False, verbose=0
    )
    return tuple(ops.convert_to_numpy(w) for w in (proposals.mean, proposals.log_var))


class _Again(keras.utils.PyDataset):
    """The same batch at every step: an epoch of one step each would cost far more."""

    def __init__(self, x, steps):
        super().__init__()
        self.x, self.steps = x, steps

    def __len__(self):
        return self.steps

    def __getitem__(self, index):
        return (self.x,)


class _Proposals(keras.Model):
    """A table of q(z|x), one row per image, in place of an encoder.

    Batches hold all images, each repeated as often as codes are drawn for it.
    """

    def __init__(self, model, start, seed):
        super().__init__(name="proposals")
        self.noise = keras.random.SeedGenerator(seed)
        # Behind a function, Keras does not see the decoder, and leaves it as it is.
        self._score = functools.partial(_score, model)
        self.mean, self.log_var = (
            self.add_weight(
                name=name, shape=values.shape, initializer=_constant(values)
            )
            for name, values in zip(("mean", "log_var"), start, strict=True)
        )

    def call(self, x):
        repeats = ops.shape(x)[0] // self.mean.shape[0]
        z_mean = ops.repeat(self.mean, repeats, axis=0)
        z_log_var = ops.repeat(self.log_var, repeats, axis=0)
        z = sample_gaussian(z_mean, z_log_var, seed=self.noise)
        return self._score(x, z) + gaussian_kl(z_mean, z_log_var)

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        # Each row has gradients of its own: a sum trains it as if it were alone.
        return ops.sum(y_pred)


def _score(model, x, z):
    return model.likelihood.negative_log_likelihood(x, model.decoder(z))


def _constant(values):
    return lambda *_, **__: values
