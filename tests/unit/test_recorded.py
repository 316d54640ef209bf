"""Recorded studies: how they are saved and read, and those of the package."""

import dataclasses
import hashlib
import json
import os
import types

import keras
import numpy as np
import pytest

from vae_utils import configurations, provenance, weights
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)
from vae_utils.errors import Damaged
from vae_utils.runs import recorded
from vae_utils.runs.results import Result

NAMES = recorded.list_studies()
MAX_FILE, MAX_ANIMATION, MAX_ALL = 1_000_000, 1_500_000, 20_000_000  # bytes

each_study = pytest.mark.parametrize("name", NAMES)


class Network:
    """Three weights, as Keras has them, without a layer."""

    def __init__(self, scale=1 / 3, shapes=((2, 3), (3,), ())):
        self.weights = [
            keras.Variable(np.full(shape, scale, np.float32)) for shape in shapes
        ]

    def get_weights(self):
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, values):
        for weight, value in zip(self.weights, values, strict=True):
            weight.assign(value)


def make_result(configuration=None, seed=1, **options):
    defaults = {
        "images": 80,
        "metrics": {"elbo": -1.25, "active_units": 2},
        "history": {"val_loss": [3.0, 2.0, 1.5]},
    }
    configuration = configuration or VAEConfiguration(epochs=3)
    return Result(configuration=configuration, seed=seed, **defaults | options)


def save(folder, **options):
    defaults = {
        "protocol": {"data": "bars", "measured": {"elbo": "each bar"}},
        "minutes": 1.5,
        "results": [make_result(seed=1), make_result(seed=2)],
    }
    return recorded.save_study("bars", **defaults | options, folder=folder)


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_study_comes_back_as_it_was_saved(tmp_path):
    folder = tmp_path / "new" / "folder"
    results = [
        make_result(
            VAEConfiguration(hidden=(3, 2), beta=0.1 + 0.2),
            commands=("train", "evaluate"),
            settings={"model": "vae"},
            minutes=0.1,
        ),
        make_result(ConditionalVAEConfiguration(), seconds=1 / 3, epochs=7, label="é"),
        make_result(ClassifierConfiguration()),
        make_result(AutoencoderConfiguration()),
    ]
    saved = save(folder, results=results)
    assert list(files_in(folder)) == ["bars/study.json"]
    study = recorded.load_study("bars", folder)
    assert study == saved
    assert study.results == tuple(results)
    assert study.protocol == {"data": "bars", "measured": {"elbo": "each bar"}}
    assert study.minutes == 1.5
    assert study.versions.keys() == {"python", *provenance.PACKAGES}
    assert study.hardware == provenance.hardware()
    assert study.files == {}


def test_only_what_says_something_new_is_written(tmp_path):
    save(tmp_path, results=[make_result(), make_result(epochs=4)])
    fields = json.loads((tmp_path / "bars" / "study.json").read_text())["results"]
    own = ["configuration", "seed", "images", "metrics", "history"]
    assert sorted(fields[0]) == sorted(own)
    assert fields[1]["epochs"] == 4
    names = {field.name for field in dataclasses.fields(VAEConfiguration)}
    assert set(fields[0]["configuration"]) == names | {"model"}


def test_a_field_of_a_later_version_gets_its_default(tmp_path):
    save(tmp_path)
    file = tmp_path / "bars" / "study.json"
    fields = json.loads(file.read_text())
    for result in fields["results"]:
        del result["configuration"]["prior"]
    file.write_text(json.dumps(fields))
    assert recorded.load_study("bars", tmp_path).values("prior") == ["standard-normal"]


def test_arrays_come_back_bit_for_bit(tmp_path):
    arrays = {
        "points": np.random.default_rng(0).normal(size=(5, 2)),
        "labels": np.arange(5, dtype=np.uint8),
        "empty": np.zeros((0, 3), np.float16),
    }
    save(tmp_path, arrays=arrays)
    loaded = recorded.load_arrays("bars", tmp_path)
    assert loaded.keys() == arrays.keys()
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)


def test_weights_come_back_rounded_to_float16(tmp_path):
    network, loaded = Network(), Network(scale=1.0)
    save(tmp_path, parts={"decoder": network})
    recorded.load_weights({"decoder": loaded}, "bars", tmp_path)
    kept = recorded.read_weights("bars", tmp_path)
    assert list(kept) == ["decoder/000", "decoder/001", "decoder/002"]
    for weight, exact, half in zip(
        loaded.get_weights(), network.get_weights(), kept.values(), strict=True
    ):
        assert (weight.dtype, half.dtype) == (np.float32, np.float16)
        np.testing.assert_array_equal(weight, exact.astype(np.float16))
        np.testing.assert_array_equal(weight, half)
        assert not np.array_equal(weight, exact)


def test_rounded_weights_come_back_unchanged(tmp_path):
    network, loaded = Network(), Network(scale=1.0)
    weights.round_weights(network)
    save(tmp_path, parts={"decoder": network})
    recorded.load_weights({"decoder": loaded}, "bars", tmp_path)
    for weight, exact in zip(loaded.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, exact)


