"""Long studies may be recorded in several calls."""

from dataclasses import replace

import pytest

from studies import continuing
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


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(runs.recorded, "FOLDER", tmp_path)


def record(stop=None, protocol=PROTOCOL, **options):
    """Records a study as `studies.record_runs` does; returns pairs, and those made."""
    made = []

    def run(*pair):
        if pair == stop:
            raise KeyboardInterrupt
        made.append(pair)
        return make_result(*pair)

    results = continuing.run_all("bars", protocol, WANTED, run, **options)
    runs.save_study("bars", protocol=protocol, minutes=1.0, results=results)
    return [(result.configuration, result.seed) for result in results], made


def test_an_interrupted_recording_keeps_complete_seeds_and_is_continued():
    assert record(stop=(OTHER, 2)) == (WANTED[:2], WANTED[:3])
    assert record() == (WANTED, WANTED[2:])


def test_a_study_says_what_belongs_together():
    done, _ = record(stop=(OTHER, 2), group=lambda *pair: pair)
    assert done == WANTED[:3]


def test_results_that_were_measured_otherwise_are_made_again():
    record(stop=(ONE, 3))
    other = {"measured": {"elbo": "of every tenth"}}
    assert record(protocol=other) == (WANTED, WANTED)
