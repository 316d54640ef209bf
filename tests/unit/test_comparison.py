"""What makes two runs the same one."""

import copy
import dataclasses
import json

import numpy as np
import pytest

from vae_utils import datasets
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
    check_same,
    describe,
)

CONFIGURATION = VAEConfiguration(hidden=(8,), epochs=5)


@pytest.fixture
def settings(data):
    return describe(CONFIGURATION, data, 3, viz="off", weights=None)


def test_lists_what_the_result_depends_on(settings, data):
    fields = json.loads(json.dumps(dataclasses.asdict(CONFIGURATION)))
    assert settings == {
        "model": "vae",
        "data": "bars",
        "complete": False,
        "image_shape": [16, 16, 1],
        "classes": 4,
        "seed": 3,
        "viz": "off",
        "weights": None,
        "configuration": fields,
    }
    assert settings == json.loads(json.dumps(settings))


def changed(settings, **values):
    """Returns settings with other values, some of them of the configuration."""
    result = copy.deepcopy(settings)
    for name, value in values.items():
        inside = name in result["configuration"]
        (result["configuration"] if inside else result)[name] = value
    return result


def test_a_run_is_the_same_as_itself(settings):
    check_same(settings, copy.deepcopy(settings))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", 4),
        ("data", "mnist"),
        ("complete", True),
        ("image_shape", [28, 28, 1]),
        ("classes", 10),
        ("weights", {"sha256": "0"}),
        ("batch_size", 100),
        ("hidden", [8, 8]),
        ("beta", 2.0),
        ("prior", "gaussian-mixture"),
        ("clip_norm", 1.0),
        ("decay", True),
        ("binarisation", "static"),
    ],
)
def test_differences_are_refused_and_named(settings, name, value):
    old = {**settings, **settings["configuration"]}[name]
    with pytest.raises(ValueError, match="original settings; start a new run") as error:
        check_same(settings, changed(settings, **{name: value}))
    assert str(error.value).endswith(f"Received: {name}={value!r}, not {old!r}")


def test_every_difference_is_named(settings):
    wanted = changed(settings, seed=4, beta=2.0, batch_size=7)
    with pytest.raises(ValueError) as error:
        check_same(settings, wanted)
    for words in ("seed=4, not 3", "beta=2.0, not 1.0", "batch_size=7, not 200"):
        assert words in str(error.value)


def test_a_run_of_another_model_is_refused(data):
    saved = describe(AutoencoderConfiguration(), data, 3)
    for other in (VAEConfiguration(), ConditionalVAEConfiguration()):
        with pytest.raises(ValueError, match=f"model='{other.model}', not 'ae'"):
            check_same(saved, describe(other, data, 3))


@pytest.mark.parametrize("decay", [True, False])
def test_what_is_drawn_can_differ(settings, decay):
    saved = changed(settings, decay=decay)
    check_same(saved, changed(saved, viz="training"))


@pytest.mark.parametrize("epochs", [3, 9])
def test_epochs_can_differ(settings, epochs):
    check_same(settings, changed(settings, epochs=epochs))


@pytest.mark.parametrize("epochs", [3, 9])
def test_epochs_cannot_differ_if_the_learning_rate_decays(settings, epochs):
    saved = changed(settings, decay=True)
    why = rf"reaches zero at the last epoch\).*epochs={epochs}, not 5"
    with pytest.raises(ValueError, match=why):
        check_same(saved, changed(saved, epochs=epochs))


@pytest.mark.parametrize("name", ["prior", "prior_size", "clip_norm", "beta"])
def test_a_field_that_is_new_never_refuses_an_old_run(settings, name):
    saved = copy.deepcopy(settings)
    del saved["configuration"][name]
    check_same(saved, settings)


@pytest.mark.parametrize("name", ["image_shape", "classes"])
def test_a_setting_that_is_new_never_refuses_an_old_run(settings, name):
    saved = copy.deepcopy(settings)
    del saved[name]
    check_same(saved, settings)


def test_a_field_that_is_new_is_compared_with_its_default(settings):
    saved = copy.deepcopy(settings)
    del saved["configuration"]["beta"]
    with pytest.raises(ValueError, match="beta=2.0, not 1.0"):
        check_same(saved, changed(settings, beta=2.0))


def test_settings_of_an_earlier_version_are_the_same_run(data):
    wanted = describe(ConditionalVAEConfiguration(hidden=(8,)), data, 3)
    saved = copy.deepcopy(wanted)
    fields = saved["configuration"]
    fields["labelled"] = fields.pop("conditioned")
    fields["variational"] = True
    for name in ("prior", "prior_size"):
        del fields[name]
    for name in ("image_shape", "classes"):
        del saved[name]
    check_same(saved, wanted)
    fields["labelled"] = "decoder"
    with pytest.raises(ValueError, match="conditioned='both', not 'decoder'"):
        check_same(saved, wanted)


@pytest.fixture
def own():
    """Data of one's own, which have a recipe."""
    x = np.random.default_rng(0).integers(0, 256, (12, 4, 4), np.uint8)
    data = datasets.from_arrays(x, np.arange(12) % 3, name="./photos")
    return dataclasses.replace(data, recipe={"kind": "folder", "path": "/photos"})


def test_own_data_are_described_so_that_they_are_found_again(own):
    settings = describe(CONFIGURATION, own, 3)
    assert settings["recipe"] == {"kind": "folder", "path": "/photos"}
    assert settings["content"] == own.content
    assert settings["class_names"] == ["0", "1", "2"]


def test_own_data_are_the_same_wherever_they_lie(own):
    settings = describe(CONFIGURATION, own, 3)
    recipe = {"kind": "folder", "path": "/moved"}
    moved = dataclasses.replace(own, name="./moved", recipe=recipe)
    check_same(settings, describe(CONFIGURATION, moved, 3))
    other = dataclasses.replace(moved, content="0")
    with pytest.raises(ValueError, match="data='./moved', not './photos', content="):
        check_same(settings, describe(CONFIGURATION, other, 3))


def test_a_run_of_named_data_does_not_become_one_of_own_data(settings, own):
    with pytest.raises(ValueError, match="data='./photos', not 'bars'"):
        check_same(settings, describe(CONFIGURATION, own, 3))
