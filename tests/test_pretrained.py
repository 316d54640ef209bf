import dataclasses
import hashlib
import json
import os
import pickle
import zipfile

import numpy as np
import pytest

from vae_utils import networks, pretrained, provenance

RUNS = sorted(path.stem for path in pretrained.FOLDER.glob("*.json"))
SHAPE = (2, 2, 1)


def build_parts(seed=0, latent_dim=2):
    """An encoder and a decoder, of random weights that float16 cannot hold."""
    rng = np.random.default_rng(seed)
    parts = {
        "encoder": networks.build_fc_encoder(latent_dim, (3,), image_shape=SHAPE),
        "decoder": networks.build_fc_decoder(latent_dim, (3,), image_shape=SHAPE),
    }
    for network in parts.values():
        network.set_weights([rng.normal(size=w.shape) for w in network.weights])
    return parts


def save(folder, **options):
    defaults = {
        "protocol": {"data": "bars", "seeds": [1, 2]},
        "minutes": 1.5,
        "history": {"nll": [2.0, 1.0]},
        "metrics": {"elbo": [-1.25, -1.5], "rmse": 0.125},
    }
    return pretrained.save_run("bars", **defaults | options, folder=folder)


def forge(folder, kind, contents):
    """Puts a file in the place of a recorded one, with a SHA-256 that fits."""
    (folder / f"bars.{kind}.npz").write_bytes(contents)
    run = json.loads((folder / "bars.json").read_text())
    run["files"][f"bars.{kind}.npz"] = hashlib.sha256(contents).hexdigest()
    (folder / "bars.json").write_text(json.dumps(run))


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_run_comes_back_as_it_was_saved(tmp_path):
    folder = tmp_path / "new" / "folder"
    saved = save(folder)
    assert list(files_in(folder)) == ["bars.json"]
    run = pretrained.load_run("bars", folder)
    assert run == saved
    assert run.name == "bars"
    assert run.protocol == {"data": "bars", "seeds": [1, 2]}
    assert run.minutes == 1.5
    assert run.history == {"nll": [2.0, 1.0]}
    assert run.metrics == {"elbo": [-1.25, -1.5], "rmse": 0.125}
    assert run.versions["numpy"] == np.__version__
    assert run.versions.keys() == {"python", "tensorflow", "keras", "numpy"}
    assert f"{os.cpu_count()} cores" in run.hardware
    assert run.files == {}


def test_arrays_come_back_to_the_bit(tmp_path):
    arrays = {
        "points": np.random.default_rng(0).normal(size=(5, 2)),
        "labels": np.arange(5, dtype=np.uint8),
        "empty": np.zeros((0, 3), np.float16),
    }
    save(tmp_path, arrays=arrays)
    loaded = pretrained.load_arrays("bars", tmp_path)
    assert loaded.keys() == arrays.keys()
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)


def test_weights_come_back_rounded_to_float16(tmp_path):
    parts, loaded = build_parts(0), build_parts(1)
    save(tmp_path, parts=parts)
    pretrained.load_weights(loaded, "bars", tmp_path)
    for part, network in parts.items():
        for weight, exact in zip(
            loaded[part].get_weights(), network.get_weights(), strict=True
        ):
            assert weight.dtype == np.float32
            np.testing.assert_array_equal(weight, exact.astype(np.float16))
            assert not np.array_equal(weight, exact)


def test_rounded_networks_are_those_that_come_back(tmp_path):
    parts, loaded = build_parts(0), build_parts(1)
    pretrained.round_weights(*parts.values())
    save(tmp_path, parts=parts)
    pretrained.load_weights(loaded, "bars", tmp_path)
    rng = np.random.default_rng(2)
    x, z = rng.normal(size=(5, *SHAPE)), rng.normal(size=(5, 2))
    for part, values in (("encoder", x), ("decoder", z)):
        here, there = parts[part](values), loaded[part](values)
        np.testing.assert_array_equal(np.array(here), np.array(there))


def test_more_than_ten_weights_keep_their_order(tmp_path):
    deep, loaded = (
        networks.build_fc_decoder(1, (1,) * 11, image_shape=(1, 1, 1)) for _ in range(2)
    )
    numbers = [np.full(w.shape, i) for i, w in enumerate(deep.weights)]
    deep.set_weights(numbers)
    save(tmp_path, parts={"deep": deep})
    pretrained.load_weights({"deep": loaded}, "bars", tmp_path)
    assert all(map(np.array_equal, loaded.get_weights(), numbers))


