"""Folders that cannot be trained on: one sentence with names, and nothing written."""

import gzip
import os
import struct
import zipfile
import zlib

import numpy as np
import pytest
from picture_files import draw, list_all, png, write, write_classes

from vae_utils import cli
from vae_utils.datasets.pictures import filling

QUICK = ["--epochs", "1", "--quiet"]


def make_empty(own):
    """Makes nothing."""


def make_one_picture(own):
    write(own, "only.png")


def make_unreadable(own):
    for name in ("a.png", "b.jpg", "c.gif"):
        (own / name).write_bytes(b"junk")


def make_lonely_class(own):
    write_classes(own, ants=4, bee=1)


def make_outside_of_classes(own):
    write(own, "stray.png", "ants/1.png", "ants/2.png", "bees/1.png", "bees/2.png")


def make_missing_labels(own):
    write(own, *(f"{i}.png" for i in range(6)))
    (own / "labels.csv").write_text("file,label\n0.png,a\n1.png,a\n99.png,a\n")


def make_no_utf8(own):
    write(own, *(f"{i}.png" for i in range(4)))
    draw(9).save(os.fsencode(own) + b"/caf\xe9.png", format="png")


def make_loop(own):
    write(own, *(f"{i}.png" for i in range(4)))
    (own / "loop").symlink_to(own)
    (own / "self.png").symlink_to(own / "self.png")


def make_pixel_bomb(own):
    write(own, *(f"{i}.png" for i in range(4)))
    (own / "bomb.png").write_bytes(png(50_000, 50_000))


def make_zip_bomb(own):
    write(own, *(f"{i}.png" for i in range(4)))
    text = b"zTXtComment\0\0" + zlib.compress(b"\0" * 10**8)
    length, total = (
        struct.pack(">I", len(text) - 4),
        struct.pack(">I", zlib.crc32(text)),
    )
    picture = png(20, 20, b"\0" * 20 * 61)
    (own / "bomb.png").write_bytes(picture[:33] + length + text + total + picture[33:])


def make_large(own):
    write(own, *(f"{i}.png" for i in range(4)))
    draw(0, 90, 120).save(own / "large.png")


def make_many(own):
    write(own, *(f"{i}.png" for i in range(6)))


def make_other_files(own):
    (own / "notes.txt").write_text("x")
    (own / "photos.zip").write_bytes(b"PK")


CASES = {
    "empty folder": (make_empty, "", "which is empty"),
    "other files": (make_other_files, "", "2 other files, such as notes.txt"),
    "one picture": (make_one_picture, "", "needs 3 pictures at least"),
    "unreadable": (make_unreadable, "", "None of the 3 pictures can be read: a.png"),
    "all skipped": (make_unreadable, "--on-error skip", "b.jpg (not a picture that"),
    "class of one": (make_lonely_class, "", "one picture only, which cannot be both"),
    "outside": (make_outside_of_classes, "", "such as stray.png: put each"),
    "labels miss": (
        make_missing_labels,
        "--labels OWN/labels.csv",
        "no label for 4 pictures, such as 2.png, 3.png, 4.png and 1 more",
    ),
    "no such labels": (make_many, "--labels no.csv", "No such file"),
    "not UTF-8": (make_no_utf8, "", r"caf\xe9.png (its name is not UTF-8)"),
    "links in a circle": (make_loop, "", "loop/ (a link to a folder that is listed"),
    "pixel bomb": (make_pixel_bomb, "", "bomb.png (50,000 × 50,000"),
    "zip bomb": (make_zip_bomb, "", "bomb.png ("),
    "too large": (make_large, "--max-pixels 10000", "large.png (90 × 120"),
    "too many": (make_many, "--max-files 5", "more than 5 pictures: raise --max-files"),
    "shares": (make_many, "--validation 0.5 --test 0.6", "--validation 0.5, --test"),
    "size": (make_many, "--size 2000", "at most 1024"),
    "background": (make_many, "--background nocolour", "name of a colour"),
}


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's folder; nothing may be written to it, or to the working folder."""
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(filling, "REFRESH", 1e9)  # no progress between the sentences
    (tmp_path / "own").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    yield tmp_path / "own"
    assert not list_all(tmp_path / "here")


@pytest.mark.parametrize("case", CASES)
def test_train_refuses_in_one_sentence(case, own, refuse):
    make, options, words = CASES[case]
    make(own)
    before = list_all(own)
    options = options.replace("OWN", str(own)).split()
    err = refuse("train", *QUICK, "--data", own, *options, code=2)
    assert words in err
    assert "on_error" not in err and "max_" not in err and "labels=" not in err
    assert list_all(own) == before


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("empty folder", "which is empty"),
        ("all skipped", "None of the 3 pictures can be read: a.png (not a"),
        ("too many", "raise --max-files"),
        ("size", "at most 1024"),
        ("background", "name of a colour"),
    ],
)
def test_check_refuses_in_one_sentence(case, words, own, refuse):
    make, options, _ = CASES[case]
    make(own)
    before = list_all(own)
    assert words in refuse("data", "check", own, *options.split(), code=2)
    assert list_all(own) == before


