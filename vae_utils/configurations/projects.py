"""The configurations of the five projects."""

from vae_utils.configurations.autoencoders import (
    ConditionalVAEConfiguration,
    VAEConfiguration,
)
from vae_utils.configurations.classifier import ClassifierConfiguration

# Sizes, activations, rates and lengths that the projects' code has by default, and
# grey images, as they train on. Objective, initial weights and split are the book's; so
# are the decoders of the convolutional ones, mirror images of the encoders.
PROJECTS = {
    "yulinliutw": VAEConfiguration(
        latent_dim=128,
        hidden=(512, 256),
        batch_size=100,
        learning_rate=2e-3,
        epochs=100,
        binarisation="none",
    ),
    "nocty-chan": VAEConfiguration(
        latent_dim=10,
        hidden=(500,),
        activation="tanh",
        batch_size=100,
        learning_rate=1e-3,
        epochs=50,
        binarisation="none",
    ),
    "cryer": VAEConfiguration(
        latent_dim=20,
        hidden=(400,),
        activation="leaky_relu",  # slope 0.2, Keras's default and theirs
        decoder_activation="relu",
        batch_size=100,
        learning_rate=1e-3,
        epochs=50,
        binarisation="none",
    ),
    "asahi417-vae": VAEConfiguration(
        latent_dim=20,
        hidden=(500, 500),
        activation="softplus",
        batch_size=100,
        learning_rate=5e-3,
        epochs=150,
        binarisation="none",
    ),
    **{
        f"asahi417-cvae-{name}": ConditionalVAEConfiguration(
            encoder=name,
            decoder=name,
            latent_dim=20,
            hidden=hidden,
            activation=activation,
            batch_size=100,
            learning_rate=5e-3,
            epochs=150,
            binarisation="none",
        )
        for name, hidden, activation in (
            ("2cnn", (), "relu"),
            ("3cnn", (), "relu"),
            ("fc", (500, 500), "softplus"),  # as its VAE
        )
    },
    "conormdurkan": VAEConfiguration(
        latent_dim=2,
        hidden=(500, 500, 200),
        batch_size=128,
        learning_rate=2e-4,
        epochs=100,
        updates_per_epoch=100,
        binarisation="none",
    ),
}

CLASSIFIERS = {
    "asahi417-cnn": ClassifierConfiguration(
        dropout=0.2,
        batch_size=100,
        learning_rate=5e-4,
        decay=False,
        epochs=75,
    )
}