def test_a_decoder_can_be_loaded_alone(tmp_path):
    parts, loaded = build_parts(0), build_parts(1)
    untouched = loaded["encoder"].get_weights()
    save(tmp_path, parts=parts)
    pretrained.load_weights({"decoder": loaded["decoder"]}, "bars", tmp_path)
    for weight, exact in zip(
        loaded["decoder"].get_weights(), parts["decoder"].get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, exact.astype(np.float16))
    assert all(map(np.array_equal, loaded["encoder"].get_weights(), untouched))


@pytest.mark.parametrize("kind", ["arrays", "weights"])
def test_a_file_with_one_byte_changed_is_refused(tmp_path, kind):
    parts = build_parts(1)
    before = [w for network in parts.values() for w in network.get_weights()]
    save(tmp_path, arrays={"a": np.arange(9)}, parts=build_parts())
    file = tmp_path / f"bars.{kind}.npz"
    contents = bytearray(file.read_bytes())
    contents[len(contents) // 2] ^= 1
    file.write_bytes(contents)
    with pytest.raises(ValueError, match=f"bars.{kind}.npz is not the file.*SHA-256"):
        if kind == "arrays":
            pretrained.load_arrays("bars", tmp_path)
        else:
            pretrained.load_weights(parts, "bars", tmp_path)
    after = [w for network in parts.values() for w in network.get_weights()]
    assert all(map(np.array_equal, before, after))


def test_weights_for_another_network_change_nothing(tmp_path):
    save(tmp_path, parts=build_parts())
    right, wrong = build_parts(1), build_parts(1, latent_dim=3)
    parts = {"encoder": right["encoder"], "decoder": wrong["decoder"]}
    before = [w for network in parts.values() for w in network.get_weights()]
    message = r"'decoder' in 'bars' are for another.*Received: .*\(3, 3\).*\(2, 3\)"
    with pytest.raises(ValueError, match=message):
        pretrained.load_weights(parts, "bars", tmp_path)
    after = [w for network in parts.values() for w in network.get_weights()]
    assert all(map(np.array_equal, before, after))


def test_what_a_run_did_not_keep_is_refused(tmp_path):
    save(tmp_path)
    with pytest.raises(ValueError, match="keeps no arrays.npz. Received: name='bars'"):
        pretrained.load_arrays("bars", tmp_path)
    with pytest.raises(ValueError, match="keeps no weights.npz. Received: name='bars'"):
        pretrained.load_weights(build_parts(), "bars", tmp_path)
    parts = build_parts()
    save(tmp_path, parts={"decoder": parts["decoder"]})
    with pytest.raises(ValueError, match=r"'encoder'.*recorded shapes \[\]"):
        pretrained.load_weights(parts, "bars", tmp_path)


def test_a_missing_run_names_those_there_are(tmp_path):
    with pytest.raises(ValueError, match=r"there are \[\]. Received: 'dots'"):
        pretrained.load_run("dots", tmp_path)
    save(tmp_path)
    for load in (pretrained.load_run, pretrained.load_arrays):
        with pytest.raises(ValueError, match=r"there are \['bars'\]. Received: 'dots'"):
            load("dots", tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"name": "bars"}'])
def test_a_json_that_is_no_run_is_refused(tmp_path, text):
    (tmp_path / "bars.json").write_text(text)
    with pytest.raises(ValueError, match="not a recorded run.*Received: name='bars'"):
        pretrained.load_run("bars", tmp_path)


def test_a_run_with_a_field_too_many_is_refused(tmp_path):
    fields = dataclasses.asdict(save(tmp_path)) | {"surprise": 1}
    (tmp_path / "bars.json").write_text(json.dumps(fields))
    with pytest.raises(ValueError, match="not a recorded run.*surprise"):
        pretrained.load_run("bars", tmp_path)


class Exploit:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickled_object_is_refused_unread(tmp_path):
    victim = tmp_path / "victim"
    save(tmp_path, arrays={"a": np.arange(3)})
    source = tmp_path / "forged"
    with open(source, "wb") as file:
        np.savez(file, a=np.array([Exploit(victim)], dtype=object))
    forge(tmp_path, "arrays", source.read_bytes())
    with pytest.raises(ValueError, match="allow_pickle=False"):
        pretrained.load_arrays("bars", tmp_path)
    assert not victim.exists()
    with open(source, "rb") as file, np.load(file, allow_pickle=True) as arrays:
        arrays["a"][0].close()  # the exploit would have worked
    assert victim.exists()


def test_a_bare_pickle_is_refused_unread(tmp_path):
    victim = tmp_path / "victim"
    save(tmp_path, arrays={"a": np.arange(3)})
    forge(tmp_path, "arrays", pickle.dumps(Exploit(victim)))
    with pytest.raises(zipfile.BadZipFile):
        pretrained.load_arrays("bars", tmp_path)
    assert not victim.exists()


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    zeros = {"a": np.zeros(1_000_000, np.uint8)}
    save(tmp_path, arrays=zeros)
    assert (tmp_path / "bars.arrays.npz").stat().st_size < 5000
    monkeypatch.setattr(pretrained.npz, "MAX_BYTES", 500_000)
    monkeypatch.setattr(np, "load", None)  # not even opened
    with pytest.raises(ValueError, match="at most 500000 bytes. Received: 1000128"):
        pretrained.load_arrays("bars", tmp_path)


@pytest.mark.parametrize("failing", [1, 2])
def test_a_failure_to_pack_leaves_the_older_run_whole(tmp_path, monkeypatch, failing):
    save(tmp_path, arrays={"a": np.arange(3)}, parts=build_parts())
    before = files_in(tmp_path)
    pack, calls = np.savez_compressed, []

    def fail(*args, **kwargs):
        calls.append(args)
        if len(calls) == failing:
            raise OSError("No space left on device")
        pack(*args, **kwargs)

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, arrays={"a": np.arange(4)}, parts=build_parts())
    assert len(calls) == failing
    assert files_in(tmp_path) == before
    new = tmp_path / "new"
    calls.clear()
    with pytest.raises(OSError, match="No space left"):
        save(new, arrays={"a": np.arange(4)}, parts=build_parts())
    assert not new.exists() or not files_in(new)


