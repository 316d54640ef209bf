"""A Gaussian whose σ is computed from the errors, not trained by the optimiser."""

import math

from keras import ops

from vae_utils.likelihoods.gaussian import LearnedGaussian
from vae_utils.serialization import register

RATE = 0.1  # how far log σ moves in a step: a mean of about 20 batches
#: Log of the smallest σ, in grey levels of [0, 1]: the error of rounding to 256 levels.
#: Below it, a density of rounded pixels grows without bound.
LOG_SMALLEST = math.log(1 / (255 * math.sqrt(12)))


@register
class OptimalGaussian(LearnedGaussian):
    """Each pixel is normal around sigmoid(logit), with the σ that suits its errors.

    For given reconstructions, −log p is smallest where σ² is the mean squared error.
    While a batch is trained on, σ² is that of the batch, in closed form: the mean of
    the negative log-likelihood is then n/2 · (log(2π · mse) + 1) for n values a pixel
    and channel, and its gradient that of a Gaussian with this σ held fixed.

    Everything else needs one σ, the same for any images and batches: the weight
    `log_sigma`, which no gradient changes. After each step it moves a tenth of the way
    to that of the batch, so that it is a mean over about the last 20 batches. It is
    part of the model: saved with it, restored with it.

    A model says when it trains: it sets `learning`, as `models.base.Trainable` does.
    With several codes for each image, as in an IWAE, the mean squared error is that of
    all of them, which is the best σ for the ELBO.

    Args:
        sigma: value before training, in grey levels of [0, 1].

    Raises:
        ValueError: if `sigma` is not a positive number.

    Source:
        Rybkin, Daniilidis and Levine (2021), https://arxiv.org/abs/2006.13202, section
        3.2.
    """

    has_gradient = False
    learning = False  # whether what is scored is a batch that is trained on

    def choose_log_sigma(self, squares):
        """Returns log σ of the batch that is trained on, or else the weight.

        Args:
            squares: squared errors of the mean images, shape (batch, pixels).
        """
        if not self.learning:
            return self.log_sigma
        # Held fixed: the objective has no slope along σ where it is smallest.
        error = ops.stop_gradient(ops.mean(squares))
        best = ops.maximum(0.5 * ops.log(error), LOG_SMALLEST)
        self.log_sigma.assign(self.log_sigma + RATE * (best - self.log_sigma))
        return best
