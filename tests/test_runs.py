import json

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import cli, latent, pretrained, training
from vae_utils.runs import RunError, RunFolder, loading, pictures, report
from vae_utils.training import checkpoint_file

QUICK = ["--sample", "--epochs", "2", "--updates-per-epoch", "3", "--quiet"]
SMALL = ["--hidden", "16"]


def train(folder, *options, code=0):
    where = ["--output-dir", str(folder)]
    assert cli.main(["train", *QUICK, *SMALL, *where, *options]) == code
    return RunFolder(folder)


@pytest.fixture(autouse=True)
def no_figure_stays():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("runs") / "vae")


def test_a_run_is_a_folder_that_says_what_it_is(run):
    config = run.read_config()
    assert config["format"] == 1
    assert {"keras", "tensorflow", "numpy", "python"} == set(config["versions"])
    assert config["command"].startswith("python -m vae_utils train --sample")
    settings = config["settings"]
    assert (settings["model"], settings["data"], settings["seed"]) == (
        "vae",
        "mnist",
        1,
    )
    assert settings["complete"] is False and settings["viz"] is True
    assert settings["configuration"]["hidden"] == [16]
    history = run.read_history()
    kept = checkpoint_file.read(checkpoint_file.path_of(run.checkpoints, 2))
    assert history == kept["about"]["history"]
    metrics = json.loads(run.metrics.read_text())
    assert metrics["epoch"] == 2 and metrics["data"].startswith("MNIST, bundled")
    assert {"elbo", "nll", "kl", "rmse_mean"} <= set(metrics["metrics"])
    assert set(metrics["measured"]) >= {"elbo", "rmse_mean"}
    pictures = {"history", "reconstruct", "epochs", "generate", "latent", "canvas"}
    pictures |= {"spread", "spread_poster", "canvas_poster"}
    assert {path.stem for path in run.figures.iterdir()} == pictures


def test_snapshots_are_what_the_network_drew(run):
    with np.load(run.snapshots, allow_pickle=False) as saved:
        snapshots = dict(saved)
    assert list(snapshots["epochs"]) == [1, 2]
    assert snapshots["canvas"].shape == (2, 15 * 28, 15 * 28)
    assert snapshots["canvas"].dtype == snapshots["reconstructions"].dtype == np.uint8
    assert snapshots["z_mean"].shape == (2, 1000, 2)  # the sample has 1,000 test images
    assert snapshots["labels"].shape == (1000,)
    model = loading.load(loading.find(str(run.path)))
    grid = latent.square_grid(15, 2.0)
    top_right = np.flatnonzero((grid == [2.0, 2.0]).all(axis=1))
    assert list(top_right) == [14]
    image = latent.decode(model, grid[top_right])[0, ..., 0]
    drawn = snapshots["canvas"][-1][:28, -28:]
    np.testing.assert_allclose(drawn / 255, image, atol=0.003)
    codes = latent.encode_mean(model, snapshots["input"])
    np.testing.assert_allclose(codes, snapshots["z_mean"][-1][:10], atol=1e-5)
    means = latent.reconstruct(model, snapshots["input"])[..., 0]
    np.testing.assert_allclose(
        snapshots["reconstructions"][-1] / 255, means, atol=0.003
    )


def test_snapshots_of_more_dimensions_have_reconstructions_only(tmp_path):
    run = train(tmp_path / "run", "--latent-dim", "3")
    with np.load(run.snapshots, allow_pickle=False) as saved:
        assert set(saved) == {"epochs", "input", "reconstructions"}
    assert not (run.figures / "canvas.png").exists()
    assert not (run.path / "snapshots").exists()


def test_snapshots_of_two_sessions_are_one_film(tmp_path):
    whole = train(tmp_path / "whole", "--epochs", "4")
    parts = train(tmp_path / "parts")
    train(parts.path, "--epochs", "4", "--resume")
    with np.load(whole.snapshots) as one, np.load(parts.snapshots) as other:
        assert set(one) == set(other)
        for name in one:
            np.testing.assert_array_equal(one[name], other[name], name)
    assert whole.history.read_bytes() == parts.history.read_bytes()


