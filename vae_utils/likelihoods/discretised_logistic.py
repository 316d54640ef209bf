"""A likelihood of bytes: a probability of each of 256 grey levels."""

import keras
from keras import ops, random

from vae_utils.configurations import SCALES
from vae_utils.likelihoods.bernoulli import softplus
from vae_utils.likelihoods.pairs import pairwise_nll
from vae_utils.likelihoods.shapes import check_same_shape, flatten
from vae_utils.precision import FLOAT32
from vae_utils.serialization import register

TOP = 255  # the largest grey level; the distance of two levels is 1 / TOP
GAIN = 10.0  # log of the scale is this times the weight: Adam moves it in larger steps
START = -2.5  # log of the scale before training


@register
class DiscretisedLogistic(keras.layers.Layer):
    """Each pixel is a byte: a logistic variable, rounded to one of 256 grey levels.

    The logistic distribution is around ½ + logit / 4, which may leave [0, 1]; its scale
    is trained with the model, and is the same for all images. What is below black
    rounds to 0, what is above white to 255, so that the 256 probabilities sum to one.
    −log p is then the length of a code for the image, in nats; divided by log 2 and by
    the number of values, it is in bits per dimension.

    Args:
        image_shape: (height, width, channels).
        scale_per: `"channel"` for one scale per channel, `"pixel"` for one per pixel
            and channel.

    Raises:
        ValueError: if `scale_per` is something else.

    Source:
        Salimans et al. (2017), https://arxiv.org/abs/1701.05517, equation 2, with one
        component.
    """

    is_probability = True  # on images of 256 grey levels
    levels = TOP + 1

    def __init__(self, image_shape, scale_per: str = "channel", **kwargs):
        super().__init__(**kwargs | {"dtype": FLOAT32})
        if scale_per not in SCALES:
            raise ValueError(
                f"scale_per must be one of {', '.join(SCALES)}. "
                f"Received: scale_per={scale_per!r}"
            )
        self.image_shape, self.scale_per = tuple(image_shape), scale_per
        shape = self.image_shape if scale_per == "pixel" else self.image_shape[-1:]
        self.weight = self.add_weight(
            name="log_scale",
            shape=shape,
            initializer=keras.initializers.Constant(START / GAIN),
        )
        self.built = True

    @classmethod
    def from_configuration(cls, configuration, image_shape):
        """Makes the likelihood of a configuration, for images of a shape."""
        return cls(image_shape, configuration.scale_per or SCALES[0])

    def get_config(self):
        own = {"image_shape": list(self.image_shape), "scale_per": self.scale_per}
        return super().get_config() | own

    @property
    def log_scale(self):
        """Log of the scales of channels or pixels, in grey levels of [0, 1]."""
        return GAIN * self.weight

    def negative_log_likelihood(self, x, logits):
        """Computes −log p(x|z), in nats (of a probability), summed over pixels.

        Args:
            x: images in [0, 1], shape (batch, height, width, channels); they are
                rounded to the nearest of 256 grey levels.
            logits: decoder output, the shape of `x`.

        Returns:
            Negative log-likelihoods, shape (batch,), in nats.

        Raises:
            ValueError: if the shapes differ.
        """
        check_same_shape(x, logits)
        x, logits = flatten(x, logits)
        log_scale = ops.broadcast_to(self.log_scale, self.image_shape)
        precision = ops.exp(-ops.reshape(log_scale, (1, -1)))
        level = ops.round(TOP * x)
        centre = (level / TOP - location(logits)) * precision
        half = 0.5 / TOP * precision
        width = log_one_minus_exp(2 * half)
        half = ops.copy(half)  # TensorFlow adds two gradients exactly, not three
        # P = σ(a) − σ(b) = σ(a) · σ(−b) · (1 − exp(b − a)): no difference of numbers
        # that are nearly equal. At either end of the levels, one edge is infinite.
        below_white, above_black = level < TOP, level > 0
        upper = ops.where(below_white, softplus(-centre - half), 0.0)
        lower = ops.where(above_black, softplus(centre - half), 0.0)
        between = ops.logical_and(below_white, above_black)
        return ops.sum(upper + lower - ops.where(between, width, 0.0), axis=1)

    def pairwise_nll(self, x, logits):
        """Computes what `pairs.pairwise_nll` does."""
        return pairwise_nll(self, x, logits)

    def mean(self, logits):
        """Computes the mean image, from black to white, but for the rounding."""
        scale, centre = ops.exp(self.log_scale), location(logits)
        # The mean of a logistic variable that is cut off at 0 and 1.
        below, above = softplus(centre / scale), softplus((centre - 1) / scale)
        # Symbolic tensors first: a JAX array refuses one as its second operand.
        return ops.clip((below - above) * scale, 0.0, 1.0)

    def sample(self, logits, seed):
        """Draws an image of 256 grey levels in [0, 1]."""
        u = random.uniform(ops.shape(logits), 1e-6, 1 - 1e-6, logits.dtype, seed=seed)
        noise = ops.log(u) - ops.log1p(-u)
        drawn = location(logits) + ops.exp(self.log_scale) * noise
        return ops.clip(ops.round(TOP * drawn) / TOP, 0.0, 1.0)


def location(logits):
    """Computes the centre of the distribution: the tangent of sigmoid at its middle."""
    return 0.5 + 0.25 * logits


def log_one_minus_exp(size):
    """Computes log(1 − exp(−size)) of positive numbers, small and large ones."""
    return ops.log(-ops.expm1(-size))
