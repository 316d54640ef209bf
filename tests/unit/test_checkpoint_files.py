"""The file of a checkpoint, of a model with three weights."""

import json

import numpy as np
import pytest
from tiny_model import assert_same, copy_state, make_tiny

from vae_utils.errors import Damaged, Diverged
from vae_utils.training import checkpoint_file

pytestmark = pytest.mark.core

METADATA = {"epoch": 1, "history": {"loss": [2.5]}}
DAMAGE = {
    "cut off": lambda contents: contents[: len(contents) // 2],
    "empty": lambda contents: b"",
    "zeros": lambda contents: b"\0" * len(contents),
    "overwritten": lambda contents: contents[:400] + b"\xff" * 64 + contents[464:],
    "header of an array": lambda contents: contents.replace(b"'shape'", b"'shipe'"),
    "directory": lambda contents: contents.replace(b"PK\x01\x02", b"PK\x01\x03"),
    "an error page": lambda contents: b"<html>404</html>",
}


@pytest.fixture
def model():
    return make_tiny()


@pytest.fixture
def path(tmp_path, model):
    path = checkpoint_file.path_of(tmp_path, 1)
    checkpoint_file.write(path, checkpoint_file.copy_state(model), METADATA)
    return path


def test_file_has_weights_noise_and_the_state_of_the_optimiser(model, path):
    saved = checkpoint_file.read(path)
    assert saved.pop("about") == {"format": 1, **METADATA}
    assert_same(saved, copy_state(model))
    encoder, decoder, optimizer = model.encoder, model.decoder, model.optimizer
    kept = {
        "encoder/000": encoder.kernel,
        "encoder/001": encoder.bias,
        "decoder/000": decoder.kernel,
        "model/000": model.noise.state,
    }
    kept |= {f"optimizer/{i:03d}": v for i, v in enumerate(optimizer.variables)}
    assert_same(saved, {name: np.array(v) for name, v in kept.items()})
    assert len(kept) == 4 + 2 + 2 * 3  # iteration, learning rate, two moments each


def test_epochs_are_listed_by_the_names_of_files(tmp_path):
    for name in ("00002", "00010", "123456", "3", "00004.npz", "abcde"):
        (tmp_path / f"epoch-{name}.npz").touch()
    (tmp_path / ".epoch-00005.npz.1a2b.unfinished").touch()
    (tmp_path / "epoch-00006.npz.damaged").touch()
    assert checkpoint_file.list_epochs(tmp_path) == [2, 10, 123456]
    assert checkpoint_file.path_of(tmp_path, 2).name == "epoch-00002.npz"
    assert checkpoint_file.list_epochs(tmp_path / "none") == []


def test_parts_are_read_with_the_metadata(path):
    assert set(checkpoint_file.read(path, ["decoder"])) == {"about", "decoder/000"}
    assert set(checkpoint_file.read(path, ())) == {"about"}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_and_foreign_files_are_refused(model, path, damage):
    contents = path.read_bytes()
    path.write_bytes(DAMAGE[damage](contents))
    assert path.read_bytes() != contents
    before = copy_state(model)
    message = "epoch-00001.npz is not a complete checkpoint. Received: "
    with pytest.raises(Damaged, match=message):
        checkpoint_file.read(path)
    with pytest.raises(ValueError, match=message):
        checkpoint_file.load_whole(model, path)
    assert_same(copy_state(model), before)


@pytest.mark.parametrize("about", ["{", "[1]", "{}", "null", "1", '"format"'])
def test_other_metadata_is_no_checkpoint(path, about):
    np.savez(path, about=np.array(about))
    with pytest.raises(Damaged, match="not a complete checkpoint"):
        checkpoint_file.read(path)
    np.savez(path, other=np.array(about))
    with pytest.raises(Damaged, match="not a complete checkpoint"):
        checkpoint_file.read(path)


def test_file_of_another_version_is_refused(path):
    np.savez(path, about=np.array(json.dumps({"format": 99})))
    message = "another version of vae_utils.*Received: format=99, not 1"
    with pytest.raises(ValueError, match=message) as error:
        checkpoint_file.read(path)
    assert not isinstance(error.value, Damaged)  # no earlier epoch should be taken


def test_objects_are_not_unpickled(model, path):
    about = np.array(json.dumps({"format": checkpoint_file.FORMAT}))
    np.savez(path, about=about, **{"decoder/000": np.array([{}])})
    with pytest.raises(ValueError, match="not a complete checkpoint. Received"):
        checkpoint_file.load_parts({"decoder": model.decoder}, path)


def test_file_that_is_too_large_is_not_unpacked(path, monkeypatch):
    np.savez_compressed(path, zeros=np.zeros(1000))
    monkeypatch.setattr(checkpoint_file, "MAX_BYTES", 500)
    monkeypatch.setattr(np, "load", None)  # not even opened
    with pytest.raises(Damaged, match="more than 500"):
        checkpoint_file.read(path)


def test_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        checkpoint_file.read(tmp_path / "epoch-00001.npz")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weight_that_is_not_finite_is_not_kept(model, value):
    model.encoder.bias.assign([value])
    message = "a weight became NaN or infinite. Received: encoder/001"
    with pytest.raises(Diverged, match=message):
        checkpoint_file.copy_state(model)


def test_copied_state_does_not_change_with_the_model(model):
    copied = checkpoint_file.copy_state(model)
    before = {name: np.copy(value) for name, value in copied.items()}
    for _, variable in checkpoint_file.state_of(model):
        variable.assign(np.ones(variable.shape, variable.dtype))
    assert_same(copied, before)


def test_model_is_loaded_without_noise_and_optimiser(model, path):
    other = make_tiny(seed=1)
    before = copy_state(other)
    checkpoint_file.load_whole(other, path)
    for name, value in copy_state(other).items():
        part = name.split("/")[0]
        expected = copy_state(model) if part in model.parts else before
        np.testing.assert_array_equal(value, expected[name], name)


def test_part_is_loaded_alone(model, path):
    other = make_tiny(seed=1)
    encoder = other.encoder.get_weights()
    checkpoint_file.load_parts({"decoder": other.decoder}, path)
    np.testing.assert_array_equal(other.decoder.kernel, model.decoder.kernel)
    for one, same in zip(encoder, other.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)


def test_other_architecture_is_refused_and_nothing_changes(path):
    other = make_tiny(width=2)
    before = copy_state(other)
    parts = {"encoder": other.encoder}, {"decoder": other.decoder}, other.parts
    for these in parts:
        first = next(iter(these))
        message = rf"another architecture.*Received: {first}/000 of shape"
        with pytest.raises(ValueError, match=message):
            checkpoint_file.load_parts(these, path)
    with pytest.raises(ValueError, match="another architecture.*encoder/000"):
        checkpoint_file.load_whole(other, path)
    with pytest.raises(ValueError, match="Received: prior/000 of shape none"):
        checkpoint_file.load_parts({"prior": other.decoder}, path)
    assert_same(copy_state(other), before)
