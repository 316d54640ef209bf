"""The recording of rows that may be ranked, on a few images and untrained networks."""

from types import SimpleNamespace

import numpy as np
import pytest

from studies import keeping, label_runs, ranked
from vae_utils import evaluation, models, runs
from vae_utils.configurations import VAEConfiguration

SMALL = [VAEConfiguration(latent_dim=d, hidden=(8,), epochs=1) for d in (2, 3)]
METRICS = {"elbo": -1.0, "rmse_mean": 0.5}


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (1020, 28, 28, 1), dtype="uint8")  # > one block
    return SimpleNamespace(
        name="fashion_mnist",
        provenance="Noise: …",
        image_shape=(28, 28, 1),
        classes=10,
        x_train=images[:80],
        x_val=images[:5],
        x_test=images,
        stop=None,
    )


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Untrained networks in place of training; returns the list of them."""
    made = []

    def train(configuration, data, seed):
        if (configuration, seed) == data.stop:
            raise KeyboardInterrupt
        made.append((configuration, seed))
        sizes = {"image_shape": data.image_shape, "classes": data.classes}
        model = models.build(configuration, seed=seed, **sizes)
        result = {"configuration": configuration, "seed": seed, "images": 80}

        def make_result(metrics, curves):
            return runs.Result(**result, metrics=metrics, history={}, minutes=1.0)

        source = SimpleNamespace(configuration=configuration)
        return SimpleNamespace(model=model, source=source, make_result=make_result)

    monkeypatch.setattr(ranked, "train", train)
    monkeypatch.setattr(ranked, "measure", lambda *a, **o: (dict(METRICS), {}))
    monkeypatch.setattr(ranked, "COINS", (1, 2))
    for module in (keeping, ranked):
        monkeypatch.setattr(module, "FOLDER", tmp_path / "kept")
    (tmp_path / "recorded").mkdir()
    for name in ("fc_vae_seeds", "classifier"):
        folder = runs.recorded.FOLDER / name
        (tmp_path / "recorded" / name).symlink_to(folder)
    monkeypatch.setattr(runs.recorded, "FOLDER", tmp_path / "recorded")
    return made


def record(data):
    made = ranked.record_all("bars", SMALL, (1, 2), data, draws=(4, 12))
    runs.save_study("bars", **made)
    return made


def test_every_image_is_scored_and_some_of_them_twice(trained, data):
    record(data)
    study, arrays = runs.load_study("bars"), runs.load_arrays("bars")
    assert [(r.configuration, r.seed) for r in study.results] == [
        (configuration, seed) for configuration in SMALL for seed in (1, 2)
    ]
    sizes = {"image_shape": data.image_shape, "classes": 10}
    model = models.build(SMALL[1], seed=2, **sizes)
    x = ranked.binarise(data.x_test)
    nll = np.concatenate(
        [
            evaluation.importance_sampled_nll(model, x[:1000], samples=4),
            evaluation.importance_sampled_nll(model, x[1000:], samples=4),
        ]
    )
    dear = evaluation.importance_sampled_nll(model, x[::10], samples=12, seed=1)
    metrics = study.results[3].metrics
    assert metrics["ranked_500"] == pytest.approx(nll.mean(), rel=1e-5)
    expected = nll.mean() + (dear - nll[::10]).mean()
    assert metrics["ranked_nll"] == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(arrays["nll_1_2"], nll, rtol=1e-3)
    assert 1 <= metrics["ess_median"] <= 4 and metrics["ess_low"] == 1
    assert metrics["ranked_error"] > 0
    with_coins = [r.seed for r in study.results if "coins_2_tenth" in r.metrics]
    assert with_coins == [1] and "coins_1" in study.results[0].metrics


def test_an_interrupted_recording_is_continued(trained, data):
    data.stop = (SMALL[1], 2)
    assert [r.seed for r in record(data)["results"]] == [1, 1]
    first, arrays = trained.copy(), runs.load_arrays("bars")
    trained.clear()
    data.stop = None
    assert len(record(data)["results"]) == 4
    assert first == [(c, s) for s in (1, 2) for c in SMALL][:3]
    assert trained == [(SMALL[0], 2), (SMALL[1], 2)]  # scores of the first are kept
    again = runs.load_arrays("bars")
    for name, values in arrays.items():
        np.testing.assert_array_equal(again[name], values)


def test_the_configurations_that_are_ranked_differ_and_can_be_asked_for():
    assert len(set(ranked.CONFIGURATIONS)) == len(ranked.CONFIGURATIONS) == 11
    for configuration in ranked.CONFIGURATIONS:
        assert label_runs.write_options(configuration) is not None
