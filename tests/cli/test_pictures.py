"""Numbers before pictures, and pictures that nothing outside of a run changes."""

import json
import os
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from hostile_style import HOSTILE

from vae_utils import cli, latent
from vae_utils.runs import pictures, reports

LATENT = ("latent", "canvas")


def call(*arguments):
    return cli.main(list(map(str, arguments)))


@pytest.fixture
def fail(monkeypatch):
    """Makes some pictures fail while they are drawn."""

    def fail(*names):
        def draw(*arguments):
            raise RuntimeError("latex could not be found\n\nlong output of it")

        broken = {name: pictures.PICTURES[name]._replace(draw=draw) for name in names}
        monkeypatch.setattr(pictures, "PICTURES", pictures.PICTURES | broken)

    return fail


def read_names(folder):
    return sorted(path.name for path in folder.glob("*.png"))


@pytest.mark.filterwarnings("default:A picture could not be drawn:UserWarning")
def test_a_picture_that_fails_is_one_warning(shared_run, tmp_path, fail, capsys):
    run = shared_run("wide")
    fail("latent")
    capsys.readouterr()
    assert call("evaluate", run.path, "--output-dir", tmp_path) == 0
    names = ["epochs", "generate", "history", "reconstruct"]
    assert read_names(tmp_path) == [f"{name}.png" for name in names]
    assert json.loads((tmp_path / "metrics.json").read_text())["metrics"]
    assert capsys.readouterr().err.splitlines() == [
        "warning: A picture could not be drawn. Received: latent: RuntimeError: latex "
        "could not be found"
    ]


def test_it_is_an_error_if_nothing_comes_of_a_command(
    shared_run, tmp_path, fail, refuse
):
    run, where = shared_run("vae").path, ["--output-dir", tmp_path / "new"]
    fail(*LATENT)
    err = refuse("evaluate", run, "--latent", *where, code=1)
    assert "No picture could be drawn. Received: latent: RuntimeError: latex" in err
    assert not (tmp_path / "new").exists()


@pytest.mark.filterwarnings("default:No picture could be drawn:UserWarning")
def test_it_is_a_warning_if_there_are_numbers(shared_run, tmp_path, fail, capsys):
    run, asked = shared_run("vae").path, ["--latent", "--metrics"]
    fail(*LATENT)
    capsys.readouterr()
    assert call("evaluate", run, *asked, "--output-dir", tmp_path) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == str(tmp_path / "metrics.json")
    assert err.startswith("warning: No picture could be drawn.")


@pytest.mark.filterwarnings("default:A picture could not be drawn:UserWarning")
def test_training_ends_well_without_a_picture(copy_run, resume, fail, capsys):
    run = copy_run("vae")
    run.metrics.unlink()
    fail(*LATENT)
    resume(run)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    numbers = lines.index(str(run.metrics))
    assert all(line.endswith((".png", ".gif")) for line in lines[numbers + 1 :])
    assert str(run.figures / "spread.gif") in lines
    assert err.count("warning: A picture could not be drawn") == 2


def test_pictures_are_drawn_if_numbers_are_not_finite(
    shared_run, tmp_path, monkeypatch, capsys
):
    def fail(*arguments):
        raise ValueError("z_mean must be finite. Received: 3 values")

    run = shared_run("vae").path
    monkeypatch.setattr(reports, "summarise", fail)
    assert call("evaluate", run, "--output-dir", tmp_path) == 1
    assert "z_mean must be finite" in capsys.readouterr().err
    assert len(read_names(tmp_path)) == 6


@pytest.mark.parametrize("name", ["wide", "vae"])
def test_collapsed_model_is_drawn(name, shared_run, tmp_path, monkeypatch, capsys):
    def encode(model, images, labels=None, **options):
        return np.ones((len(images), *model.latent_shape), np.float32)

    run = shared_run(name).path
    monkeypatch.setattr(latent, "encode_mean", encode)
    capsys.readouterr()
    assert call("evaluate", run, "--latent", "--output-dir", tmp_path) == 0
    assert "latent.png" in read_names(tmp_path) and capsys.readouterr().err == ""


@pytest.mark.parametrize("error", [28, 13])
def test_a_folder_that_takes_no_files_is_an_error(
    error, shared_run, tmp_path, monkeypatch, refuse
):
    def write(path, contents):
        raise OSError(error, os.strerror(error), str(path))

    run = shared_run("vae").path
    monkeypatch.setattr("vae_utils.files.write", write)
    asked = ["--history", "--latent", "--output-dir", tmp_path]
    err = refuse("evaluate", run, *asked, code=1)
    assert os.strerror(error) in err and "history.png" in err


def test_pictures_are_the_same_under_any_matplotlibrc(shared_run, tmp_path):
    run, files = shared_run("vae").path, []
    for folder, settings in (("plain", {}), ("hostile", HOSTILE)):
        with matplotlib.rc_context(settings):
            where = ["--output-dir", tmp_path / folder]
            assert call("evaluate", run, *where) == 0
            assert call("animate", run, *where, "--size", "200") == 0
        files.append({p.name: p.read_bytes() for p in (tmp_path / folder).iterdir()})
    plain, hostile = files
    assert len(plain) == 6 + 1 + 2 * 3  # pictures, numbers, animations and posters
    assert {name for name in plain if plain[name] != hostile[name]} == set()


def test_pictures_need_no_backend(shared_run, tmp_path):
    folder = tmp_path / "settings"
    folder.mkdir()
    settings = "image.origin: lower\ntext.usetex: True\nbackend: qtagg\n"
    (folder / "matplotlibrc").write_text(settings)
    run = shared_run("vae")
    command = [sys.executable, "-m", "vae_utils", "evaluate", run.path, "--history"]
    inherited = {"MPLBACKEND": "module://missing.backend", "MATPLOTLIBRC": str(folder)}
    done = subprocess.run(
        [*command, "--output-dir", tmp_path],
        env=os.environ | inherited,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    drawn = (tmp_path / "history.png").read_bytes()
    assert drawn == (run.figures / "history.png").read_bytes()
