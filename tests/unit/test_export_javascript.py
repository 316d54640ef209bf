"""The script of plain JavaScript computes what Keras does, layer by layer."""

import json
import os
import re
import subprocess

import find_browser
import keras
import numpy as np
import pytest
from keras import layers, ops

from vae_utils.export import formats
from vae_utils.export.javascript import checking, graph, script
from vae_utils.export.javascript.operations import ACTIVATIONS, OPERATIONS

IMAGE = (7, 5, 4)
SAME = {"padding": "same"}


def on_images(*stack):
    """Makes a function of images of a few layers."""

    def compute(x):
        for layer in stack:
            x = layer(x)
        return x

    return IMAGE, compute


def on_numbers(compute, shape=(6,)):
    """Makes a function of numbers, between −2 and 2."""
    return shape, compute


def compute_each(x):
    size = ops.abs(x) + 0.1
    return ops.concatenate(
        [
            size,
            ops.ceil(x),
            ops.floor(x),
            ops.exp(x),
            ops.expm1(x),
            ops.log(size),
            ops.log1p(size),
            -x,
            ops.round(4 * x) / 4,
            ops.rsqrt(size),
            ops.sqrt(size),
            ops.square(x),
            ops.sign(x),
            ops.sigmoid(x),
            ops.tanh(x),
            ops.reciprocal(size),
            ops.ones_like(x) - ops.zeros_like(x),
            ops.clip(x, -0.5, 1.0),
            ops.power(size, 1.5),
            ops.maximum(x, 0.3) * ops.minimum(x, 0.2),
            ops.copy(x) / 3.0,
            x * np.arange(1.0, 7.0, dtype="float32"),
        ],
        axis=1,
    )


def compare(x):
    found = [
        x > 0.5,
        x >= 0.5,
        x < 0.5,
        x <= 0.5,
        ops.equal(x, x),
        ops.not_equal(x, 0.0),
        ops.logical_and(x > 0, x < 1),
        ops.logical_or(x < 0, x > 1),
        ops.logical_not(x > 0),
    ]
    chosen = ops.where(x > 0.5, 1.0, x)
    found = [ops.cast(each, "float32") for each in found]
    return ops.concatenate([*found, chosen], axis=1)


def reduce(x):
    kept = ops.mean(x, axis=(1, 2), keepdims=True) + ops.logsumexp(x, -1, keepdims=True)
    flat = ops.reshape(kept, (-1, 7 * 5 * 4))
    parts = [
        ops.sum(x, axis=(1, 2)),
        ops.max(x, axis=(1, 2)),
        ops.min(x, axis=[1, 2]),
        ops.mean(ops.mean(x, axis=1), axis=1),
        ops.logsumexp(x, axis=(1, 2)),
    ]
    return ops.concatenate([flat, *parts], axis=1)


def index(x):
    parts = [
        x[:, 2],
        x[:, -1, ::2][:, :, ::-1],
        x[:, 1:4, 3, None, 0],
        ops.squeeze(ops.expand_dims(x[..., :1], 1), 1)[:, :, 0, 0],
    ]
    return ops.concatenate([layers.Flatten()(part) for part in parts], axis=1)


