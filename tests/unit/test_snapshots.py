"""What is kept for animations, of models whose weights are set by hand."""

import numpy as np
import pytest

from vae_utils import models, training
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)
from vae_utils.training import snapshots

SIDE = snapshots.SIDE


def build(configuration, data):
    shape = {"image_shape": data.image_shape, "classes": data.classes}
    return models.build(configuration, **shape, seed=0)


def draw(folder, model, data, epochs=(0, 1)):
    """Calls what `fit` calls; before each epoch's end, all weights change."""
    callback = training.Snapshots(folder, data)
    callback.set_model(model)
    for epoch in epochs:
        model.set_weights([0.9 * value for value in model.get_weights()])
        callback.on_epoch_end(epoch, {})
    return callback


def decode(model, z, label=None):
    """Decodes one code to an image, with the decoder itself."""
    z = np.float32([z])
    batch = z if label is None else {"z": z, "y": np.array([label])}
    logits = np.array(model.decoder(batch)[0], float)
    return 255 / (1 + np.exp(-logits))


def assert_same(first, second):
    assert set(first) == set(second)
    for name in first:
        assert first[name].dtype == second[name].dtype
        np.testing.assert_array_equal(first[name], second[name], name)


@pytest.mark.parametrize("kind", [VAEConfiguration, AutoencoderConfiguration])
def test_two_latent_dimensions_have_codes_and_a_grid(kind, data, tmp_path):
    model = build(kind(hidden=(8,)), data)
    draw(tmp_path, model, data)
    kept = training.read_snapshots(tmp_path)
    assert {name: (a.shape, str(a.dtype)) for name, a in kept.items()} == {
        "epochs": ((2,), "int64"),
        "input": ((10, 16, 16), "uint8"),
        "reconstructions": ((2, 10, 16, 16), "uint8"),
        "z_mean": ((2, 64, 2), "float32"),
        "labels": ((64,), "int64"),
        "canvas": ((2, SIDE * 16, SIDE * 16), "uint8"),
    }
    assert list(kept["epochs"]) == [1, 2]
    np.testing.assert_array_equal(kept["input"], data.x_test[:10])
    np.testing.assert_array_equal(kept["labels"], data.y_test)
    x = np.float32(data.x_test / 255)[..., np.newaxis]
    outputs = model.encoder(x)
    codes = outputs[0] if kind is VAEConfiguration else outputs
    np.testing.assert_allclose(kept["z_mean"][-1], codes, atol=1e-6)
    for image, code in zip(kept["reconstructions"][-1], codes, strict=False):
        np.testing.assert_allclose(image, decode(model, code)[..., 0], atol=0.51)
    corners = {(-1, 1): (0, 0), (1, 1): (0, -1), (-1, -1): (-1, 0), (1, -1): (-1, -1)}
    cells = kept["canvas"][-1].reshape(SIDE, 16, SIDE, 16)
    for (x, y), (row, column) in corners.items():  # upwards and to the right
        image = decode(model, (2 * x, 2 * y))[..., 0]
        np.testing.assert_allclose(cells[row, :, column], image, atol=0.51)
    assert (kept["canvas"][0] != kept["canvas"][1]).any()


def test_conditional_model_in_colour_draws_one_class(colour_data, tmp_path):
    model = build(ConditionalVAEConfiguration(hidden=(8,)), colour_data)
    draw(tmp_path, model, colour_data, epochs=(0,))
    kept = training.read_snapshots(tmp_path)
    assert kept["canvas"].shape == (1, SIDE * 16, SIDE * 24, 3)
    assert kept["input"].shape == (10, 16, 24, 3)
    x, y = np.float32(colour_data.x_test / 255), colour_data.y_test
    z_mean, _ = model.encoder({"x": x, "y": y})
    np.testing.assert_allclose(kept["z_mean"][0], z_mean, atol=1e-6)
    for i, image in enumerate(kept["reconstructions"][0]):
        np.testing.assert_allclose(image, decode(model, z_mean[i], y[i]), atol=0.51)
    top_left = kept["canvas"][0, :16, :24]
    np.testing.assert_allclose(top_left, decode(model, (-2, 2), 3), atol=0.51)


@pytest.mark.parametrize(("classes", "label"), [(10, 3), (4, 3), (3, 2), (1, 0)])
def test_grid_is_of_the_fourth_class_or_else_the_last(classes, label):
    assert snapshots.grid_label(classes) == label


def test_more_latent_dimensions_have_reconstructions_only(data, tmp_path):
    model = build(VAEConfiguration(hidden=(8,), latent_dim=3), data)
    draw(tmp_path, model, data)
    kept = training.read_snapshots(tmp_path)
    assert set(kept) == {"epochs", "input", "reconstructions"}


