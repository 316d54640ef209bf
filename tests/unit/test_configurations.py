import dataclasses
import json

import pytest

from vae_utils import configurations
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
    name_layers,
)
from vae_utils.configurations.fields import describe_fields

CONFIGURATIONS = [
    configurations.configuration_class(name) for name in configurations.MODELS
]
each_kind = pytest.mark.parametrize(
    "kind", CONFIGURATIONS, ids=lambda kind: kind.__name__
)


@each_kind
def test_every_field_is_described(kind):
    for name, description in describe_fields(kind).items():
        assert description.help and description.help == description.help.strip(" .")
        assert callable(description.check), name
        assert description.kind in ("integer", "number", "choice", "flag", "widths")
        assert bool(description.choices) == (description.kind == "choice")


@each_kind
def test_docstring_lists_every_field_of_the_class(kind):
    for cls in kind.__mro__[:-1]:
        listed = cls.__doc__.partition("Args:")[2].partition("Raises:")[0]
        own = [name for name in cls.__annotations__ if name != "model"]
        names = [line.strip().partition(":")[0] for line in listed.split("\n    ")]
        assert sorted(name for name in names if name) == sorted(own)
        for name in own:
            default = {f.name: f.default for f in dataclasses.fields(cls)}[name]
            assert f"default `{default!r}`" in listed
            assert describe_fields(cls)[name].help in listed


@each_kind
def test_default_values_are_valid(kind):
    kind()


@each_kind
def test_values_cannot_be_changed(kind):
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind().epochs = 3


@each_kind
def test_fields_are_named_in_the_call(kind):
    with pytest.raises(TypeError, match="positional"):
        kind(3)


@each_kind
def test_every_field_rejects_values_of_another_type(kind):
    for name in describe_fields(kind):
        for value in ({}, object, "no such name"):
            with pytest.raises(ValueError, match=rf"^{name} .*Received: {name}="):
                kind(**{name: value})


@each_kind
def test_none_is_a_value_only_where_it_means_something(kind):
    for name, description in describe_fields(kind).items():
        if description.unset:
            assert getattr(kind(**{name: None}), name) is None
        else:
            with pytest.raises(ValueError, match=rf"^{name} .*Received: {name}=None$"):
                kind(**{name: None})


@each_kind
def test_lists_of_json_become_tuples(kind):
    fields = json.loads(json.dumps(dataclasses.asdict(kind())))
    made = kind(**fields)
    assert made == kind() and hash(made) == hash(kind())


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("latent_dim", 0, "must be a positive integer, the number of latent dim"),
        ("latent_dim", 2.5, "must be a positive integer"),
        ("latent_dim", True, "must be a positive integer"),
        ("hidden", (500, 0), "must be a sequence of positive integers"),
        ("hidden", (500, -1), "must be a sequence of positive integers"),
        ("hidden", 500, "must be a sequence of positive integers"),
        ("hidden", "500", "must be a sequence of positive integers"),
        ("decoder_hidden", 16, "must be a sequence of positive integers"),
        ("batch_size", 0, "must be a positive integer, the images in a batch"),
        ("epochs", -1, "must be a positive integer, the number of epochs"),
        ("updates_per_epoch", 0, "must be a positive integer, the batches in an"),
        ("learning_rate", 0, "must be a positive number, the learning rate of Adam"),
        ("learning_rate", float("nan"), "must be a positive number"),
        ("learning_rate", float("inf"), "must be a positive number"),
        ("learning_rate", "fast", "must be a positive number"),
        ("learning_rate", True, "must be a positive number"),
        ("clip_norm", 0.0, "must be a positive number, the largest norm"),
        ("beta", -0.1, "must be zero or a positive number, the weight of the KL"),
        ("sigma", 0, "must be a positive number, the standard deviation"),
        ("clip_lambda", 0, "must be a number above 0 and below 0.5, the distance"),
        ("clip_lambda", 0.5, "must be a number above 0 and below 0.5"),
        ("dequantisation", "normal", "must be one of none, uniform"),
        ("decay", 1, "must be True or False"),
        ("encoder", "resnet", "must be one of fc, conv3, conv, 2cnn, 3cnn"),
        ("decoder", ("conv",), "must be one of fc"),
        ("activation", "rellu", "must be one of relu, leaky_relu"),
        ("activation", 3, "must be one of relu"),
        ("decoder_activation", "rellu", "must be one of relu"),
        ("likelihood", "poisson", "must be one of bernoulli, continuous-bernoulli"),
        ("prior", "cauchy", "must be one of standard-normal"),
        ("prior_size", 0, "must be a positive integer, the size of a prior"),
        ("binarisation", "maybe", "must be one of dynamic, static, none"),
        ("augmentation", "flip", "must be one of none, flips, shifts, flips-and-"),
        ("patience", 0, "must be a positive integer, the epochs without a smaller"),
        ("scale_per", "image", "must be one of channel, pixel"),
        ("conditioned", "none", "must be one of both, encoder, decoder"),
        ("conditioned", True, "must be one of both, encoder, decoder"),
    ],
)
def test_rejects_invalid_values(name, value, message):
    with pytest.raises(ValueError, match=f"^{name} {message}") as caught:
        ConditionalVAEConfiguration(**{name: value})
    assert str(caught.value).endswith(f". Received: {name}={value!r}")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("dropout", 1.0, "must be a number from 0 to below 1, the share of values"),
        ("dropout", -0.1, "must be a number from 0 to below 1"),
        ("dropout", "some", "must be a number from 0 to below 1"),
        ("kernel", 0, "must be a positive integer, the side of the square kernels"),
        ("filters", (8, 0), "must be a sequence of positive integers"),
        ("filters", (), "needs at least one width"),
    ],
)
def test_rejects_invalid_values_of_a_classifier(name, value, message):
    with pytest.raises(ValueError, match=f"^{name} {message}") as caught:
        ClassifierConfiguration(**{name: value})
    assert str(caught.value).endswith(f". Received: {name}={value!r}")


