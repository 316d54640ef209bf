"""The progress that `fit` shows, of epochs and steps that take no time to run."""

import io
import re
from types import SimpleNamespace

import pytest

from vae_utils import status, training
from vae_utils.training import progress

BATCH, STEPS, EPOCHS = 16, 6, 2
STEP_SECONDS = 0.25  # by the clock of these tests
LOSSES = [30.0, 20.0, 10.0, 9.0, 8.0]


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when the test moves it."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def terminal(monkeypatch):
    """A terminal to write to, whose text is kept."""
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(status, "sys", SimpleNamespace(stderr=terminal, modules={}))
    return terminal


def metrics(loss):
    return {"kl": loss / 4, "nll": loss / 2, "loss": loss, "val_loss": 2 * loss}


def run(callback, clock, epochs=EPOCHS, first=0):
    """Calls what `fit` calls."""
    callback.set_params({"epochs": epochs, "steps": STEPS})
    callback.on_train_begin()
    for epoch in range(first, epochs):
        callback.on_epoch_begin(epoch)
        for batch in range(STEPS):
            clock.now += STEP_SECONDS
            callback.on_train_batch_end(batch, {"loss": 100.0 * epoch + batch})
        callback.on_epoch_end(epoch, metrics(LOSSES[epoch]))
    callback.on_train_end()


def read_table(text):
    """Reads the rows of a printed table, as dicts of strings."""
    header, ruler, *rows = text.strip("\n").split("\n")
    assert set(ruler) == {"-", " "}
    return [dict(zip(header.split(), row.split(), strict=True)) for row in rows]


def test_log_has_a_line_per_epoch_and_one_table_at_the_end(clock, capsys):
    run(training.Progress(rows=3), clock, epochs=5)
    out, err = capsys.readouterr()
    assert out == ""
    assert "\r" not in err
    lines = err.splitlines(keepends=True)
    assert lines[1] == (
        "epoch 2/5: kl 5, nll 10, loss 20, val_loss 40, 3 s\n"  # 2 · 6 steps of ¼ s
    )
    for epoch, line in enumerate(lines[:5]):
        assert line.startswith(f"epoch {epoch + 1}/5: ")
    table = read_table("".join(lines[5:]))
    assert [row["epoch"] for row in table] == ["1", "2", "5"]
    assert list(table[0]) == ["epoch", "kl", "nll", "loss", "val_loss", "seconds"]
    for row, seconds in zip(table, ("2", "3", "8"), strict=True):
        for name, value in metrics(LOSSES[int(row["epoch"]) - 1]).items():
            assert row[name] == f"{value:.2f}"
        assert row["seconds"] == seconds


def test_terminal_has_one_line_that_is_updated(clock, terminal):
    run(training.Progress(batch_size=BATCH), clock)
    *lines, table = terminal.getvalue().split("\r")
    lines = [line.rstrip() for line in lines if line.strip()]
    # Half a second must have passed since the last one.
    assert lines[0] == "epoch 1/2 ━━━─── loss 2 | 0:02 left | 64 images/s"
    assert lines[1] == "epoch 1/2 ━━━━━━ loss 5 | 0:02 left | 64 images/s"
    assert lines[2] == "epoch 2/2 ━━━─── loss 102 | 0:01 left | 64 images/s"
    assert lines[3] == "epoch 2/2 ━━━━━━ loss 105 | 0:00 left | 64 images/s"
    assert len(lines) == 4
    assert [row["epoch"] for row in read_table(table)] == ["1", "2"]


def test_line_fits_a_terminal_and_has_the_sum_before_its_parts(
    clock, terminal, monkeypatch
):
    monkeypatch.setattr(progress, "REFRESH_SECONDS", -1)
    callback = training.Progress(batch_size=200)
    callback.set_params({"epochs": 30, "steps": 275})
    callback.on_train_begin()
    callback.on_epoch_begin(29)
    for batch in range(2):
        clock.now += 0.005
        logs = {"kl": 12.3456, "nll": 1234.5678, "loss": 1246.9134}
        callback.on_train_batch_end(batch, logs)
    first, second = terminal.getvalue().strip("\r").split("\r")
    assert "left" not in first  # the first step also compiles
    assert "loss 1247, nll 1235, kl 12.35 | 0:01 left | 40,000 images/s" in second
    assert len(second) < 80


