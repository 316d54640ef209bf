import keras
import pytest

from vae_utils import models
from vae_utils.configurations import (
    CLASSIFIERS,
    PROJECTS,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
    name_layers,
)

MNIST = {"image_shape": (28, 28, 1), "classes": 10}

# From the projects' code, as read: encoder, activations, Adam's rate, batch, epochs,
# updates per epoch; parameters counted by hand, (inputs + 1) · outputs over the layers
# (of the convolutional ones, by Keras, with decoders that mirror the encoders).
PUBLISHED = {
    "yulinliutw": ("784-512-256-128", "relu relu", 2e-3, 100, 100, None, 1_165_840),
    "nocty-chan": ("784-500-10", "tanh tanh", 1e-3, 100, 50, None, 800_804),
    "cryer": ("784-400-20", "leaky_relu relu", 1e-3, 100, 50, None, 652_824),
    "asahi417-vae": (
        "784-500-500-20", "softplus softplus", 5e-3, 100, 150, None, 1_316_824,
    ),
    "asahi417-cvae-2cnn": (
        "2cnn-20", "relu relu", 5e-3, 100, 150, None, 66_857,
    ),
    "asahi417-cvae-3cnn": (
        "3cnn-20", "relu relu", 5e-3, 100, 150, None, 58_057,
    ),
    "asahi417-cvae-fc": (
        "784+10-500-500-20", "softplus softplus", 5e-3, 100, 150, None, 1_326_824,
    ),
    "conormdurkan": ("784-500-500-200-2", "relu relu", 2e-4, 128, 100, 100, 1_488_388),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_networks_are_those_of_the_projects_code(name):
    c = PROJECTS[name]
    model = models.build(c, **MNIST, seed=0)
    activations = f"{c.activation} {c.decoder_activation or c.activation}"
    schedule = c.learning_rate, c.batch_size, c.epochs, c.updates_per_epoch
    layers = name_layers(c, **MNIST)
    ours = (layers, activations, *schedule, models.count_parameters(model))
    assert ours == PUBLISHED[name]
    assert c.binarisation == "none"
    kind = ConditionalVAEConfiguration if "cvae" in name else VAEConfiguration
    assert type(c) is kind
    assert getattr(c, "conditioned", "both") == "both"


def test_every_project_is_listed():
    assert set(PROJECTS) == set(PUBLISHED)


def test_leaky_relu_has_the_slope_of_the_project():
    assert float(keras.activations.leaky_relu(-1.0)) == pytest.approx(-0.2)


def test_classifier_is_that_of_the_project():
    (configuration,) = CLASSIFIERS.values()
    expected = ClassifierConfiguration(
        dropout=0.2, batch_size=100, learning_rate=5e-4, decay=False, epochs=75
    )
    assert configuration == expected
