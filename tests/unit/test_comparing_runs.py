"""Which numbers of runs can be compared, and how they are shown."""

import csv
import io

import numpy as np
import pytest

from vae_utils.configurations import (
    AutoencoderConfiguration,
    ClassifierConfiguration,
    VAEConfiguration,
)
from vae_utils.evaluation import likelihood_metrics
from vae_utils.runs import RunError, comparability, compared, comparing
from vae_utils.runs.compared import Compared
from vae_utils.runs.restated import restate

NUMBERS = {"nll": 90.0, "kl": 10.0, "elbo": -100.0, "rmse_mean": 0.2, "active_units": 2}
HISTORY = {name: [3.0, 2.0] for name in ("nll", "kl", "val_nll", "val_kl", "val_loss")}
BINARISED = {"elbo": "binarised test images"}


def make_run(name, configuration=None, data="mnist", **more):
    configuration = configuration or VAEConfiguration()
    settings = {
        "model": configuration.model,
        "data": data,
        "complete": True,
        "image_shape": [28, 28, 1],
        "seed": 1,
        "configuration": vars(configuration),
    }
    fields = {
        "history": HISTORY,
        "metrics": NUMBERS,
        "measured": BINARISED,
        "facts": {"epoch": 2},
    }
    fields |= {key: more.pop(key) for key in list(more) if key in fields}
    return Compared(name, compared._flatten(settings | more), **fields)


def check(*runs):
    return comparability.check(runs)


def test_equal_likelihoods_are_compared():
    verdict = check(make_run("a"), make_run("b", VAEConfiguration(beta=4.0)))
    assert (verdict.reasons, verdict.left_out) == ([], [])
    assert verdict.metrics == list(NUMBERS) and verdict.sentence == ""


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (
            make_run("b", VAEConfiguration(likelihood="gaussian", binarisation="none")),
            "a probability of binary images and a density",
        ),
        (
            make_run("b", VAEConfiguration(likelihood="discretised-logistic")),
            "a probability of binary images and a probability of 256 levels",
        ),
        (
            make_run("b", VAEConfiguration(binarisation="none")),
            "binarisation: dynamic and none",
        ),
        (make_run("b", data="fashion_mnist"), "data: mnist and fashion_mnist"),
        (make_run("b", complete=False), "complete: yes and no"),
        (make_run("b", image_shape=[32, 32, 3]), "28 28 1 and 32 32 3"),
        (make_run("b", content="abcd" * 16), "content: none and abcdabcdabcd"),
    ],
)
def test_other_likelihoods_are_not(other, words):
    verdict = check(make_run("a"), other)
    assert verdict.left_out == ["nll", "elbo"]
    assert verdict.metrics == ["kl", "rmse_mean", "active_units"]
    assert verdict.sentence.endswith(words)
    assert "cannot be compared" in verdict.sentence and "nll, elbo" in verdict.sentence


def test_densities_of_other_forms_are_not_compared():
    wide, narrow = (
        make_run("a", VAEConfiguration(likelihood="gaussian", sigma=sigma))
        for sigma in (0.5, 0.1)
    )
    assert "gaussian with sigma 0.5 and gaussian with sigma 0.1" in (
        check(wide, narrow).sentence
    )
    assert check(wide, wide).reasons == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"clip_lambda": 1e-4}, "and continuous-bernoulli with λ clipped at 0.0001"),
        ({"dequantisation": "uniform"}, "and continuous-bernoulli of dequantised ima"),
    ],
)
def test_densities_of_other_images_or_limits_are_not_compared(fields, words):
    same = {"likelihood": "continuous-bernoulli", "binarisation": "none"}
    runs = (
        make_run("a", VAEConfiguration(**same)),
        make_run("b", VAEConfiguration(**same | fields)),
    )
    assert words in check(*runs).sentence


def test_descriptions_of_earlier_versions_are_restated(tmp_path):
    """Their words about grey images were wrong; numbers can still be compared."""
    for images in ("grey", "such"):
        old = (
            "all grey test images; one sample of z each; nats; not a bound on a "
            f"probability, but what a program trained on {images} images prints"
        )
        restated = restate({"grey_nll": old, "fdd": "a distance", "more": {"a": 1}})
        loss = likelihood_metrics.LOSS.format(images)
        expected = f"all grey test images; one sample of z each; nats; {loss}"
        assert restated == {"grey_nll": expected, "fdd": "a distance", "more": {"a": 1}}
        assert restate(restated) == restated


