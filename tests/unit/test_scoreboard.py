import dataclasses
import json
import random
import shlex
import statistics

import pytest

from vae_utils import configurations, models, scoreboard
from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.parser import make_parser
from vae_utils.configurations import (
    AutoencoderConfiguration,
    ClassifierConfiguration,
    ConditionalVAEConfiguration,
    VAEConfiguration,
)
from vae_utils.runs import recorded as studies
from vae_utils.runs.results import Result
from vae_utils.scoreboard import naming, recorded

SHAPE = {"image_shape": (28, 28, 1), "classes": 10}
ROWS = scoreboard.rows()
IDS = [f"{row.study} {row.variant}".strip() for row in ROWS]
PUBLISHED = scoreboard.published()
BARS = {
    "data": "MNIST, complete: …",
    "image_shape": [28, 28, 1],
    "classes": 10,
    "split": {"train": 80, "validation": 5, "test": 40},
    "importance_sampling": {"samples": 7, "images": 4},
}
SMALL = VAEConfiguration(hidden=(8,), beta=2.0, epochs=3)

each_row = pytest.mark.parametrize("row", ROWS, ids=IDS)


def mark(metrics):
    """A number that tells results of a study apart; None if it is no autoencoder's."""
    return metrics.get("rmse_mean", metrics.get("is_nll"))


def results_of(row):
    """The results that a row shows, found by its own fields, not by its code."""
    results = json.loads((studies.FOLDER / row.study / "study.json").read_text())
    return [
        result
        for result in results["results"]
        if mark(result["metrics"]) in (row.rmse_mean or row.is_nll).values
    ]


def protocol_of(row):
    return studies.load_study(row.study).protocol


def make_result(metrics, seed=1, configuration=SMALL, **options):
    options = {"images": 80, "history": {}} | options
    own = {"configuration": configuration, "seed": seed, "metrics": metrics}
    return Result(**own | options)


def save(folder, *results, name="bars", **protocol):
    studies.save_study(
        name, protocol=BARS | protocol, minutes=6.0, results=results, folder=folder
    )
    return scoreboard.rows(folder=folder)


def parse_train(command):
    program, options = shlex.split(command)[:3], shlex.split(command)[3:]
    assert program == ["python", "-m", "vae_utils"]
    return make_parser(options).parse_args(options)


def test_every_recorded_autoencoder_has_a_row():
    shown = {(row.study, seed, value) for row in ROWS for seed, value in pairs(row)}
    expected = set()
    for name in studies.list_studies():
        for result in studies.load_study(name).results:
            if value := mark(result.metrics):
                expected.add((name, result.seed, value))
    left_out = {study for study, *_ in expected - shown}
    assert left_out == {"fc_vae_sizes"}  # three of the ten seeds of fc_vae_seeds
    assert len(expected - shown) == 3 and shown <= expected
    assert len(ROWS) == 94
    assert not {"classifier", "recipe_choices"} & {row.study for row in ROWS}


def pairs(row):
    return zip(row.seeds, (row.rmse_mean or row.is_nll).values, strict=True)


@each_row
def test_numbers_are_those_of_the_recorded_runs(row):
    results = results_of(row)
    assert [result["seed"] for result in results] == list(row.seeds)
    for name in ("is_nll", "elbo", "elbo_same_images", "nll", "kl", "rmse_mean", "fdd"):
        numbers = [r["metrics"][name] for r in results if name in r["metrics"]]
        shown = getattr(row, name)
        if not numbers:
            assert shown is None, name
            continue
        assert len(numbers) == len(row.seeds)
        assert shown.mean == pytest.approx(statistics.fmean(numbers), rel=1e-12)
        spread = statistics.stdev(numbers) if len(numbers) > 1 else None
        assert shown.deviation == (spread and pytest.approx(spread, rel=1e-9))
    assert row.hardware == studies.load_study(row.study).hardware


@each_row
def test_the_elbo_is_minus_its_two_parts(row):
    if row.quantity is None:
        assert row.elbo is None and row.kl is None and row.is_nll is None
    else:
        parts = zip(row.elbo.values, row.nll.values, row.kl.values, strict=True)
        for elbo, nll, kl in parts:
            assert elbo == pytest.approx(-(nll + kl), rel=1e-9)


@each_row
def test_an_importance_sampled_row_says_how(row):
    if row.is_nll is None:
        assert row.is_samples is None and row.is_images is None
    else:
        text = protocol_of(row)["measured"]["is_nll"]
        assert f"K = {row.is_samples};" in text
        assert f"every {10_000 // row.is_images}th" in text


