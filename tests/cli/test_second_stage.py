"""`train --codes-of`: a model of a second stage, on a trained run of the first."""

import json
import shutil

import numpy as np
import pytest

from vae_utils.runs import RunFolder, loading

SMALL = ("--sample", "--quiet", "--no-viz", "--updates-per-epoch", "3")
PRIOR = ("--model", "code-prior", "--prior-width", "8", "--epochs", "2")


@pytest.fixture
def train_prior(resume, tmp_path):
    """Trains a prior over the codes of a run; returns its folder."""
    from vae_utils import cli

    def train(first, *options, code=0):
        folder = RunFolder(tmp_path / "prior")
        where = ["--output-dir", str(folder.path), "--codes-of", str(first.path)]
        assert cli.main(["train", *SMALL, *PRIOR, *where, *options]) == code
        return folder

    return train


def test_networks_and_images_are_those_of_the_first_stage(shared_run, train_prior):
    first = shared_run("vq-vae")
    run = train_prior(first)
    found = [loading.find(str(each.path)) for each in (first, run)]
    vq, prior = map(loading.load, found)
    for name in prior.first_stage:
        for one, other in zip(
            vq.parts[name].get_weights(), prior.parts[name].get_weights(), strict=True
        ):
            np.testing.assert_array_equal(one, other)
    settings = found[1].settings
    assert settings["data"] == found[0].settings["data"]
    assert settings["weights"]["part"] == "first-stage"
    mine, its = (each.configuration for each in found)
    assert (its.codes, its.width, its.binarisation) == (16, 4, mine.binarisation)
    assert its.decay and its.prior_width == 8


def test_metrics_are_a_bound_and_its_parts(shared_run, train_prior):
    first = shared_run("vq-vae")
    folders = first, train_prior(first)
    uniform, learned = (
        json.loads(each.metrics.read_text())["metrics"] for each in folders
    )
    for numbers in (uniform, learned):
        assert numbers["elbo"] == pytest.approx(-numbers["nll"] - numbers["kl"])
        assert 1 <= numbers["perplexity"] <= numbers["codes_used"] <= 16
    assert uniform["kl"] == pytest.approx(49 * np.log(16), rel=1e-5)
    assert learned["kl"] < uniform["kl"]
    assert learned["nll"] == pytest.approx(uniform["nll"], rel=1e-5)


def test_it_is_resumed_when_the_first_stage_is_gone(
    shared_run, train_prior, resume, tmp_path
):
    first = RunFolder(shutil.copytree(shared_run("vq-vae").path, tmp_path / "first"))
    run = train_prior(first, "--no-decay")
    shutil.rmtree(first.path)
    resume(run, "--epochs", "3")
    resume(run, "--codes-of", str(first.path))  # as the hint after Ctrl-C repeats it
    assert len(run.read_history()["kl"]) == 3


def test_it_is_not_resumed_on_another_first_stage(
    shared_run, train_prior, refuse, tmp_path
):
    run = train_prior(shared_run("vq-vae"))
    other = tmp_path / "other"
    from vae_utils import cli

    options = ["--model", "vq-vae", "--width", "4", "--codes", "16", "--epochs", "1"]
    assert cli.main(["train", *SMALL, *options, "--output-dir", str(other)]) == 0
    resumed = "train", "--resume", "--output-dir", run.path, "--codes-of", other
    assert "leave out --codes-of" in refuse(*resumed, code=2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--model", "code-prior"], "Received: no --codes-of"),
        (["--model", "vae", "--codes-of", "VQ"], "learns no codes of another run"),
        (["--codes-of", "VQ"], "learns no codes of another run"),
        (["--model", "code-prior", "--codes-of", "AE"], "a run of ae"),
        (["--model", "code-prior", "--codes-of", "VQ", "--codes", "8"], "--codes"),
        (
            ["--model", "code-prior", "--codes-of", "VQ", "--binarisation", "none"],
            "--binarisation",
        ),
        (
            ["--model", "code-prior", "--codes-of", "VQ", "--load-weights", "AE"],
            "leave out --load-weights",
        ),
        (
            ["--model", "code-prior", "--codes-of", "VQ", "--preset", "yulinliutw"],
            "leave out --preset",
        ),
        (
            ["--model", "code-prior", "--codes-of", "VQ", "--data", "fashion_mnist"],
            "mnist: leave out --data",
        ),
        (
            ["--model", "code-prior", "--codes-of", "VQ", "--prior-heads", "3"],
            "heads=3, width=64",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_contradicts_the_first_stage_is_refused(
    options, words, shared_run, refuse, tmp_path
):
    places = {"VQ": "vq-vae", "AE": "ae"}
    options = [str(shared_run(places[o]).path) if o in places else o for o in options]
    where = ["--output-dir", tmp_path / "new"]
    assert words in refuse("train", "--sample", *options, *where, code=2)
    assert not (tmp_path / "new").exists()


def test_a_recorded_run_without_weights_is_refused(refuse, tmp_path):
    for name in ("fc_vae_long", "fc_vae_seeds"):
        options = "--model", "code-prior", "--codes-of", name
        err = refuse("train", *options, "--output-dir", tmp_path / "new", code=1)
        assert f"no weights; train it, as its protocol says. Received: {name}" in err


def test_a_run_that_starts_from_nothing_is_resumed_without_codes(shared_run, refuse):
    run = shared_run("ae")
    resumed = "train", "--resume", "--output-dir", run.path, "--codes-of", run.path
    assert "learns no codes of another run" in refuse(*resumed, code=2)


def test_a_first_stage_that_is_not_there_is_refused(refuse, tmp_path):
    options = "--model", "code-prior", "--codes-of", tmp_path / "none"
    err = refuse("train", *options, "--output-dir", tmp_path / "new", code=1)
    assert "There is no run here" in err
