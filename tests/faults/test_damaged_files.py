"""A damaged file of any kind: a sentence, or the same results without it.

Files are cut off, emptied, or bits of them flipped, at random places.
"""

import contextlib
import json
import shutil

import numpy as np
import pytest
from field_values import ordinary_values
from hypothesis import given
from hypothesis import strategies as st
from sentences import assert_is_a_sentence, assert_is_one_line
from small_runs import differences, digest
from tally import LONG, examples

from vae_utils import cli, datasets, training
from vae_utils.configurations import VAEConfiguration
from vae_utils.configurations.fields import as_plain, describe_fields
from vae_utils.datasets import folders
from vae_utils.datasets.loading import SAMPLE_DIR
from vae_utils.runs import RunError, RunFolder, loading, recorded
from vae_utils.training import checkpoint_file
from vae_utils.training.snapshots import FILE

OPTIONS = "--sample --epochs 2 --updates-per-epoch 3 --hidden 4 --quiet".split()
if not LONG:
    OPTIONS.append("--no-viz")  # pictures take most of the time


@st.composite
def damages(draw, size):
    """Draws a function from the contents of a file to damaged contents."""
    kind = draw(st.sampled_from(["cut off", "flipped", "zeros", "longer"]))
    place = draw(st.integers(0, size - 1))
    if kind == "cut off":
        return lambda contents: contents[:place]
    if kind == "longer":
        return lambda contents: contents + contents[:place]
    if kind == "zeros":  # as after a power cut, where space was only reserved
        return lambda contents: contents[:place] + bytes(size - place)
    bit = 1 << draw(st.integers(0, 7))

    def flip(contents):
        flipped = bytes([contents[place] ^ bit])
        return contents[:place] + flipped + contents[place + 1 :]

    return flip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run that is complete, and a longer one of the same settings."""
    folder = tmp_path_factory.mktemp("runs")
    for epochs in (2, 3):
        where = ["--epochs", str(epochs), "--output-dir", str(folder / str(epochs))]
        assert cli.main(["train", *OPTIONS, *where]) == 0
    return folder


@pytest.fixture
def copy(trained, tmp_path):
    """Makes fresh copies of the shorter run."""
    made = iter(range(10_000))

    def copy():
        target = tmp_path / f"run{next(made)}"
        return RunFolder(shutil.copytree(trained / "2", target))

    return copy


def damage(draw, path):
    """Damages a file; returns what it held before."""
    contents = path.read_bytes()
    path.write_bytes(draw.draw(damages(len(contents)))(contents))
    return contents


@contextlib.contextmanager
def damaged(draw, path):
    """Damages a file for a while."""
    before = damage(draw, path)
    try:
        yield
    finally:
        path.write_bytes(before)


def main(arguments, capsys):
    """Calls the command line; returns its exit code and what was written to stderr."""
    capsys.readouterr()
    code = cli.main(list(map(str, arguments)))
    return code, capsys.readouterr().err


def read_all(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


FILES = (
    "config.json",
    "history.csv",
    "metrics.json",
    "snapshots.npz",
    "checkpoints/epoch-00001.npz",
    "checkpoints/epoch-00002.npz",
    "figures/history.png",
)


@pytest.mark.filterwarnings("default::UserWarning")
@pytest.mark.parametrize("name", FILES if LONG else FILES[1:2])
@examples(quick=1, long=8)
@given(draw=st.data())
def test_a_run_with_a_damaged_file_is_resumed_or_refused(
    name, draw, copy, trained, tally, capsys
):
    run = copy()
    before = damage(draw, run.path / name)
    tally["damages"] += 1
    as_damaged = read_all(run.path)
    resume = ["train", "--resume", "--quiet", "--epochs", 3, "--output-dir", run.path]
    code, err = main(resume, capsys)
    if code != 0:
        tally["refused"] += 1
        assert code == 1, err
        assert_is_one_line(err)
        assert read_all(run.path) == as_damaged  # it can be restored
        (run.path / name).write_bytes(before)
        assert main(resume, capsys)[0] == 0
    found = differences(digest(run.path), digest(trained / "3"))
    lost = "are missing" in err or "will be missing" in err
    assert not found or (lost and name == "snapshots.npz"), found


@pytest.mark.filterwarnings("default::UserWarning")
@pytest.mark.parametrize("name", FILES if LONG else FILES[:1])
@examples(quick=3, long=25)
@given(draw=st.data())
def test_a_run_with_a_damaged_file_is_measured_or_refused(
    name, draw, copy, trained, tally, capsys
):
    run = copy()
    damage(draw, run.path / name)
    tally["damages"] += 1
    as_damaged = read_all(run.path)
    code, err = main(["evaluate", run.path, "--metrics"], capsys)
    if code == 0:
        expected = json.loads((trained / "2" / "metrics.json").read_text())
        assert json.loads(run.metrics.read_text())["metrics"] == expected["metrics"]
    else:
        tally["refused"] += 1
        assert code == 1, err
        assert_is_one_line(err)
        assert read_all(run.path) == as_damaged


@pytest.fixture(scope="module")
def kept(trained, tmp_path_factory):
    """A copy of the shorter run, whose files are damaged and restored."""
    folder = tmp_path_factory.mktemp("kept") / "run"
    return RunFolder(shutil.copytree(trained / "2", folder))


@examples(quick=25, long=1500)
@given(draw=st.data())
def test_a_damaged_checkpoint_is_read_as_it_was_or_refused(draw, kept, tally):
    path = checkpoint_file.path_of(kept.checkpoints, 2)
    expected = checkpoint_file.read(path)
    tally["damages"] += 1
    with damaged(draw, path):
        try:
            found = checkpoint_file.read(path)
        except ValueError as error:
            assert_is_a_sentence(error)
            tally["refused"] += 1
        else:
            assert not differences(found, expected)


@pytest.mark.filterwarnings("ignore:.*missing from animations:UserWarning")
@examples(quick=15, long=800)
@given(draw=st.data())
def test_damaged_snapshots_are_read_as_they_were_or_left_out(draw, tmp_path, tally):
    path = tmp_path / FILE
    if not path.exists():
        images = np.arange(2 * 3 * 64).reshape(2, 3, 8, 8).astype(np.uint8)
        frames = {"input": images[0], "reconstructions": images, "epochs": [1, 2]}
        np.savez_compressed(path, **frames)
    expected = training.read_snapshots(tmp_path)
    tally["damages"] += 1
    with damaged(draw, path):
        found = training.read_snapshots(tmp_path)
    assert not found or not differences(found, expected)


@examples(quick=15, long=800)
@given(draw=st.data())
def test_the_configuration_of_another_model_is_refused(draw, kept, tally):
    """It may be valid, and its networks have the same shapes.

    A run may be resumed with another number of epochs, and with other patience.
    """
    config = kept.read_config()
    fields = config["settings"]["configuration"]
    descriptions = describe_fields(VAEConfiguration)
    name = draw.draw(
        st.sampled_from(sorted(descriptions.keys() - {"epochs", "patience"}))
    )
    values = ordinary_values(descriptions[name]).map(as_plain)
    before = fields[name]
    fields[name] = draw.draw(values.filter(lambda v: v != as_plain(before)))
    tally["damages"] += 1
    whole = kept.config.read_bytes()
    kept.write_config(config)
    try:
        with pytest.raises(RunError, match="describes another model") as error:
            loading.find(str(kept.path))
    finally:
        kept.config.write_bytes(whole)
    assert_is_a_sentence(error.value)


@examples(quick=15, long=800)
@given(draw=st.data())
def test_damaged_weights_of_a_study_are_refused(draw, tmp_path, tally):
    name = "explorer_vae"
    folder = tmp_path / name
    if not folder.exists():
        shutil.copytree(recorded.FOLDER / name, folder)
    path = folder / draw.draw(st.sampled_from([recorded.WEIGHTS, recorded.JSON]))
    whole = path.read_bytes()
    tally["damages"] += 1
    with damaged(draw, path):
        try:
            recorded.read_weights(name, tmp_path)
        except ValueError as error:
            assert_is_a_sentence(error)
            tally["refused"] += 1
        else:  # a letter of its protocol, say
            assert path.name == recorded.JSON or path.read_bytes() == whole


@examples(quick=15, long=800)
@given(draw=st.data())
def test_damaged_data_are_refused(draw, tmp_path, tally):
    file = draw.draw(st.sampled_from(datasets.describe("mnist").sample))
    (source,) = SAMPLE_DIR.glob(f"{file.name}*")
    (tmp_path / source.name).write_bytes(source.read_bytes())
    before = folders.read(tmp_path, file)
    tally["damages"] += 1
    with damaged(draw, tmp_path / source.name):
        try:
            assert folders.read(tmp_path, file) == before
        except ValueError as error:
            assert_is_a_sentence(error)
            tally["refused"] += 1
