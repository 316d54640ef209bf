import re
import sys

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import latent, pipeline, training
from vae_utils.status import Status


def fit(vae, images, progress, epochs=5, validate=True):
    batches, steps = pipeline.training_batches(
        images, batch_size=16, epochs=epochs, seed=0
    )
    return vae.fit(
        batches,
        epochs=epochs,
        steps_per_epoch=steps,
        validation_data=pipeline.evaluation_batches(images[:16]) if validate else None,
        shuffle=False,
        verbose=0,
        callbacks=progress if isinstance(progress, list) else [progress],
    ).history


def table_of(text):
    """The rows of a printed table, as dicts of strings."""
    header, ruler, *rows = text.strip("\n").split("\n")
    assert set(ruler) == {"-", " "}
    return [dict(zip(header.split(), row.split(), strict=True)) for row in rows]


def test_a_log_gets_one_table_at_the_end(make_vae, images, capsys, monkeypatch):
    monkeypatch.setattr(training.progress, "REFRESH_SECONDS", -1)
    history = fit(make_vae(), images, training.Progress(rows=3))
    out, err = capsys.readouterr()
    assert out == ""
    assert "\r" not in err
    lines = err.splitlines(keepends=True)
    for epoch, line in enumerate(lines[:5]):  # as it goes
        loss = f"loss {history['loss'][epoch]:.4g}, "
        assert line.startswith(f"epoch {epoch + 1}/5: ") and loss in line
    table = table_of("".join(lines[5:]))
    assert [row["epoch"] for row in table] == ["1", "2", "5"]
    assert list(table[0]) == ["epoch", *history, "seconds"]
    assert {"nll", "kl", "val_nll", "val_kl"} < set(table[0])
    for row in table:
        for name, values in history.items():
            assert row[name] == f"{values[int(row['epoch']) - 1]:.2f}"
        assert row["seconds"].isdigit()


def test_a_terminal_sees_a_line_that_updates(make_vae, images, capsys, monkeypatch):
    monkeypatch.setattr(training.progress, "REFRESH_SECONDS", -1)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = training.Progress(batch_size=16)
    history = fit(make_vae(), images, progress, epochs=2, validate=False)
    *lines, table = capsys.readouterr().err.split("\r")
    lines = [line.rstrip() for line in lines if line.strip()]
    bars = [re.match(r"epoch (\d)/2 (━*)─* ", line).groups() for line in lines]
    assert [(epoch, len(bar)) for epoch, bar in bars] == [
        (epoch, length) for epoch in "12" for length in (1, 3, 4, 6)
    ]
    for epoch, line in enumerate(lines[3::4]):  # means of the epoch so far
        means = [f"{name} {history[name][epoch]:.4g}" for name in ("loss", "nll", "kl")]
        assert ", ".join(means) in line
    assert "left" not in lines[0]  # the first step compiles, and tells nothing
    for line in lines[1:]:
        assert re.search(r" \| \d+:\d\d left \| [\d,]+ images/s$", line)
    assert max(map(len, lines)) < 80
    assert [row["epoch"] for row in table_of(table)] == ["1", "2"]


def test_a_terminal_is_not_flooded(make_vae, images, capsys, monkeypatch):
    monkeypatch.setattr(training.progress, "REFRESH_SECONDS", 1e6)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    fit(make_vae(), images, training.Progress(), epochs=2, validate=False)
    assert "step" not in capsys.readouterr().err


def test_a_progress_can_be_used_again(capsys):
    progress = training.Progress()
    for loss in (1.0, 2.0):
        progress.set_params({"steps": 1, "epochs": 1})
        progress.on_train_begin()
        progress.on_epoch_begin(0)
        progress.on_epoch_end(0, {"loss": loss})
        progress.on_train_end()
        (row,) = table_of(capsys.readouterr().err.split("\n", 1)[1])
        assert row["loss"] == f"{loss:.2f}"


