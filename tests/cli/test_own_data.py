"""Data of one's own on the command line: trained on, found again, and nothing else."""

import json
import shlex
import shutil

import numpy as np
import pytest
from picture_files import list_all, write, write_classes

from vae_utils import cli, datasets
from vae_utils.cli import own_data
from vae_utils.cli.parser import make_parser
from vae_utils.datasets.options import SPELLINGS
from vae_utils.datasets.pictures import filling

QUICK = (
    "train --epochs 2 --updates-per-epoch 2 --quiet --hidden 4 --batch-size 4 --size 8"
).split()


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """Gives each test a cache, and a working folder of its own."""
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(filling, "REFRESH", 1e9)  # no progress on stderr
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def own(tmp_path):
    """Two classes of pictures in colour, each class in a folder."""
    return write_classes(tmp_path / "own", ants=12, bees=8)


def call(*arguments):
    return cli.main(list(map(str, arguments)))


def train(run, *options):
    assert call(*QUICK, "--output-dir", run, *options) == 0
    return json.loads((run / "config.json").read_text())["settings"]


def read_metrics(run):
    return json.loads((run / "metrics.json").read_text())


def test_options_are_the_arguments_of_from_folder():
    import inspect

    arguments = list(inspect.signature(datasets.from_folder).parameters)[1:]
    assert set(arguments) == set(SPELLINGS) == set(own_data.OPTIONS)


def test_the_command_of_a_report_is_parsed(own):
    asked = {"size": 16, "colour": "grey", "validation": 0.2, "seed": 3, "fit": "pad"}
    asked |= {"background": "#ff0000", "max_pixels": 10**6, "max_files": 50}
    report = datasets.check_folder(own, labels=None, on_error="skip", **asked)
    words = shlex.split(report.command)[3:]
    options = make_parser(words).parse_args(words)
    given = own_data.for_path(own_data.read_choices(options))
    assert given == asked | {"labels": None, "on_error": "skip"}
    assert (options.preset, options.data) == ("pictures", str(own))


def test_a_run_on_a_folder_is_evaluated_animated_and_resumed(own, tmp_path, capsys):
    before, run = list_all(own), tmp_path / "run"
    settings = train(run, "--data", own)
    data = datasets.load(str(own), size=8)
    assert settings["class_names"] == ["ants", "bees"]
    assert settings["content"] == data.content
    assert settings["recipe"] == data.recipe
    assert settings["image_shape"] == [8, 8, 3]
    names = {path.name for path in (run / "figures").iterdir()}
    assert names >= {"reconstruct.png", "latent.png", "epochs.png", "spread.gif"}
    metrics = read_metrics(run)
    assert metrics["data"] == data.provenance
    assert "grey" not in " ".join(metrics["measured"].values())
    assert call("evaluate", run) == 0
    assert read_metrics(run)["metrics"] == metrics["metrics"]
    assert call("animate", run, "--size", "120") == 0
    assert call("train", "--resume", "--epochs", "3", "--output-dir", run) == 0
    assert "ants" not in capsys.readouterr().err
    assert list_all(own) == before


@pytest.mark.parametrize("given", ["plain name", "./plain name", "absolute"])
def test_a_path_is_recorded_absolute(given, own, tmp_path):
    here = shutil.move(own, tmp_path / "here" / "plain name")
    path = here if given == "absolute" else given
    settings = train(tmp_path / "run", "--data", path, "--no-viz")
    assert settings["recipe"]["path"] == str(here)


def test_data_that_moved_are_named_anew(own, tmp_path, refuse, monkeypatch):
    run, moved = tmp_path / "run", tmp_path / "moved"
    train(run, "--data", own, "--no-viz")
    metrics = read_metrics(run)
    shutil.move(own, moved)
    for command in (
        ["evaluate", run],
        ["train", "--resume", "--epochs", "3", "--output-dir", run],
    ):
        err = refuse(*command, code=2)
        assert err.endswith(f"with --data. Received: {own}, from config.json")
    err = refuse("evaluate", run, "--data", tmp_path / "nowhere", code=2)
    assert f"no such file or folder. Received: --data {tmp_path}/nowhere" in err
    assert call("evaluate", run, "--metrics", "--data", moved) == 0
    assert read_metrics(run)["metrics"] == metrics["metrics"]
    monkeypatch.chdir(tmp_path)
    resume = ["train", "--resume", "--epochs", "3", "--output-dir", run, "--quiet"]
    assert call(*resume, "--data", "moved") == 0
    settings = json.loads((run / "config.json").read_text())["settings"]
    assert settings["recipe"]["path"] == str(moved)
    assert call(*resume) == 0  # now it is known where they are


