"""How well the parts of cats are read: a mouth under a scarf does not count."""

import numpy as np
import pytest

from studies import part_readers
from vae_utils.datasets.cats.parts import NAMES, SCARVES

COUNT = 4


@pytest.fixture
def parts():
    """Four cats, of which the last wears a scarf."""
    parts = {name: np.arange(COUNT) for name in NAMES}
    return parts | {"accessory": np.array([15, 15, 3, SCARVES[0]])}


def test_parts_read_as_they_are_score_one(parts):
    assert part_readers.score(parts, parts) == dict.fromkeys([*NAMES, "all"], 1.0)


def test_a_scarf_hides_a_mouth_and_nothing_else(parts):
    seen = part_readers.find_visible(parts)
    assert seen["mouth"].tolist() == [True, True, True, False]
    assert all(seen[name].all() for name in NAMES if name != "mouth")
    hidden = parts["mouth"].copy()
    hidden[-1] = 9
    assert part_readers.score(parts | {"mouth": hidden}, parts)["mouth"] == 1.0


def test_a_cat_counts_if_all_its_parts_are_read(parts):
    eyes, mouth = parts["eyes"].copy(), parts["mouth"].copy()
    eyes[0] = mouth[1] = 9
    shares = part_readers.score(parts | {"eyes": eyes, "mouth": mouth}, parts)
    assert shares["eyes"] == 3 / 4
    assert shares["mouth"] == pytest.approx(2 / 3)  # of those that can be seen
    assert shares["all"] == 2 / 4
