"""The study of the first chapter's bands trains what the chapter trains."""

import pytest

from studies import first_vae_seeds, record_runs
from vae_utils import runs

STUDY = runs.load_study("first_vae_seeds")


def test_the_chapters_own_cells_are_executed_with_another_seed():
    cells = first_vae_seeds.read_cells(77)
    assert "set_random_seed(77)" in cells["imports"]
    assert "default_rng(seed=77)" in cells["data"]
    assert "SeedGenerator(77)" in cells["model"]


def test_a_chapter_that_sets_other_seeds_is_refused(monkeypatch):
    monkeypatch.setattr(first_vae_seeds, "SEEDED", ("set_random_seed({})", "no({})"))
    with pytest.raises(SystemExit, match="should set 2 seeds. Received: 1"):
        first_vae_seeds.read_cells(77)


def test_the_settings_are_the_chapters():
    cells, settings = first_vae_seeds.read_cells(1), STUDY.results[0].configuration
    assert settings == first_vae_seeds.CONFIGURATION
    assert f"EPOCHS = {settings.epochs}\n" in cells["hyper"] + "\n"
    assert f"LATENT_DIM = {settings.latent_dim} " in cells["hyper"]
    assert f'"batch_size": {settings.batch_size},' in cells["fit"]
    assert "Adam(3e-3)" in cells["fit"] and settings.learning_rate == 3e-3
    assert "Dense(256" in cells["networks"] and settings.hidden == (256, 256)


def test_ten_seeds_are_recorded_and_none_is_the_chapters():
    assert record_runs.STUDIES["first_vae_seeds"] is first_vae_seeds.record
    assert tuple(STUDY.values("seed")) == first_vae_seeds.SEEDS
    assert len(STUDY) == 10 and 1 not in first_vae_seeds.SEEDS
    for result in STUDY.results:
        m = result.metrics
        assert m["nll"] + m["kl"] == pytest.approx(m["loss"], rel=1e-5)
        assert m["broken_kl"] < 0.005 and m["broken_nll"] > m["nll"]
