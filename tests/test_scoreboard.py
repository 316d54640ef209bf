import dataclasses
import json
import random
import shlex
import statistics

import pytest

from vae_utils import configurations, pretrained, scoreboard, training
from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.options import make_parser
from vae_utils.scoreboard import recorded

ROWS = scoreboard.rows()
IDS = [f"{row.run} {row.prefix}".strip() for row in ROWS]
PUBLISHED = scoreboard.published()
BARS = {
    "data": "MNIST, complete: …",
    "split": {"train": 80, "validation": 5, "test": 40},
    "likelihood": "Bernoulli",
    "epochs": 3,
    "seeds": [1, 2],
    "configuration": {"hidden": [8], "beta": 2.0},
    "importance_sampling": {"samples": 7, "images": 4},
    "commands": ["train 1", "measure 1", "train 2", "measure 2"],
}

each_row = pytest.mark.parametrize("row", ROWS, ids=IDS)


def contents(row):
    return json.loads((pretrained.FOLDER / f"{row.run}.json").read_text())


def save(folder, metrics, **protocol):
    pretrained.save_run(
        "bars",
        protocol=BARS | protocol,
        minutes=6.0,
        history={},
        metrics=metrics,
        folder=folder,
    )
    return scoreboard.rows(folder=folder)


def parse_train(command):
    program, options = shlex.split(command)[:3], shlex.split(command)[3:]
    assert program == ["python", "-m", "vae_utils"]
    return make_parser().parse_args(options)


def test_every_recorded_autoencoder_has_a_row():
    models = {
        (path.stem, key.removesuffix("rmse_mean").strip())
        for path in pretrained.FOLDER.glob("*.json")
        for key in json.loads(path.read_text())["metrics"]
        if key.endswith("rmse_mean")
    }
    # Three of the ten seeds of fc_vae_seeds.
    assert {(row.run, row.prefix) for row in ROWS} == models - {("fc_vae_sizes", "d=2")}
    assert len(ROWS) == len(models) - 1 > 40
    assert "classifier" not in {row.run for row in ROWS}


@each_row
def test_numbers_are_those_of_the_recorded_run(row):
    run = contents(row)
    for name in ("is_nll", "elbo", "elbo_same_images", "nll", "kl", "rmse_mean", "fdd"):
        number = run["metrics"].get(f"{row.prefix} {name}".strip())
        shown = getattr(row, name)
        if number is None:
            assert shown is None, name
        elif isinstance(number, list):
            assert shown.mean == pytest.approx(statistics.fmean(number), rel=1e-12)
            spread = statistics.stdev(number) if len(number) > 1 else None
            assert shown.deviation == (spread and pytest.approx(spread, rel=1e-9))
            assert len(number) == len(row.seeds)
        else:
            assert shown.values == (number,) and shown.deviation is None
    assert list(row.seeds) == run["protocol"]["seeds"]
    assert row.hardware == run["hardware"]


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
        text = contents(row)["protocol"]["measured"]["is_nll"]
        assert f"K = {row.is_samples};" in text
        assert f"every {10_000 // row.is_images}th" in text


@each_row
def test_the_commands_train_what_the_row_says(row):
    if len(row.commands) == 1:
        command = f"python benchmarks/record_runs.py {row.run}"
        assert row.commands == (command,)
        return
    trainings = [parse_train(c) for c in row.commands if " train " in c]
    assert [each.seed for each in trainings] == list(row.seeds)
    run = pretrained.load_run(row.run)
    expected = recorded.configuration_in(run, row.prefix)
    for each in trainings:
        assert choose_configuration(each) == expected
    for command in row.commands[1::2]:
        assert parse_train(command).is_samples == (row.is_samples or 500)


def test_runs_without_commands_can_be_recorded_by_name():
    alone = {row.run for row in ROWS if len(row.commands) == 1}
    assert alone == {"conv_few", "conv_pairs", "conv_pairs_fashion"}


@each_row
def test_minutes_are_those_of_one_training(row):
    run, count = contents(row), len(row.seeds)
    seconds = run["metrics"].get(f"{row.prefix} seconds")
    if row.clock == "processor":
        assert row.minutes.mean == pytest.approx(sum(seconds) / count / 60)
    else:
        assert seconds is None
        models = [key for key in run["metrics"] if key.endswith("rmse_mean")]
        total = row.minutes.mean * count * len(models)
        assert total == pytest.approx(run["minutes"])


@each_row
def test_what_is_bounded_follows_from_who_hears_the_label(row):
    told = [(c, parse_train(c)) for c in row.commands if " train " in c]
    if row.run == "labelled":
        hears = {"none": False, "encoder": False, "both": True, "decoder": True}
        assert row.quantity == ("p(x|y)" if hears[row.prefix] else "p(x)")
    elif "cvae" in row.run and row.run != "cvae_planes":
        assert row.quantity == "p(x|y)"
    elif told and " --model ae " in told[0][0]:
        assert row.quantity is None and not row.is_vae
    densities = ("continuous Bernoulli", "squared error", "sigma 0.1", "learned sigma")
    assert (row.quantity == "density") == (row.prefix in densities)
    bounded = row.quantity in ("p(x)", "p(x|y)")
    assert row.is_vae == (bounded and row.beta == 1)


