"""Rendered data sets: complete without the web, fixed splits, names of variants."""

import hashlib
import socket
import warnings

import numpy as np
import pytest

from vae_utils import datasets
from vae_utils.datasets import rendered
from vae_utils.datasets.variants import CATS, COLOURED, SPRITES, VARIANTS

SETS = {"cats": CATS, "sprites": SPRITES, "coloured": COLOURED}
SPLITS = ("train", "val", "test")
# Of all combinations, and of the images of the sample: the same on every machine.
HASHES = {
    "cats": (
        "bf000d2914a87dd0297f92fce5c541f443b1a240e5731e6051e105b8cd54ec2b",
        "53cb15f426a1c63a0dc4c6862a055984f44ab95704c68bf15bc005ab965d18d7",
    ),
    "cats-64": (
        "bf000d2914a87dd0297f92fce5c541f443b1a240e5731e6051e105b8cd54ec2b",
        "cbcdc155c41474d98c131e160bf84b12e26899078800355675bf1bc74e37469d",
    ),
    "sprites": (
        "2aa3f92eda6a6691f55efcbebb485d622a4526c01bcc002ef2d23c5e7411c03f",
        "6ac7c2d559ecf8edc34ac576171b2d6f11ca39168b10bd3a78e951893f28ac8c",
    ),
    "sprites-64-colour": (
        "d136f1e116b9ada07d1f3fead54c5760ab78534af969b11cdde59efadc02037b",
        "f648d06cc96da75fb6d3b557deeff4913ab17e2d9ccd81e4964a3eaa016d31f2",
    ),
}