@pytest.mark.parametrize("fields", [{"beta": 0}, {"hidden": ()}, {"hidden": (3,)}])
def test_accepts_values_at_the_limits(fields):
    (name,) = fields
    assert getattr(VAEConfiguration(**fields), name) == fields[name]
    assert ClassifierConfiguration(dropout=0.0).dropout == 0


def test_sigma_belongs_to_the_gaussian_likelihood():
    message = "sigma belongs to .*Received: sigma=0.1, likelihood='bernoulli'"
    with pytest.raises(ValueError, match=message):
        VAEConfiguration(sigma=0.1)
    assert VAEConfiguration(sigma=0.1, likelihood="gaussian").sigma == 0.1


def test_scales_belong_to_the_discretised_logistic_likelihood():
    message = "scale_per belongs to .*Received: scale_per='pixel', likelihood='gau"
    with pytest.raises(ValueError, match=message):
        VAEConfiguration(scale_per="pixel", likelihood="gaussian")
    c = VAEConfiguration(scale_per="pixel", likelihood="discretised-logistic")
    assert c.scale_per == "pixel"


def test_only_a_prior_with_a_size_takes_one():
    with pytest.raises(ValueError, match="has no size. Received: prior_size=3"):
        VAEConfiguration(prior_size=3)
    sized = [name for name, prior in configurations.PRIORS.items() if prior.has_size]
    for name in sized:
        assert VAEConfiguration(prior=name, prior_size=3).prior_size == 3


def test_a_field_belongs_to_the_models_that_use_it():
    for kind, name in (
        (AutoencoderConfiguration, "beta"),
        (AutoencoderConfiguration, "prior"),
        (VAEConfiguration, "conditioned"),
        (ClassifierConfiguration, "latent_dim"),
        (ClassifierConfiguration, "likelihood"),
    ):
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
            kind(**{name: 1})


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (VAEConfiguration(hidden=(500, 500)), "1152-500-500-2"),
        (VAEConfiguration(hidden=(), latent_dim=7), "1152-7"),
        (VAEConfiguration(encoder="conv", hidden=(), latent_dim=20), "conv-20"),
        (AutoencoderConfiguration(encoder="3cnn", hidden=(8,)), "3cnn-8-2"),
        (ConditionalVAEConfiguration(hidden=(9,)), "1152+4-9-2"),
        (
            ConditionalVAEConfiguration(hidden=(9,), conditioned="decoder"),
            "1152-9-2",
        ),
        (ConditionalVAEConfiguration(encoder="conv", hidden=()), "conv-2"),
    ],
)
def test_layers_are_named_from_the_image_inwards(configuration, expected):
    assert name_layers(configuration, (16, 24, 3), classes=4) == expected
