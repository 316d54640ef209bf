"""The store of weights, on a network with three weights."""

import io
import pickle

import keras
import numpy as np
import pytest

from vae_utils import weights
from vae_utils.errors import Damaged

LIMIT = 1_000_000  # bytes, in tests that are not about it


class Network:
    """Three weights, as Keras has them, without a layer."""

    def __init__(self, scale=1.0, shapes=((2, 3), (3,), ())):
        self.weights = [
            keras.Variable(np.full(shape, scale, np.float32)) for shape in shapes
        ]

    def get_weights(self):
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, values):
        for weight, value in zip(self.weights, values, strict=True):
            weight.assign(value)


class Exploit:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.fixture
def arrays():
    return {
        "metadata": np.array('{"format": 1}'),
        "decoder/000": np.arange(6, dtype=np.float16).reshape(2, 3),
        "decoder/001": np.zeros((0, 2)),
        "encoder/000": np.arange(9, dtype=np.uint32),
    }


@pytest.fixture
def path(tmp_path, arrays):
    file = tmp_path / "some.npz"
    file.write_bytes(weights.pack(arrays))
    return file


def names(network, part="decoder"):
    return dict(weights.numbered(part, network))


def values_of(network):
    return {name: v.numpy() for name, v in weights.numbered("decoder", network)}


@pytest.mark.parametrize("compressed", [True, False])
def test_arrays_come_back_bit_for_bit_and_in_order(tmp_path, arrays, compressed):
    path = tmp_path / "some.npz"
    path.write_bytes(weights.pack(arrays, compressed=compressed))
    read = weights.read(path, max_bytes=LIMIT)
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)


def test_files_are_those_of_numpy(arrays):
    stream, expected = io.BytesIO(), io.BytesIO()
    weights.write(stream, arrays)
    np.savez(expected, **arrays)
    assert stream.getvalue() == expected.getvalue()


def test_chosen_parts_are_read_with_what_belongs_to_no_part(path):
    read = weights.read(path, max_bytes=LIMIT, parts=["encoder"])
    assert list(read) == ["metadata", "encoder/000"]
    assert list(weights.read(path, max_bytes=LIMIT, parts=())) == ["metadata"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda contents: b"",
        lambda contents: contents[: len(contents) // 2],
        lambda contents: b"\0" * len(contents),
        lambda contents: contents.replace(b"PK\x01\x02", b"PK\x01\x03"),
        lambda contents: pickle.dumps([1, 2]),
        lambda contents: b"an error page",
    ],
)
def test_damaged_and_foreign_files_are_refused(path, damage):
    path.write_bytes(damage(path.read_bytes()))
    message = "some.npz is not a complete file of arrays. Received: "
    with pytest.raises(Damaged, match=message):
        weights.read(path, max_bytes=LIMIT)


def test_the_message_names_the_kind_of_file(path):
    path.write_bytes(b"")
    with pytest.raises(Damaged, match="not a complete checkpoint"):
        weights.read(path, max_bytes=LIMIT, kind="checkpoint")


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        weights.read(tmp_path / "none.npz", max_bytes=LIMIT)
    with pytest.raises(FileNotFoundError):
        weights.read_verified(tmp_path / "none.npz", "0")


def test_another_file_than_the_recorded_one_is_refused(path):
    expected = weights.sha256(path.read_bytes())
    assert len(weights.read(path, max_bytes=LIMIT, expected=expected)) == 4
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(contents)
    with pytest.raises(Damaged, match=f"is not the file.*SHA-256 .*, not {expected}"):
        weights.read(path, max_bytes=LIMIT, expected=expected)


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "some.npz"
    path.write_bytes(weights.pack({"a": np.zeros(1_000_000, np.uint8)}))
    assert path.stat().st_size < 5000
    monkeypatch.setattr(np, "load", None)  # not even opened
    with pytest.raises(Damaged, match="Received: 1000128 bytes, more than 500000"):
        weights.read(path, max_bytes=500_000)


def test_objects_are_never_unpickled(tmp_path):
    victim, path = tmp_path / "victim", tmp_path / "some.npz"
    with open(path, "wb") as stream:
        np.savez(stream, a=np.array([Exploit(victim)], dtype=object))
    with pytest.raises(Damaged, match="allow_pickle=False"):
        weights.read(path, max_bytes=LIMIT)
    assert not victim.exists()
    with open(path, "rb") as stream, np.load(stream, allow_pickle=True) as loaded:
        loaded["a"][0].close()  # the exploit would have worked
    assert victim.exists()


def test_weights_are_numbered_by_part():
    assert list(names(Network())) == ["decoder/000", "decoder/001", "decoder/002"]


def test_more_than_ten_weights_keep_their_order():
    network = Network(shapes=[(1,)] * 12)
    assert list(names(network)) == sorted(names(network))


def test_assigned_weights_are_those_saved():
    source, target = Network(scale=2.0), Network(scale=1.0)
    weights.assign(weights.numbered("decoder", target), values_of(source), "this file")
    for one, other in zip(source.get_weights(), target.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda saved: saved.pop("decoder/001"), r"decoder/001 of shape none.*\(3,\)"),
        (lambda saved: saved.update({"decoder/003": np.ones(2)}), r"003.*\(2,\).*none"),
        (lambda saved: saved.update({"encoder/000": np.ones(2)}), "encoder/000"),
        (
            lambda saved: saved.update({"decoder/002": np.ones(2)}),
            r"decoder/002 of shape \(2,\), where the network has \(\)",
        ),
        (lambda saved: saved.update({"decoder/002": np.array("x")}), "dtype <U1"),
        (lambda saved: saved.clear(), "decoder/000 of shape none"),
    ],
)
def test_other_weights_change_nothing(change, message):
    network = Network()
    saved = values_of(Network(scale=2.0))
    change(saved)
    with pytest.raises(ValueError, match=f"^this file .*Received: .*{message}"):
        weights.assign(weights.numbered("decoder", network), saved, "this file")
    for weight in network.get_weights():
        np.testing.assert_array_equal(weight, np.ones_like(weight))


def test_rounded_weights_are_those_that_are_kept():
    network = Network(scale=1 / 3)
    exact = network.get_weights()
    kept = weights.round_parts({"decoder": network})
    assert list(kept) == list(names(network))
    assert all(value.dtype == np.float16 for value in kept.values())
    weights.round_weights(network)
    for weight, value, before in zip(
        network.get_weights(), kept.values(), exact, strict=True
    ):
        assert weight.dtype == np.float32
        np.testing.assert_array_equal(weight, value.astype(np.float32))
        assert not np.array_equal(weight, before)
