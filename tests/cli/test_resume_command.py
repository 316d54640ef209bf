"""`train --resume`: what a run remembers, what is refused, what is repaired."""

import keras
import numpy as np
import pytest

from vae_utils import cli, training
from vae_utils.runs import RunFolder, reports
from vae_utils.training import checkpoint_file, read_snapshots, snapshots


def test_a_longer_run_keeps_what_it_had_and_remembers_options(copy_run, resume):
    run = copy_run("vae")
    command, history = run.read_config()["command"], run.read_history()
    before = read_snapshots(run.path)
    resume(run, "--epochs", "3", "--keep-every", "1")
    resume(run, "--epochs", "5")
    assert checkpoint_file.list_epochs(run.checkpoints) == [1, 2, 3, 4, 5]
    config = run.read_config()
    assert config["command"] == command
    assert config["settings"]["configuration"]["epochs"] == 5
    for name, values in run.read_history().items():
        assert len(values) == 5 and values[:2] == history[name]
    kept = read_snapshots(run.path)
    assert list(kept["epochs"]) == [1, 2, 3, 4, 5]
    for name in ("z_mean", "canvas", "reconstructions"):
        np.testing.assert_array_equal(kept[name][:2], before[name])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            "--learning-rate 0.1",
            "settings; start a new run to change them. Rec",
        ),
        ("--learning-rate 0.1", "learning_rate=0.1, not 0.002"),
        ("--latent-dim 3", "latent_dim=3, not 2"),
        ("--hidden 5", "hidden=[5], not [4]"),
        ("--seed 2", "seed=2, not 1"),
        ("--data fashion_mnist", "data='fashion_mnist', not 'mnist'"),
        ("--model ae", "model='ae', not 'vae'"),
        ("--model cvae", "model='cvae', not 'vae'"),
        ("--preset cryer", "latent_dim=20, not 2"),
        ("--encoder conv", "encoder='conv', not 'fc'"),
        ("--likelihood gaussian", "binarisation='none', not 'dynamic'"),
        ("--updates-per-epoch all", "updates_per_epoch=None, not 3"),
        ("--prior gaussian-mixture", "not 'standard-normal'"),
        ("--decay", "decay=True, not False"),
        ("--epochs 1", "The run has 2 epochs already. Received: epochs=1"),
        ("--load-weights RUN", "weights="),
    ],
)
def test_a_run_is_not_resumed_with_other_settings(options, words, shared_run, refuse):
    path = shared_run("vae").path
    options = options.replace("RUN", str(path)).split()
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert words in refuse("train", "--resume", "--output-dir", path, *options, code=1)
    assert before == {f: f.read_bytes() for f in path.rglob("*") if f.is_file()}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--model classifier", "run is a variational autoencoder"),
        ("--conditioned both", "no such option"),
        ("--filters 4", "no such option"),
    ],
)
def test_options_of_another_model_are_refused(options, words, shared_run, refuse):
    resume = ["train", "--resume", "--output-dir", shared_run("vae").path]
    assert words in refuse(*resume, *options.split(), code=2)


def test_a_run_whose_configuration_needs_keras_is_resumed(copy_run, resume, refuse):
    run = copy_run("iwae")
    resume(run, "--epochs", "3")
    where = ["train", "--resume", "--output-dir", run.path, "--model", "iwae"]
    assert "samples=3, not 2" in refuse(*where, "--samples", 3, code=1)


def test_a_run_on_complete_data_is_not_resumed_on_the_sample(copy_run, refuse):
    run = copy_run("learned")
    config = run.read_config()
    config["settings"]["complete"] = True
    run.write_config(config)
    err = refuse("train", "--resume", "--sample", "--output-dir", run.path, code=1)
    assert "complete=False, not True" in err


def test_decay_fixes_the_number_of_epochs(copy_run, refuse):
    run = copy_run("learned")
    config = run.read_config()
    config["settings"]["configuration"]["decay"] = True
    run.write_config(config)
    err = refuse("train", "--resume", "--epochs", 3, "--output-dir", run.path, code=1)
    assert "reaches zero at the last epoch" in err and "epochs=3, not 2" in err


class Poison(keras.callbacks.Callback):
    """Makes a weight NaN at the beginning of an epoch, counted from 1."""

    def __init__(self, epoch, layer):
        super().__init__()
        self.epoch, self.layer = epoch, layer

    def on_epoch_begin(self, epoch, logs=None):
        if epoch + 1 == self.epoch:
            variable = self.model.encoder.weights[self.layer]
            variable.assign(variable * np.nan)


@pytest.mark.parametrize("layer", [0, -1])  # ReLU hides the first from the loss
def test_a_run_that_diverges_keeps_its_last_checkpoint(
    layer, copy_run, resume, last_arrays, capsys, monkeypatch
):
    run = copy_run("vae")
    before = last_arrays(run), run.history.read_bytes()
    fit = training.fit

    def poisoned_fit(prepared, callbacks, checkpoints):
        callbacks = [Poison(3, layer), *callbacks]
        return fit(prepared, callbacks=callbacks, checkpoints=checkpoints)

    monkeypatch.setattr(training, "fit", poisoned_fit)
    resume(run, "--epochs", "6", code=3)
    message = capsys.readouterr().err
    assert "Last checkpoint: epoch 2." in message and "diverged" in message
    assert checkpoint_file.list_epochs(run.checkpoints) == [1, 2]
    after = last_arrays(run)
    assert set(after) == set(before[0]) and run.history.read_bytes() == before[1]
    for name, array in before[0].items():
        np.testing.assert_array_equal(after[name], array, name)


