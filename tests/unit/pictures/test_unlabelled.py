"""Without labels all images are of one class, which no conditional model takes."""

import numpy as np
import pytest
from picture_files import draw
from sentences import assert_is_a_sentence

from vae_utils import configurations, datasets, training
from vae_utils.configurations import MODELS, configuration_class, model_class


@pytest.fixture
def unlabelled():
    return datasets.from_arrays([np.asarray(draw(i, 16, 16)) for i in range(20)])


@pytest.mark.parametrize("name", MODELS)
def test_models_that_need_labels_refuse_data_without(unlabelled, name):
    kind = configuration_class(name)
    small = {"codes": 8} if "codes" in kind.__dataclass_fields__ else {}
    configuration = kind(batch_size=4, **small)
    if not model_class(name).conditional:
        prepared = training.prepare(configuration, unlabelled, seed=1)
        assert prepared.steps == 4
        return
    with pytest.raises(ValueError, match="needs labels of two classes") as caught:
        training.prepare(configuration, unlabelled, seed=1)
    assert_is_a_sentence(caught.value)


def test_their_settings_can_be_described(unlabelled):
    settings = configurations.describe(configuration_class("vae")(), unlabelled, 1)
    assert settings["classes"] == 1 and settings["data"] == "arrays"