@pytest.mark.parametrize("model", ["cvae", "ae", "classifier"])
def test_every_model_has_what_it_can_show(model, tmp_path):
    small = ["--filters", "4"] if model == "classifier" else SMALL
    options = ["train", "--model", model, *QUICK, *small]
    assert cli.main([*options, "--output-dir", str(tmp_path)]) == 0
    drawn = {path.stem for path in RunFolder(tmp_path).figures.iterdir()}
    films = {"spread", "spread_poster", "canvas_poster"}  # and canvas, as its picture
    pictures = {"history", "reconstruct", "epochs", "latent", "canvas"}
    expected = {
        "cvae": pictures | films | {"generate"},
        "ae": pictures | films,
        "classifier": {"history"},
    }
    assert drawn == expected[model]
    metrics = json.loads(RunFolder(tmp_path).metrics.read_text())["metrics"]
    assert all(np.isfinite(value) for value in metrics.values())
    expected = {"cvae": "elbo", "ae": "nll", "classifier": "test_accuracy"}
    assert expected[model] in metrics


def test_metrics_of_a_gaussian_likelihood_say_that_they_are_densities(tmp_path):
    run = train(tmp_path / "run", "--likelihood", "gaussian", "--no-viz")
    saved = json.loads(run.metrics.read_text())
    assert "density" in saved["measured"]["elbo"]
    assert saved["metrics"]["elbo"] == pytest.approx(
        -(saved["metrics"]["nll"] + saved["metrics"]["kl"])
    )
    assert not run.figures.exists() and not run.snapshots.exists()
    assert run.read_config()["settings"]["configuration"]["binarisation"] == "none"


def test_a_learned_sigma_is_kept_and_loaded(tmp_path):
    run = train(tmp_path / "run", "--likelihood", "learned-gaussian", "--no-viz")
    sigma = json.loads(run.metrics.read_text())["metrics"]["sigma"]
    assert sigma != pytest.approx(0.5, abs=1e-4)  # where it began
    loaded = loading.load(loading.find(str(run.path)))
    assert loaded.likelihood.sigma == sigma
    with np.load(sorted(run.checkpoints.glob("epoch-*.npz"))[-1]) as saved:
        assert np.exp(saved["likelihood/000"]) == pytest.approx(sigma)


def test_a_run_is_never_removed_unasked(run, capsys):
    before = run.config.read_bytes()
    train(run.path, code=1)
    assert "--resume" in capsys.readouterr().err
    assert run.config.read_bytes() == before


def test_overwrite_removes_a_run_and_nothing_else(tmp_path, capsys):
    run = train(tmp_path / "run", "--no-viz")
    (run.path / "notes.txt").write_text("mine")
    train(run.path, "--no-viz", "--seed", "2", "--overwrite")
    assert run.read_config()["settings"]["seed"] == 2
    assert (run.path / "notes.txt").read_text() == "mine"

    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    train(other, "--overwrite", code=1)
    assert "they stay" in capsys.readouterr().err
    assert [path.name for path in other.iterdir()] == ["notes.txt"]


def test_what_a_killed_overwrite_left_can_be_overwritten(tmp_path, capsys):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "history.csv").write_text("epoch")
    (tmp_path / ".config.json.77.unfinished").write_text("{")
    train(tmp_path, "--no-viz", code=1)
    assert "--overwrite" in capsys.readouterr().err
    assert (tmp_path / "history.csv").read_text() == "epoch"
    run = train(tmp_path, "--no-viz", "--overwrite")
    assert len(run.read_history()["loss"]) == 2
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read"),
        ('{"format": 1, "settings": {', "cannot be read"),
        ("[1, 2]", "cannot be read"),
        ('{"settings": {}}', "cannot be read"),
        ('{"format": 2, "settings": {}}', "another version.*format=2, not 1"),
        ('{"format": 1}', "all settings"),
        ('{"format": 1, "settings": {"model": "vae"}}', "none of complete, config"),
    ],
)
def test_a_configuration_that_is_none_is_told(text, message, tmp_path):
    folder = RunFolder(tmp_path)
    folder.config.write_text(text)
    with pytest.raises(RunError, match=message) as caught:
        folder.read_config()
    assert "Received" in str(caught.value)


def test_no_folder_and_no_run(tmp_path):
    with pytest.raises(RunError, match="no config.json. Received"):
        RunFolder(tmp_path).read_config()
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="A run is a folder. Received"):
        RunFolder(tmp_path / "file").read_config()
    with pytest.raises(RunError, match="no recorded run of that name. Received"):
        loading.find(str(tmp_path / "none"))


def test_an_epoch_that_is_not_kept_is_told(run, tmp_path):
    assert loading.find(str(run.path), "1").epoch == 1
    best = loading.find(str(run.path), "best")
    losses = best.history["val_loss"]
    assert losses[best.epoch - 1] == min(losses)
    with pytest.raises(RunError, match="kept epochs 1, 2;.*Received: epoch 7"):
        loading.find(str(run.path), "7")
    RunFolder(tmp_path).begin(run.read_config())
    with pytest.raises(RunError, match="no checkpoint yet.*Received"):
        loading.find(str(tmp_path))


