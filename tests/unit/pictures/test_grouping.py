import numpy as np
import pytest
from picture_files import draw

from vae_utils.datasets.pictures import grouping, likeness
from vae_utils.datasets.pictures.fingerprint import digest_images


@pytest.fixture
def images():
    x = np.stack([np.asarray(draw(i)) for i in range(12)])
    x[7] = x[2]
    return x


@pytest.fixture
def compared(monkeypatch):
    """A list that gets an element whenever images are compared."""
    monkeypatch.setattr(grouping, "MANY", 1)
    times, group = [], likeness.group

    def counted(*args):
        times.append(args)
        return group(*args)

    monkeypatch.setattr(likeness, "group", counted)
    return times


def test_remembers_groups_of_many_images(images, compared, cache, monkeypatch):
    digests = digest_images(images)
    first = grouping.find(images, digests)
    assert first.tolist() == [0, 1, 2, 3, 4, 5, 6, 2, 8, 9, 10, 11]
    np.testing.assert_array_equal(grouping.find(images, digests), first)
    assert len(compared) == 1
    grouping.find(images[:9], digests[:9])
    assert len(compared) == 2
    monkeypatch.setattr(likeness, "FORMAT", 0)
    grouping.find(images, digests)
    assert len(compared) == 3


@pytest.mark.parametrize("contents", [b"", b"junk", None])
def test_damaged_groups_are_made_again(images, compared, cache, contents):
    digests = digest_images(images)
    first = grouping.find(images, digests)
    (path,) = cache.iterdir()
    if contents is None:
        np.save(path, first[:-1])
    else:
        path.write_bytes(contents)
    for _ in range(2):
        np.testing.assert_array_equal(grouping.find(images, digests), first)
    assert len(compared) == 2


def test_few_images_are_compared_every_time(images, compared, cache, monkeypatch):
    monkeypatch.setattr(grouping, "MANY", 1_000)
    grouping.find(images, digest_images(images))
    assert len(compared) == 1 and not cache.exists()
