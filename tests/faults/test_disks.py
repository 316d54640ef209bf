"""A disk that is full or cannot be written: one sentence, and nothing is lost."""

import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from forked_command import Fault, run
from sentences import assert_is_one_line
from small_runs import (
    KINDS,
    TRAIN,
    check_nothing_is_lost,
    differences,
    digest,
    next_command,
    undisturbed,
    unfinished,
)
from tally import LONG

CHOSEN = list(KINDS) if LONG else ["classifier"]
FAULTS = 6 if LONG else 1  # of each kind
LARGEST = 60_000  # bytes; checkpoints of these models have more


def draw_fault(kind, rng, changes):
    """Draws when a disk fails, or how large files can be."""
    most = LARGEST if kind == "large" else changes
    return Fault(kind, rng.randint(1, most))


@pytest.mark.parametrize("kind", CHOSEN)
@pytest.mark.parametrize("failure", ["full", "large", "read-only"])
def test_training_on_a_failing_disk_is_resumed_later(
    failure, kind, tmp_path, tally, fault_seed
):
    rng = random.Random(f"{fault_seed} {failure} {kind}")
    whole = undisturbed(kind)
    for number in range(FAULTS):
        folder, epoch = tmp_path / f"run{number}", 0
        fault = draw_fault(failure, rng, whole.changes)
        outcome = run(next_command(kind, folder), folder, fault)
        tally["disks"] += 1
        if outcome.code != 0:
            assert outcome.code == 1, fault
            assert_says_what_cannot_be_written(outcome.err, folder)
            assert not unfinished(folder), fault
        epoch = check_nothing_is_lost(folder, epoch)
        outcome = run(next_command(kind, folder), folder)
        assert outcome.code == 0, (fault, outcome.err)
        assert not differences(digest(folder), whole.digest), (fault, epoch)


def assert_says_what_cannot_be_written(err, folder):
    """Asserts that an error names a file, and how to resume if training started."""
    first, *rest = err.splitlines()
    assert_is_one_line(first)
    assert str(folder) in first, err
    assert [line.strip().split(" --")[0] for line in rest] in (
        [],
        ["python -m vae_utils train"],
    ), err


@pytest.fixture
def for_anyone():
    """A folder that processes of other users can enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_run_in_a_read_only_folder_is_evaluated_elsewhere(for_anyone, tally):
    trained, elsewhere = for_anyone / "trained", for_anyone / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o777)
    where = ["--output-dir", trained]
    options = [*TRAIN, *KINDS["classifier"], "--no-decay"]  # so, it can be longer
    assert run([*options, *where], trained).code == 0
    before = {p: p.read_bytes() for p in trained.rglob("*") if p.is_file()}
    for path in [trained, *trained.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    commands = {
        "evaluate": ["evaluate", trained],
        "resume": ["train", "--resume", "--epochs", "9", "--quiet", *where],
        "start": [*TRAIN, "--output-dir", trained / "new"],
    }
    for name, command in commands.items():
        outcome = run(command, trained, as_nobody=True)
        assert outcome.code == 1, name
        assert_says_what_cannot_be_written(outcome.err, trained)
    outcome = run(
        ["evaluate", trained, "--output-dir", elsewhere], trained, as_nobody=True
    )
    assert outcome.code == 0, outcome.err
    assert {"metrics.json", "history.png"} <= set(os.listdir(elsewhere))
    assert before == {p: p.read_bytes() for p in trained.rglob("*") if p.is_file()}
    tally["disks"] += len(commands) + 1
