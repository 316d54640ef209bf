"""Every format holds what every model, network, likelihood and prior computes."""

import json
import zipfile

import keras
import numpy as np
import pytest
from keras import ops
from optional import require_format

from vae_utils import models
from vae_utils.configurations import (
    ARCHITECTURES,
    LIKELIHOODS,
    MODELS,
    PRIORS,
    configuration_class,
)
from vae_utils.export import checking, formats, reader
from vae_utils.export.functions import build_function, lacks
from vae_utils.export.standalone import without_own_layers

SHAPE = {"image_shape": (20, 17, 3), "classes": 4}
SMALL = {"hidden": (5,), "filters": (3,), "samples": 2}
SMALL |= {"codes": 8, "code_dim": 4, "width": 4}
SMALL |= {"prior_width": 8, "prior_heads": 2}
METADATA = {"name": "café", "batch_size": None, "classes": ["a", "b"], "beta": 1.0}


def list_kinds():
    """Lists models so that each likelihood, network and prior is part of one."""
    coding = [name for name in MODELS if name != "classifier"]
    parts = {"likelihood": LIKELIHOODS, "encoder": ARCHITECTURES, "prior": PRIORS}
    for i in range(max(map(len, (coding, *parts.values())))):
        model = coding[i % len(coding)]
        fields = {name: list(each)[i % len(each)] for name, each in parts.items()}
        known = configuration_class(model).__dataclass_fields__
        fields["decoder"] = fields["encoder"]
        yield model, {name: v for name, v in fields.items() if name in known}
    yield "classifier", {}


KINDS = list(list_kinds())


def build(model, fields):
    kind = configuration_class(model)
    known = kind.__dataclass_fields__
    small = {name: value for name, value in SMALL.items() if name in known}
    built = models.build(kind(**small | fields), **SHAPE, seed=3)
    for part in built.parts.values():
        for variable in part.weights:  # biases begin as zeros
            noise = 0.1 * keras.random.normal(variable.shape, seed=1)
            variable.assign_add(ops.cast(noise, variable.dtype))
    return built


def build_functions(model, batch_size=None):
    names = ["score", "classify", "sample", "find_codes"]
    names += ["decode_codes", "predict_codes"]
    names = [name for name in names if not lacks(model, name)]
    return {
        name: without_own_layers(build_function(model, name, batch_size=batch_size))
        for name in names
    }


@pytest.fixture(
    scope="module",
    params=KINDS,
    ids=lambda kind: "-".join((kind[0], *kind[1].values())),
)
def model(request):
    name, fields = request.param
    return build(name, fields)


@pytest.fixture(scope="module")
def functions(model):
    return build_functions(model)


@pytest.fixture(scope="module")
def cases(model, functions):
    return checking.make_cases(model, functions, "uint8", None)


@pytest.mark.parametrize("kind", [name for name in formats.FORMATS if name != "js"])
def test_a_format_computes_what_the_model_does(kind, model, functions, cases, tmp_path):
    require_format(kind)
    formats.write(kind, functions, METADATA, tmp_path / kind)
    run = getattr(reader, f"open_{kind}")(tmp_path / kind)
    found = {
        key: {name: np.asarray(value) for name, value in run(key[0], inputs).items()}
        for key, inputs in cases.items()
    }
    checking.compare(kind, found, checking.compute(model, cases), model)


def test_javascript_computes_what_the_model_does(model, functions, cases, tmp_path):
    require_format("js")
    formats.write("js", functions, METADATA, tmp_path / "js")
    found = checking.run("js", tmp_path / "js", cases)
    checking.compare("js", found, checking.compute(model, cases), model)


@pytest.fixture(scope="module")
def vae():
    return build("cvae", {})


@pytest.fixture(scope="module")
def fixed(vae):
    return build_functions(vae, batch_size=2)


@pytest.mark.parametrize("kind", [name for name in formats.FORMATS if name != "js"])
def test_the_number_of_examples_can_be_fixed(kind, vae, fixed, tmp_path):
    require_format(kind)
    formats.write(kind, fixed, METADATA, tmp_path / kind)
    run = getattr(reader, f"open_{kind}")(tmp_path / kind)
    cases = checking.make_cases(vae, fixed, "uint8", 2)
    assert {len(each["y"]) for each in cases.values()} == {2}
    found = {key: run(key[0], inputs) for key, inputs in cases.items()}
    found = {
        k: {n: np.asarray(v) for n, v in each.items()} for k, each in found.items()
    }
    checking.compare(kind, found, checking.compute(vae, cases), vae)


ORDER = ["neg_elbo", "nll", "kl", "mse"]


def test_onnx_keeps_the_order_and_has_the_metadata(fixed, tmp_path):
    require_format("onnx")
    import onnxruntime

    formats.write("onnx", fixed, METADATA, tmp_path / "onnx")
    session = onnxruntime.InferenceSession(tmp_path / "onnx" / "score.onnx")
    assert [each.name for each in session.get_inputs()] == ["x", "eps", "y"]
    assert [each.name for each in session.get_outputs()] == ORDER
    assert session.get_inputs()[0].shape == [2, 20, 17, 3]
    about = session.get_modelmeta()
    assert about.custom_metadata_map["name"] == "café"
    assert json.loads(about.custom_metadata_map["classes"]) == ["a", "b"]
    assert about.graph_name == "score"