#: Name → shape of one example, and function of a tensor of such.
NETWORKS = {
    "dense": on_numbers(layers.Dense(3, activation="tanh")),
    "dense_without_bias": on_numbers(layers.Dense(3, use_bias=False)),
    "dense_on_the_last_axis": on_images(layers.Dense(3)),
    "convolution": on_images(layers.Conv2D(3, 3, 2, "same", activation="relu")),
    "convolution_valid": on_images(layers.Conv2D(3, (3, 2), (1, 2), "valid")),
    "convolution_even": on_images(layers.Conv2D(3, 4, 2, "same", use_bias=False)),
    "transposed": on_images(layers.Conv2DTranspose(3, 3, 2, "same")),
    "transposed_valid": on_images(layers.Conv2DTranspose(3, (3, 4), 2, "valid")),
    "transposed_padded": on_images(
        layers.Conv2DTranspose(3, 3, 2, "valid", output_padding=1, activation="silu")
    ),
    "transposed_wide": on_images(layers.Conv2DTranspose(2, 5, (3, 2), "same")),
    "max_pooling": on_images(layers.MaxPooling2D()),
    "max_pooling_same": on_images(layers.MaxPooling2D(3, 2, **SAME)),
    "average_pooling": on_images(layers.AveragePooling2D((2, 3), **SAME)),
    "global_pooling": on_images(layers.GlobalAveragePooling2D()),
    "batch_norm": on_images(layers.BatchNormalization()),
    "batch_norm_plain": on_images(layers.BatchNormalization(scale=False, center=False)),
    "layer_norm": on_images(layers.LayerNormalization()),
    "group_norm": on_images(layers.GroupNormalization(2)),
    "instance_norm": on_images(layers.GroupNormalization(-1)),
    "resizing": on_images(
        layers.UpSampling2D((2, 3)),
        layers.Cropping2D(((1, 2), (0, 3))),
        layers.ZeroPadding2D(((0, 1), (2, 0))),
    ),
    "reshaping": on_images(
        layers.Flatten(), layers.Reshape((10, -1)), layers.Rescaling(2.0, -1.0)
    ),
    "rescaling_channels": on_images(
        layers.Rescaling([1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0])
    ),
    "nothing": on_images(
        layers.Dropout(0.5), layers.SpatialDropout2D(0.5), layers.GaussianNoise(1.0)
    ),
    "activations": on_numbers(
        lambda x: ops.concatenate(
            [layers.Activation(name)(x) for name in ACTIVATIONS], axis=-1
        )
    ),
    "activation_layers": on_numbers(
        lambda x: layers.Concatenate()(
            [
                layers.LeakyReLU(0.3)(x),
                layers.ELU(0.7)(x),
                layers.ReLU()(x),
                layers.Softmax()(x),
            ]
        )
    ),
    "activation_operations": on_numbers(
        lambda x: ops.concatenate(
            [
                ops.gelu(x),
                ops.gelu(x, approximate=False),
                ops.leaky_relu(x, 0.1),
                ops.elu(x, 0.5),
                ops.softmax(x),
                ops.log_softmax(x),
                ops.silu(x),
                ops.relu6(4 * x),
                ops.selu(x),
                ops.softsign(x),
                ops.softplus(30 * x),
            ],
            axis=1,
        )
    ),
    "one_by_one": on_numbers(compute_each),
    "comparisons": on_numbers(compare),
    "reductions": on_images(reduce),
    "indices": on_images(index),
    "sums_of_layers": on_numbers(
        lambda x: (
            layers.Add()([x, 2 * x, layers.Multiply()([x, x])])
            + layers.Maximum()([x, -x])
            - layers.Subtract()([x, 3 * x])
        )
    ),
    "matmul": on_images(
        lambda x: ops.matmul(x, np.arange(8, dtype="float32").reshape(4, 2))
    ),
    "matmul_of_as_many": on_images(
        lambda x: ops.matmul(x, ops.transpose(x, (0, 1, 3, 2)))
    ),
    "transpose": on_images(lambda x: ops.transpose(x, (0, 3, 1, 2))),
    "take": on_numbers(
        lambda y: ops.take(
            np.arange(12, dtype="float32").reshape(4, 3), ops.cast(y, "int32"), axis=0
        ),
        (2, 2),
    ),
    "embedding": on_numbers(layers.Embedding(4, 3), (5,)),
    "one_hot": on_numbers(lambda y: ops.one_hot(ops.cast(y, "int32"), 3), ()),
}


def build(name):
    shape, compute = NETWORKS[name]
    x = keras.Input(shape, name="x", dtype="float32")
    return keras.Model([x], {"result": compute(x)}, name=name)


@pytest.fixture(scope="module")
def engine():
    found = formats.find_engine()
    if found is None:
        missing = "Neither Node.js nor Chromium is here; `make test-tools` installs one"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return found