def test_no_epoch_no_table(capsys):
    progress = training.Progress()
    progress.on_train_begin()
    progress.on_train_end()
    assert capsys.readouterr().err == ""


def test_reconstructions_are_kept_after_the_chosen_epochs(make_vae, images):
    vae, few = make_vae(), images[:3]
    watch = training.Reconstructions(few, epochs=(1, 3))
    fit(vae, images, watch, epochs=3)
    assert list(watch.kept) == [1, 3]
    assert watch.kept[1].shape == (3, 28, 28, 1)
    z_mean, _ = latent.encode(vae, few)
    np.testing.assert_array_equal(watch.kept[3], latent.decode(vae, z_mean))
    assert np.abs(watch.kept[3] - watch.kept[1]).max() > 0
    assert not plt.get_fignums()


def test_reconstructions_start_afresh_and_keep_every_epoch(make_vae, images):
    watch = training.Reconstructions(images[:3])
    for epochs in (2, 1):
        fit(make_vae(), images, watch, epochs=epochs)
        assert list(watch.kept) == [1, 2][:epochs]


@pytest.mark.parametrize("epochs", [3, (0, 1), (1.5,), "13", (True,)])
def test_epochs_that_are_none_are_refused(images, epochs):
    with pytest.raises(ValueError, match="epochs must be positive .*Received: epochs="):
        training.Reconstructions(images[:3], epochs=epochs)


def test_epochs_may_come_from_an_iterator(make_vae, images):
    watch = training.Reconstructions(images[:3], epochs=iter((1, 3)))
    assert watch.kept == {}
    fit(make_vae(), images, watch, epochs=3)
    assert list(watch.kept) == [1, 3]


def test_watching_does_not_change_the_training(make_vae, images):
    histories = []
    for watch in (training.Progress(), training.Reconstructions(images[:3], live=True)):
        keras.utils.set_random_seed(0)
        histories.append(fit(make_vae(), images, watch, epochs=2))
    assert histories[0] == histories[1]


def test_a_live_picture_is_redrawn_after_every_epoch(make_vae, images, monkeypatch):
    seen = []

    def show(self, figure):
        rows = [np.array(ax.images[0].get_array()) for ax in figure.axes]
        seen.append((figure, rows, figure.axes[1].get_ylabel()))

    monkeypatch.setattr(Status, "show", show)
    watch = training.Reconstructions(images[:3], epochs=(2,), live=True)
    fit(make_vae(), images, watch, epochs=2)
    assert list(watch.kept) == [2]
    (first, before, name), (second, after, last_name) = seen
    assert first is second
    assert (name, last_name) == ("mean, epoch 1", "mean, epoch 2")
    np.testing.assert_array_equal(before[0], after[0])  # the inputs
    assert np.abs(before[1] - after[1]).max() > 0
    np.testing.assert_allclose(after[1][:28, :28], watch.kept[2][0, ..., 0])
    assert not plt.get_fignums()


def test_an_interrupted_picture_is_closed_by_the_next_training(make_vae, images):
    def interrupt(*_):
        raise KeyboardInterrupt

    watch = training.Reconstructions(images[:3], live=True)
    for _ in range(2):
        stop = keras.callbacks.LambdaCallback(on_epoch_end=interrupt)
        with pytest.raises(KeyboardInterrupt):
            fit(make_vae(), images, [watch, stop])
        assert len(plt.get_fignums()) == 1
    fit(make_vae(), images, watch, epochs=1)
    assert not plt.get_fignums()


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


@pytest.mark.parametrize(
    ("steps", "most", "picked"),
    [(1, 64, 1), (97, 64, 1), (64, 64, 8), (512, 64, 64), (429, 64, 39), (40, 4, 4)],
)
def test_steps_per_execution_leave_eight_calls_an_epoch(steps, most, picked):
    assert training.choose_steps_per_execution(steps, most) == picked
