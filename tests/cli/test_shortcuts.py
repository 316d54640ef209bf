"""The three functions of the package do what the command line does."""

import numpy as np
import pytest

import vae_utils
from vae_utils import cli, datasets, latent
from vae_utils.runs import RunFolder

QUICK = {"epochs": 2, "updates_per_epoch": 3, "hidden": (4,), "progress": False}


@pytest.fixture(scope="module")
def data():
    return vae_utils.load_data("mnist", sample=True)


def test_data_are_loaded_by_name_and_from_a_path(tmp_path, data):
    assert data.name == "mnist" and not data.complete
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8), np.uint8)
    np.savez(tmp_path / "images.npz", x=images)
    own = vae_utils.load_data(tmp_path / "images.npz")
    assert isinstance(own, datasets.Dataset) and own.image_shape == (8, 8, 1)


def test_a_run_is_the_one_that_the_command_line_makes(data, shared_run, tmp_path):
    model, history = vae_utils.train(data, folder=tmp_path / "run", **QUICK)
    run, other = RunFolder(tmp_path / "run"), shared_run("vae")
    assert run.read_config()["settings"] == other.read_config()["settings"]
    assert run.history.read_bytes() == other.history.read_bytes()
    assert history == run.read_history()
    loaded = vae_utils.load(run.path)
    x = data.x_test[:3]
    np.testing.assert_array_equal(
        latent.reconstruct(model, x), latent.reconstruct(loaded, x)
    )
    assert cli.main(["evaluate", str(run.path), "--metrics"]) == 0


def test_training_without_a_folder_leaves_nothing(data, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    model, history = vae_utils.train(data, model="ae", seed=2, **QUICK)
    assert len(history["loss"]) == 2 and type(model).__name__ == "Autoencoder"
    # TensorFlow removes the sources that it wrote when the program ends.
    assert not [p for p in tmp_path.iterdir() if "autograph" not in p.name]


def test_a_run_is_resumed_as_it_was_started(data, tmp_path, shared_run):
    settings = {"folder": tmp_path / "run", "progress": False}
    vae_utils.train(data, model="cvae", **QUICK | settings | {"epochs": 1})
    with pytest.raises(ValueError, match="There is a run already"):
        vae_utils.train(data, model="cvae", **QUICK | settings)
    vae_utils.train(data, resume=True, epochs=2, **settings)
    run = RunFolder(tmp_path / "run")
    assert run.history.read_bytes() == shared_run("cvae").history.read_bytes()
    vae_utils.train(data, overwrite=True, **QUICK | settings | {"epochs": 1})
    assert run.read_config()["settings"]["model"] == "vae"


def test_a_preset_adapts_to_the_data(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (60, 16, 16, 3), np.uint8)
    data = datasets.from_arrays(images)
    settings = {"epochs": 1, "updates_per_epoch": 1, "latent_dim": 3}
    folder = tmp_path / "run"
    model, _ = vae_utils.train(
        data, preset="pictures", folder=folder, progress=False, **settings
    )
    saved = RunFolder(folder).read_config()["settings"]["configuration"]
    assert (saved["batch_size"], saved["patience"]) == (len(data.x_train) // 4, 8)
    assert latent.encode(model, data.x_test).mean.shape == (len(data.x_test), 3)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"filters": (3,)}, "has no such setting; it has .*. Received: filters=.3,."),
        ({"preset": "photos"}, "preset must be one of .*pictures.*. Received: preset="),
        ({"model": "gan"}, "model must be one of vae, .*. Received: model='gan'"),
        ({"latent_dim": 0}, "latent_dim=0"),
        ({"batch_size": 10**6}, "batch_size must be at most the number of images"),
    ],
)
def test_settings_that_do_not_fit_are_refused(given, sentence, data, tmp_path):
    with pytest.raises(ValueError, match=sentence):
        vae_utils.train(data, folder=tmp_path / "run", progress=False, **given)
    assert not (tmp_path / "run").exists()


def test_none_is_a_value_where_a_setting_takes_it(data, tmp_path):
    settings = QUICK | {"clip_norm": None, "folder": tmp_path / "run"}
    vae_utils.train(data, preset="cryer", **settings)
    saved = RunFolder(tmp_path / "run").read_config()["settings"]["configuration"]
    assert saved["clip_norm"] is None and saved["latent_dim"] == 20


def test_a_recorded_run_is_loaded_by_its_name():
    assert vae_utils.load("explorer_vae").latent_shape == (2,)
