import itertools
import json
import os
import shutil

import numpy as np
import pytest
from picture_files import draw, list_all, png, write, write_classes
from PIL import Image
from sentences import assert_is_a_sentence

from vae_utils import datasets
from vae_utils.datasets.pictures import pool
from vae_utils.datasets.pictures.options import Options

SPLITS = ("train", "val", "test")


def everything(data):
    return {name: getattr(data, name) for s in SPLITS for name in (f"x_{s}", f"y_{s}")}


def assert_same(data, other):
    assert data.content == other.content
    for name, values in everything(data).items():
        np.testing.assert_array_equal(values, getattr(other, name))


def test_loads_a_folder_of_classes(own, untouched, cache):
    write_classes(own, cats=20, dogs=30)
    untouched()
    data = datasets.from_folder(own, size=16, seed=3)
    assert [len(getattr(data, f"x_{split}")) for split in SPLITS] == [40, 5, 5]
    assert data.image_shape == (16, 16, 3) and data.class_names == ("cats", "dogs")
    assert all(x.dtype == np.uint8 for x in (data.x_train, data.x_val, data.x_test))
    counts = [np.bincount(getattr(data, f"y_{split}")).tolist() for split in SPLITS]
    assert counts == [[16, 24], [2, 3], [2, 3]]
    for split in SPLITS:
        pairs = zip(data.files[split], getattr(data, f"y_{split}"), strict=True)
        assert all(name.startswith(data.class_names[label]) for name, label in pairs)
    with Image.open(own / data.files["test"][0]) as image:
        expected = image.resize((16, 16), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(data.x_test[0], expected)
    assert data.name == "./own" and data.complete
    assert data.provenance == (
        "./own: 40 train + 5 validation + 5 test images of 16 × 16, in colour, 2 "
        f"classes; cropped from {own}, split by seed 3"
    )
    assert {path.suffix for path in cache.iterdir()} == {".npy", ".json"}


def test_first_images_of_a_split_are_of_all_classes(own):
    write_classes(own, a=40, b=40)
    data = datasets.from_folder(own, size=8)
    assert 2 <= np.count_nonzero(data.y_train[:10]) <= 8


def test_the_recipe_is_json_and_has_all_options(own, tmp_path):
    write(own, *(f"{i}.png" for i in range(6)))
    labels = tmp_path / "labels.csv"
    lines = ["file,label", *(f"{i}.png,{'ab'[i % 2]}" for i in range(6))]
    labels.write_text("\n".join(lines))
    options = {
        "size": 8,
        "colour": "grey",
        "labels": str(labels),
        "validation": 0.25,
        "test": 0.3,
        "seed": 5,
        "on_error": "skip",
        "fit": "pad",
        "background": "#012345",
        "max_pixels": 999,
        "max_files": 9,
    }
    assert set(options) == set(Options.__dataclass_fields__)
    data = datasets.from_folder(own, **options | {"labels": labels})
    assert data.recipe == {"kind": "folder", "path": str(own), **options}
    recipe = json.loads(json.dumps(data.recipe))
    assert_same(datasets.load_again(recipe, data.content), data)


def test_no_file_is_decoded_twice(own, monkeypatch):
    write(own, *(f"{i}.png" for i in range(8)))
    first = datasets.from_folder(own, size=8)

    def fail(*args):
        raise AssertionError("A file is decoded.")

    with monkeypatch.context() as patch:
        patch.setattr(pool, "decode", fail)
        assert_same(datasets.from_folder(own, size=8), first)
        other = datasets.from_folder(own, size=8, seed=1, validation=0.3, labels=None)
        assert other.content != first.content and len(other.x_val) == 2
        datasets.from_folder(own, size=8, colour="grey")
        assert_same(datasets.from_folder(own, size=8, colour="rgb"), first)
        for options in ({"size": 9}, {"fit": "pad"}, {"background": "red"}):
            with pytest.raises(AssertionError, match="is decoded"):
                datasets.from_folder(own, **{"size": 8} | options)
    (own / "3.png").write_bytes((own / "4.png").read_bytes())
    changed = datasets.from_folder(own, size=8)
    assert changed.content != first.content and "1 copy" in changed.provenance


def test_a_file_changed_within_its_times_is_noticed(own):
    """As a program may leave it that copies files with the time of the original."""
    for i in range(5):
        draw(i).save(own / f"{i}.bmp")
    first = datasets.from_folder(own, size=8)
    before = (own / "2.bmp").stat()
    draw(77).save(own / "2.bmp")
    os.utime(own / "2.bmp", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (own / "2.bmp").stat().st_size == before.st_size
    assert datasets.from_folder(own, size=8).content != first.content


def test_the_split_depends_on_contents_not_on_names(own, tmp_path):
    write_classes(own, a=12, b=12)
    data = datasets.from_folder(own, size=8)
    for number, path in enumerate(sorted(own.rglob("*.png"), reverse=True)):
        target = tmp_path / "moved" / path.parent.name / f"x{number}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    moved = datasets.from_folder(tmp_path / "moved", size=8)
    assert_same(moved, data)
    assert moved.files != data.files
    again = datasets.load_again(data.recipe, data.content, path=tmp_path / "moved")
    assert_same(again, data)


def test_copies_are_on_one_side(own):
    names = [f"{i:02}.png" for i in range(30)]
    write(own, *names)
    for number, name in enumerate(names[:10]):
        draw(number, 64, 64).save(own / name)
        shutil.copy(own / name, own / f"copy of {name}")
        draw(number, 64, 64).save(own / f"{name}.jpg", quality=60)
    for seed in range(3):
        data = datasets.from_folder(own, size=16, seed=seed, test=0.3, validation=0.2)
        side = {name[:2]: set() for name in names}
        for split, files in data.files.items():
            for name in files:
                side[name.removeprefix("copy of ")[:2]].add(split)
        assert all(len(sides) == 1 for sides in side.values())
        assert "10 copies, 10 that look like others" in data.provenance


def test_auto_is_grey_only_if_every_picture_is(own):
    for i in range(5):
        draw(i).convert("L").convert("RGB").save(own / f"{i}.png")
    grey = datasets.from_folder(own, size=8)
    assert grey.image_shape == (8, 8, 1) and grey.x_train.ndim == 3
    assert ", grey; cropped" in grey.provenance
    assert_same(datasets.from_folder(own, size=8, colour="grey"), grey)
    assert datasets.from_folder(own, size=8, colour="rgb").image_shape == (8, 8, 3)
    draw(9).save(own / "9.png")
    assert datasets.from_folder(own, size=8).image_shape == (8, 8, 3)


def test_grey_is_the_same_decoded_or_converted(own, tmp_path, monkeypatch):
    write(own, *(f"{i}.png" for i in range(6)))
    decoded = datasets.from_folder(own, size=8, colour="grey")
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "another"))
    datasets.from_folder(own, size=8, colour="rgb")
    assert_same(datasets.from_folder(own, size=8, colour="grey"), decoded)


