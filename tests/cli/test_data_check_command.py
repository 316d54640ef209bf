import shlex

import numpy as np
import pytest
from picture_files import draw, list_all, write_classes
from PIL import Image

from vae_utils import cli, datasets
from vae_utils.datasets.pictures import filling


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(filling, "REFRESH", 1e9)  # no progress on stderr
    own = write_classes(tmp_path / "my own", ants=5, bees=4)
    draw(1).save(own / "bees" / "copy.png")
    (own / "bees" / "broken.png").write_bytes(b"junk")
    return own


def check(capsys, *arguments):
    capsys.readouterr()
    assert cli.main(["data", "check", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_prints_the_report_and_writes_nothing_there(own, tmp_path, capsys):
    before = list_all(own)
    out = check(capsys, own)
    assert out == datasets.check_folder(own).table() + "\n"
    for words in ("ants 5, bees 5", "RGB 10", "bees/broken.png", "20 × 20", "copy.png"):
        assert words in out
    assert list_all(own) == before


def test_the_last_line_is_a_command_that_trains(own, tmp_path, capsys):
    out = check(capsys, own, "--size", "8", "--colour", "grey", "--fit", "pad")
    words = shlex.split(out.splitlines()[-1])
    assert words[:3] == ["python", "-m", "vae_utils"]
    assert words[-8:] == ("--size 8 --colour grey --on-error skip --fit pad".split())
    small = "--epochs 1 --updates-per-epoch 1 --no-viz --quiet --latent-dim 2".split()
    where = ["--output-dir", str(tmp_path / "run")]
    assert cli.main([*words[3:], *small, *where]) == 0
    assert (tmp_path / "run" / "metrics.json").exists()


def test_writes_the_contact_sheet_where_it_is_asked_to(own, tmp_path, capsys):
    path = tmp_path / "sheet.png"
    assert check(capsys, own, "--sheet", path).splitlines()[-1] == str(path)
    with Image.open(path) as sheet:
        expected = datasets.check_folder(own).sheet
        np.testing.assert_array_equal(np.asarray(sheet), expected)


def test_labels_that_do_not_fit_are_reported_as_one_types_them(own, capsys):
    draw(7).save(own / "stray.png")
    out = check(capsys, own)
    assert "choose --labels none" in out and "--on-error skip" in out
    assert "labels=" not in out and "on_error" not in out


def test_options_of_named_data_are_refused(own, refuse):
    for option in (["--sample"], ["--data", "mnist"], ["--no-download"]):
        err = refuse("data", *option, "check", own, code=2)
        assert f"check takes a folder and its options. Received: {option[0]}" in err
    assert "no other option" in refuse("data", "--size", "8", "import", own, code=2)
