import gzip
import subprocess
import sys

import numpy as np
import pytest

from vae_utils import cli, datasets


@pytest.mark.filterwarnings("default::vae_utils.datasets.SampleWarning")
def test_data_that_is_unavailable_is_an_error_after_a_warning(
    capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    assert cli.main(["data", "--data", "mnist", "--no-download"]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("warning: MNIST, bundled sample")
    assert err.endswith("Received: no complete mnist\n")
    assert "SampleWarning" not in err
    assert "MNIST, bundled sample" in out


def test_data_prints_statistics_of_the_images(capsys):
    assert cli.main(["data", "--sample", "--data", "fashion_mnist"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split() for line in lines if line}
    data = datasets.load("fashion_mnist", sample=True)
    for split in ("train", "val", "test"):
        x, y = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        row = rows[split]
        assert row[1:3] == [str(len(x)), "28×28"]
        expected = [x.mean() / 255, x.std() / 255, (x == 0).mean(), (x > 127).mean()]
        np.testing.assert_allclose([float(v) for v in row[3:7]], expected, atol=6e-5)
        counts = np.bincount(y)
        assert row[7:] == [str(counts.min()), str(counts.max())]


def test_data_describes_every_data_set_by_default(capsys):
    assert cli.main(["data", "--sample"]) == 0
    out = capsys.readouterr().out
    assert out.count(" sample: ") == out.count("train  ") == len(datasets.NAMES)


def test_data_prints_statistics_of_colour_images(capsys):
    assert cli.main(["data", "--sample", "--data", "cats-fur"]) == 0
    out = capsys.readouterr().out
    assert "David Revoy" in out and "labelled by fur" in out
    (row,) = (line.split() for line in out.splitlines() if line.startswith("val"))
    data = datasets.load("cats-fur", sample=True)
    x, counts = data.x_val, np.bincount(data.y_val)
    assert row[1:3] == ["200", "32×32×3"]
    expected = [x.mean() / 255, x.std() / 255, (x == 0).mean(), (x > 127).mean()]
    np.testing.assert_allclose([float(v) for v in row[3:7]], expected, atol=6e-5)
    assert row[7:] == [str(counts.min()), str(counts.max())]


def test_a_folder_describes_the_published_data_sets_alone(published, tmp_path, capsys):
    for name, files in published.items():
        (tmp_path / "mine" / name).mkdir(parents=True)
        for file, raw in files.items():
            (tmp_path / "mine" / name / file).write_bytes(raw)
    folder = str(tmp_path / "mine")
    assert cli.main(["data", "--data-dir", folder, "--no-download"]) == 0
    out = capsys.readouterr().out
    assert out.count("train  ") == len(datasets.CATALOG) == 2
    assert "Cats" not in out


def test_a_closed_pipe_is_no_error():
    command = [sys.executable, "-m", "vae_utils", "data", "--sample"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()  # as `head` does
    _, err = process.communicate()
    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize("packed", [False, True])
def test_import_recognises_a_data_set_by_its_hash(packed, published, tmp_path, capsys):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, raw in published["fashion_mnist"].items():
        contents = gzip.compress(raw, 1) if packed else raw
        (folder / (f"{name}.gz" if packed else name)).write_bytes(contents)
    assert cli.main(["data", "import", str(folder)]) == 0
    assert capsys.readouterr().out.count("fashion_mnist: ") == 4
    installed = tmp_path / "cache" / "fashion_mnist"
    names = {path.name for path in installed.iterdir()}
    assert names == set(published["fashion_mnist"])
    data = datasets.load("fashion_mnist", download=False)
    assert data.complete and "from the cache" in data.provenance


def test_import_takes_both_data_sets_from_folders_of_their_names(
    published, tmp_path, capsys
):
    for name, files in published.items():
        (tmp_path / "mine" / name).mkdir(parents=True)
        for file, raw in files.items():
            (tmp_path / "mine" / name / file).write_bytes(raw)
    assert cli.main(["data", "import", str(tmp_path / "mine")]) == 0
    assert capsys.readouterr().out.count("verified") == 8


def test_import_refuses_a_file_with_other_contents(published, tmp_path, refuse):
    folder = tmp_path / "mine"
    folder.mkdir()
    name, raw = next(iter(published["mnist"].items()))
    changed = bytearray(raw)
    changed[-1] ^= 1
    (folder / name).write_bytes(changed)
    err = refuse("data", "import", folder, code=1)
    assert "not the file that was published" in err
    assert not (tmp_path / "cache").exists()
