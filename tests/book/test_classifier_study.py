"""The study of recipes trains what the chapter on the classifier trains."""

import numpy as np
import pytest

from studies import classifier_recipes, record_runs
from vae_utils import runs

STUDY = runs.load_study("classifier_recipes")
OWN = STUDY.models()[-1]


def test_each_recipe_is_recorded_with_its_seeds():
    trials = [(result.configuration, result.seed) for result in STUDY.results]
    recipes = classifier_recipes.RECIPES
    assert trials == [(recipes[k], seed) for k, seed in classifier_recipes.TRIALS]
    assert record_runs.STUDIES["classifier_recipes"] is classifier_recipes.record
    assert 1 not in OWN.values("seed"), "the chapter's own seed"


def test_the_settings_of_its_own_recipe_are_the_chapters():
    c, cells = OWN.results[0].configuration, classifier_recipes.read_cells(7)
    assert f"FILTERS = {c.filters}" in cells["hyper"]
    assert f"DROPOUT = {c.dropout} " in cells["hyper"]
    assert f"BATCH_SIZE = {c.batch_size}\n" in cells["hyper"]
    assert "LEARNING_RATE = 4e-3\n" in cells["hyper"] and c.learning_rate == 4e-3
    assert f"profile.epochs(full={c.epochs}," in cells["hyper"]
    assert f"Conv2D(channels, {c.kernel}," in cells["build-network"]
    assert f'augmentation="{c.augmentation}"' in cells["batches"]
    assert "SEED = 7\n" in cells["hyper"]


def test_the_first_plain_result_is_the_classifier_that_scores():
    plain, scorer = STUDY.results[0], runs.load_study("classifier")
    assert plain.history == scorer.one.history
    for split in ("validation", "test"):
        accuracy = plain.metrics[f"{split}_accuracy"]
        assert accuracy == pytest.approx(scorer.one.metrics[f"{split}_accuracy"])


def test_bits_of_the_test_images_are_the_accuracies():
    bits = runs.load_arrays("classifier_recipes")["test_right"]
    right = np.unpackbits(bits, axis=-1)[..., :10_000]
    assert right.shape == (len(STUDY), 2, 10_000)
    for column, name in enumerate(("test_accuracy", "test_averaged")):
        np.testing.assert_allclose(right[:, column].mean(axis=1), STUDY[name])


def test_a_chapter_that_sets_its_seed_otherwise_is_refused(monkeypatch):
    monkeypatch.setattr(classifier_recipes, "SEEDED", "no such text")
    with pytest.raises(SystemExit, match="should set its seed once"):
        classifier_recipes.read_cells(7)