def test_a_decoder_alone_draws_what_the_whole_model_draws(run):
    source = loading.find(str(run.path))
    request = pictures.Request(count=7, seed=3)
    whole = pictures.draw_generated(loading.load(source), None, request)
    alone = pictures.draw_generated(loading.load_decoder(source), None, request)
    np.testing.assert_array_equal(
        whole.images[0].get_array(), alone.images[0].get_array()
    )


def test_generating_reads_the_decoder_only(run, monkeypatch):
    read = []
    real = checkpoint_file.read
    monkeypatch.setattr(
        checkpoint_file,
        "read",
        lambda path, parts=None: (read.append(parts), real(path, parts))[1],
    )
    code = cli.main(["evaluate", str(run.path), "--generate", "--num-gen", "5"])
    assert code == 0
    assert read[-1] == ["decoder"] and all(not parts for parts in read[:-1])


def test_averages_digits_and_spread_choose_the_codes(tmp_path):
    run = train(tmp_path / "run", "--model", "cvae", "--no-viz")
    source = loading.find(str(run.path))
    model, images = loading.load(source), {}
    from vae_utils import datasets

    data = datasets.load("mnist", sample=True)
    for name, request in {
        "styles": pictures.Request(count=20),
        "threes": pictures.Request(count=20, digit=3),
        "still": pictures.Request(count=20, spread=0.0),
        "averages": pictures.Request(count=20, around="average"),
        "around": pictures.Request(count=20, around="average", spread=0.5),
    }.items():
        ax = pictures.draw_generated(model, data, request)
        images[name] = ax.images[0].get_array(), ax.get_title()
    # Without spread, both rows of ten digits are the same.
    for name in ("still", "averages"):
        canvas = images[name][0]
        np.testing.assert_array_equal(canvas[:28], canvas[30:58])
    assert np.ptp(images["around"][0][:28] - images["around"][0][30:58]) > 0
    assert "± 0.5" in images["around"][1] and "average" in images["averages"][1]
    assert len({canvas.tobytes() for canvas, _ in images.values()}) == 5


