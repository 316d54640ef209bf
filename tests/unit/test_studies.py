"""Studies: what can be asked of their results."""

import numpy as np
import pytest

from vae_utils.configurations import (
    AutoencoderConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)
from vae_utils.runs.results import Result
from vae_utils.runs.studies import Study, band


def make_result(configuration=None, seed=1, **options):
    defaults = {
        "images": 80,
        "metrics": {"elbo": -1.25, "active_units": 2},
        "history": {"val_loss": [3.0, 2.0, 1.5]},
    }
    configuration = configuration or VAEConfiguration(epochs=3)
    return Result(configuration=configuration, seed=seed, **defaults | options)


def make_study(results):
    return Study(
        name="bars",
        protocol={},
        versions={},
        hardware="",
        minutes=1.0,
        results=tuple(results),
        files={},
    )


@pytest.fixture
def study():
    """Two VAEs, a conditional one and an autoencoder; two seeds of the first."""
    small, large = VAEConfiguration(epochs=3), VAEConfiguration(latent_dim=5, epochs=3)
    return make_study(
        [
            make_result(small, 11, metrics={"elbo": -3.0, "fdd": 1.0}, seconds=60.0),
            make_result(small, 12, metrics={"elbo": -2.0}, seconds=90.0, epochs=4),
            make_result(large, 11, metrics={"elbo": -1.0}),
            make_result(ConditionalVAEConfiguration(hidden=(8,)), 11),
            make_result(AutoencoderConfiguration(), 11, metrics={"nll": 7.0}),
            make_result(small, 11, images=20, label="few"),
        ]
    )


def test_results_are_selected_by_fields_of_their_configuration(study):
    assert study.where(latent_dim=5)["elbo"].tolist() == [-1.0]
    assert study.where(latent_dim=2, model="vae", images=80)["elbo"].tolist() == [
        -3,
        -2,
    ]
    assert study.where(model="vae", seed=12).one.metrics == {"elbo": -2.0}
    assert len(study.where()) == len(study) == 6


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"conditioned": "both"}, 1),
        ({"conditioned": "encoder"}, 0),
        ({"conditioned": None}, 0),  # models without the field do not match
        ({"beta": 1.0}, 5),  # an autoencoder has none
        ({"filters": (4,)}, 0),  # no model here has it, but a classifier does
        ({"hidden": [8]}, 1),  # a list is as good as a tuple
        ({"label": None}, 5),
        ({"label": "few", "images": 20}, 1),
        ({"model": "ae"}, 1),
        ({"epochs": 4}, 1),  # those that it trained for
    ],
)
def test_a_result_without_the_field_or_value_does_not_match(study, fields, count):
    assert len(study.where(**fields)) == count


@pytest.mark.parametrize("ask", [lambda s: s.where(latents=2), lambda s: s.values("d")])
def test_an_unknown_field_names_the_known_ones(study, ask):
    with pytest.raises(ValueError, match="model, seed.*latent_dim.*filters.*Received"):
        ask(study)


def test_a_number_must_be_one_that_all_results_have(study):
    vaes = study.where(model="vae")
    assert vaes["elbo"].shape == (4,)
    assert study.where(seed=11, latent_dim=5)["elbo"].dtype == float
    with pytest.raises(ValueError, match="bars all have is .*elbo.*Received: name='fd"):
        vaes["fdd"]
    with pytest.raises(ValueError, match="no result of bars.*Received: name='elbo'"):
        study.where(latent_dim=7)["elbo"]


def test_time_and_epochs_are_read_like_metrics(study):
    small = study.where(model="vae", latent_dim=2, images=80)
    assert small["seconds"].tolist() == [60.0, 90.0]
    assert small["epochs"].tolist() == [3, 4]
    with pytest.raises(ValueError, match="Received: name='minutes'"):
        small["minutes"]


def test_curves_are_listed(study):
    assert study.where(seed=12).curves("val_loss") == [[3.0, 2.0, 1.5]]
    with pytest.raises(ValueError, match="have is val_loss. Received: name='loss'"):
        study.curves("loss")


def test_values_are_distinct_and_in_order(study):
    assert study.values("latent_dim") == [2, 5]
    assert study.values("seed") == [11, 12]
    assert study.values("model") == ["vae", "cvae", "ae"]
    assert study.values("hidden") == [(256, 256), (8,)]
    assert study.values("conditioned") == ["both"]
    assert study.values("filters") == []


def test_one_is_the_only_result(study):
    assert study.where(model="ae").one.metrics == {"nll": 7.0}
    for several, count in ((study, 6), (study.where(seed=3), 0)):
        with pytest.raises(ValueError, match=f"exactly one.*Received: {count} results"):
            several.one  # noqa: B018


def test_models_differ_in_more_than_their_seed(study):
    models = study.models()
    assert [len(model) for model in models] == [2, 1, 1, 1, 1]
    assert models[0].values("seed") == [11, 12]
    assert [model.results[0].label for model in models] == [None] * 4 + ["few"]


def test_a_band_is_centred_on_the_mean():
    assert band([1.0, 3.0], width=1) == pytest.approx((2 - 2**0.5, 2 + 2**0.5))
    low, high = band([5.0, 5.0, 5.0])
    assert low == high == 5.0
    narrow, wide = (band([1, 2, 4], width=width) for width in (2, 4))
    assert np.ptp(wide) == pytest.approx(2 * np.ptp(narrow))
    low, high = band(np.array([1, 2, 4]))
    assert low < 1 < 4 < high


@pytest.mark.parametrize("values", [[], [1.0], 3.0, [[1, 2], [3, 4]]])
def test_a_band_needs_two_values(values):
    with pytest.raises(ValueError, match="at least two values. Received: values="):
        band(values)