def test_a_far_too_large_learning_rate_diverges(tmp_path, train, capsys):
    train(tmp_path, "--learning-rate", "1e18", "--no-viz", code=3)
    message = capsys.readouterr().err
    assert "No epoch completed." in message and message.count("\n") == 1
    assert RunFolder(tmp_path).config.exists()


def test_an_interrupted_report_says_how_to_resume(
    copy_run, resume, capsys, monkeypatch
):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    run = copy_run("learned")
    run.metrics.unlink()
    monkeypatch.setattr(reports, "measure", interrupt)
    resume(run, code=130)
    err = capsys.readouterr().err
    assert "Last checkpoint: epoch 2. To resume:" in err and "--resume" in err
    monkeypatch.undo()
    resume(run)
    assert run.metrics.exists()


def test_an_interrupted_run_continues_to_the_same_end(
    tmp_path, shared_run, train, resume, monkeypatch
):
    draw = snapshots.Snapshots.on_epoch_end

    def draw_then_stop(self, epoch, logs=None):
        draw(self, epoch, logs)
        if epoch == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(snapshots.Snapshots, "on_epoch_end", draw_then_stop)
    run = train(tmp_path / "run", code=130)
    assert not run.snapshots.exists()
    whole = shared_run("vae")
    expected = read_snapshots(whole.path)
    assert_same(read_snapshots(run.path), expected)  # two epochs were drawn
    assert cli.main(["animate", str(run.path), "--animation", "grid"]) == 0
    assert (run.figures / "canvas.gif").exists()
    monkeypatch.undo()
    assert checkpoint_file.list_epochs(run.checkpoints) == [1]
    resume(run)
    assert_same(read_snapshots(run.path), expected)
    assert run.history.read_bytes() == whole.history.read_bytes()


def assert_same(one, other):
    assert set(one) == set(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], name)


@pytest.mark.filterwarnings("default:.*missing from animations:UserWarning")
def test_damaged_snapshots_do_not_stop_a_run(copy_run, resume, capsys):
    run = copy_run("vae")
    run.snapshots.write_bytes(run.snapshots.read_bytes()[:1000])
    resume(run, "--epochs", "4")
    assert "missing from animations. Received" in capsys.readouterr().err
    whole = run.snapshots.read_bytes()
    run.snapshots.write_bytes(whole[:1000])
    (run.figures / "reconstruct.png").unlink()
    assert cli.main(["evaluate", str(run.path), "--reconstruct"]) == 0
    assert (run.figures / "reconstruct.png").exists()
    run.snapshots.write_bytes(whole)
    assert list(read_snapshots(run.path)["epochs"]) == [3, 4]


@pytest.mark.filterwarnings("default:Falling back:UserWarning")
def test_a_damaged_checkpoint_is_replaced_by_the_one_before(
    copy_run, resume, refuse, capsys
):
    run = copy_run("learned")
    path = checkpoint_file.path_of(run.checkpoints, 2)
    path.write_bytes(path.read_bytes()[:1000])
    err = refuse("evaluate", run.path, "--history", code=1)
    assert "Resume the run (train --resume)" in err
    history = run.history.read_bytes()
    resume(run)
    err = capsys.readouterr().err
    assert "warning: Falling back to the previous epoch." in err
    assert run.history.read_bytes() == history
    assert (run.checkpoints / "epoch-00002.npz.damaged").exists()


def test_a_resumed_classifier_draws_its_curves(copy_run, resume):
    run = copy_run("classifier")
    (run.figures / "history.png").unlink()
    resume(run, "--epochs", "3")
    assert (run.figures / "history.png").exists()


@pytest.mark.filterwarnings("default:The run was started in another:UserWarning")
def test_a_run_resumed_in_another_environment_warns(copy_run, resume, capsys):
    run = copy_run("learned")
    config = run.read_config()
    config["versions"]["keras"] = "3.0.0"
    run.write_config(config)
    resume(run)
    err = capsys.readouterr().err
    assert "last bits will differ. Received: versions" in err
    assert err.startswith("warning: The run was started in another environment")


def test_logs_of_two_runs_are_not_mixed(copy_run, resume, tmp_path, refuse):
    val = tmp_path / "log" / "val"
    val.mkdir(parents=True)
    (val / "events.out.tfevents.1.machine").write_bytes(b"")
    logs = ["--log-dir", tmp_path / "log"]
    run = copy_run("learned")
    err = refuse("train", "--sample", *logs, "--output-dir", tmp_path / "new", code=2)
    assert "logs of another run" in err and not (tmp_path / "new").exists()
    overwrite = ["train", "--overwrite", "--output-dir", run.path]
    assert "logs of another run" in refuse(*overwrite, *logs, code=2)
    resume(run, "--epochs", "3", "--log-dir", str(tmp_path / "log"))
    assert len(list(val.iterdir())) == 2


@pytest.mark.filterwarnings("default:There is nothing to show live:UserWarning")
@pytest.mark.parametrize("name", ["learned", "classifier"])
def test_live_without_a_display_warns(name, copy_run, resume, capsys):
    resume(copy_run(name), "--live")
    assert "nothing to show live, or no display" in capsys.readouterr().err