def test_a_part_can_be_loaded_alone(tmp_path):
    parts = {"encoder": Network(shapes=[(4,)]), "decoder": Network()}
    save(tmp_path, parts=parts)
    loaded = Network(scale=1.0)
    recorded.load_weights({"decoder": loaded}, "bars", tmp_path)
    assert loaded.get_weights()[0][0, 0] == np.float16(1 / 3)


def test_a_whole_model_needs_all_parts_and_no_more(tmp_path):
    save(tmp_path, parts={"encoder": Network(), "decoder": Network()})
    model = types.SimpleNamespace(parts={"decoder": Network(scale=1.0)})
    with pytest.raises(ValueError, match="Received: encoder/000"):
        recorded.load_whole(model, "bars", tmp_path)
    assert model.parts["decoder"].get_weights()[2] == 1.0
    model.parts["encoder"] = Network(scale=1.0)
    recorded.load_whole(model, "bars", tmp_path)
    for part in model.parts.values():
        assert part.get_weights()[2] == np.float16(1 / 3)


@pytest.mark.parametrize(
    "shapes",
    [
        ((2, 3), (3,)),  # the file has one more
        ((2, 3), (3,), (), (1,)),  # the file has one fewer
        ((3, 2), (3,), ()),
    ],
)
def test_weights_of_another_network_change_nothing(tmp_path, shapes):
    save(tmp_path, parts={"encoder": Network(), "decoder": Network()})
    right, wrong = Network(scale=1.0), Network(scale=1.0, shapes=shapes)
    with pytest.raises(ValueError, match="study bars holds another.*Received: decoder"):
        recorded.load_weights({"encoder": right, "decoder": wrong}, "bars", tmp_path)
    for network in (right, wrong):
        for weight in network.get_weights():
            np.testing.assert_array_equal(weight, np.ones_like(weight))


def test_what_a_study_did_not_keep_is_refused(tmp_path):
    save(tmp_path)
    with pytest.raises(ValueError, match="has no arrays.npz. Received: name='bars'"):
        recorded.load_arrays("bars", tmp_path)
    with pytest.raises(ValueError, match="has no weights.npz. Received: name='bars'"):
        recorded.load_weights({"decoder": Network()}, "bars", tmp_path)
    with pytest.raises(ValueError, match="has no spread.gif. Received: name='bars'"):
        recorded.read_file("bars", "spread.gif", tmp_path)
    save(tmp_path, parts={"decoder": Network()})
    with pytest.raises(ValueError, match="encoder/000 of shape none"):
        recorded.load_weights({"encoder": Network()}, "bars", tmp_path)


@pytest.mark.parametrize("kind", ["arrays", "weights"])
def test_a_file_with_one_byte_changed_is_refused(tmp_path, kind):
    network = Network(scale=1.0)
    save(tmp_path, arrays={"a": np.arange(9)}, parts={"decoder": Network()})
    file = tmp_path / "bars" / f"{kind}.npz"
    contents = bytearray(file.read_bytes())
    contents[len(contents) // 2] ^= 1
    file.write_bytes(contents)
    with pytest.raises(Damaged, match=f"{kind}.npz is not the file.*SHA-256"):
        if kind == "arrays":
            recorded.load_arrays("bars", tmp_path)
        else:
            recorded.load_weights({"decoder": network}, "bars", tmp_path)
    assert network.get_weights()[2] == 1.0


def test_a_missing_file_is_named(tmp_path):
    save(tmp_path, animations={"spread.gif": b"GIF89a"})
    assert recorded.read_file("bars", "spread.gif", tmp_path) == b"GIF89a"
    (tmp_path / "bars" / "spread.gif").unlink()
    with pytest.raises(Damaged, match="spread.gif cannot be read.*Received: No such"):
        recorded.read_file("bars", "spread.gif", tmp_path)


def test_a_file_that_would_unpack_to_too_much_is_refused(tmp_path, monkeypatch):
    save(tmp_path, arrays={"a": np.zeros(1_000_000, np.uint8)})
    monkeypatch.setattr(recorded, "MAX_BYTES", 500_000)
    with pytest.raises(Damaged, match="1000128 bytes, more than 500000"):
        recorded.load_arrays("bars", tmp_path)


def test_a_missing_study_names_those_there_are(tmp_path):
    with pytest.raises(ValueError, match="there are none. Received: name='dots'"):
        recorded.load_study("dots", tmp_path)
    save(tmp_path)
    for load in (recorded.load_study, recorded.load_arrays):
        with pytest.raises(ValueError, match="there are bars. Received: name='dots'"):
            load("dots", tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "{}", '{"name": "bars"}', '{"results": [{}]}']
)
def test_a_json_that_is_not_a_study_is_refused(tmp_path, text):
    (tmp_path / "bars").mkdir()
    (tmp_path / "bars" / "study.json").write_text(text)
    with pytest.raises(ValueError, match="is not a study.*Received: name='bars'"):
        recorded.load_study("bars", tmp_path)