@each_row
def test_the_commands_train_what_the_row_says(row):
    if len(row.commands) == 1:
        command = f"python -m studies.record_runs {row.study}"
        assert row.commands == (command,)
        return
    train = [parse_train(c) for c in row.commands if " train " in c]
    assert [each.seed for each in train] == list(row.seeds)
    for options, result in zip(train, results_of(row), strict=True):
        fields = dict(result["configuration"])
        expected = configurations.read(fields.pop("model"), fields)
        assert choose_configuration(options) == expected
    for command in row.commands[1::2]:
        assert parse_train(command).is_samples == (row.is_samples or 500)


def test_studies_without_commands_can_be_recorded_by_name():
    alone = {row.study for row in ROWS if len(row.commands) == 1}
    pairs_and_counts = {"cats_counts", "conv_few", "conv_pairs", "conv_pairs_fashion"}
    assert alone == pairs_and_counts | {"dead_filters", "ranked"}


@each_row
def test_minutes_are_those_of_one_training_run(row):
    results = results_of(row)
    seconds = [result.get("seconds") for result in results]
    if row.clock == "processor":
        assert row.minutes.mean == pytest.approx(statistics.fmean(seconds) / 60)
    elif all("minutes" in result for result in results):
        own = [result["minutes"] for result in results]
        assert row.minutes.mean == pytest.approx(statistics.fmean(own))
    else:
        assert seconds == [None] * len(results)
        study = studies.load_study(row.study)
        assert row.minutes.mean * len(study) == pytest.approx(study.minutes)


@each_row
def test_what_is_bounded_follows_from_what_is_conditioned(row):
    configuration = results_of(row)[0]["configuration"]
    conditioned = configuration.get("conditioned")
    if configuration["model"] == "ae":
        expected = None
    elif configuration["likelihood"] == "discretised-logistic":
        expected = "p(x) of bytes"
    elif configuration["likelihood"] != "bernoulli":
        expected = "density"
    else:
        is_decoder = conditioned in ("both", "decoder")
        expected = "p(x|y)" if is_decoder else "p(x)"
    assert row.quantity == expected
    bounded = row.quantity in ("p(x)", "p(x|y)")
    assert row.is_vae == (bounded and row.beta == 1)


def test_no_two_rows_of_a_study_look_alike():
    for names in (
        [(row.study, row.name, row.binarisation) for row in ROWS],
        [(row.study, row.variant) for row in ROWS],
    ):
        assert len(set(names)) == len(names)


def test_models_are_named_in_plain_words():
    names = {(row.study, row.variant): row.name for row in ROWS}
    assert names["fc_vae_sizes", "d = 10"] == "fully connected, d = 10"
    assert names["labelled", "unconditional"] == "convolutional, d = 20"
    conditioned = "convolutional, d = 20, conditioned: encoder"
    assert names["labelled", "conditioned: encoder"] == conditioned
    pair = "fully connected → convolutional"
    assert names["conv_pairs", pair] == f"{pair}, d = 20"
    few = "convolutional, 500 images"
    assert names["conv_few", few] == "convolutional, d = 20, 500 images"
    assert names["explorer_ae", ""] == "autoencoder, fully connected, d = 2"
    gaussian = "fully connected, d = 10, Gaussian with σ = 0.1"
    assert names["likelihoods", "Gaussian with σ = 0.1, grey"] == gaussian
    project = "asahi417-vae_2: fully connected, d = 2"
    assert names["project_asahi417-vae_2", ""] == project
    for epochs in (10, 30):  # otherwise these two would have one name
        shared = f"d = 2, {epochs} epochs"
        assert names["ranked", shared] == f"fully connected, {shared}"


def test_limits_and_dequantisation_of_a_density_are_in_its_name():
    fields = {"likelihood": "continuous-bernoulli", "binarisation": "none"}
    plain = VAEConfiguration(**fields)
    clipped = VAEConfiguration(**fields, clip_lambda=1e-4, dequantisation="uniform")
    assert naming._name_likelihood(plain) == "continuous Bernoulli"
    assert naming._name_likelihood(clipped) == (
        "continuous Bernoulli with λ clipped at 0.0001 of dequantised images"
    )


