"""The program that compares training speeds: what it compares, says and refuses.

Nothing here depends on seconds.
"""

import ast
import os
import select
import subprocess
import sys
import types
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
import tensorflow as tf

from benchmarks.training_speed import (
    __main__,
    driving,
    jax_scan,
    keras_arrays,
    ours,
    tf_block,
    variants,
)
from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Task
from vae_utils import models, speed

FOLDER = Path(variants.__file__).parent
TASK = Task("fc_2", "images.npy", 128, 2, 0)

pytestmark = pytest.mark.jax

each_network = pytest.mark.parametrize("name", NETWORKS)


@pytest.fixture
def digits():
    """300 dark images of 28 × 28 pixels: two batches, and some that are left out."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 80, (300, 28, 28), np.uint8)


def test_compares_variants_in_turns_and_records_them(
    digits, monkeypatch, tmp_path, capfd
):
    data = types.SimpleNamespace(x_train=digits, provenance="noise, for tests")
    monkeypatch.setattr(__main__.datasets, "load", lambda name: data)
    path = tmp_path / "record.json"
    options = "--networks fc_2 --variants ours_tensorflow products".split()
    options += ["--rounds", "2", "--images", "256", "--record", str(path)]
    __main__.main(options)
    record = speed.load_record(path)
    net = record["fc_2"]
    assert (record.images, record.rounds, record.batch_size) == (256, 2, 128)
    assert (record.data, net.yardstick) == ("noise, for tests", "jax_scan")
    assert [each.name for each in net.listed][-1] == net.ceiling == "products"
    assert {each.name for each in net.trained} == {"jax_scan", "ours_tensorflow"}
    for each in net.variants:
        assert len(each.epochs) == 3 and set(each.rounds("images")) == {256}
        assert each.memory > 50  # megabytes, not kilobytes or gigabytes
    for each in net.trained:
        assert each.epochs[0]["loss"] > each.epochs[-1]["loss"] > 0
    assert {"jax", "keras", "numpy", "python"} <= set(record.versions)
    printed = capfd.readouterr().out
    assert printed.strip() == speed.report(record)
    assert "this book, TensorFlow" in printed


def test_a_worker_that_dies_is_named_with_what_it_printed(digits):
    with pytest.raises(driving.WorkerError) as error:
        driving.compare("fc_2", digits[:, :5], [], 1, python=sys.executable)
    text = str(error.value)
    assert text.startswith("The variant jax_scan stopped with exit code 1: ")
    assert "\n" not in text and "TypeError" in text and "reshape" in text


START_AND_WAIT = """
import sys
from benchmarks.training_speed import driving, serving
task = serving.Task("fc_2", sys.argv[1], 128, 2, 0)
worker = driving.Worker("jax_scan", task, sys.executable, sys.argv[2])
worker.read()
print(worker.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux is asked to")
def test_a_stopped_worker_ends_with_a_driver_that_is_killed(digits, tmp_path):
    np.save(path := tmp_path / "images.npy", digits)
    command = [sys.executable, "-c", START_AND_WAIT, str(path), str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, cwd=driving.ROOT) as driver:
        worker = os.pidfd_open(int(driver.stdout.readline()))
        driver.kill()
    ended, _, _ = select.select([worker], [], [], 60)  # seconds, at most
    os.close(worker)
    assert ended


def test_the_command_ends_in_a_sentence_where_a_worker_dies(digits, monkeypatch):
    broken = variants.Variant("broken", "no_such_module")
    monkeypatch.setitem(variants.VARIANTS, "jax_scan", broken)
    data = types.SimpleNamespace(x_train=digits, provenance="noise, for tests")
    monkeypatch.setattr(__main__.datasets, "load", lambda name: data)
    with pytest.raises(SystemExit, match="variant jax_scan stopped.*No module named"):
        __main__.main(["--networks", "fc_2", "--variants", "jax_scan"])


@each_network
def test_all_variants_train_the_same_number_of_parameters(name):
    network = NETWORKS[name]
    task = TASK._replace(network=name)
    shape = {"image_shape": (28, 28, 1), "classes": 1}
    ours_built = models.build(ours.make_configuration(network, task), **shape, seed=0)
    assert models.count_parameters(ours_built) == network.parameters
    parts = keras_arrays.build(network)
    assert sum(part.count_params() for part in parts) == network.parameters


@each_network
def test_bare_jax_and_bare_tensorflow_compute_the_loss_of_this_book(name):
    network, rng = NETWORKS[name], np.random.default_rng(0)
    weights = network.draw(seed=1)
    x = (rng.random((4, 28, 28)) < 0.3).astype(np.float32)
    eps = np.zeros((4, network.latent_dim), np.float32)
    expected = compute_ours(network, weights, x)
    # JAX does not flip a kernel that it transposes.
    found = jax_scan.make_loss(network.parts)(flip(network, weights), x, jnp.array(eps))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    variables = tf.nest.map_structure(tf.constant, weights)
    flat = tf.constant(x.reshape(4, -1))
    found = tf_block.compute_loss(network.parts, variables, flat, eps)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def compute_ours(network, weights, x):
    """Computes mean −ELBO at z = z_mean with the models of this book."""
    task = TASK._replace(network="any")
    shape = {"image_shape": (28, 28, 1), "classes": 1}
    vae = models.build(ours.make_configuration(network, task), **shape, seed=0)
    heads = zip(("z_mean", "z_log_var"), weights["heads"], strict=True)
    # Keras's order of a transposed kernel is (height, width, out, in).
    decoder = [
        (weight.swapaxes(2, 3) if layer.kind == "transposed" else weight, bias)
        for layer, (weight, bias) in zip(
            network.parts["decoder"], weights["decoder"], strict=True
        )
    ]
    hidden = [layer for layer in vae.encoder.layers if layer.weights]
    for layer, pair in zip(hidden, weights["encoder"], strict=False):
        layer.set_weights(pair)
    for name, pair in heads:
        vae.encoder.get_layer(name).set_weights(pair)
    vae.decoder.set_weights([array for pair in decoder for array in pair])
    mean, log_var = vae.encoder(x[..., None])
    logits = vae.decoder(mean)
    nll = vae.likelihood.negative_log_likelihood(x[..., None], logits)
    mean, log_var = np.asarray(mean), np.asarray(log_var)
    kl = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).sum(axis=1)
    return np.mean(np.asarray(nll) + kl)


