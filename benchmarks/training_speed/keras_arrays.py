"""Keras as most tutorials use it: `fit` on NumPy arrays, grey, with its defaults."""

import keras
import numpy as np
from keras import ops

from benchmarks.training_speed.keras_epochs import WaitForTurn
from benchmarks.training_speed.networks import IMAGE, NETWORKS
from benchmarks.training_speed.serving import Server, read_task
from vae_utils import networks


class PlainVAE(keras.Model):
    """A VAE with nothing of this book but the layers of its networks.

    Like the example at keras.io it reports the two terms of the loss.
    """

    def __init__(self, encoder, decoder, seed):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.noise = keras.random.SeedGenerator(seed)
        self.trackers = [keras.metrics.Mean(name=name) for name in ("nll", "kl")]

    def call(self, x):
        mean, log_var = self.encoder(x)
        eps = keras.random.normal(ops.shape(mean), seed=self.noise)
        return mean, log_var, self.decoder(mean + ops.exp(0.5 * log_var) * eps)

    def compute_loss(self, x, y=None, y_pred=None, sample_weight=None, training=True):
        mean, log_var, logits = y_pred
        nll = ops.sum(ops.softplus(logits) - x * logits, axis=(1, 2, 3))
        kl = 0.5 * ops.sum(ops.square(mean) + ops.exp(log_var) - 1 - log_var, axis=-1)
        for tracker, term in zip(self.trackers, (nll, kl), strict=True):
            tracker.update_state(term)
        return ops.mean(nll + kl)


def build(network):
    """Builds encoder and decoder."""
    options = {"hidden": network.hidden, "image_shape": IMAGE}
    if network.convolutions:
        options["convolutions"] = network.convolutions
        builders = networks.build_conv_encoder, networks.build_conv_decoder
    else:
        builders = networks.build_fc_encoder, networks.build_fc_decoder
    return [builder(network.latent_dim, **options) for builder in builders]


def main(task):
    """Trains in one call of `fit`, an epoch whenever the driver asks for one."""
    network, images = NETWORKS[task.network], np.load(task.images)
    server = Server()
    keras.utils.set_random_seed(task.seed)
    vae = PlainVAE(*build(network), task.seed)
    vae.compile(keras.optimizers.Adam(1e-3))
    x = images[..., None].astype("float32") / 255
    turns = WaitForTurn(
        server,
        len(images),
        parameters=vae.encoder.count_params() + vae.decoder.count_params(),
        versions={"keras": keras.__version__},
    )
    options = {"batch_size": task.batch_size, "epochs": task.epochs, "verbose": 0}
    vae.fit(x, callbacks=[turns], **options)


if __name__ == "__main__":
    main(read_task())