def test_other_data_are_refused_with_both_hashes(own, tmp_path, refuse):
    run = tmp_path / "run"
    content = train(run, "--data", own, "--no-viz")["content"]
    write_classes(own, ants=13)
    changed = datasets.load(str(own), size=8).content
    for command in (["evaluate", run], ["evaluate", run, "--data", own]):
        err = refuse(*command, code=2)
        assert f"the content {changed[:12]}…, not {content[:12]}…" in err


def test_labels_move_with_their_folder_or_alone(own, tmp_path):
    run, moved = tmp_path / "run", tmp_path / "moved"
    names = sorted(path.relative_to(own) for path in own.rglob("*.png"))
    lines = "".join(f"{name},{i % 3}\n" for i, name in enumerate(names))
    (own / "labels.csv").write_text(f"file,label\n{lines}")
    where = ["--data", own, "--labels", own / "labels.csv"]
    assert train(run, *where, "--no-viz")["class_names"] == ["0", "1", "2"]
    shutil.move(own, moved)
    asked = ["evaluate", run, "--metrics", "--data", moved]
    assert call(*asked) == 0
    elsewhere = shutil.move(moved / "labels.csv", tmp_path / "other.csv")
    assert call(*asked, "--labels", elsewhere) == 0


def test_npz_npy_and_idx_are_data_too(tmp_path):
    x = np.random.default_rng(0).integers(0, 256, (30, 6, 6), np.uint8)
    np.savez(tmp_path / "a.npz", x=x, y=np.arange(30) % 2)
    np.save(tmp_path / "b.npy", x)
    options = [word for word in QUICK if word not in ("--size", "8")]
    for name, classes in (("a.npz", ["0", "1"]), ("b.npy", ["image"])):
        run = tmp_path / f"run-{name}"
        where = ["--data", tmp_path / name, "--output-dir", run]
        assert call(*options, *where, "--no-viz") == 0
        settings = json.loads((run / "config.json").read_text())["settings"]
        assert settings["class_names"] == classes
        assert call("evaluate", run, "--metrics") == 0


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ("--data cats --size 64 --labels fur", "cats-64-fur"),
        ("--data sprites --colour rgb", "sprites-colour"),
        ("--data sprites-colour --colour grey", "sprites"),
        ("--data cats-64 --colour auto", "cats-64"),
    ],
)
def test_rendered_data_take_the_options_that_they_have(options, name):
    words = ["train", *options.split()]
    options = make_parser(words).parse_args(words)
    choices = own_data.read_choices(options)
    assert own_data.name_variant(options.data, choices) == name


def test_pictures_without_labels_are_drawn(own, tmp_path):
    settings = train(tmp_path / "run", "--data", own, "--labels", "none")
    assert settings["classes"] == 1
    names = {path.name for path in (tmp_path / "run" / "figures").iterdir()}
    assert names >= {"latent.png", "generate.png", "spread.gif", "canvas.gif"}


@pytest.mark.parametrize("model", ["cvae", "classifier"])
def test_a_model_that_needs_labels_is_refused_without(model, own, tmp_path, refuse):
    options = ["--data", own, "--labels", "none", "--model", model]
    err = refuse("train", *options, "--output-dir", tmp_path / "run", code=2)
    assert "needs classes, and the data have none" in err
    assert not (tmp_path / "run").exists()


@pytest.mark.filterwarnings("default::UserWarning")
def test_a_folder_named_like_a_data_set_is_pointed_out(own, tmp_path, capsys):
    shutil.move(own, tmp_path / "here" / "cats")
    assert call("data", "--data", "cats", "--sample") == 0
    out, err = capsys.readouterr()
    assert "David Revoy" in out
    assert "warning: cats is the data set of that name" in err and "./cats" in err
    assert call("data", "--data", "./cats") == 0
    out, err = capsys.readouterr()
    assert "./cats: 16 train" in out and err == ""


def test_many_classes_are_drawn(tmp_path):
    sizes = {f"a class of a rather long name {i}": 3 for i in range(24)}
    own = tmp_path / "own"
    write(own, *(f"{c}/{i}.png" for c in sizes for i in range(sizes[c])))
    run = tmp_path / "run"
    train(run, "--data", own, "--model", "cvae", "--log-dir", tmp_path / "log")
    names = {path.name for path in (run / "figures").iterdir()}
    assert names >= {"latent.png", "generate.png", "canvas.png", "spread.gif"}
    options = ["--generate", "--around", "class-means", "--num-gen", "60"]
    assert call("evaluate", run, *options) == 0