def test_initial_weights_are_set_and_named(run, tmp_path):
    trained = loading.load(loading.find(str(run.path)))
    begun = training.build(loading.find(str(run.path)).configuration, seed=9)
    weights = loading.InitialWeights(str(run.path), "decoder")
    encoder = begun.encoder.get_weights()
    weights.set(begun)
    for one, other in zip(
        trained.decoder.get_weights(), begun.decoder.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(encoder, begun.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert weights.describe(begun)["part"] == "decoder"

    path = checkpoint_file.path_of(run.checkpoints, 2)
    new = train(
        tmp_path / "new", "--load-weights", str(path), "--learning-rate", "1e-9"
    )
    kept = loading.load(loading.find(str(new.path)))
    for one, other in zip(trained.get_weights(), kept.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert new.read_config()["settings"]["weights"]["part"] == "all"
    train(new.path, "--resume", "--epochs", "3", "--learning-rate", "1e-9")


def test_a_run_that_began_with_weights_goes_on_without_them(tmp_path):
    first = train(tmp_path / "first", "--no-viz")
    weights = ["--load-weights", str(first.path)]
    run = train(tmp_path / "run", *weights, "--no-viz")
    train(first.path, "--resume", "--epochs", "3")  # other weights from here on
    train(run.path, "--resume", "--epochs", "4")
    assert len(run.read_history()["loss"]) == 4
    train(run.path, *weights, "--resume", "--epochs", "5")  # as the hint has it
    for path in run.checkpoints.iterdir():
        path.unlink()  # nothing to go on from: the weights are needed again
    train(run.path, "--resume", "--epochs", "5", code=1)


def test_what_stays_is_remembered(tmp_path):
    run = train(tmp_path, "--keep-every", "1", "--no-viz")
    command = run.read_config()["command"]
    train(tmp_path, "--resume", "--epochs", "5")
    assert checkpoint_file.list_epochs(run.checkpoints) == [1, 2, 3, 4, 5]
    assert run.read_config()["command"] == command
    assert run.read_config()["settings"]["configuration"]["epochs"] == 5


def test_a_preset_named_again_does_not_lengthen_a_run(tmp_path):
    preset = ["--preset", "cryer", "--no-viz"]
    run = train(tmp_path, *preset)
    options = ["--sample", "--hidden", "16", "--updates-per-epoch", "3", "--quiet"]
    where = ["--output-dir", str(tmp_path), "--resume"]
    assert cli.main(["train", *preset, *options, *where]) == 0
    assert len(run.read_history()["loss"]) == 2


def test_logs_of_another_run_are_not_mixed_with_these(tmp_path, capsys):
    logs = ["--log-dir", str(tmp_path / "log"), "--no-viz"]
    train(tmp_path / "one", *logs)
    (before,) = (tmp_path / "log" / "val").iterdir()
    train(tmp_path / "two", *logs, code=2)
    assert "logs of another run" in capsys.readouterr().err
    train(tmp_path / "one", *logs, "--overwrite", code=2)
    train(tmp_path / "one", *logs, "--resume", "--epochs", "3")
    assert len(list((tmp_path / "log" / "val").iterdir())) == 2 and before.exists()


def test_weights_of_another_architecture_are_refused_before_anything_is_written(
    run, tmp_path, capsys
):
    train(
        tmp_path / "new", "--load-weights", str(run.path), "--latent-dim", "3", code=1
    )
    assert "another architecture" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


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
def test_a_diverged_training_stops_and_the_last_good_epoch_stands(
    layer, tmp_path, capsys, monkeypatch
):
    fit = training.fit
    monkeypatch.setattr(
        training,
        "fit",
        lambda prepared, callbacks, checkpoints: fit(
            prepared,
            callbacks=[Poison(3, layer), *callbacks],
            checkpoints=checkpoints,
        ),
    )
    run = train(tmp_path / "run", "--epochs", "6", "--no-viz", code=3)
    message = capsys.readouterr().err
    assert "The checkpoint of epoch 2 stands." in message and "diverged" in message
    assert checkpoint_file.list_epochs(run.checkpoints) == [1, 2]
    monkeypatch.undo()
    train(run.path, "--resume")
    assert np.isfinite(run.read_history()["loss"]).all()


def test_a_rate_out_of_all_bounds_diverges(tmp_path, capsys):
    train(tmp_path, "--learning-rate", "1e18", "--no-viz", code=3)
    assert "No epoch was finished" in capsys.readouterr().err


def test_an_interrupted_report_says_how_to_go_on(tmp_path, capsys, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "measure", interrupt)
    run = train(tmp_path, code=130)
    err = capsys.readouterr().err
    assert "The checkpoint of epoch 2 stands" in err and "--resume" in err
    monkeypatch.undo()
    train(tmp_path, "--resume")
    assert run.metrics.exists()


@pytest.mark.filterwarnings("default:.*missing from films:UserWarning")
def test_a_damaged_film_does_not_stop_the_run(tmp_path, capsys):
    run = train(tmp_path)
    run.snapshots.write_bytes(run.snapshots.read_bytes()[:1000])
    train(tmp_path, "--resume", "--epochs", "4")
    assert "missing from films. Received" in capsys.readouterr().err
    whole = run.snapshots.read_bytes()
    run.snapshots.write_bytes(whole[:1000])
    (run.figures / "reconstruct.png").unlink()
    assert cli.main(["evaluate", str(tmp_path), "--reconstruct"]) == 0
    assert (run.figures / "reconstruct.png").exists()
    run.snapshots.write_bytes(whole)
    with np.load(run.snapshots) as saved:
        assert list(saved["epochs"]) == [3, 4]


def test_a_classifier_draws_its_curves_when_it_goes_on(tmp_path):
    small = ["--model", "classifier", "--filters", "4", *QUICK, "--no-decay"]
    where = ["--output-dir", str(tmp_path)]
    assert cli.main(["train", *small, *where]) == 0
    (tmp_path / "figures" / "history.png").unlink()
    assert cli.main(["train", "--resume", "--quiet", "--epochs", "3", *where]) == 0
    assert (tmp_path / "figures" / "history.png").exists()


@pytest.mark.filterwarnings("default:The run was begun elsewhere:UserWarning")
def test_a_run_that_goes_on_elsewhere_says_so(tmp_path, capsys):
    run = train(tmp_path, "--no-viz")
    config = run.read_config()
    config["versions"]["keras"] = "3.0.0"
    run.write_config(config)
    train(tmp_path, "--resume", "--epochs", "3")
    assert "not to the same last bits. Received: versions" in capsys.readouterr().err


def test_a_recorded_run_can_be_evaluated_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = [
        name
        for name in pretrained.list_runs()
        if f"{name}.weights.npz" in pretrained.load_run(name).files
    ]
    assert "classifier" in names
    for name in names:
        if name not in ("classifier", "explorer_ae"):
            assert cli.main(["evaluate", name, "--generate", "--num-gen", "4"]) == 0
            assert (tmp_path / "figures" / name / "generate.png").exists()
        else:  # a classifier draws nothing, an autoencoder has no prior
            assert cli.main(["evaluate", name, "--history"]) == 0