@pytest.fixture
def model(data):
    return build(VAEConfiguration(hidden=(8,)), data)


def test_joined_file_has_what_the_separate_ones_had(model, data, tmp_path):
    callback = draw(tmp_path, model, data, epochs=(0, 1, 2))
    whole, first = (training.read_snapshots(tmp_path, epochs) for epochs in (None, 2))
    assert list(whole["epochs"]) == [1, 2, 3]
    assert list(first["epochs"]) == [1, 2]
    callback.join(3)
    assert [path.name for path in tmp_path.iterdir()] == [snapshots.FILE]
    assert_same(training.read_snapshots(tmp_path), whole)
    assert_same(training.read_snapshots(tmp_path, 2), first)
    with np.load(tmp_path / snapshots.FILE, allow_pickle=False) as saved:
        assert_same(dict(saved), whole)


def test_two_sessions_are_joined_and_the_later_one_counts(model, data, tmp_path):
    draw(tmp_path, model, data, epochs=(0, 1, 2)).join(3)
    before = training.read_snapshots(tmp_path)
    callback = draw(tmp_path, model, data, epochs=(2, 3))  # the third epoch again
    for _ in range(2):
        kept = training.read_snapshots(tmp_path)
        assert list(kept["epochs"]) == [1, 2, 3, 4]
        np.testing.assert_array_equal(kept["z_mean"][:2], before["z_mean"][:2])
        assert (kept["z_mean"][2] != before["z_mean"][2]).any()
        callback.join(4)


def test_epochs_after_the_last_one_are_left_out(model, data, tmp_path):
    draw(tmp_path, model, data, epochs=(0, 1, 2)).join(2)  # the third was interrupted
    assert list(training.read_snapshots(tmp_path)["epochs"]) == [1, 2]


def test_nothing_is_read_where_there_is_nothing(data, tmp_path):
    assert training.read_snapshots(tmp_path) == {}
    training.Snapshots(tmp_path, data).join(3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [lambda c: b"", lambda c: c[:100], lambda c: b"no"])
def test_damaged_file_is_left_out_with_a_warning(model, data, tmp_path, damage):
    draw(tmp_path, model, data, epochs=(0, 1, 2))
    path = tmp_path / snapshots.PARTS / "epoch-00002.npz"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.warns(UserWarning, match="epoch-00002.npz is damaged.*Received"):
        kept = training.read_snapshots(tmp_path)
    assert list(kept["epochs"]) == [1, 3]
    assert len(kept["canvas"]) == 2


def test_damaged_joined_file_leaves_later_epochs(model, data, tmp_path):
    draw(tmp_path, model, data, epochs=(0, 1)).join(2)
    draw(tmp_path, model, data, epochs=(2,))
    path = tmp_path / snapshots.FILE
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.warns(UserWarning, match="snapshots.npz is damaged"):
        kept = training.read_snapshots(tmp_path)
    assert list(kept["epochs"]) == [3]
    np.testing.assert_array_equal(kept["input"], data.x_test[:10])


def test_objects_are_not_unpickled(tmp_path):
    path = tmp_path / snapshots.FILE
    np.savez(path, epochs=np.array([{}]))
    with pytest.warns(UserWarning, match="allow_pickle=False"):
        assert training.read_snapshots(tmp_path) == {}


def test_interrupted_writing_leaves_no_half_file(model, data, tmp_path, monkeypatch):
    draw(tmp_path, model, data, epochs=(0,))
    savez, calls = np.savez_compressed, []

    def fail(stream, **arrays):
        calls.append(stream)
        savez(stream, **arrays)
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(KeyboardInterrupt):
        draw(tmp_path, model, data, epochs=(1,))
    assert calls
    names = [path.name for path in (tmp_path / snapshots.PARTS).iterdir()]
    assert names == ["epoch-00001.npz"]


@pytest.mark.parametrize("error", [ValueError("not finite"), MemoryError()])
def test_an_epoch_that_cannot_be_drawn_is_missing(model, data, tmp_path, error):
    callback = draw(tmp_path, model, data, epochs=(0,))

    def fail():
        raise error

    callback._draw, works = fail, callback._draw
    with pytest.warns(UserWarning, match=f"lack that epoch. .*{type(error).__name__}"):
        callback.on_epoch_end(1)
    callback._draw = works
    callback.on_epoch_end(2)
    assert list(training.read_snapshots(tmp_path)["epochs"]) == [1, 3]


def test_a_full_disk_is_an_error(model, data, tmp_path, monkeypatch):
    def fail(stream, **arrays):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="No space"):
        draw(tmp_path, model, data, epochs=(0,))
