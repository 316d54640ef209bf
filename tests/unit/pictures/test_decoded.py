import collections
import json
import math
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from picture_files import write
from sentences import assert_is_a_sentence

from vae_utils import datasets, files
from vae_utils.datasets import folders
from vae_utils.datasets.pictures import filling, place

Usage = collections.namedtuple("Usage", "total used free")


@pytest.fixture
def pictures(own):
    return write(own, *(f"{i}.png" for i in range(6)))


@pytest.fixture
def decoded(monkeypatch):
    """A list that gets an element whenever files are decoded."""
    times, fill = [], filling.fill

    def counted(*args):
        times.append(args)
        return fill(*args)

    monkeypatch.setattr("vae_utils.datasets.pictures.decoded.fill", counted)
    return times


def damage_index(cache):
    (path,) = cache.glob("*.json")
    path.write_bytes(path.read_bytes()[:-9])


def change_index(cache):
    (path,) = cache.glob("*.json")
    path.write_text(json.dumps({"array": "../../own/0.png"}))


def cut_array(cache):
    (path,) = cache.glob("images-*.npy")
    path.write_bytes(path.read_bytes()[:-9])


def other_array(cache):
    (path,) = cache.glob("images-*.npy")
    np.save(path, np.zeros((6, 8, 8), np.uint8))


def no_array(cache):
    (path,) = cache.glob("images-*.npy")
    path.unlink()


@pytest.mark.parametrize(
    "damage", [damage_index, change_index, cut_array, other_array, no_array]
)
def test_a_damaged_cache_is_made_again(pictures, cache, decoded, damage):
    first = datasets.from_folder(pictures, size=8)
    names = {path.name for path in cache.iterdir()}
    damage(cache)
    again = datasets.from_folder(pictures, size=8)
    assert again.content == first.content and len(decoded) == 2
    np.testing.assert_array_equal(again.x_train, first.x_train)
    assert {path.name for path in cache.iterdir()} == names
    datasets.from_folder(pictures, size=8)
    assert len(decoded) == 2


@pytest.mark.parametrize("reason", ["no home", "a file", "full"])
def test_without_a_cache_it_works_and_warns(
    pictures, tmp_path, cache, monkeypatch, decoded, reason
):
    expected = datasets.from_folder(pictures, size=8)
    if reason == "no home":
        monkeypatch.setattr(place.profile, "cache_dir", lambda: None)
    else:
        monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "taken"))
        (tmp_path / "taken").write_text("")
    for _ in range(2):
        with pytest.warns(UserWarning, match="will be decoded again") as caught:
            data = datasets.from_folder(pictures, size=8)
        assert len(caught) == 1
        assert data.content == expected.content
        np.testing.assert_array_equal(data.x_train, expected.x_train)
    assert len(decoded) == 3


def test_refuses_a_disk_that_is_too_small(pictures, cache, monkeypatch, decoded):
    monkeypatch.setattr(place.shutil, "disk_usage", lambda _: Usage(9, 9, 1000))
    with pytest.raises(ValueError, match="on the disk of the cache") as caught:
        datasets.from_folder(pictures, size=8)
    assert_is_a_sentence(caught.value)
    assert not decoded and not list(cache.iterdir())


def test_an_interruption_leaves_nothing(pictures, cache, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(filling.pool, "decode", interrupt)
        with pytest.raises(KeyboardInterrupt):
            datasets.from_folder(pictures, size=8)
    assert not list(cache.iterdir())
    datasets.from_folder(pictures, size=8)


def test_removes_what_killed_processes_left(pictures, cache, monkeypatch):
    cache.mkdir(parents=True)
    left = cache / f".x.npy.123{files.UNFINISHED}"
    left.touch()
    datasets.from_folder(pictures, size=8)
    assert left.exists()  # another process may be writing it
    monkeypatch.setattr(folders, "STALE", -1.0)
    datasets.from_folder(pictures, size=9)
    assert not left.exists()


def test_equal_folders_share_an_array(pictures, tmp_path, cache):
    write(tmp_path / "copy", *(f"{i}.png" for i in range(6)))
    for folder in (pictures, tmp_path / "copy"):
        datasets.from_folder(folder, size=8)
    assert len(list(cache.glob("*.json"))) == 2
    assert len(list(cache.glob("images-*.npy"))) == 1


def test_several_may_decode_a_folder_at_once(pictures, cache):
    with ThreadPoolExecutor(3) as threads:
        loading = [threads.submit(datasets.from_folder, pictures, 8) for _ in range(3)]
        assert len({each.result().content for each in loading}) == 1
    assert {path.suffix for path in cache.iterdir()} == {".json", ".npy"}
    assert len(list(cache.iterdir())) == 2


def test_shows_progress_of_long_work(pictures, capsys, monkeypatch):
    monkeypatch.setattr(filling, "REFRESH", math.inf)
    datasets.from_folder(pictures, size=8)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(filling, "REFRESH", -1.0)
    datasets.from_folder(pictures, size=9)
    assert re.fullmatch("Decoded 6 pictures in [0-9]+ s\n", capsys.readouterr().err)