@pytest.mark.parametrize("where", ["study", "result", "configuration"])
def test_an_unknown_field_in_the_file_is_refused(tmp_path, where):
    save(tmp_path)
    file = tmp_path / "bars" / "study.json"
    fields = json.loads(file.read_text())
    result = fields["results"][0]
    places = {"study": fields, "result": result}
    places["configuration"] = result["configuration"]
    places[where]["surprise"] = 1
    file.write_text(json.dumps(fields))
    with pytest.raises(ValueError, match="is not a study.*surprise"):
        recorded.load_study("bars", tmp_path)


@pytest.mark.parametrize("failing", [1, 2])
def test_a_failure_to_pack_keeps_the_older_study(tmp_path, monkeypatch, failing):
    parts = {"decoder": Network()}
    save(tmp_path, arrays={"a": np.arange(3)}, parts=parts)
    before = files_in(tmp_path)
    pack, calls = np.savez_compressed, []

    def fail(*args, **kwargs):
        calls.append(args)
        if len(calls) == failing:
            raise OSError("No space left on device")
        pack(*args, **kwargs)

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, arrays={"a": np.arange(4)}, parts=parts)
    assert len(calls) == failing
    assert files_in(tmp_path) == before
    new = tmp_path / "new"
    calls.clear()
    with pytest.raises(OSError, match="No space left"):
        save(new, arrays={"a": np.arange(4)}, parts=parts)
    assert not new.exists()


@pytest.mark.parametrize("metric", [float("nan"), float("inf"), np.float32(1)])
def test_what_json_cannot_hold_keeps_the_older_study(tmp_path, metric):
    save(tmp_path, arrays={"a": np.arange(3)})
    before = files_in(tmp_path)
    results = [make_result(metrics={"elbo": metric})]
    with pytest.raises((ValueError, TypeError), match="JSON"):
        save(tmp_path, arrays={"a": np.arange(4)}, results=results)
    assert files_in(tmp_path) == before


def test_a_half_written_file_never_gets_its_name(tmp_path, monkeypatch):
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
        recorded.load_arrays("bars", tmp_path)["a"], np.arange(3)
    )


@each_study
def test_every_recorded_study_is_complete(name):
    study = recorded.load_study(name)
    assert study.name == name
    assert study.protocol.keys() >= {
        "data", "image_shape", "classes", "split", "measured",
    }  # fmt: skip
    assert study.hardware and study.minutes > 0
    backend = "jax" if "jax" in study.versions else "tensorflow"
    assert study.versions.keys() == {"python", backend, "keras", "numpy"}
    assert study.results
    for result in study.results:
        assert all(len(curve) > 0 for curve in result.history.values())
        assert all(np.isfinite(curve).all() for curve in result.history.values())
        assert result.metrics and np.isfinite(list(result.numbers.values())).all()
        assert result.images <= study.protocol["split"]["train"]


@each_study
def test_no_two_results_of_a_study_are_the_same_run(name):
    results = recorded.load_study(name).results
    runs = {
        (each.configuration, each.seed, each.images, each.label) for each in results
    }
    assert len(runs) == len(results)


@each_study
def test_a_label_is_only_where_no_field_tells_results_apart(name):
    for result in recorded.load_study(name).results:
        same = recorded.load_study(name).where(
            **dataclasses.asdict(result.configuration), images=result.images
        )
        assert result.label is None or len(same.models()) > 1


@each_study
def test_settings_agree_with_the_result(name):
    study = recorded.load_study(name)
    for result in study.results:
        if result.settings is None:
            assert recorded.WEIGHTS not in study.files
            continue
        settings = result.settings
        configuration = configurations.read(
            settings["model"], settings["configuration"]
        )
        assert (configuration, settings["seed"]) == (result.configuration, result.seed)
        for name in ("image_shape", "classes"):
            assert settings[name] == study.protocol[name]


@each_study
def test_every_recorded_file_is_the_one_that_was_recorded(name):
    for file, sha256 in recorded.load_study(name).files.items():
        path = recorded.FOLDER / name / file
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        if path.suffix == ".gif":
            assert path.stat().st_size <= MAX_ANIMATION
            assert recorded.read_file(name, file).startswith(b"GIF89a")
            continue
        read = recorded.load_arrays
        if file == recorded.WEIGHTS:
            read = recorded.read_weights
        else:
            assert path.stat().st_size <= MAX_FILE
        arrays = read(name)
        assert arrays
        for array in arrays.values():
            assert np.isfinite(array.astype(float)).all()
            assert file != recorded.WEIGHTS or array.dtype == np.float16


def test_the_folder_has_studies_and_nothing_else():
    expected = {f"{name}/study.json" for name in NAMES}
    for name in NAMES:
        expected |= {f"{name}/{file}" for file in recorded.load_study(name).files}
    contents = files_in(recorded.FOLDER)
    assert set(contents) == expected
    assert sum(map(len, contents.values())) <= MAX_ALL


def test_validation_images_rank_numbers_of_dimensions_as_test_images_do():
    study = recorded.load_study("fc_vae_sizes")  # chapter 2 says so
    for seed in {result.seed for result in study.results}:
        some = study.where(seed=seed)
        losses = np.array([curve[-1] for curve in some.curves("val_loss")])
        assert np.argsort(losses).tolist() == np.argsort(-some["elbo"]).tolist()
