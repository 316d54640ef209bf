"""The sheet of cats is made from a wheel: premultiplied, without repeated parts."""

import hashlib
import io
import sys
import zipfile

import make_cats
import numpy as np
import pytest
from PIL import Image

RED, GREEN = (255, 0, 0), (0, 255, 0)


def png(picture):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "png")
    return stream.getvalue()


def edge(visible, hidden):
    """A picture whose left half has a colour, and whose right half is transparent."""
    picture = np.zeros((1024, 1024, 4), np.uint8)
    picture[:, :504] = (*visible, 255)
    picture[:, 504:] = (*hidden, 0)
    return picture


@pytest.fixture
def wheel(monkeypatch, tmp_path):
    """A wheel of two kinds of parts, one of which repeats another where it is seen."""
    blank = np.zeros((1024, 1024, 4), np.uint8)
    pictures = {
        "001#01fur/001#fur1.png": edge(RED, hidden=RED),
        "001#01fur/000#fur0.png": blank,
        "000#00body/000#body0.png": edge(RED, hidden=GREEN),
        "000#00body/001#body1.png": edge(RED, hidden=RED),
        "000#00body/002#body2.png": edge(GREEN, hidden=RED),
    }
    path = tmp_path / "parts.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, picture in pictures.items():
            archive.writestr(make_cats.FOLDER + name, png(picture))
        archive.writestr("robohash/robohash.py", "raise SystemExit")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(make_cats, "WHEEL_SHA256", digest)
    return path


def test_kinds_and_parts_are_in_order_and_none_repeats_another(wheel):
    body, fur = make_cats.read_wheel(wheel.read_bytes())
    assert [len(body), len(fur)] == [2, 2]
    assert not fur[0].any()
    assert body[0][0, 0].tolist() == [*RED, 255]
    assert body[1][0, 0].tolist() == [*GREEN, 255]


def test_edges_have_no_fringe_of_a_colour_that_is_transparent(wheel):
    (red, _), _ = make_cats.read_wheel(wheel.read_bytes())
    # Half of the pixel is red: half the red, half the opacity, and no green.
    assert red[5, 31].tolist() == [128, 0, 0, 128]
    assert not red[:, 32:].any()


def test_the_same_wheel_makes_the_same_file(wheel, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["make_cats.py", str(wheel)])
    sheets = []
    for name in ("first.png", "second.png"):
        monkeypatch.setattr(make_cats, "SHEET", tmp_path / name)
        make_cats.main()
        sheets.append((tmp_path / name).read_bytes())
    assert sheets[0] == sheets[1]
    assert hashlib.sha256(sheets[0]).hexdigest() in capsys.readouterr().out
    sheet = np.asarray(Image.open(io.BytesIO(sheets[0])))
    assert sheet.shape == (128, 1024, 4)
    assert sheet[0, 64].tolist() == [*GREEN, 255]
    assert not sheet[:, 128:].any()


def test_refuses_another_wheel(wheel, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(
        ValueError, match="must be robohash 2.0.*Received: [0-9a-f]{64}"
    ):
        make_cats.read_wheel(wheel.read_bytes())
