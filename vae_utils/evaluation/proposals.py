"""The best q(z|x) of each image, optimised without the encoder."""

import keras
import numpy as np
from keras import ops

from vae_utils import latent
from vae_utils.checks import check_positive_integer, is_finite_number
from vae_utils.distributions import DiagonalGaussian, kl_divergence
from vae_utils.evaluation.scoring import check_proposals
from vae_utils.models.abilities import need
from vae_utils.pixels import to_unit_interval
from vae_utils.precision import FLOAT32


def fit_proposals(
    model,
    images,
    labels=None,
    *,
    start: tuple[np.ndarray, np.ndarray] | None = None,
    steps: int = 300,
    samples: int = 8,
    learning_rate: float = 0.03,
    seed: int = 0,
) -> DiagonalGaussian:
    """Fits a normal distribution over codes to each image, by its ELBO.

    The decoder stays as it is. What the ELBO gains over the encoder's q(z|x) is the
    amortisation gap: the price of one encoder for all images. Adam climbs the hill
    that it starts on; where the ELBO has several, another start may end higher.

    Args:
        model: `models.VAE`, or another model with `encode` and `log_weights`.
        images: as the likelihood takes them, shape (n, height, width, channels), all
            handled at once.
        labels: ints, shape (n,), of a conditional model.
        start: z_mean and z_log_var to start from, each of shape (n, latent_dim); None
            for the encoder's q(z|x).
        steps: of Adam, whose learning rate falls along a cosine.
        samples: draws of z per image and step.
        learning_rate: of Adam, to start with.
        seed: int, of the draws.

    Returns:
        z_mean and z_log_var, each of shape (n, latent_dim).

    Raises:
        ValueError: if `steps` or `samples` is not a positive integer, `learning_rate`
            not a positive number, or images, labels or `start` do not fit the model.

    Source:
        Cremer, Li and Duvenaud (2018), https://arxiv.org/abs/1801.03558, section 3.
    """
    check_positive_integer(steps, "steps", "the updates of each proposal")
    check_positive_integer(samples, "samples", "the draws of z per image and step")
    if not (is_finite_number(learning_rate) and learning_rate > 0):
        raise ValueError(
            "learning_rate must be a positive number. "
            f"Received: learning_rate={learning_rate!r}"
        )
    need(model, "encode", "log_weights")
    x = to_unit_interval(images, model.image_shape)
    labels = latent.check_model_labels(model, labels, len(x))
    if start is None:
        start = latent.encode(model, x, labels, batch_size=len(x))
    start = check_proposals(start, (len(x), *model.latent_shape), "start")
    proposals = _Proposals(model, start, seed)
    falling = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    proposals.compile(keras.optimizers.Adam(falling))
    batch = np.repeat(x, samples, axis=0)
    if labels is not None:
        batch = {"x": batch, "y": np.repeat(labels, samples)}
    proposals.fit(_Again(batch, steps), shuffle=False, verbose=0)
    return DiagonalGaussian(*map(np.asarray, proposals.table))


class _Again(keras.utils.PyDataset):
    """The same batch at every step: an epoch of one step each would cost far more."""

    def __init__(self, batch, steps):
        super().__init__()
        self.batch, self.steps = batch, steps

    def __len__(self):
        return self.steps

    def __getitem__(self, index):
        return (self.batch,)


class _Proposals(keras.Model):
    """A table of q(z|x), one row per image, in place of an encoder.

    Batches hold all images, each repeated as often as codes are drawn for it.
    """

    def __init__(self, model, start, seed):
        super().__init__(name="proposals", dtype=FLOAT32)
        self.noise = keras.random.SeedGenerator(seed)
        # Behind a function, Keras does not see the decoder, and leaves it as it is.
        self._score = lambda x, z, q, y: _score(model, x, z, q, y)
        self.table = DiagonalGaussian(
            *(
                self.add_weight(
                    name=name, shape=values.shape, initializer=_constant(values)
                )
                for name, values in zip(("mean", "log_var"), start, strict=True)
            )
        )

    def call(self, batch):
        x, y = (batch["x"], batch["y"]) if isinstance(batch, dict) else (batch, None)
        repeats = ops.shape(x)[0] // self.table.mean.shape[0]
        q = DiagonalGaussian(*(ops.repeat(v, repeats, axis=0) for v in self.table))
        return self._score(x, q.sample(self.noise), q, y)

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        # Each row has gradients of its own: a sum trains it as if it were alone.
        return ops.sum(y_pred)


def _score(model, x, z, q, y):
    """Computes the −ELBO of each image with one code, (batch,), in nats."""
    nll = model.likelihood.negative_log_likelihood(x, model.logits(z, y))
    return nll + kl_divergence(q, model.prior, z)


def _constant(values):
    return lambda *_, **__: values