@pytest.mark.parametrize(
    "configuration",
    [
        VAEConfiguration(),
        VAEConfiguration(hidden=(300,), latent_dim=7),
        VAEConfiguration(hidden=(300,), decoder_hidden=(20, 10)),
        VAEConfiguration(encoder="conv", decoder="fc", hidden=(), decoder_hidden=(9,)),
        ConditionalVAEConfiguration(encoder="3cnn", decoder="3cnn", hidden=()),
        ConditionalVAEConfiguration(conditioned="encoder"),
        ConditionalVAEConfiguration(conditioned="decoder"),
        AutoencoderConfiguration(),
    ],
    ids=str,
)
def test_parameters_are_those_of_the_network_that_is_trained(configuration):
    model = models.build(configuration, seed=0, **SHAPE)
    expected = model.encoder.count_params() + model.decoder.count_params()
    assert recorded.count_parameters(configuration, *SHAPE.values()) == expected


def test_recorded_parameters_are_those_counted():
    counted = [each for name in studies.list_studies() for each in count_again(name)]
    assert len(counted) > 25
    for name, recorded_count, count in counted:
        assert recorded_count == count, name


def count_again(name):
    for model in recorded.list_models(studies.load_study(name)):
        result = model.results[0]
        if "parameters" in result.metrics:
            count = recorded.count_parameters(result.configuration, *SHAPE.values())
            yield name, result.metrics["parameters"], count


def test_a_measurement_that_is_missing_stays_missing(tmp_path):
    commands = ("train 1", "measure 1", "train 2", "measure 2")
    (row,) = save(
        tmp_path,
        make_result({"rmse_mean": 0.25, "elbo": -3.0}, commands=commands[:2]),
        make_result({"rmse_mean": 0.75, "elbo": -1.0}, 2, commands=commands[2:]),
    )
    assert row.is_nll is row.is_samples is row.is_images is row.kl is row.fdd is None
    assert scoreboard.show(row.fdd, ".1f") == "–"
    assert f"{row.elbo:.2f}" == "-2.00 ± 1.41"
    assert scoreboard.show(row.minutes, ".1f") == "3.0"
    assert row.commands == commands
    assert row.name == "fully connected, d = 2, β = 2"
    assert row.variant == ""
    assert not row.is_vae and row.quantity == "p(x)"
    assert (row.seeds, row.epochs.values) == ((1, 2), (3.0,))


def test_a_study_of_several_models_gives_each_its_own(tmp_path):
    three, five = (dataclasses.replace(SMALL, latent_dim=d) for d in (3, 5))
    first, second = save(
        tmp_path,
        make_result({"rmse_mean": 3.0}, configuration=three, commands=["a", "b"]),
        make_result(
            {"rmse_mean": 5.0, "is_nll": 1.5}, configuration=five, commands=["c", "d"]
        ),
    )
    assert (first.latent_dim, second.latent_dim) == (3, 5)
    assert (first.variant, second.variant) == ("d = 3", "d = 5")
    assert (first.commands, second.commands) == (("a", "b"), ("c", "d"))
    assert (first.is_samples, second.is_samples) == (None, 7)
    assert second.is_images == 4
    assert second.rmse_mean.values == (5.0,)
    assert first.minutes.values == (3.0,)


def test_time_and_epochs_of_each_run_count_where_they_are_known(tmp_path):
    metrics = {"rmse_mean": 0.1}
    (row,) = save(tmp_path, *(make_result(metrics, s, minutes=s) for s in (1, 2)))
    assert (row.minutes.values, row.clock) == ((1.0, 2.0), "wall")
    (row,) = save(
        tmp_path,
        *(make_result(metrics, s, seconds=60.0 * s, epochs=s) for s in (1, 2)),
    )
    assert (row.minutes.values, row.clock) == ((1.0, 2.0), "processor")
    assert row.epochs.values == (1.0, 2.0)


def test_a_label_names_a_variant(tmp_path):
    first, second = save(
        tmp_path,
        make_result({"rmse_mean": 0.1}),
        make_result({"rmse_mean": 0.2}, label="EMA of weights"),
    )
    assert (first.variant, second.variant) == ("", "EMA of weights")


def test_epochs_name_a_variant_where_nothing_else_does(tmp_path):
    made = {}
    for name, fields in (
        ("alike", [{"epochs": 2}, {"epochs": 3}, {"epochs": 3, "latent_dim": 9}]),
        ("apart", [{"epochs": 2}, {"epochs": 3, "latent_dim": 9}]),
    ):
        results = [
            make_result(
                {"rmse_mean": float(i), "elbo": float(i)},
                configuration=dataclasses.replace(SMALL, **each),
            )
            for i, each in enumerate(fields)
        ]
        save(tmp_path, *results, name=name)
        made[name] = scoreboard.rows([name], tmp_path)
    variants = ["d = 2, 2 epochs", "d = 2, 3 epochs", "d = 9, 3 epochs"]
    assert [row.variant for row in made["alike"]] == variants
    assert [row.variant for row in made["apart"]] == ["d = 2", "d = 9"]
    assert made["alike"][0].name == "fully connected, d = 2, β = 2, 2 epochs"
    assert made["apart"][0].name == "fully connected, d = 2, β = 2"