def test_skips_files_that_are_no_pictures(own, untouched):
    write(own, *(f"{i}.png" for i in range(8)))
    for name in ("0.png", "3.png"):
        (own / name).write_bytes(b"junk")
    (own / "loop").symlink_to(own)
    untouched()
    with pytest.raises(ValueError, match=r"1 of 9 pictures .*: loop/ \(") as caught:
        datasets.from_folder(own, size=8)
    assert_is_a_sentence(caught.value)
    data = datasets.from_folder(own, size=8, on_error="skip")
    assert sorted(itertools.chain(*data.files.values())) == [
        f"{i}.png" for i in (1, 2, 4, 5, 6, 7)
    ]
    for split in SPLITS:
        for name, pixels in zip(
            data.files[split], getattr(data, f"x_{split}"), strict=True
        ):
            with Image.open(own / name) as image:
                expected = image.resize((8, 8), Image.Resampling.BICUBIC)
            np.testing.assert_array_equal(pixels, expected)
    assert data.provenance.endswith("3 files skipped")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda own: write(own, "a.png"), "needs 3 pictures at least.*Received: 1 pic"),
        (lambda own: junk(own, 4), r"None of the 4 .*: 0.png \(not a.* and 1 more"),
        (lambda own: junk(write(own, "a.png"), 1), r"1 of 2 pictures .*: 0.png \(not "),
        (
            lambda own: bomb(write(own, "a.png")),
            "bomb.png .*above max_pixels=1000",
        ),
        (lambda own: copies(own), "must look different in 3 cases"),
    ],
)
def test_refuses_pictures_in_one_sentence(own, untouched, cache, make, words):
    make(own)
    untouched()
    with pytest.raises(ValueError, match=words) as caught:
        datasets.from_folder(own, size=8)
    assert_is_a_sentence(caught.value)
    left = {path.name.split("-")[0] for path, *_ in list_all(cache)}
    assert not any(name.startswith(".") for name in left)


def junk(own, count):
    for i in range(count):
        (own / f"{i}.png").write_bytes(b"junk")
    return own


def bomb(own):
    (own / "bomb.png").write_bytes(png(60_000, 60_000))


def copies(own):
    for i in range(5):
        draw(0).save(own / f"{i}.png")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": 0}, "size must be a positive integer"),
        ({"size": 2_000}, "size must be at most 1024"),
        ({"colour": "blue"}, "colour must be 'auto' or 'grey' or 'rgb'"),
        ({"fit": "stretch"}, "fit must be 'crop' or 'pad'"),
        ({"on_error": None}, "on_error must be 'refuse' or 'skip'"),
        ({"background": "nothing"}, "background must be the name of a colour"),
        ({"background": 3}, "background must be the name of a colour"),
        ({"validation": 0}, "must be shares of the images, above 0"),
        ({"validation": 0.5, "test": 0.5}, "less than 1 together"),
        ({"test": "0.1"}, "must be shares of the images"),
        ({"seed": -1}, "seed must be a positive integer, or 0"),
        ({"seed": 0.5}, "seed must be a positive integer, or 0"),
        ({"labels": 3}, "labels must be 'folders', the path of a CSV file, or None"),
        ({"max_files": 0}, "max_files must be a positive integer"),
        ({"max_pixels": 0}, "max_pixels must be a positive integer"),
    ],
)
def test_refuses_options_before_looking(own, options, words):
    with pytest.raises(ValueError, match=words) as caught:
        datasets.from_folder(own / "no", **options)
    assert_is_a_sentence(caught.value)


def test_folders_may_give_the_split(own):
    files = [f"{name}/{i}.png" for name in "ab" for i in range(6)]
    names = [f"{split}/{file}" for split in ("train", "test") for file in files]
    write(own, *names)
    shutil.copy(own / "train/a/0.png", own / "test/a/0.png")
    data = datasets.from_folder(own, size=8)
    assert sorted(data.files["test"]) == sorted(n for n in names if n[:4] == "test")
    assert len(data.x_val) == 1 and data.class_names == ("a", "b")
    if data.files["val"] != ("train/a/0.png",):
        assert "1 held-out image that looks like a training image" in data.provenance
