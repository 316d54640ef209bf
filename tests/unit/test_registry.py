"""Names of models, priors and likelihoods, and configurations read by name."""

import dataclasses
import json
import pkgutil
import subprocess
import sys

import pytest

from vae_utils import configurations
from vae_utils.configurations import (
    DENSITIES,
    LIKELIHOODS,
    MODELS,
    PRIORS,
    PROJECTS,
    AutoencoderConfiguration,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
    read,
)


@pytest.mark.parametrize(
    "path",
    [
        *[p for each in MODELS.values() for p in (each.model, each.configuration)],
        *[prior.prior for prior in PRIORS.values()],
        *LIKELIHOODS.values(),
    ],
)
def test_every_class_is_where_the_registry_says(path):
    assert isinstance(pkgutil.resolve_name(path), type)


def test_densities_are_the_likelihoods_of_no_levels():
    found = {
        name
        for name, path in LIKELIHOODS.items()
        if not pkgutil.resolve_name(path).is_probability
    }
    assert set(DENSITIES) == found


def test_entries_are_described_by_a_phrase():
    for entry in (*MODELS.values(), *PRIORS.values()):
        assert entry.description and not entry.description.endswith(".")


@pytest.mark.parametrize("name", MODELS)
def test_configuration_knows_the_name_of_its_model(name):
    assert configurations.configuration_class(name).model == name


@pytest.mark.parametrize("name", ["gan", "VAE", "", None])
def test_rejects_unknown_models(name):
    message = f"The models are vae, cvae, .*Received: model={name!r}"
    with pytest.raises(ValueError, match=message):
        configurations.configuration_class(name)


def test_importing_configurations_needs_no_keras():
    code = (
        "import sys; import vae_utils.configurations; "
        "sys.exit(bool({'tensorflow', 'keras', 'jax'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("name", PROJECTS)
def test_reads_what_json_has_kept(name):
    configuration = PROJECTS[name]
    fields = json.loads(json.dumps(dataclasses.asdict(configuration)))
    assert read(configuration.model, fields) == configuration


def test_missing_fields_have_their_defaults():
    assert read("vae", {}) == VAEConfiguration()
    assert read("cvae", {"epochs": 3}) == ConditionalVAEConfiguration(epochs=3)
    assert read("classifier", {}) == ClassifierConfiguration()


# What configurations of earlier versions held, when one class served all models.
@pytest.mark.parametrize(
    ("model", "fields", "expected"),
    [
        (
            "vae",
            {"labelled": "none", "variational": True, "beta": 2.0},
            VAEConfiguration(beta=2.0),
        ),
        (
            "cvae",
            {"labelled": "both", "variational": True},
            ConditionalVAEConfiguration(),
        ),
        (
            "cvae",
            {"labelled": "decoder", "latent_dim": 5},
            ConditionalVAEConfiguration(conditioned="decoder", latent_dim=5),
        ),
        (
            "ae",
            {"labelled": "none", "variational": False, "beta": 1.0, "hidden": [9]},
            AutoencoderConfiguration(hidden=(9,)),
        ),
    ],
)
def test_reads_names_of_earlier_versions(model, fields, expected):
    before = dict(fields)
    assert read(model, fields) == expected
    assert fields == before


@pytest.mark.parametrize(
    ("model", "fields", "message"),
    [
        ("vae", {"width": 3, "depth": 2}, "fields of a vae are .*Received: depth, wid"),
        ("vae", {"labelled": "both"}, "fields of a vae .*Received: conditioned"),
        ("ae", {"beta": 2.0}, "fields of a ae|an ae.*Received: beta"),
        ("classifier", {"hidden": [3]}, "fields of a classifier .*Received: hidden"),
        ("vae", {"epochs": 0}, "epochs must be a positive.*Received: epochs=0"),
        ("diffusion", {}, "models are .*Received: model='diffusion'"),
    ],
)
def test_rejects_what_no_model_has(model, fields, message):
    with pytest.raises(ValueError, match=message):
        read(model, fields)