@pytest.fixture(autouse=True)
def no_web(monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("the web was used")

    monkeypatch.setattr(socket, "socket", refuse)


def digest(arrays):
    joined = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
    return hashlib.sha256(joined).hexdigest()


@pytest.mark.parametrize("name", HASHES)
def test_combinations_and_pixels_are_the_same_on_every_machine(name):
    chosen = rendered.choose_combinations(VARIANTS[name])
    data = datasets.load(name, sample=True)
    images = (getattr(data, f"x_{split}") for split in SPLITS)
    assert (digest(chosen.values()), digest(images)) == HASHES[name]


@pytest.mark.parametrize("name", SETS)
def test_no_image_of_one_split_looks_like_another(name):
    variant = SETS[name]
    chosen = rendered.choose_combinations(variant)
    assert [len(rows) for rows in chosen.values()] == [20_000, 2_000, 2_000]
    rows = np.concatenate(list(chosen.values()))
    assert len(np.unique(variant.visible(rows), axis=0)) == 24_000
    for factor, column in zip(variant.factors, rows.T, strict=True):
        assert set(column) == set(range(len(factor.values)))


@pytest.mark.parametrize("name", ["cats", "sprites-colour"])
def test_no_two_images_of_the_sample_are_equal(name):
    data = datasets.load(name, sample=True)
    images = [image for s in SPLITS for image in getattr(data, f"x_{s}")]
    assert len({image.tobytes() for image in images}) == len(images) == 2_400


def test_the_complete_data_need_no_source_and_are_read_only(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = datasets.load("sprites")
    assert data.complete and data.image_shape == (32, 32, 1)
    assert len(data.x_train) == 20_000 and len(data.x_val) == len(data.x_test) == 2_000
    assert data.x_train.dtype == np.uint8 and data.x_train.shape[1:] == (32, 32)
    tables = [column for s in SPLITS for column in data.factors[s].values()]
    for array in (data.x_train, data.y_val, *tables):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert not (tmp_path / "cache").exists()


def test_load_complete_and_offline_give_the_same(monkeypatch):
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    data = datasets.load_complete("sprites", download=False)
    assert data.complete and len(data.x_train) == 20_000


def test_the_quick_profile_has_the_first_of_each_split(monkeypatch):
    complete = datasets.load("sprites")
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    data = datasets.load("sprites")
    assert not data.complete and "sample" in data.provenance
    for split, count in zip(SPLITS, (2_000, 200, 200), strict=True):
        for kind in "xy":
            few = getattr(data, f"{kind}_{split}")
            assert len(few) == count
            whole = getattr(complete, f"{kind}_{split}")
            np.testing.assert_array_equal(few, whole[:count])


@pytest.mark.parametrize("name", ["cats-64-eyes", "sprites-y", "sprites-colour-hue"])
def test_factors_labels_and_images_belong_together(name):
    data, variant = datasets.load(name, sample=True), VARIANTS[name]
    assert data.name == name and data.image_shape == variant.image_shape
    names = [factor.name for factor in variant.factors]
    for split in SPLITS:
        table = data.factors[split]
        assert list(table) == names
        images = variant.render(np.stack(list(table.values()), axis=1), variant.size)
        np.testing.assert_array_equal(images, getattr(data, f"x_{split}"))
        np.testing.assert_array_equal(
            table[variant.labels], getattr(data, f"y_{split}")
        )
    (labelled,) = (f for f in variant.factors if f.name == variant.labels)
    assert data.class_names == labelled.names
    assert datasets.describe(name).factors == variant.factors


def test_the_provenance_credits_the_author_of_the_cats():
    data = datasets.load("cats", sample=True)
    assert "David Revoy" in data.provenance and "CC BY 4.0" in data.provenance
    assert "\n" not in data.provenance


@pytest.mark.parametrize(
    ("base", "choices", "name"),
    [
        ("cats", {}, "cats"),
        ("cats", {"size": 64}, "cats-64"),
        ("cats", {"size": 32, "labels": "fur"}, "cats-fur"),
        ("cats-64", {"labels": "fur"}, "cats-64-fur"),
        ("cats-64-fur", {"size": 32, "labels": "body"}, "cats"),
        ("sprites", {"colour": True}, "sprites-colour"),
        ("sprites-64", {"colour": True, "labels": "hue"}, "sprites-64-colour-hue"),
        ("sprites-colour", {"colour": False}, "sprites"),
    ],
)
def test_choices_make_the_name_that_finds_the_data_again(base, choices, name):
    described = datasets.describe(base, **choices)
    assert described.name == name
    assert datasets.describe(name) == described
    assert datasets.load(base, sample=True, **choices).name == name


def test_every_name_is_described_and_none_is_given_twice():
    names = [variant.name for variant in VARIANTS.values()]
    assert list(VARIANTS) == names and len(set(names)) == len(names) == 2 * (5 + 5 + 6)
    for name in (*datasets.NAMES, *VARIANTS):
        entry = datasets.describe(name)
        assert entry.title and entry.credit
        assert entry.classes == len(entry.class_names) > 1
        assert all(isinstance(each, str) for each in entry.class_names)


@pytest.mark.parametrize(
    ("name", "choices", "message"),
    [
        ("cats", {"size": 48}, "size of cats must be 32 or 64. Received: size=48"),
        ("cats", {"labels": "hue"}, "labels of cats must be 'body' or 'fur' or"),
        ("cats", {"colour": False}, "colour of cats must be True"),
        ("sprites", {"labels": "hue"}, "Only coloured sprites have a hue"),
        ("sprites-colour-hue", {"colour": False}, "choose colour=True"),
        ("mnist", {"size": 64}, "mnist has no variants to choose. Received: size=64"),
        ("cats-48", {}, "or a variant such as 'cats-64'.* Received: name='cats-48'"),
        ("cat", {}, "'fashion_mnist' or 'cats' or 'sprites'"),
    ],
)
def test_refuses_variants_that_do_not_exist(name, choices, message):
    with pytest.raises(ValueError, match=message):
        datasets.load(name, **choices)


def test_an_unknown_choice_is_named():
    with pytest.raises(TypeError, match="side"):
        datasets.load("cats", side=64)


def test_refuses_a_folder_for_what_is_rendered(tmp_path):
    with pytest.raises(ValueError, match="Cats are not read from a folder.*data_dir="):
        datasets.load("cats", data_dir=tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_what_is_not_chosen_is_the_default():
    described = datasets.describe("cats-64", size=None, labels=None, colour=None)
    assert described.name == "cats-64"
    assert datasets.describe("mnist", size=None) == datasets.CATALOG["mnist"]