def test_bits_of_bytes_are_compared_across_likelihoods():
    bits = {"bits_per_dim_dequantised": 3.0, "elbo": 5.0}
    runs = [
        make_run(name, VAEConfiguration(likelihood=name), metrics=bits)
        for name in ("gaussian", "optimal-gaussian")
    ]
    assert check(*runs).metrics == ["bits_per_dim_dequantised"]
    other = make_run("c", VAEConfiguration(likelihood="gaussian"), data="cats")
    assert "bits_per_dim_dequantised" in check(runs[0], other).left_out


def test_other_ways_of_measuring_are_not_compared():
    run = make_run("b", measured={"elbo": "something else"})
    verdict = check(make_run("a"), run)
    assert verdict.left_out == ["elbo"] and verdict.reasons == []
    assert "measure again" in verdict.sentence


def test_a_classifier_has_another_likelihood_than_a_vae():
    verdict = check(make_run("a"), make_run("b", ClassifierConfiguration()))
    assert "a probability of labels" in verdict.sentence


def test_only_settings_that_differ_are_shown():
    runs = [
        make_run("a"),
        make_run("b", VAEConfiguration(hidden=(8, 4), decay=True), metrics={}),
    ]
    assert compared.list_differences(runs) == ["decay", "hidden"]
    first, second = comparing.make_rows(runs, check(*runs))
    assert first["hidden"] == "256 256" and second["hidden"] == "8 4"
    assert (first["decay"], second["decay"]) == ("no", "yes")
    assert first["elbo"] == -100 and second["elbo"] is None


def test_a_field_that_one_model_lacks_does_not_differ():
    runs = [make_run("a"), make_run("b", AutoencoderConfiguration())]
    assert compared.list_differences(runs) == ["model"]


def test_options_of_own_data_are_settings():
    recipes = [{"kind": "folder", "fit": fit, "seed": 3} for fit in ("crop", "pad")]
    runs = [make_run(r["fit"], content=r["fit"], recipe=r) for r in recipes]
    assert compared.list_differences(runs) == ["content", "fit"]
    assert runs[0].settings["seed"] == 1 and runs[0].settings["split_seed"] == 3


def test_csv_has_full_precision():
    runs = [make_run("a", metrics={"kl": 1 / 3}), make_run("b", metrics={})]
    rows = comparing.make_rows(runs, check(*runs))
    read = list(csv.DictReader(io.StringIO(comparing.write_csv(rows).decode())))
    assert float(read[0]["kl"]) == 1 / 3 and read[1]["kl"] == ""


def test_losses_are_minus_elbo_with_beta_one(book_style):
    history = {"val_loss": [9.0, 8.0], "val_nll": [5.0, 4.0], "val_kl": [2.0, 1.0]}
    runs = [
        make_run("a", history=history),
        make_run("b", VAEConfiguration(beta=4.0), history=history),
    ]
    ax = comparing.draw_losses(runs, check(*runs))
    for line in ax.lines:
        np.testing.assert_array_equal(line.get_ydata(), [7, 5])
    assert [line.get_label() for line in ax.lines] == ["beta=1", "beta=4"]
    assert "−ELBO" in ax.get_title()


def test_kl_is_drawn_where_likelihoods_cannot_be_compared(book_style):
    runs = [make_run("a"), make_run("b", data="fashion_mnist")]
    ax = comparing.draw_losses(runs, check(*runs))
    assert "KL" in ax.get_title()
    assert [line.get_label() for line in ax.lines] == [
        "data=mnist",
        "data=fashion_mnist",
    ]


def test_runs_that_differ_in_nothing_have_their_names(book_style):
    runs = [make_run("a"), make_run("b")]
    ax = comparing.draw_losses(runs, check(*runs))
    assert [line.get_label() for line in ax.lines] == ["a", "b"]


def test_no_loss_in_common_is_an_error():
    runs = [make_run("a"), make_run("b", history={})]
    with pytest.raises(RunError, match="no losses in common.*Received: a, b"):
        comparing.draw_losses(runs, check(*runs))