def test_a_file_for_a_folder_is_refused(own, tmp_path, refuse):
    draw(0).save(tmp_path / "picture.png")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x", "y")
    for name, words in (("picture.png", "this is a file"), ("a.zip", "unpack it")):
        for command in (["train", *QUICK, "--data"], ["data", "check"]):
            assert words in refuse(*command, tmp_path / name, code=2)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (10_000, 10_000)])
def test_pictures_of_any_size_are_used(width, height, own, capsys):
    write(own, *(f"{i}.png" for i in range(5)))
    draw(7, 2, 2).resize((width, height)).save(own / "extreme.png")
    assert cli.main(["data", "check", str(own)]) == 0
    assert f"{width:,} × {height:,}" in capsys.readouterr().out


def test_damaged_arrays_are_refused(own, tmp_path, refuse):
    np.savez(tmp_path / "a.npz", y=np.zeros(3))
    np.save(tmp_path / "objects.npy", np.array([{}], object))
    (own / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"\0\0\x08\x03"))
    for path, words in (
        (tmp_path / "a.npz", "must hold the images x_train"),
        (tmp_path / "objects.npy", "without pickles"),
        (own, "train-images-idx3-ubyte.gz"),
    ):
        assert words in refuse("train", *QUICK, "--data", path, code=2)
    npz = ["--data", tmp_path / "a.npz", "--size", "8"]
    assert "Received: --size 8" in refuse("train", *QUICK, *npz, code=2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--data mnist --size 32", "mnist has no variants to choose. Received: --size"),
        ("--size 32", "mnist has no variants"),
        ("--data mnist --fit pad", "Received: --data mnist --fit pad"),
        ("--data cats --on-error skip --test 0.2", "--test 0.2, --on-error skip"),
        ("--data cats --size 48", "size of cats must be 32 or 64. Received: --size 48"),
        ("--data cats --labels none", "labels of cats must be"),
        ("--data nowhere/at/all", "There is no such file or folder"),
        ("--data nowhere", "The data set must be"),
        ("--data OWN --sample", "--sample is for data sets that have names"),
        ("--data OWN --data-dir OWN", "--data-dir is for data sets that have names"),
        ("--validation 1", "less than 1. Received: 1"),
        ("--colour sepia", "'grey'"),
        ("--data OWN --output-dir OWN/runs/1", "another place with --output-dir"),
        ("--data OWN --log-dir OWN/log", "another place with --log-dir"),
        ("--data-dir OWN", "python -m vae_utils train --preset pictures --data OWN"),
    ],
)
def test_options_that_do_not_suit_the_data_are_refused(options, words, own, refuse):
    write_classes(own, ants=6, bees=6)
    before = list_all(own)
    options, words = (text.replace("OWN", str(own)) for text in (options, words))
    assert words in refuse("train", *QUICK, *options.split(), code=2)
    assert list_all(own) == before


def test_a_run_in_the_folder_of_pictures_is_refused(own, refuse, monkeypatch):
    write_classes(own, ants=6, bees=6)
    before = list_all(own)
    monkeypatch.chdir(own)
    err = refuse("train", *QUICK, "--data", ".", code=2)
    assert "Nothing is written into the folder that the data are read from" in err
    err = refuse("data", "check", ".", "--sheet", "sheet.png", code=2)
    assert "another place with --sheet" in err
    assert list_all(own) == before


def test_a_resumed_run_keeps_the_options_of_its_data(own, tmp_path, refuse):
    write_classes(own, ants=9, bees=6)
    run = ["--output-dir", str(tmp_path / "run")]
    small = "--size 6 --hidden 4 --batch-size 4 --no-viz".split()
    assert cli.main(["train", *QUICK, *small, "--data", str(own), *run]) == 0
    again = ["train", "--resume", *run]
    for option, words in (
        (["--size", "8"], "--size=8, not 6"),
        (["--labels", "none"], "--labels=None, not 'folders'"),
        (["--data", "mnist"], "data='mnist', not './own'"),
    ):
        assert words in refuse(*again, *option, code=1)
    assert cli.main([*again, "--quiet", "--size", "6", "--epochs", "2"]) == 0
    run = str(tmp_path / "run")
    err = refuse("evaluate", run, "--sample", "--output-dir", "x", code=2)
    assert "There is no bundled sample of your own data" in err
    for command in ("evaluate", "animate", "export"):
        err = refuse(command, run, "--output-dir", own / "figures", code=2)
        assert "another place with --output-dir" in err


def test_published_data_are_found_by_their_names(own, refuse):
    err = refuse("evaluate", "explorer_vae", "--data", own, code=2)
    assert "trained on mnist, which is found by its name: leave out --data" in err
