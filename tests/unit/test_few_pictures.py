"""What the preset for pictures says about few images, and chooses for them."""

import dataclasses

import pytest

from vae_utils.configurations import PICTURES
from vae_utils.configurations.pictures import ADAPTED, FEW, adapt, warn_of_few

PRESET = PICTURES["pictures"]


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "is only 1 image to"), (50, "are only 50 images to"), (1234, "1,234 images")],
)
def test_few_images_are_counted_in_one_sentence(count, words):
    sentence = warn_of_few(count)
    assert words in sentence
    assert sentence.count(".") == 1 and sentence.endswith(".")


def test_nothing_is_said_of_many_images():
    assert warn_of_few(FEW) == warn_of_few(50_000) == ""
    assert warn_of_few(FEW - 1)


@pytest.mark.parametrize("count", [1, 3, 50, FEW, 50_000])
def test_what_is_adapted_makes_a_configuration_that_trains(count):
    adapted = adapt(PRESET, count)
    assert set(adapted) == set(ADAPTED)
    assert 1 <= dataclasses.replace(PRESET, **adapted).batch_size <= count