def test_no_two_rows_of_a_run_look_alike():
    named = [(row.run, row.name, row.binarisation) for row in ROWS]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"hidden": (300,), "latent_dim": 7},
        {"hidden": (300,), "decoder_hidden": (20, 10)},
        {"encoder": "conv", "decoder": "fc", "hidden": (), "decoder_hidden": (9,)},
        {"encoder": "3cnn", "decoder": "3cnn", "hidden": (), "labelled": "both"},
        {"labelled": "encoder"},
        {"labelled": "decoder"},
        {"variational": False},
    ],
    ids=str,
)
def test_parameters_are_those_of_the_network_that_is_trained(changes):
    configuration = configurations.Configuration(**changes)
    model = training.build(configuration, seed=0)
    expected = model.encoder.count_params() + model.decoder.count_params()
    assert recorded.count_parameters(configuration) == expected


def test_recorded_parameters_are_those_counted():
    for row in ROWS:
        run = pretrained.load_run(row.run)
        configuration = recorded.configuration_in(run, row.prefix)
        assert row.parameters == recorded.count_parameters(configuration), row.run


def test_a_measurement_that_is_missing_stays_missing(tmp_path):
    (row,) = save(tmp_path, {"rmse_mean": [0.25, 0.75], "elbo": [-3.0, -1.0]})
    assert row.is_nll is row.is_samples is row.is_images is row.kl is row.fdd is None
    assert scoreboard.show(row.fdd, ".1f") == "–"
    assert f"{row.elbo:.2f}" == "-2.00 ± 1.41"
    assert scoreboard.show(row.minutes, ".1f") == "3.0"
    assert row.commands == tuple(BARS["commands"])
    assert row.name == "fully connected, d = 2, β = 2"
    assert not row.is_vae and row.quantity == "p(x)"


def test_a_run_of_several_models_gives_each_its_own(tmp_path):
    metrics = {f"d={d} {name}": float(d) for d in (3, 5) for name in ("rmse_mean",)}
    metrics["d=5 is_nll"] = 1.5
    first, second = save(tmp_path, metrics, seeds=[1], commands=["a", "b", "c", "d"])
    assert (first.latent_dim, second.latent_dim) == (3, 5)
    assert (first.commands, second.commands) == (("a", "b"), ("c", "d"))
    assert (first.is_samples, second.is_samples) == (None, 7)
    assert second.is_images == 4
    assert second.rmse_mean.values == (5.0,)
    assert first.minutes.values == (3.0,)


def test_trainings_that_stand_in_another_row_too_are_left_out(tmp_path):
    elbos = {"whole": [-3.0, -2.0], "part": [-2.0], "twin": [-1.0], "other": [-1.0]}
    elbos["overlaps"] = [-3.0, -1.5]
    for name, values in elbos.items():
        metrics = {"rmse_mean": [0.1] * len(values), "elbo": values}
        pretrained.save_run(
            name,
            protocol=BARS | {"seeds": [1] * len(values)},
            minutes=6.0,
            history={},
            metrics=metrics,
            folder=tmp_path,
        )
    rows = scoreboard.rows(folder=tmp_path)
    assert {row.run for row in rows} == set(elbos) - {"part"}
    assert [row.run for row in scoreboard.rows(["part"], tmp_path)] == ["part"]


def test_a_number_and_its_deviation_stay_in_one_line():
    measured = scoreboard.measured({"elbo": [-1.0, -2.0]}, "elbo")
    assert scoreboard.show(measured, ".1f") == "-1.5\u00a0±\u00a00.7"


def test_a_prefix_that_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"Received: prefix='deep' in run 'bars'"):
        save(tmp_path, {"deep rmse_mean": 0.5})


def test_rows_of_a_run_that_does_not_exist():
    with pytest.raises(ValueError, match=r"no such run.*Received: 'nope'"):
        scoreboard.rows(["nope"])


def test_rows_of_one_run_are_some_of_all():
    assert scoreboard.rows(["labelled"]) == [r for r in ROWS if r.run == "labelled"]


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
        assert 70 < entry.nll < 110
        if entry.tag == "S":
            assert "summarised" in entry.note
    assert [e.nll for e in PUBLISHED] == sorted(e.nll for e in PUBLISHED)
    described = [dataclasses.astuple(entry) for entry in PUBLISHED]
    assert len(set(described)) == len(described)


def test_what_compares_is_dynamic_and_tells_k():
    for entry in PUBLISHED:
        same = entry.binarisation == "dynamic" and (entry.k or 0) > 1
        assert entry.comparable == same
        assert bool(entry.differences) != same
    assert {e.comparable for e in PUBLISHED} == {True, False}


@pytest.mark.parametrize(
    "change",
    [{"tag": "R"}, {"tag": "D"}, {"url": ""}, {"source": ""}, {"binarisation": "0.5"}],
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
    assert scoreboard.published(file)[0].differences == ("K not told",)
    file.write_text(json.dumps([entry | change]))
    with pytest.raises(ValueError, match="Received: "):
        scoreboard.published(file)