@pytest.mark.parametrize("kind", ["savedmodel", "onnx", "litert"])
def test_a_wrong_type_of_pixels_is_refused(kind, vae, tmp_path):
    require_format(kind)
    functions = {"encode": build_function(vae, "encode")}
    x, y = np.zeros((1, 20, 17, 3), np.float32), np.zeros(1, np.int32)
    formats.write(kind, functions, METADATA, tmp_path / kind)
    run = getattr(reader, f"open_{kind}")(tmp_path / kind)
    with pytest.raises(Exception, match="(?i)uint8"):
        run("encode", {"x": x, "y": y})


def test_keras_files_keep_the_order_and_have_the_metadata(fixed, tmp_path):
    formats.write("keras", fixed, METADATA, tmp_path / "keras")
    path = tmp_path / "keras" / "score.keras"
    loaded = keras.saving.load_model(path)
    assert [tensor.name for tensor in loaded.inputs] == ["x", "eps", "y"]
    assert list(loaded.output) == ORDER
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("vae_utils.json")) == METADATA


def test_a_saved_model_has_the_metadata_and_weights_once(vae, tmp_path):
    import tensorflow as tf

    functions = {n: build_function(vae, n) for n in ("encode", "reconstruct", "score")}
    formats.write("savedmodel", functions, METADATA, tmp_path / "savedmodel")
    extra = tmp_path / "savedmodel" / "assets.extra" / "vae_utils.json"
    assert json.loads(extra.read_text(encoding="utf-8")) == METADATA
    prefix = tmp_path / "savedmodel" / "variables" / "variables"
    reader = tf.train.load_checkpoint(str(prefix))
    sizes = reader.get_variable_to_shape_map().values()
    kept = sum(int(np.prod(shape)) for shape in sizes)
    assert kept == pytest.approx(models.count_parameters(vae), abs=len(sizes))


def test_a_litert_file_has_the_metadata(fixed, tmp_path):
    require_format("litert")
    from ai_edge_litert.tools import flatbuffer_utils

    formats.write("litert", fixed, METADATA, tmp_path / "litert")
    contents = (tmp_path / "litert" / "model.tflite").read_bytes()
    read = flatbuffer_utils.convert_bytearray_to_object(bytearray(contents))
    (entry,) = [each for each in read.metadata if each.name == b"vae_utils"]
    text = bytes(read.buffers[entry.buffer].data).decode()
    assert json.loads(text) == METADATA


def test_all_missing_packages_are_named_in_one_sentence(monkeypatch):
    absent = {"tf2onnx", "onnxruntime", "ai_edge_litert"}
    monkeypatch.setattr(
        formats.importlib.util, "find_spec", lambda n: None if n in absent else n
    )
    formats.check_available(("keras", "savedmodel"), "tensorflow")
    with pytest.raises(formats.Unavailable) as refused:
        formats.check_available(("keras", "onnx", "litert"), "tensorflow")
    assert str(refused.value) == (
        "Packages are missing that formats need; install them: pip install onnxruntime "
        "tf2onnx ai-edge-litert. Received: onnx without onnxruntime, tf2onnx; litert "
        "without ai-edge-litert"
    )


def test_a_script_needs_what_runs_it(monkeypatch):
    monkeypatch.setattr(formats.shutil, "which", lambda name: None)
    with pytest.raises(formats.Unavailable, match="install Node.js or Chromium"):
        formats.check_available(("js",), "tensorflow")


def test_some_formats_are_made_on_tensorflow():
    formats.check_available(("keras", "js"), "jax")
    sentence = "savedmodel, onnx files .* KERAS_BACKEND=tensorflow, .*BACKEND=jax"
    with pytest.raises(formats.Unavailable, match=sentence):
        formats.check_available(("keras", "savedmodel", "onnx"), "jax")


@pytest.mark.parametrize("kind", ["onnx", "litert"])
def test_an_operation_that_a_format_lacks_is_named(kind, tmp_path):
    require_format(kind)
    x = keras.Input((4,), name="x")
    function = keras.Model([x], {"result": ops.real(ops.fft((x, x))[0])})
    with pytest.raises(ValueError, match=f"leave out the format {kind}.*Received: .+"):
        formats.write(kind, {"result": function}, METADATA, tmp_path / kind)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"nll": 0.1}, "do not compute.*Received: nll of score, 0.1 apart"),
        ({"mse": np.nan}, "the model computes. Received: mse of score, nan"),
        ({"mse": None}, "lack an output. Received: mse of score with shape None"),
    ],
)
def test_other_numbers_are_refused(vae, changed, message):
    cases = checking.make_cases(vae, ["score"], "uint8", None)
    expected = checking.compute(vae, cases)
    found = {key: dict(outputs) for key, outputs in expected.items()}
    checking.compare("onnx", found, expected, vae)
    for name, difference in changed.items():
        if difference is None:
            del found["score", "1"][name]
        else:
            found["score", "1"][name] = found["score", "1"][name] + difference
    with pytest.raises(checking.Different, match=message):
        checking.compare("onnx", found, expected, vae)
