"""Studies on an accelerator: what is kept of networks, and read again."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from studies import continuing, keeping, resident
from vae_utils.configurations import VAEConfiguration

SMALL = VAEConfiguration(hidden=(8,), batch_size=50, epochs=2)


@pytest.fixture
def data():
    return SimpleNamespace(name="mnist", x_train=np.zeros((200, 28, 28), "uint8"))


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Networks that are not trained; returns the list of seeds that were to be."""
    made = []

    def train(configuration, data, seed):
        made.append(seed)
        return SimpleNamespace(model=seed, minutes=0.5, val_loss=[9.0])

    monkeypatch.setattr(keeping, "FOLDER", tmp_path)
    monkeypatch.setattr(resident, "_train", train)
    return made


def run(data, seed):
    def measure(model):
        if model == 9:
            raise KeyboardInterrupt
        return {"metrics": {"elbo": -float(model)}}

    return resident.run("study", SMALL, data, seed, measure)


def test_a_network_is_measured_and_kept(data, trained):
    result = run(data, 1)
    assert (result.seed, result.images, result.minutes) == (1, 200, 0.5)
    assert result.metrics == {"elbo": -1.0} and result.commands == ()
    assert result.history == {"val_loss": [9.0]}
    assert run(data, 1) == result
    assert trained == [1]  # once


def test_an_interrupted_recording_has_what_is_complete(data, trained):
    wanted = [(SMALL, seed) for seed in (1, 9, 2)]
    protocol = {"measured": {}}
    run_one = lambda configuration, seed: run(data, seed)  # noqa: E731
    (first,) = continuing.run_all("study", protocol, wanted, run_one)
    assert first.seed == 1 and trained == [1, 9]


def test_there_is_no_accelerator_without_jax(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    assert not resident.is_available()