@pytest.mark.parametrize("metric", [float("nan"), float("inf"), np.float32(1)])
def test_what_json_cannot_hold_leaves_the_older_run_whole(tmp_path, metric):
    save(tmp_path, arrays={"a": np.arange(3)})
    before = files_in(tmp_path)
    with pytest.raises((ValueError, TypeError), match="JSON"):
        save(tmp_path, arrays={"a": np.arange(4)}, metrics={"elbo": metric})
    assert files_in(tmp_path) == before


def test_half_a_file_is_never_seen_under_its_name(tmp_path, monkeypatch):
    save(tmp_path, arrays={"a": np.arange(3)})
    before = files_in(tmp_path)

    def fill(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", fill)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, arrays={"a": np.arange(4)})
    monkeypatch.undo()
    after = files_in(tmp_path)
    assert {name: after[name] for name in before} == before
    assert not [name for name in after.keys() - before if name.endswith("npz")]
    np.testing.assert_array_equal(
        pretrained.load_arrays("bars", tmp_path)["a"], np.arange(3)
    )


def test_a_band_is_centred_on_the_mean():
    assert pretrained.band([1.0, 3.0], width=1) == pytest.approx(
        (2 - 2**0.5, 2 + 2**0.5)
    )
    low, high = pretrained.band([5.0, 5.0, 5.0])
    assert low == high == 5.0
    narrow, wide = (pretrained.band([1, 2, 4], width=width) for width in (2, 4))
    assert np.ptp(wide) == pytest.approx(2 * np.ptp(narrow))
    low, high = pretrained.band([1, 2, 4])
    assert low < 1 < 4 < high


@pytest.mark.parametrize("name", RUNS)
def test_every_recorded_run_is_whole(name):
    run = pretrained.load_run(name)
    assert run.name == name
    assert run.protocol
    assert run.hardware
    assert run.minutes > 0
    assert run.versions.keys() >= {"python", *provenance.PACKAGES}
    for values in run.history.values():
        assert len(values) > 0
        assert np.isfinite(values).all()
    for value in run.metrics.values():
        assert np.isfinite(value).all()
    for file, sha256 in run.files.items():
        path = pretrained.FOLDER / file
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        if path.suffix == ".gif":
            assert path.stat().st_size <= 1_500_000
            assert path.read_bytes().startswith(b"GIF89a")
            assert pretrained.read_file(name, file.removeprefix(f"{name}."))
            continue
        with np.load(path, allow_pickle=False) as arrays:
            assert arrays.files
            for array in arrays.values():
                if file.endswith(".weights.npz"):
                    assert array.dtype == np.float16
                assert np.isfinite(array.astype(float)).all()
        if file.endswith(".arrays.npz"):
            assert path.stat().st_size <= 1_000_000
            assert pretrained.load_arrays(name)


def test_the_folder_holds_recorded_runs_and_nothing_else():
    recorded = {f"{name}.json" for name in RUNS}
    for name in RUNS:
        recorded |= pretrained.load_run(name).files.keys()
    data = {
        path
        for ending in ("json", "npz", "gif")
        for path in pretrained.FOLDER.glob(f"*.{ending}")
    }
    assert {path.name for path in data} == recorded
    assert sum(path.stat().st_size for path in data) <= 12_000_000
