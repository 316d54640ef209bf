from pathlib import Path

import numpy as np
import pytest
from sentences import assert_is_a_sentence

from vae_utils.datasets.pictures.labelling import label
from vae_utils.datasets.pictures.options import Options
from vae_utils.datasets.pictures.splitting import FREE, TEST, TRAIN, VAL

ROOT = Path("/pictures")


def read(*names, root=ROOT, **options):
    """Returns the class of each picture that has one, by name, and all else."""
    found = label(root, list(names), Options(**options))
    kept = [names[i] for i in found.kept]
    classes = [found.class_names[i] for i in found.labels]
    return dict(zip(kept, classes, strict=True)), found


@pytest.fixture
def write_csv(tmp_path):
    def write(*lines, encoding="utf-8"):
        path = tmp_path / "labels.csv"
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return write


def test_a_class_is_the_first_folder():
    names = ("b/1.png", "b/x/2.png", "a/3.png", "a/4.png")
    found, labelled = read(*names)
    assert found == dict(zip(names, "bbaa", strict=True))
    assert labelled.class_names == ("a", "b")
    assert labelled.labels.dtype == np.int32
    assert (labelled.given == FREE).all()


def test_classes_that_are_numbers_are_in_their_order():
    names = [f"{c}/{i}.png" for c in (10, 9, 2, "x") for i in range(2)]
    assert read(*names)[1].class_names == ("2", "9", "10", "x")


@pytest.mark.parametrize("labels", ["folders", None])
def test_without_folders_there_is_one_class(labels):
    found, labelled = read("1.png", "2.png", labels=labels)
    assert set(found.values()) == {"image"} and labelled.class_names == ("image",)
    assert read("a/1.png", "b/2.png", labels=None)[1].class_names == ("image",)


def test_pictures_outside_of_folders_are_refused_or_skipped():
    names = ("a/1.png", "a/2.png", "3.png")
    with pytest.raises(ValueError, match="1 picture is in no .* 3.png: put") as caught:
        read(*names)
    assert_is_a_sentence(caught.value)
    assert list(read(*names, on_error="skip")[0]) == ["a/1.png", "a/2.png"]


def test_classes_of_one_picture_are_refused_or_skipped():
    names = ("a/1.png", "a/2.png", "b/3.png", "c/4.png")
    words = "2 classes have one picture only, .*: b, c; add .* labels='folders'"
    with pytest.raises(ValueError, match=words) as caught:
        read(*names)
    assert_is_a_sentence(caught.value)
    assert set(read(*names, on_error="skip")[0].values()) == {"a"}
    assert len(read(*names, labels=None)[0]) == 4


def test_folders_may_be_the_split():
    files = ("a/1.png", "a/2.png", "b/1.png", "b/2.png")
    names = [f"{split}/{file}" for split in ("train", "Val", "test") for file in files]
    found, labelled = read(*names)
    assert labelled.class_names == ("a", "b")
    assert labelled.given.tolist() == [TRAIN] * 4 + [VAL] * 4 + [TEST] * 4
    _, labelled = read(*names, labels=None)
    assert labelled.given.tolist() == [TRAIN] * 4 + [VAL] * 4 + [TEST] * 4
    _, labelled = read(*(name for name in names if not name.startswith("Val")))
    assert labelled.given.tolist() == [FREE] * 4 + [TEST] * 4  # some are for validation
    _, labelled = read("train/1.png", "train/2.png", "test/3.png")
    assert labelled.class_names == ("image",) and labelled.given.tolist() == [-1, -1, 2]


@pytest.mark.parametrize(
    "others",
    [
        ("train/1.png", "train/2.png"),
        ("test/1.png", "test/2.png", "x/1.png", "x/2.png"),
        (
            "train/1.png",
            "train/2.png",
            "test/1.png",
            "test/2.png",
            "x/1.png",
            "x/2.png",
        ),
    ],
)
def test_other_folders_are_classes(others):
    _, labelled = read(*others)
    assert "image" not in labelled.class_names and (labelled.given == FREE).all()


NAMES = ("a/1.png", "a/2.png", "b/3.png", "b/4.png")


@pytest.mark.parametrize(
    "lines",
    [
        ("file,label", "a/1.png,a", "a/2.png,a", "b/3.png,b", "b/4.png,b"),
        ("label;path", "a;./a/1.png", "a;a\\2.png", "b;b/3.png", "b;b/4.png"),
        ("id\tx\tClass", "1\t0\ta", "2\t0\ta", "3\t0\tb", "4\t0\tb", ""),
        ("file,label", *(f"{ROOT}/{name},{name[0]}" for name in NAMES)),
        ('"image","category"', '"a/1","a"', "2.png,a", "b/3,b", "4,b"),
    ],
)
def test_reads_labels_from_a_csv_file(write_csv, lines):
    for encoding in ("utf-8", "utf-8-sig"):
        found, _ = read(*NAMES, labels=write_csv(*lines, encoding=encoding))
        assert list(found.values()) == ["a", "a", "b", "b"]


FIRST = ("file,label", "a/1.png,x", "a/2.png,x")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (FIRST, "no label for 2 pictures, such as b/3.png, b/4.png: correct"),
        ((*FIRST, "c.png,y"), "and names 1 picture that is not in the folder, .*c.png"),
        (("file,label", "a/1.png,x", "a/1.png,y"), "two labels for a/1.png"),
        ((*FIRST, "2,y"), "two labels for a/2.png"),
        (("file,label", "a/1.png,"), "no label for 4 pictures"),
        (FIRST[1:], "begin with a line of headers.*begins with 'a/1.png,x'"),
        (("",), "must begin with a line of headers"),
        (("file", "a/1.png"), "must begin with a line of headers"),
    ],
)
def test_refuses_labels_that_do_not_fit(write_csv, lines, words):
    path = write_csv(*lines)
    with pytest.raises(ValueError, match=words) as caught:
        read(*NAMES, labels=path)
    assert_is_a_sentence(caught.value)
    assert str(path) in str(caught.value)


def test_skips_pictures_without_a_label(write_csv):
    path = write_csv("file,label", "a/1.png,x", "b/3.png,x", "gone.png,y")
    found, _ = read(*NAMES, labels=path, on_error="skip")
    assert found == {"a/1.png": "x", "b/3.png": "x"}


def test_a_name_that_means_two_pictures_means_none(write_csv):
    path = write_csv("file,label", "1.png,x", "2,x", "a/2.png,y")
    names = ("a/1.png", "b/1.png", "a/2.png", "a/2.jpg")
    with pytest.raises(ValueError, match="names 2 pictures that are not") as caught:
        read(*names, labels=path)
    assert "1.png, 2" in str(caught.value)


def test_refuses_what_is_no_csv_file(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, words in (
        ("no.csv", "No such file"),
        ("binary", "CSV in UTF-8"),
        ("", "Is a directory"),
    ):
        with pytest.raises(ValueError, match=words) as caught:
            read(*NAMES, labels=tmp_path / name)
        assert_is_a_sentence(caught.value)