def test_a_study_of_a_classifier_has_no_row(tmp_path):
    result = make_result({"accuracy": 0.5}, configuration=ClassifierConfiguration())
    assert save(tmp_path, result) == []


def test_training_runs_that_another_row_has_too_are_left_out(tmp_path):
    elbos = {"whole": [-3.0, -2.0], "part": [-2.0], "twin": [-1.0], "other": [-1.0]}
    elbos["overlaps"] = [-3.0, -1.5]
    for name, values in elbos.items():
        results = [
            make_result({"rmse_mean": 0.1, "elbo": value}, seed)
            for seed, value in enumerate(values)
        ]
        rows = save(tmp_path, *results, name=name)
    assert {row.study for row in rows} == set(elbos) - {"part"}
    assert [row.study for row in scoreboard.rows(["part"], tmp_path)] == ["part"]


def test_a_number_and_its_deviation_stay_in_one_line(tmp_path):
    (row,) = save(
        tmp_path,
        make_result({"rmse_mean": 0.1, "elbo": -1.0}),
        make_result({"rmse_mean": 0.1, "elbo": -2.0}, 2),
    )
    assert scoreboard.show(row.elbo, ".1f") == "-1.5\u00a0±\u00a00.7"


def test_a_number_is_measured_where_any_result_has_it():
    study = studies.load_study("time_to_nll")
    assert len(scoreboard.measured(study, "test NLL, K = 500").values) == 3
    assert len(scoreboard.measured(study, "test NLL, K = 5000").values) == 1
    assert scoreboard.measured(study, "nothing") is None


def test_rows_of_a_study_that_does_not_exist():
    with pytest.raises(ValueError, match=r"no such study.*Received: name='nope'"):
        scoreboard.rows(["nope"])


def test_rows_of_one_study_are_some_of_all():
    own = [row for row in ROWS if row.study == "conv_pairs"]
    assert own and scoreboard.rows(["conv_pairs"]) == own


def test_reading_rows_leaves_random_numbers_alone():
    random.seed(3)
    expected = random.random()
    recorded.count_parameters.cache_clear()
    random.seed(3)
    scoreboard.rows(["fc_vae_long"])
    assert random.random() == expected


def test_a_measured_number_needs_a_value():
    with pytest.raises(ValueError, match=r"Received: values=\(\)"):
        scoreboard.Measured(())


def test_every_published_number_has_a_source():
    assert len(PUBLISHED) > 30
    for entry in PUBLISHED:
        assert entry.source and entry.url.startswith("https://"), entry
        assert entry.tag in ("V", "S")
        assert 70 < entry.nll < 140
        if entry.tag == "S":
            assert "summarised" in entry.note
    assert [e.nll for e in PUBLISHED] == sorted(e.nll for e in PUBLISHED)
    described = [dataclasses.astuple(entry) for entry in PUBLISHED]
    assert len(set(described)) == len(described)


def test_comparable_numbers_are_dynamic_and_report_k_or_are_exact():
    for entry in PUBLISHED:
        known = (entry.k or 0) > 1 or entry.exact
        same = entry.binarisation == "dynamic" and known
        assert entry.comparable == same
        assert bool(entry.differences) != same
    assert {e.comparable for e in PUBLISHED} == {True, False}


@pytest.mark.parametrize(
    "change",
    [
        {"tag": "R"},
        {"tag": "D"},
        {"url": ""},
        {"source": ""},
        {"binarisation": "0.5"},
        {"exact": True, "k": 5},
    ],
    ids=str,
)
def test_a_published_number_without_a_source_is_refused(change, tmp_path):
    entry = {
        "model": "VAE",
        "nll": 86.0,
        "binarisation": "dynamic",
        "tag": "V",
        "source": "somewhere",
        "url": "https://example.org",
    }
    file = tmp_path / "published.json"
    file.write_text(json.dumps([entry]))
    assert scoreboard.published(file)[0].differences == ("K not reported",)
    file.write_text(json.dumps([entry | change]))
    with pytest.raises(ValueError, match="Received: "):
        scoreboard.published(file)
