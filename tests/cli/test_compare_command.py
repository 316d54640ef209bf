"""`compare`: a table, files, and likelihoods that cannot be compared."""

import csv
import importlib.util

import imageio.v3 as iio
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

from vae_utils import cli


def compare(*arguments):
    return cli.main(["compare", *map(str, arguments)])


@pytest.fixture
def pair(shared_run):
    return [shared_run(name).path for name in ("vae", "wide")]


def test_a_table_has_what_differs_and_every_number(pair, tmp_path, capsys):
    files = "--csv", tmp_path / "new" / "c.csv", "--picture", tmp_path / "p.png"
    assert compare(*pair, *files) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[-2:] == [str(files[1]), str(files[3])]
    with files[1].open(newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["run"], second["run"]) == ("vae", "wide")
    assert (first["latent_dim"], second["latent_dim"]) == ("2", "3")
    assert {"epoch", "minutes", "nll", "kl", "elbo", "rmse_mean"} <= first.keys()
    assert "hidden" not in first and "seed" not in first
    assert float(first["elbo"]) == -float(first["nll"]) - float(first["kl"])
    assert iio.imread(tmp_path / "p.png").std() > 10


def test_likelihoods_that_cannot_be_compared_are_left_out(shared_run, tmp_path, capsys):
    paths = [shared_run(name).path for name in ("vae", "learned", "ae")]
    assert compare(*paths, "--csv", tmp_path / "c.csv") == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith("warning: The likelihoods of these runs cannot be compared")
    assert "a probability of binary images and a density" in err
    header, *rows = (tmp_path / "c.csv").read_text().splitlines()
    names = header.split(",")
    assert "elbo" not in names and "nll" not in names
    assert {"rmse_mean", "kl", "active_units"} <= set(names)
    assert len(rows) == 3


def read_hparams(folder):
    """Reads the settings of a run, and its numbers."""
    events = EventAccumulator(str(folder), size_guidance={"tensors": 0}).Reload()
    content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    found = plugin_data_pb2.HParamsPluginData.FromString(content)
    settings = found.session_start_info.hparams
    numbers = {
        tag: float(tf.make_ndarray(events.Tensors(tag)[-1].tensor_proto))
        for tag in events.Tags()["tensors"]
        if not tag.startswith("_")
    }
    return {name: value.number_value for name, value in settings.items()}, numbers


def test_tensorboard_gets_settings_and_metrics(pair, tmp_path, capsys):
    csv_file = tmp_path / "c.csv"
    assert compare(*pair, "--tensorboard", tmp_path / "log", "--csv", csv_file) == 0
    capsys.readouterr()
    with csv_file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        settings, numbers = read_hparams(tmp_path / "log" / row["run"])
        assert settings == {"latent_dim": float(row["latent_dim"])}
        for name in ("elbo", "rmse_mean"):
            assert numbers[name] == pytest.approx(float(row[name]), rel=1e-6)


def test_logs_of_two_comparisons_are_not_mixed(pair, tmp_path, refuse):
    (tmp_path / "events.out.tfevents.1").touch()
    sentence = refuse("compare", *pair, "--tensorboard", tmp_path, code=1)
    assert "There are logs of other runs" in sentence
    assert [path.name for path in tmp_path.iterdir()] == ["events.out.tfevents.1"]


def test_missing_tensorboard_is_named(pair, tmp_path, monkeypatch, refuse):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    sentence = refuse("compare", *pair, "--tensorboard", tmp_path / "log", code=1)
    assert "pip install tensorboard" in sentence
    assert not (tmp_path / "log").exists()


def test_a_run_without_metrics_has_gaps(copy_run, shared_run, capsys):
    run = copy_run("wide")
    run.metrics.unlink()
    assert compare(shared_run("vae").path, run.path) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows[-1].split()) < len(rows[-2].split())


def test_a_recorded_run_is_compared(shared_run, capsys):
    assert compare("project_nocty-chan", shared_run("vae").path) == 0
    out, err = capsys.readouterr()
    assert "project_nocty-chan" in out and "binarisation: none and dynamic" in err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda paths: [paths[0], paths[0]], "only once"),
        (lambda paths: [paths[0], paths[0].parent / "none"], "There is no run here"),
        (lambda paths: [paths[0], "fc_vae_sizes"], "if it has one result"),
    ],
)
def test_refuses_what_is_no_run(change, words, pair, refuse):
    assert words in refuse("compare", *change(pair), code=1)
