"""`train --sweep`: a grid of runs, resumed bit for bit, and what is refused."""

import csv

import numpy as np
import pytest

from vae_utils import cli
from vae_utils.cli.errors import UsageError
from vae_utils.cli.sweep_points import read_axes
from vae_utils.runs import RunFolder, sweeps
from vae_utils.training import Checkpoints, checkpoint_file

SMALL = "--sample --epochs 2 --updates-per-epoch 3 --hidden 4 --quiet --no-viz".split()
SWEEP = ("--sweep", "beta=0.5,1", "latent-dim=2,3")
NAMES = [f"beta-{beta}_latent-dim-{d}" for beta in ("0.5", "1") for d in "23"]


def train(root, *options, sweep=SWEEP):
    """Runs a sweep; returns the exit code."""
    return cli.main(["train", *SMALL, *sweep, "--output-dir", str(root), *options])


def read_arrays(folder):
    """Reads all arrays of a run's last checkpoint."""
    checkpoints = RunFolder(folder).checkpoints
    last = checkpoint_file.list_epochs(checkpoints)[-1]
    with np.load(checkpoint_file.path_of(checkpoints, last)) as saved:
        return {name: saved[name] for name in saved.files if name != "about"}


def assert_same(one, other):
    one, other = read_arrays(one), read_arrays(other)
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A whole sweep: its folder."""
    root = tmp_path_factory.mktemp("swept") / "sweep"
    assert train(root) == 0
    return root


def test_each_combination_has_a_folder(swept):
    names = {path.name for path in swept.iterdir()}
    assert names == {*NAMES, sweeps.TABLE, sweeps.PICTURE}
    settings = RunFolder(swept / NAMES[1]).read_config()["settings"]["configuration"]
    assert (settings["beta"], settings["latent_dim"]) == (0.5, 3)


def test_the_comparison_has_all_runs(swept):
    with (swept / sweeps.TABLE).open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["run"] for row in rows] == NAMES
    assert [row["latent_dim"] for row in rows] == ["2", "3", "2", "3"]
    assert all(float(row["elbo"]) < 0 for row in rows)


def test_a_run_of_a_sweep_is_the_run_alone(swept, tmp_path):
    alone = tmp_path / "alone"
    options = "--beta", "1", "--latent-dim", "3", "--output-dir", str(alone)
    assert cli.main(["train", *SMALL, *options]) == 0
    assert_same(swept / NAMES[3], alone)
    command = RunFolder(swept / NAMES[3]).read_config()["command"]
    assert "--sweep" not in command and "--beta=1 --latent-dim=3" in command


def test_an_interrupted_sweep_is_resumed(swept, tmp_path, monkeypatch, capsys):
    """The second run is interrupted after its first epoch."""
    root, ended, end_epoch = tmp_path / "sweep", [], Checkpoints.on_epoch_end
    sweep, names = ("--sweep", "beta=0.5,1", "latent-dim=2"), NAMES[::2]

    def stop(self, *arguments, **options):
        end_epoch(self, *arguments, **options)
        ended.append(1)
        if len(ended) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "on_epoch_end", stop)
        assert train(root, sweep=sweep) == 130
    err = capsys.readouterr().err
    assert f"1 of 2: {names[0]}" in err and f"Interrupted at 2 of 2: {names[1]}" in err
    assert err.rstrip().endswith("--resume") and "--sweep beta=0.5,1" in err
    assert {path.name for path in root.iterdir()} == set(names)
    before = (root / names[0] / "metrics.json").stat().st_mtime_ns
    assert train(root, "--resume", sweep=sweep) == 0
    err = capsys.readouterr().err
    assert f"1 of 2: {names[0]} is finished" in err and f"2 of 2: {names[1]}\n" in err
    assert (root / names[0] / "metrics.json").stat().st_mtime_ns == before
    for name in names:
        assert_same(root / name, swept / name)


def test_a_run_that_diverges_stops_no_other(tmp_path, capsys):
    sweep = "--sweep", "learning-rate=1e30,0.001"
    assert train(tmp_path / "sweep", sweep=sweep) == 3
    err = capsys.readouterr().err.splitlines()
    assert "1 of 2 runs diverged; the others are finished" in err[-1]
    assert (tmp_path / "sweep" / "learning-rate-0.001" / "metrics.json").exists()


def test_flags_widths_and_words_are_swept(tmp_path):
    sweep = "--sweep", "decay=yes", "patience=never", "decoder-hidden=4 8"
    root = tmp_path / "sweep"
    logs = "--log-dir", str(tmp_path / "log")
    assert train(root, "--epochs", "1", *logs, sweep=sweep) == 0
    name = "decay-yes_patience-never_decoder-hidden-4-8"
    settings = RunFolder(root / name).read_config()["settings"]["configuration"]
    assert settings["decay"] is True and settings["patience"] is None
    assert settings["decoder_hidden"] == [4, 8]
    assert (tmp_path / "log" / name / "train").is_dir()


@pytest.fixture
def nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("sweep", "words"),
    [
        ("beta=0.5,-1", "beta=-1.0"),
        ("beta=0.5,much", "must be a number. Received: much"),
        ("latent-dim=2,0", "latent_dim=0"),
        ("encoder=fc,cnn", "invalid choice: 'cnn'"),
        ("decay=yes,maybe", "yes and no. Received: decay=maybe"),
        ("beta", "Received: --sweep beta"),
        ("beta=", "Received: --sweep beta="),
        ("beta=1,,2", "Received: --sweep beta=1,,2"),
        ("=1", "Received: --sweep =1"),
        ("beta=1,1.0", "the same: give each value once. Received: beta-1 and beta-1.0"),
        ("beta=1 beta=2", "swept once. Received: --sweep beta"),
        ("nonsense=1,2", "Received: --sweep nonsense"),
        ("output-dir=a,b", "Received: --sweep output-dir"),
        ("sample=1,2", "Received: --sweep sample"),
        ("no-decay=yes,no", "Received: --sweep no-decay"),
        ("hidden=3,4", "Received: --hidden and --sweep hidden"),
        ("filters=4,8", "has no such option"),
        ("batch-size=100,100000", "(for batch-size-100000)"),
        ("model=vae,ae beta=1,2", "plain autoencoder has no such option"),
    ],
)
def test_values_are_checked_before_anything_is_trained(
    sweep, words, nothing_is_written, refuse
):
    options = [*SMALL, "--output-dir", "sweep", "--sweep", *sweep.split(" ")]
    assert words in refuse("train", *options, code=2)


def test_a_sweep_starts_in_a_folder_of_its_own(swept, tmp_path, refuse):
    def sweep(root, *options):
        return refuse("train", *SMALL, *SWEEP, "--output-dir", root, *options, code=1)

    assert "The folder is not empty: resume" in sweep(swept)
    assert "There is a single run" in sweep(swept / NAMES[0])
    (tmp_path / "notes.txt").write_text("mine")
    assert "not empty" in sweep(tmp_path)
    assert "notes.txt" in sweep(tmp_path, "--overwrite")
    assert "There is no sweep to resume" in sweep(tmp_path / "none", "--resume")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_axes_are_read_as_they_are_typed():
    axes = read_axes(["--latent_dim=2, 10", "beta=0.5"])
    assert axes == {"latent-dim": ["2", "10"], "beta": ["0.5"]}
    with pytest.raises(UsageError, match="a name, an equals sign"):
        read_axes(["beta 1"])


def test_names_of_folders_have_no_unusual_characters():
    settings = {"data": "./my photos", "beta": "1e-3"}
    assert sweeps.name(settings) == "data-.-my-photos_beta-1e-3"
