"""Keras's settings of a process, and of `keras.json`, change no number of a run."""

import contextlib

import keras
import numpy as np

from vae_utils import cli
from vae_utils.training import checkpoint_file

CONV = ("--encoder", "conv3", "--decoder", "conv", "--decoder-hidden", "4")


@contextlib.contextmanager
def hostile_settings():
    """Sets what `keras.json` may say."""
    config = keras.config
    before = config.floatx(), config.dtype_policy(), config.epsilon()
    config.set_image_data_format("channels_first")
    config.set_floatx("float64")
    config.set_dtype_policy("mixed_float16")
    config.set_epsilon(0.1)
    try:
        yield
    finally:
        config.set_image_data_format("channels_last")
        config.set_floatx(before[0])
        config.set_dtype_policy(before[1])
        config.set_epsilon(before[2])


def read_last(run):
    last = checkpoint_file.list_epochs(run.checkpoints)[-1]
    return checkpoint_file.read(checkpoint_file.path_of(run.checkpoints, last))


def test_a_run_is_the_same_under_other_settings(train, resume, tmp_path):
    usual = train(tmp_path / "usual", *CONV, "--no-viz")
    with hostile_settings():
        hostile = train(tmp_path / "hostile", *CONV, "--no-viz", "--epochs", "1")
        resume(hostile, "--epochs", "2")
    assert hostile.history.read_bytes() == usual.history.read_bytes()
    one, other = read_last(usual), read_last(hostile)
    del one["about"], other["about"]
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], name)
    assert cli.main(["evaluate", str(usual.path), "--metrics"]) == 0
    expected = usual.metrics.read_bytes()
    usual.metrics.unlink()
    with hostile_settings():
        assert cli.main(["evaluate", str(usual.path), "--metrics"]) == 0
    assert usual.metrics.read_bytes() == expected


def test_a_run_keeps_its_precision(train, resume, tmp_path, capsys):
    options = "--no-viz", "--precision", "mixed_float16"
    whole = train(tmp_path / "whole", *options)
    parts = train(tmp_path / "parts", *options, "--epochs", "1")
    resume(parts, "--epochs", "2")
    assert whole.history.read_bytes() == parts.history.read_bytes()
    single = train(tmp_path / "single", "--no-viz")
    assert single.read_history() != whole.read_history()
    with hostile_settings():
        assert cli.main(["evaluate", str(whole.path), "--metrics"]) == 0
    resume(whole, "--precision", "float32", "--epochs", "3", code=1)
    assert "precision='float32', not 'mixed_float16'" in capsys.readouterr().err
