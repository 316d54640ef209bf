"""Studies on an accelerator: what is kept of networks, and read again."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from studies import keeping, resident
from vae_utils.configurations import VAEConfiguration

SMALL = VAEConfiguration(hidden=(8,), batch_size=50, epochs=2)
SEEDS = (1, 2, 3)


@pytest.fixture
def data():
    return SimpleNamespace(name="mnist", x_train=np.zeros((200, 28, 28), "uint8"))


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Networks that are not trained; returns the list of seeds that were to be."""
    made = []

    def train(configuration, data, seeds, at_once):
        for seed in seeds:
            made.append(seed)
            yield SimpleNamespace(model=seed, seed=seed, minutes=0.5, val_loss=[9.0])

    for module in (keeping, resident):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(resident, "_train", train)
    return made


def record(data, seeds=SEEDS):
    def measure(model, seed):
        if seed == 9:
            raise KeyboardInterrupt
        return {"metrics": {"elbo": -float(model)}}

    return resident.record_seeds("study", SMALL, data, seeds, measure)


def test_networks_are_measured_and_kept(data, trained):
    kept = record(data)
    assert [each["metrics"]["elbo"] for each in kept] == [-1.0, -2.0, -3.0]
    assert kept[0]["minutes"] == 0.5 and kept[0]["history"] == {"val_loss": [9.0]}
    assert record(data) == kept
    assert trained == [1, 2, 3]  # once


def test_an_interrupted_recording_is_continued(data, trained):
    with pytest.raises(KeyboardInterrupt):
        record(data, (1, 9, 2))
    assert len(record(data, (1, 2))) == 2
    assert trained == [1, 9, 2]


def test_a_result_has_what_was_kept(data, trained):
    (kept,) = record(data, (1,))
    result = resident.make_result(SMALL, data, 1, kept)
    assert (result.seed, result.images, result.minutes) == (1, 200, 0.5)
    assert result.metrics == {"elbo": -1.0} and result.commands == ()


def test_there_is_no_accelerator_without_jax(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    assert not resident.is_available()
