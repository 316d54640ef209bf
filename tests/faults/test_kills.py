"""A process killed at any moment loses nothing: resumed, it ends in the same bits."""

import random

import pytest
from forked_command import Fault, run
from small_runs import (
    KINDS,
    check_nothing_is_lost,
    differences,
    digest,
    next_command,
    undisturbed,
    unfinished,
)
from tally import LONG

KILLS = 10 if LONG else 2  # of each kind
CHOSEN = list(KINDS) if LONG else ["ae"]


def draw_moment(rng, whole):
    """Draws when to kill: mostly at a change of a file, else at any time."""
    if rng.random() < 0.7:
        return Fault("kill", rng.randint(1, whole.changes))
    return Fault("kill", seconds=rng.uniform(0.05, whole.seconds))


@pytest.mark.parametrize("kind", CHOSEN)
def test_a_killed_run_is_resumed_to_the_same_bits(kind, tmp_path, tally, fault_seed):
    rng = random.Random(f"{fault_seed} {kind}")
    whole = undisturbed(kind)
    faults = []
    while tally["kills"] < KILLS:
        folder, moments = tmp_path / f"run{tally['kills']}", []
        kills = rng.randint(1, min(4, KILLS - tally["kills"]))
        if fault := train_with_kills(
            kind, folder, moments, kills, lambda: draw_moment(rng, whole)
        ):
            faults.append(f"{fault} after {moments}")
        tally["kills"] += max(1, len(moments))
    tally["faults"] = len(faults)
    assert not faults, f"seed {fault_seed}: {faults}"


def train_with_kills(kind, folder, moments, kills, draw):
    """Trains a run that is killed again and again; returns what is wrong with it."""
    epoch = 0
    while True:
        fault = draw() if len(moments) < kills else None
        outcome = run(next_command(kind, folder), folder, fault)
        if outcome.code == 0:
            break
        if not fault or outcome.code != -9:
            return f"exit code {outcome.code}: {outcome.err}"
        moments.append(fault)
        try:
            epoch = check_nothing_is_lost(folder, epoch)
        except Exception as error:
            return f"lost: {error!r}"
    found = differences(digest(folder), undisturbed(kind).digest)
    return ", ".join(found) or ", ".join(unfinished(folder))
