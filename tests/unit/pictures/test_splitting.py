import hashlib

import numpy as np
import pytest
from sentences import assert_is_a_sentence

from vae_utils.datasets.pictures.splitting import FREE, TEST, TRAIN, VAL, rank, split

COUNT = 400


def digests(count=COUNT, start=0):
    numbers = range(start, start + count)
    return [hashlib.sha256(str(i).encode()).hexdigest() for i in numbers]


def make(count=COUNT, classes=4, groups=None):
    labels = np.arange(count) % classes
    return digests(count), labels, np.arange(count) if groups is None else groups


def divide(*arguments, validation=0.1, test=0.2, seed=0, **options):
    names, *others = arguments
    shares = {"validation": validation, "test": test}
    return split(rank(names, seed), *others, **shares, **options)


def test_gives_each_class_its_share():
    names, labels, groups = make()
    which = divide(names, labels, groups)
    counts = [np.bincount(which[labels == label]).tolist() for label in range(4)]
    assert counts == [[70, 10, 20]] * 4


def test_shares_are_kept_where_classes_are_small():
    names, labels, groups = make(classes=130)  # three or four pictures each
    which = divide(names, labels, groups)
    assert np.bincount(which).tolist() == [280, 40, 80]
    assert set(labels[which == TRAIN]) == set(range(130))


def test_depends_on_contents_and_seed_only():
    names, labels, groups = make(groups=np.arange(COUNT) // 3)
    which = divide(names, labels, groups)
    order = np.random.default_rng(0).permutation(COUNT)
    again = divide([names[i] for i in order], labels[order], groups[order] + 7)
    np.testing.assert_array_equal(again, which[order])
    other = divide(names, labels, groups, seed=1)
    assert 50 < np.count_nonzero(other != which) < 300


def test_groups_stay_together():
    rng = np.random.default_rng(0)
    groups = np.sort(rng.integers(0, 120, COUNT))
    names, labels, _ = make()
    which = divide(names, labels, groups)
    for group in np.unique(groups):
        assert len(set(which[groups == group])) == 1
    assert np.abs(np.bincount(which) - [280, 40, 80]).max() <= 8


def test_a_large_group_is_for_training():
    groups = np.where(np.arange(COUNT) < 200, 0, np.arange(COUNT))
    names, labels, _ = make(classes=1)
    which = divide(names, labels, groups)
    assert (which[:200] == TRAIN).all()
    assert np.bincount(which).tolist() == [280, 40, 80]


@pytest.mark.parametrize("count", [3, 4, 5, 10])
def test_each_split_has_an_image(count):
    for seed in range(20):
        which = divide(*make(count, classes=1), validation=0.01, test=0.01, seed=seed)
        assert np.bincount(which, minlength=3).min() == 1
    groups = np.minimum(np.arange(count), 2)  # the last one is large
    assert set(divide(*make(count, 1, groups))) == {TRAIN, VAL, TEST}


def test_refuses_fewer_than_three_groups():
    names, labels, _ = make(8)
    with pytest.raises(ValueError, match="Received: 8 pictures, 2 diff") as caught:
        divide(names, labels, np.arange(8) % 2)
    assert_is_a_sentence(caught.value)


def test_keeps_the_split_that_is_given():
    names, labels, groups = make()
    for known in (VAL, TEST):
        given = np.where(np.arange(COUNT) < 100, known, FREE)
        which = divide(names, labels, groups, given=given)
        np.testing.assert_array_equal(which[:100], known)
        assert known not in which[100:]
        share = {VAL: 60, TEST: 30}[known]  # of 300 that are free
        assert np.count_nonzero(which[100:] != TRAIN) == share
    given = np.arange(COUNT) % 3
    np.testing.assert_array_equal(divide(names, labels, groups, given=given), given)
