"""Recordings of many runs: they may be made in several calls."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from studies import label_runs
from vae_utils import runs
from vae_utils.configurations import VAEConfiguration

ONE = VAEConfiguration(epochs=1)
OTHER = replace(ONE, latent_dim=5)
WANTED = [(configuration, seed) for seed in (1, 2, 3) for configuration in (ONE, OTHER)]
PROTOCOL = {"measured": {"elbo": "of all", "units": {"first": 16}, "sizes": (1, 2)}}


def make_result(configuration, seed):
    return runs.Result(
        configuration=configuration, seed=seed, images=80, metrics={}, history={}
    )


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Records into an empty folder; returns the list of runs that are made."""
    made = []

    def run(configuration, data, seed):
        if (configuration, seed) == data.stop:
            raise KeyboardInterrupt
        made.append((configuration, seed))
        return make_result(configuration, seed)

    monkeypatch.setattr(label_runs, "run", run)
    monkeypatch.setattr(runs.recorded, "FOLDER", tmp_path)
    return made


def record(stop=None, protocol=PROTOCOL):
    """Records a study as `studies.record_runs` does; returns its pairs."""
    data = SimpleNamespace(stop=stop)
    results = label_runs.run_all("bars", protocol, WANTED, data)
    runs.save_study("bars", protocol=protocol, minutes=1.0, results=results)
    return [(result.configuration, result.seed) for result in results]


def test_an_interrupted_recording_keeps_complete_seeds_and_is_continued(made):
    assert record(stop=(OTHER, 2)) == WANTED[:2]
    assert made == WANTED[:3]
    made.clear()
    assert record() == WANTED
    assert made == WANTED[2:]


def test_results_that_were_measured_otherwise_are_made_again(made):
    record(stop=(ONE, 3))
    made.clear()
    assert record(protocol={"measured": {"elbo": "of every tenth"}}) == WANTED
    assert made == WANTED
