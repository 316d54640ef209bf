"""Small runs of every kind of model, and whether two of them are the same."""

import atexit
import functools
import json
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from forked_command import run
from tally import LONG

from vae_utils.configurations import (
    MODELS,
    PRIORS,
    VAEConfiguration,
    configuration_class,
    list_inherited,
)
from vae_utils.configurations.fields import describe_fields
from vae_utils.files import UNFINISHED
from vae_utils.runs import RunFolder
from vae_utils.training import checkpoint_file

EPOCHS = 5
TRAIN = f"train --sample --epochs {EPOCHS} --updates-per-epoch 3 --quiet".split()
if not LONG:
    TRAIN.append("--no-viz")  # pictures take most of the time
SMALL = {"hidden": "4", "filters": "4", "samples": "2", "width": "4"}
SMALL |= {"prior_width": "4"}
CLOCK = ("minutes", "seconds")  # these differ from run to run


def list_kinds():
    """Yields name and options of every model, prior and kind of network."""
    for model in MODELS:
        fields = describe_fields(configuration_class(model))
        own = set(fields) - set(list_inherited(model))
        named = {f.replace("_", "-"): v for f, v in SMALL.items() if f in own}
        small = [x for f, v in named.items() for x in (f"--{f}", v)]
        yield model, ["--model", model, *small]
        if "encoder" in fields:
            conv = ["--encoder", "conv", "--decoder", "conv"]
            yield f"{model}-conv", ["--model", model, *conv]
    for prior in PRIORS:
        if prior != VAEConfiguration().prior:
            yield f"vae-{prior}", ["--hidden", "4", "--prior", prior]


KINDS = dict(list_kinds())


def list_options(kind):
    """Lists the options of a kind; a second stage needs a run of the first."""
    first = MODELS[kind].first if kind in MODELS else None
    return [*KINDS[kind], *(["--codes-of", train_first(first)] if first else [])]


@functools.cache
def train_first(model):
    """Trains the first stage of others, once; returns its folder."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    outcome = run([*TRAIN, *list_options(model), "--output-dir", folder], folder)
    assert outcome.code == 0, outcome.err
    return folder


class Whole(NamedTuple):
    """A run that nothing disturbed: what it left, its changes of files, its seconds."""

    digest: dict
    changes: int
    seconds: float


@functools.cache
def undisturbed(kind):
    """Trains one kind of run, once."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = run([*TRAIN, *list_options(kind), "--output-dir", folder], folder)
        assert outcome.code == 0, outcome.err
        return Whole(digest(Path(folder)), outcome.changes, outcome.seconds)


def next_command(kind, folder):
    """Returns what a user would type now: start, or resume what was disturbed."""
    if (folder / "config.json").exists():
        return ["train", "--resume", "--quiet", "--output-dir", folder]
    again = ["--overwrite"] if folder.exists() else []
    return [*TRAIN, *list_options(kind), "--output-dir", folder, *again]


def digest(folder):
    """Reads all that a run must leave, as name → bytes, numbers or arrays.

    That is everything but how long it took, and checkpoints before the last.
    """
    run = RunFolder(folder)
    epoch = checkpoint_file.list_epochs(run.checkpoints)[-1]
    saved = checkpoint_file.read(checkpoint_file.path_of(run.checkpoints, epoch))
    kept = {"history": run.history.read_bytes(), "about": saved.pop("about"), **saved}
    for name in CLOCK:
        kept["about"].pop(name, None)
    if run.snapshots.exists():
        with np.load(run.snapshots) as arrays:
            kept |= {f"snapshots/{name}": arrays[name] for name in arrays.files}
    metrics = json.loads(run.metrics.read_text())
    kept["metrics"] = {k: v for k, v in metrics.items() if k not in CLOCK}
    figures = run.figures.glob("*")
    return kept | {path.name: path.read_bytes() for path in figures}


def differences(found, expected):
    """Lists the names of what differs between two runs."""
    names = found.keys() | expected.keys()
    missing = found.keys() ^ expected.keys()
    return sorted(
        name
        for name in names
        if name in missing or not np.array_equal(found[name], expected[name])
    )


def unfinished(folder):
    """Lists the files that a process was writing when it was killed."""
    return [str(path) for path in folder.rglob(f".*{UNFINISHED}")]


def check_nothing_is_lost(folder, epoch):
    """Asserts that a run can be read; returns its last epoch, not before `epoch`."""
    run = RunFolder(folder)
    if not run.config.exists():
        assert epoch == 0
        return 0
    run.read_config()
    if run.history.exists():
        assert len(run.read_history()["loss"]) >= epoch - 1
    epochs = checkpoint_file.list_epochs(run.checkpoints)
    for number in epochs:
        path = checkpoint_file.path_of(run.checkpoints, number)
        assert checkpoint_file.read(path)["about"]["epoch"] == number
    last = max(epochs, default=0)
    assert last >= epoch
    return last