def test_steps_of_one_call_are_all_counted(clock, terminal, monkeypatch):
    monkeypatch.setattr(progress, "REFRESH_SECONDS", -1)
    callback = training.Progress(batch_size=10)
    callback.set_params({"epochs": 1, "steps": 12})
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    for batch in (3, 7, 11):  # Keras runs four steps in a call
        clock.now += 1
        callback.on_train_batch_end(batch, {"loss": 1.0})
    lines = terminal.getvalue().strip("\r").split("\r")
    bars = [re.search("━+", line)[0] for line in lines]
    assert [len(bar) for bar in bars] == [2, 4, 6]
    assert all("| 40 images/s" in line for line in lines[1:])


def test_last_block_of_an_epoch_may_be_shorter(clock, terminal, monkeypatch):
    monkeypatch.setattr(progress, "REFRESH_SECONDS", -1)
    callback = training.Progress(batch_size=10)
    callback.set_params({"epochs": 1, "steps": 10})
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    for batch, seconds in ((3, 1.0), (7, 1.0), (11, 0.5)):  # Keras counts four steps
        clock.now += seconds
        callback.on_train_batch_end(batch, {"loss": 1.0})
    *_, last = terminal.getvalue().strip("\r").split("\r")
    assert "━" * 6 in last
    assert "| 0:00 left | 40 images/s" in last  # the next epoch begins with step 1


def test_terminal_is_not_flooded(clock, terminal, monkeypatch):
    monkeypatch.setattr(progress, "REFRESH_SECONDS", 1e6)
    run(training.Progress(), clock)
    assert "━" not in terminal.getvalue()


def test_resumed_run_counts_only_its_own_epochs(clock, capsys):
    run(training.Progress(), clock, first=1)
    err = capsys.readouterr().err
    assert err.startswith("epoch 2/2: ")
    (row,) = read_table(err.split("\n", 1)[1])
    assert (row["epoch"], row["seconds"]) == ("2", "2")


def test_progress_can_be_used_again(clock, capsys):
    callback = training.Progress()
    for _ in range(2):
        run(callback, clock, epochs=1)
        (row,) = read_table(capsys.readouterr().err.split("\n", 1)[1])
        assert row["loss"] == "30.00"


def test_table_of_an_interrupted_run_is_shown_once(clock, capsys):
    callback = training.Progress()
    callback.set_params({"epochs": EPOCHS, "steps": STEPS})
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0, metrics(1.0))
    callback.close()
    (row,) = read_table(capsys.readouterr().err.split("\n", 1)[1])
    assert row["epoch"] == "1"
    callback.close()
    assert capsys.readouterr().err == ""


def test_accuracies_near_one_can_be_told_apart(clock, capsys):
    callback = training.Progress()
    callback.set_params({"epochs": 2, "steps": STEPS})
    callback.on_train_begin()
    for epoch, accuracy in enumerate((0.9951, 0.9962)):
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {"loss": 0.0149, "val_accuracy": accuracy})
    callback.on_train_end()
    _, *rows = capsys.readouterr().err.split("val_accuracy 0.9962")
    assert [row["val_accuracy"] for row in read_table(rows[-1].split("\n", 1)[1])] == [
        "0.9951",
        "0.9962",
    ]


def test_no_epoch_has_no_table(capsys):
    callback = training.Progress()
    callback.on_train_begin()
    callback.on_train_end()
    assert capsys.readouterr().err == ""


def test_spaced_picks_few_and_both_ends():
    for most in (2, 3, 8, 20):
        for count in [*range(1, 60), 999, 1000, 10**6]:
            picked = training.spaced(count, most)
            assert picked == sorted(set(picked))
            assert (picked[0], picked[-1]) == (0, count - 1)
            assert len(picked) <= most
            if count <= most:
                assert picked == list(range(count))


def test_spaced_is_denser_at_the_beginning():
    assert training.spaced(0, 8) == []
    assert training.spaced(100, 3) == [0, 9, 99]
    assert training.spaced(128, 8) == [0, 1, 3, 7, 15, 31, 63, 127]
