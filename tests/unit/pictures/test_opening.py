from pathlib import Path

import numpy as np
import pytest
from picture_files import draw, write, write_classes
from sentences import assert_is_a_sentence

from vae_utils import datasets
from vae_utils.paths import is_path

PATHS = ["./a", "a/b", "/a", "a/", "~/a", "~", ".", "..", Path("a")]


@pytest.mark.parametrize("path", PATHS)
def test_recognises_paths(path):
    assert is_path(path)


def test_what_is_imported_later_is_listed_and_found():
    assert {"from_folder", "load_again", "load"} <= set(dir(datasets))
    assert all(hasattr(datasets, name) for name in datasets.__all__)
    assert not hasattr(datasets, "from_nothing")


@pytest.mark.parametrize("name", ["mnist", "a", "a.npz", "", None, 3, ["./a"]])
def test_recognises_names(name):
    assert not is_path(name)


def test_load_takes_a_path_with_its_options(own, tmp_path, monkeypatch):
    write_classes(own, a=6, b=6)
    expected = datasets.from_folder(own, size=8, seed=2)
    monkeypatch.chdir(tmp_path)
    for path in ("./own", own, str(own)):
        data = datasets.load(path, size=8, seed=2)
        assert data.content == expected.content and data.recipe["path"] == str(own)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert datasets.load("~/own", size=8, seed=2).content == expected.content


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mnits", "; did you mean 'mnist'[?] Received: name='mnits'"),
        ("Fashion-MNIST", "; did you mean 'fashion_mnist'[?] Received"),
        ("photos", r"such as './photos'.*\. Received: name='photos'"),
        ("own", r"; the file or folder of that name is './own'\. Received: name='own'"),
        (None, "Received: name=None"),
        (["mnist"], "Received: name="),
    ],
)
def test_a_wrong_name_says_what_it_may_have_been(own, monkeypatch, name, words):
    monkeypatch.chdir(own.parent)
    with pytest.raises(ValueError, match=words) as caught:
        datasets.load(name)
    assert_is_a_sentence(caught.value)


@pytest.mark.parametrize(
    ("path", "options", "words"),
    [
        ("no", {}, "There is no such file or folder"),
        ("a.png", {}, "must name a folder of pictures, and this is a file"),
        ("", {"sizes": 3}, "options of a folder of pictures are size, .*: sizes=3"),
        (
            "x.npy",
            {"size": 3},
            "options of data of kind 'npy' are .*: size=3",
        ),
        ("", {"data_dir": "x"}, "data_dir: only a named data set takes that"),
        ("", {"sample": True, "mirrors": ["x"]}, "sample, mirrors: only a named"),
    ],
)
def test_refuses_paths_and_options_in_one_sentence(own, path, options, words):
    write(own, "a.png")
    np.save(own / "x.npy", np.zeros(3))
    with pytest.raises(ValueError, match=words) as caught:
        datasets.load(own / path, **options)
    assert_is_a_sentence(caught.value)


def test_a_name_takes_no_options_of_paths():
    with pytest.raises(ValueError, match="has no variants .*seed=1") as caught:
        datasets.load("mnist", seed=1)
    assert_is_a_sentence(caught.value)


def test_load_again_refuses_other_data(own, tmp_path):
    write(own, *(f"{i}.png" for i in range(6)))
    data = datasets.from_folder(own, size=8)
    assert datasets.load_again(data.recipe, data.content).content == data.content
    with pytest.raises(ValueError, match="The options of a folder .*: colours='rgb'"):
        datasets.load_again(data.recipe | {"colours": "rgb"}, data.content)
    draw(50).save(own / "3.png")
    with pytest.raises(ValueError, match="The data have changed .*, not ") as caught:
        datasets.load_again(data.recipe, data.content)
    assert_is_a_sentence(caught.value)
    own.rename(tmp_path / "gone")
    with pytest.raises(ValueError, match="The data were moved or removed") as caught:
        datasets.load_again(data.recipe, data.content)
    assert_is_a_sentence(caught.value)
    for recipe in (None, {}, {"kind": "of another version"}):
        with pytest.raises(ValueError, match="made in a program") as caught:
            datasets.load_again(recipe, data.content)
        assert_is_a_sentence(caught.value)
