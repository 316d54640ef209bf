"""`train --resume` with and without pictures: `--viz`, `--no-viz`."""

import shutil

import numpy as np
import pytest

from vae_utils.runs import RunFolder
from vae_utils.training import read_snapshots

MISSING = r"default:The run kept no snapshots:UserWarning"


def test_drawing_that_is_turned_off_changes_no_weight(
    copy_run, resume, last_arrays, tmp_path
):
    drawn = copy_run("vae")
    plain = RunFolder(shutil.copytree(drawn.path, tmp_path / "plain"))
    pictures = {path: path.read_bytes() for path in plain.figures.iterdir()}
    snapshots = plain.snapshots.read_bytes()
    resume(drawn, "--epochs", "4")
    resume(plain, "--epochs", "3", "--no-viz")
    resume(plain, "--epochs", "4")  # it is remembered
    assert plain.read_config()["settings"]["viz"] is False
    assert plain.snapshots.read_bytes() == snapshots
    assert {p: p.read_bytes() for p in plain.figures.iterdir()} == pictures
    assert plain.history.read_bytes() == drawn.history.read_bytes()
    one, other = last_arrays(drawn), last_arrays(plain)
    assert set(one) == set(other)
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], name)


@pytest.mark.filterwarnings(MISSING)
def test_drawing_that_is_turned_on_begins_with_the_next_epoch(
    tmp_path, train, resume, capsys
):
    run = train(tmp_path / "run", "--no-viz")
    resume(run, "--viz", "--epochs", "3")
    assert "no snapshots of epochs 1 … 2 (--no-viz)" in capsys.readouterr().err
    assert list(read_snapshots(run.path)["epochs"]) == [3]
    assert {"history.png", "reconstruct.png", "canvas.gif"} <= {
        path.name for path in run.figures.iterdir()
    }
    resume(run, "--epochs", "4")  # it is remembered
    assert capsys.readouterr().err == ""
    assert list(read_snapshots(run.path)["epochs"]) == [3, 4]


@pytest.mark.filterwarnings(MISSING)
def test_a_run_that_is_complete_can_be_drawn_later(copy_run, train, resume, tmp_path):
    run = train(tmp_path / "run", "--no-viz")
    history = run.history.read_bytes()
    resume(run, "--viz")
    names = {path.name for path in run.figures.iterdir()}
    assert {"history.png", "reconstruct.png", "latent.png"} <= names
    assert run.history.read_bytes() == history and not run.snapshots.exists()