@pytest.fixture(scope="module")
def functions():
    keras.utils.set_random_seed(0)
    built = {name: build(name) for name in NETWORKS}
    rng = np.random.default_rng(0)
    for function in built.values():  # also of weights that begin as zeros and ones
        for variable in function.weights:
            variable.assign(0.2 + rng.random(variable.shape))
    return built


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(1)
    return {
        (name, "0"): {"x": rng.uniform(-2, 2, (3, *shape)).astype(np.float32)}
        for name, (shape, _) in NETWORKS.items()
    } | {
        ("one_hot", "0"): {"x": np.array([0, 2, 5], np.float32)},
        ("take", "0"): {"x": rng.integers(0, 4, (3, 2, 2)).astype(np.float32)},
        ("embedding", "0"): {"x": rng.integers(0, 4, (3, 5)).astype(np.float32)},
    }


def metadata(batch_size=None):
    return {"name": "networks", "batch_size": batch_size}


@pytest.fixture(scope="module")
def results(functions, cases, engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("script")
    text = script.make_script(functions, metadata())
    (folder / script.SCRIPT).write_text(text, encoding="utf-8")
    return checking.run(folder, cases, tmp_path_factory.mktemp("scratch"), engine)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_computes_what_keras_does(name, functions, cases, results):
    x = cases[name, "0"]["x"]
    expected = ops.convert_to_numpy(functions[name]([x])["result"])
    found = results[name, "0"]["result"]
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    assert np.isfinite(expected).all() and np.ptp(expected) > 0


def test_every_known_operation_is_in_a_network(functions):
    weights, used = graph.Weights(), set()
    for function in functions.values():
        nodes = graph.describe(function, weights)["nodes"]
        used |= {node["op"] for node in nodes}
    same = {"Divide", "ConvertToTensor", "Identity", "GaussianDropout", "Relu"}
    assert set(OPERATIONS) - used <= same
    assert used - set(OPERATIONS) == {"Input"}


def test_python_and_javascript_know_the_same_operations(engine, tmp_path):
    if "node" not in engine:
        pytest.skip("needs Node.js")
    parts = [(script.FOLDER / name).read_text() for name in script.PARTS]
    program = tmp_path / "list.js"
    listing = (
        "console.log(Object.keys(OPERATIONS).join(), Object.keys(ACTIVATIONS).join())"
    )
    program.write_text("\n".join([*parts, listing]))
    done = subprocess.run([engine, program], capture_output=True, text=True, check=True)
    operations, activations = (set(part.split(",")) for part in done.stdout.split())
    assert operations == set(OPERATIONS)
    assert activations | {"softmax"} == set(ACTIVATIONS)


def test_half_floats_are_read_as_numpy_rounds_them(engine, tmp_path):
    if "node" not in engine:
        pytest.skip("needs Node.js")
    rng = np.random.default_rng(0)
    values = np.float32(rng.normal(size=1000) * 10.0 ** rng.integers(-8, 5, 1000))
    values = np.append(values, [0, 65504, -65504, 2**-14, 2**-24]).astype("float32")
    x = keras.Input((1,), name="x")
    added = keras.Model([x], {"result": ops.add(x, values)})
    described, packed = script.pack({"add": added}, "float16")
    program = tmp_path / "halves.js"
    call = f'makeModel({json.dumps(described)}, "{packed}").add({{ x: [0] }}).result'
    print_it = f"console.log(JSON.stringify(Array.from({call}.data)))"
    program.write_text(f"{script.read_code()}\n{print_it}")
    done = subprocess.run([engine, program], capture_output=True, text=True, check=True)
    np.testing.assert_array_equal(json.loads(done.stdout), np.float16(values))
    assert len(packed) < 2 * len(values) * 4 / 3 + 4


def test_a_weight_too_large_for_half_floats_is_refused():
    x = keras.Input((1,), name="x")
    added = keras.Model([x], {"result": ops.add(x, np.float32([1e5]))})
    with pytest.raises(ValueError, match="at most 65,504.*Received: 100,000"):
        script.pack({"add": added}, "float16")


def test_functions_share_their_weights():
    x = keras.Input((3,), name="x")
    hidden = layers.Dense(4)(x)
    weights = graph.Weights()
    first = graph.describe(keras.Model([x], {"a": hidden}), weights)
    count = weights.count
    second = graph.describe(keras.Model([x], {"b": layers.Dense(2)(hidden)}), weights)
    assert count == 16 and weights.count == 16 + 10 and len(weights.join()) == 26
    assert first["nodes"][1] == second["nodes"][1]


@pytest.mark.parametrize(
    ("layer", "received"),
    [
        (layers.Conv2D(4, 3, dilation_rate=2), r"Conv2D with dilation_rate=\[2, 2\]"),
        (layers.Conv2D(4, 3, groups=2), "Conv2D with groups=2"),
        (layers.DepthwiseConv2D(3), "DepthwiseConv2D with none of its kind"),
        (layers.Activation("hard_tanh"), "Activation with activation='hard_tanh'"),
        (layers.UpSampling2D(interpolation="bilinear"), "interpolation='bilinear'"),
        (layers.BatchNormalization(axis=1), "BatchNormalization with axis=1"),
    ],
)
def test_a_layer_that_javascript_lacks_is_refused(layer, received):
    x = keras.Input(IMAGE, name="x")
    function = keras.Model([x], {"result": layer(x)})
    with pytest.raises(ValueError, match=f"leave out that format.*{received}"):
        graph.describe(function, graph.Weights())


def run_in_node(engine, tmp_path, call, batch_size=None):
    """Returns the last line that a call of a function `add` prints, or its error."""
    if "node" not in engine:
        pytest.skip("needs Node.js")
    x = keras.Input((2,), name="x", dtype="uint8")
    z = keras.Input((2,), name="z")
    total = ops.cast(x, "float32") + z
    add = keras.Model([x, z], {"total": total})
    path = tmp_path / "model.js"
    path.write_text(script.make_script({"add": add}, metadata(batch_size)))
    program = f"const model = require({str(path)!r}); {call}"
    done = subprocess.run([engine, "-e", program], capture_output=True, text=True)
    return done.stdout.strip() or re.search(r"\w+Error: .*", done.stderr)[0]


BYTES = "x: new Uint8Array([1, 2, 3, 4])"


@pytest.mark.parametrize(
    ("inputs", "printed"),
    [
        (f"{BYTES}, z: [10, 20, 30, 40]", '{"data":{"0":11,"1":22,"2":33,"3":44},"sh'),
        (f"{BYTES}", "TypeError: add needs x, z."),
        ("x: [1, 2], z: [1, 2]", "TypeError: x must be a Uint8Array."),
        (
            "x: new Uint8Array(3), z: [1, 2]",
            "RangeError: x must hold examples of shape",
        ),
        (f"{BYTES}, z: [10, 20]", "must be of equally many examples. Received: 2, 1"),
    ],
)
def test_the_script_checks_what_it_is_given(inputs, printed, engine, tmp_path):
    call = f"console.log(JSON.stringify(model.add({{{inputs}}}).total))"
    assert printed in run_in_node(engine, tmp_path, call)


def test_a_fixed_number_of_examples_is_asked_for(engine, tmp_path):
    call = f"model.add({{ {BYTES}, z: [1, 2, 3, 4] }})"
    printed = run_in_node(engine, tmp_path, call, batch_size=3)
    assert "must be of 3 examples. Received: 2, 2" in printed


def test_a_browser_computes_the_same(functions, cases, results, tmp_path):
    browser = find_browser.find()
    if not browser:
        missing = "There is no Chromium here; `make test-tools` installs it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    text = script.make_script(functions, metadata())
    (tmp_path / script.SCRIPT).write_text(text, encoding="utf-8")
    found = checking.run(tmp_path, cases, tmp_path, browser[0])
    for key, outputs in results.items():
        np.testing.assert_allclose(found[key]["result"], outputs["result"], atol=1e-6)
