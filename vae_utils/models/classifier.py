"""A classifier of images, under the same contract as the generative models."""

import keras

from vae_utils.models.base import Trainable
from vae_utils.networks import build_classifier, input_shape
from vae_utils.precision import as_float32
from vae_utils.serialization import deserialize, register, serialize


@register
class Classifier(Trainable):
    """A classifier, trained on the cross-entropy of labels.

    Batches are `{"x": images, "y": labels}`.

    Args:
        network: model from images to logits, (batch, classes), as
            `networks.build_classifier` builds it.
    """

    reports = ("accuracy",)
    conditional = True

    def __init__(self, network, **kwargs):
        super().__init__(**kwargs)
        self.network = network
        self.image_shape = tuple(input_shape(network, "x"))
        self.classes = network.outputs[0].shape[-1]
        self.built = True  # the network is

    def get_config(self):
        return super().get_config() | serialize({"network": self.network})

    @classmethod
    def from_config(cls, config):
        return cls(**deserialize(config))

    @classmethod
    def from_configuration(cls, configuration, *, image_shape, classes, seed):
        """Builds the classifier of a configuration, with newly drawn weights."""
        c = configuration
        sizes = {"classes": classes, "image_shape": image_shape}
        return cls(build_classifier(c.filters, c.kernel, c.dropout, **sizes))

    @property
    def parts(self) -> dict:
        """The network, under the name `classifier`."""
        return {"classifier": self.network}

    def forward(self, x, y=None, training=None):
        return {"logits": as_float32(self.network(x, training=training))}

    def score(self, outputs, x, y=None):
        logits = outputs["logits"]
        return {
            "cross_entropy": keras.losses.sparse_categorical_crossentropy(
                y, logits, from_logits=True
            ),
            "accuracy": as_float32(
                keras.metrics.sparse_categorical_accuracy(y, logits)
            ),
        }

    def objective(self, terms):
        return terms["cross_entropy"]

    def classify(self, x):
        """Computes logits of images, shape (batch, classes)."""
        return self.forward(x)["logits"]
