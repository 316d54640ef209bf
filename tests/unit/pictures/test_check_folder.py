import shlex
import shutil

import numpy as np
import pytest
from picture_files import draw, write, write_classes
from sentences import assert_is_a_sentence

from vae_utils import datasets
from vae_utils.datasets.pictures import pool
from vae_utils.datasets.pictures.contact_sheet import make_sheet


@pytest.fixture
def messy(own):
    """A folder with something of everything."""
    write_classes(own, cats=12, dogs=8)
    shutil.copy(own / "cats/001.png", own / "dogs/copy.png")
    draw(3, 200, 100).save(own / "dogs/wide.jpg")
    draw(4, 64, 64).convert("L").save(own / "dogs/grey.png")
    (own / "dogs/broken.png").write_bytes(b"junk")
    (own / "cats/empty.png").touch()
    (own / "notes.txt").write_text("x")
    return own


def test_reports_what_a_folder_holds(messy, untouched):
    untouched()
    report = datasets.check_folder(messy)
    assert report.classes == {"cats": 12, "dogs": 11}
    assert len(report.names) == 23 and report.others == ("notes.txt",)
    assert report.unusable == (
        ("cats/empty.png", "an empty file"),
        ("dogs/broken.png", "not a picture that Pillow reads"),
    )
    assert report.copies == (("cats/001.png", "dogs/copy.png"),)
    assert report.colour == "rgb" and report.complaint is None
    lines = {" ".join(line.split()) for line in report.table().splitlines()}
    assert lines >= {
        f"folder {messy}",
        "pictures 23",
        "unusable 2: cats/empty.png (an empty file), dogs/broken.png (not a picture "
        "that Pillow reads)",
        "other files 1: notes.txt",
        "width × height 20 × 20 to 200 × 100, median 20 × 20",
        "modes RGB 22, L 1",
        "colour 22 in colour, 1 grey",
        "classes 2: cats 12, dogs 11",
        "equal 2 pictures in 1 group, such as cats/001.png, dogs/copy.png",
        "recommended --size 32 --colour rgb",
    }
    assert report.command == (
        f"python -m vae_utils train --preset pictures --data {messy} --size 32 "
        "--colour rgb --on-error skip"
    )


def test_training_needs_no_second_decoding(messy, monkeypatch):
    datasets.check_folder(messy, size=32)
    monkeypatch.setattr(pool, "decode", lambda *args: pytest.fail("It decodes."))
    datasets.from_folder(messy, size=32, on_error="skip")


def test_labels_that_do_not_fit_are_reported(own, tmp_path):
    write_classes(own, a=4, b=1)
    report = datasets.check_folder(own)
    assert "1 class has one picture only" in report.complaint
    assert report.complaint in report.table() and "--on-error skip" in report.command
    report = datasets.check_folder(own, labels=None)
    assert report.complaint is None and "--labels none" in report.command
    assert "classes         none" in report.table()
    report = datasets.check_folder(own, labels=tmp_path / "no.csv")
    assert "No such file" in report.complaint and report.classes == {}


@pytest.mark.parametrize(
    ("sides", "size"),
    [
        ((20,), 20),
        ((28,), 28),
        ((64,), 64),
        ((200,), 64),
        ((20, 30, 40), 32),
        ((50, 90), 64),
    ],
)
def test_recommends_a_size_that_the_pictures_have(own, sides, size):
    for i in range(6):
        side = sides[i % len(sides)]
        draw(i, side, side + i % 2).save(own / f"{i}.png")
    assert datasets.check_folder(own).size == size


def test_recommends_grey_if_every_picture_is(own):
    for i in range(4):
        draw(i).convert("L").save(own / f"{i}.png")
    report = datasets.check_folder(own)
    assert report.colour == "grey" and "--colour grey" in report.command


def test_the_command_keeps_options_and_quotes_paths(tmp_path):
    own = write(tmp_path / "my own", "1.png", "2.png", "3.png")
    report = datasets.check_folder(own, fit="pad", max_files=7)
    words = shlex.split(report.command)
    assert str(own) in words
    assert words[-4:] == ["--fit", "pad", "--max-files", "7"]


def test_refuses_folders_as_loading_does(own):
    with pytest.raises(ValueError, match="holds no pictures") as caught:
        datasets.check_folder(own)
    assert_is_a_sentence(caught.value)
    (own / "a.png").write_bytes(b"junk")
    with pytest.raises(ValueError, match="None of the 1 picture can be read") as caught:
        datasets.check_folder(own)
    assert_is_a_sentence(caught.value)
    with pytest.raises(ValueError, match="size must be"):
        datasets.check_folder(own, size=0)


def test_a_sheet_shows_pictures_in_rows():
    images = np.arange(1, 24, dtype=np.uint8)[:, None, None, None]
    images = np.broadcast_to(images, (23, 4, 5, 3))
    sheet = make_sheet(images)
    assert sheet.shape == (3 * 6 + 2, 10 * 7 + 2, 3)
    shown = sheet[2::6, 2::7, 0].ravel()
    assert shown[:23].tolist() == list(range(1, 24)) and set(shown[23:]) == {255}
    np.testing.assert_array_equal(make_sheet(images[..., 0]), sheet)
    few = make_sheet(images, most=3)[2, 2::7, 0]
    assert few.tolist() == [1, 12, 23]
    assert make_sheet(images[:1]).shape == (8, 9, 3)
    with pytest.raises(ValueError, match="most must be a positive integer"):
        make_sheet(images, most=0)