def flip(network, weights):
    pairs = zip(network.parts["decoder"], weights["decoder"], strict=True)
    decoder = [
        (weight[::-1, ::-1] if layer.kind == "transposed" else weight, bias)
        for layer, (weight, bias) in pairs
    ]
    return weights | {"decoder": decoder}


def test_a_variant_with_other_parameters_is_refused():
    about = {"jax_scan": {"parameters": 788_788}, "products": {"parameters": None}}
    driving.check_parameters("fc_2", about)
    about["tf_block"] = {"parameters": 7}
    with pytest.raises(driving.WorkerError, match="788788 .*Received: tf_block with 7"):
        driving.check_parameters("fc_2", about)


@pytest.mark.parametrize("loss", [80.0, 120.0, float("nan")])
def test_a_variant_with_another_loss_is_refused(loss):
    epochs = {name: [{"loss": 100.0}] for name in ("jax_scan", "keras_jax", "ours_jax")}
    epochs |= {"tf_block": [{"loss": 109.0}], "products": [{"loss": 0.0}]}
    driving.check_losses("fc_2", epochs)
    epochs["tf_block"] = [{"loss": loss}]
    with pytest.raises(driving.WorkerError, match="within 10%.*Received: tf_block"):
        driving.check_losses("fc_2", epochs)


def test_a_convolutional_network_is_compared_with_steps_outside_of_loops():
    every = list(variants.VARIANTS)
    chosen = variants.choose_variants(NETWORKS["conv"], every)
    assert chosen[0] == "jax_steps"
    assert not {"jax_scan", "tf_block", "products"} & set(chosen)
    assert set(variants.choose_variants(NETWORKS["fc_40"], every)) == set(every)


def test_pytorch_is_left_out_where_it_is_missing_unless_it_was_asked_for(
    monkeypatch, capsys
):
    monkeypatch.setattr(__main__, "has_pytorch", lambda python: False)
    assert __main__.without_pytorch(["pytorch", "jax_scan"], None) == ["jax_scan"]
    assert "left out" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="import torch and numpy. Received: .* /no/py"):
        __main__.without_pytorch(["pytorch"], "/no/py")
    assert __main__.without_pytorch(["jax_scan"], None) == ["jax_scan"]


def test_an_interpreter_that_does_not_exist_has_no_pytorch(tmp_path):
    assert not variants.has_pytorch(str(tmp_path / "python"))


def test_the_worker_of_pytorch_needs_nothing_but_pytorch_and_numpy():
    allowed = {"torch", "numpy", "benchmarks", *sys.stdlib_module_names}
    for file in ("__init__.py", "pytorch.py", "networks.py", "serving.py"):
        for node in ast.walk(ast.parse((FOLDER / file).read_text())):
            names = [alias.name for alias in getattr(node, "names", [])]
            if isinstance(node, ast.ImportFrom):
                names = [node.module]
            elif not isinstance(node, ast.Import):
                continue
            assert {name.split(".")[0] for name in names} <= allowed, file


@pytest.mark.parametrize(
    "options", ["--rounds 0", "--rounds two", "--networks nope", "--variants nope"]
)
def test_refuses_options(options, capsys):
    with pytest.raises(SystemExit, match="2"):
        __main__.main(options.split())
    assert options.split()[0] in capsys.readouterr().err
