"""A disk that is full or cannot be written: one sentence, and nothing is lost."""

import os
import random

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
FAULTS = 2 if LONG else 1  # of each kind
#: Bytes. Smaller files are TensorFlow's own; checkpoints of these models are larger.
LIMITS = 10_000, 60_000


def draw_fault(kind, rng, changes):
    """Draws when a disk fails, or how large files can be."""
    return Fault(kind, rng.randint(*(LIMITS if kind == "large" else (1, changes))))


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
            # Where nothing can be written, nothing can be removed, until it is resumed.
            assert failure == "read-only" or not unfinished(folder), fault
        epoch = check_nothing_is_lost(folder, epoch)
        outcome = run(next_command(kind, folder), folder)
        assert outcome.code == 0, (fault, outcome.err)
        assert not differences(digest(folder), whole.digest), (fault, epoch)
        assert not unfinished(folder), fault


def assert_says_what_cannot_be_written(err, folder):
    """Asserts that an error names a file, and how to resume if training started."""
    first, *rest = err.splitlines()
    assert_is_one_line(first)
    assert str(folder) in first, err
    assert [line.strip().split(" --")[0] for line in rest] in (
        [],
        ["python -m vae_utils train"],
    ), err


def test_a_run_in_a_read_only_folder_is_evaluated_elsewhere(tmp_path, tally, request):
    trained, elsewhere = tmp_path / "trained", tmp_path / "elsewhere"
    where = ["--output-dir", trained]
    options = [*TRAIN, *KINDS["classifier"], "--no-decay"]  # so, it can be longer
    assert run([*options, *where], trained).code == 0
    before = {p: p.read_bytes() for p in trained.rglob("*") if p.is_file()}
    for path in [trained, *trained.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    request.addfinalizer(lambda: allow_writing(trained))
    commands = {
        "evaluate": ["evaluate", trained],
        "resume": ["train", "--resume", "--epochs", "9", "--quiet", *where],
        "start": [*TRAIN, "--output-dir", trained / "new"],
    }
    for name, command in commands.items():
        outcome = run(command, trained, as_root=False)
        assert outcome.code == 1, name
        assert_says_what_cannot_be_written(outcome.err, trained)
    outcome = run(
        ["evaluate", trained, "--output-dir", elsewhere], trained, as_root=False
    )
    assert outcome.code == 0, outcome.err
    assert {"metrics.json", "history.png"} <= set(os.listdir(elsewhere))
    assert before == {p: p.read_bytes() for p in trained.rglob("*") if p.is_file()}
    tally["disks"] += len(commands) + 1


def allow_writing(folder):
    """Lets pytest remove a folder."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
