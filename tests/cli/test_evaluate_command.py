"""`evaluate`: which pictures and numbers, of which weights, and where they go."""

import json

import numpy as np
import pytest

from vae_utils import cli, datasets, latent
from vae_utils.runs import drawing, loading, recorded
from vae_utils.training import checkpoint_file, read_snapshots


def test_snapshots_are_what_the_last_weights_draw(shared_run):
    run = shared_run("vae")
    kept = read_snapshots(run.path)
    assert list(kept["epochs"]) == [1, 2]
    assert kept["canvas"].shape == (2, 15 * 28, 15 * 28)
    assert kept["canvas"].dtype == kept["reconstructions"].dtype == np.uint8
    assert kept["z_mean"].shape == (2, 1000, 2)  # the sample has 1,000 test images
    assert kept["labels"].shape == (1000,)
    model = loading.load(loading.find(str(run.path)))
    grid = latent.square_grid(15, 2.0)
    top_right = np.flatnonzero((grid == [2.0, 2.0]).all(axis=1))
    assert list(top_right) == [14]
    image = latent.decode(model, grid[top_right])[0, ..., 0]
    drawn = kept["canvas"][-1][:28, -28:]
    np.testing.assert_allclose(drawn / 255, image, atol=0.003)
    codes = latent.encode_mean(model, kept["input"])
    np.testing.assert_allclose(codes, kept["z_mean"][-1][:10], atol=1e-5)
    means = latent.reconstruct(model, kept["input"])[..., 0]
    np.testing.assert_allclose(kept["reconstructions"][-1] / 255, means, atol=0.003)


def test_snapshots_of_more_dimensions_have_reconstructions_only(shared_run):
    run = shared_run("wide")
    assert set(read_snapshots(run.path)) == {"epochs", "input", "reconstructions"}
    assert not (run.path / "snapshots").exists()


def test_paths_and_numbers_go_to_standard_output(shared_run, tmp_path, capsys):
    run = shared_run("vae")
    options = ["--reconstruct", "--metrics", "--is-samples", "2", "--num-gen", "4"]
    where = ["--output-dir", str(tmp_path)]
    assert cli.main(["evaluate", str(run.path), *options, *where]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == "" and lines[-3:] == [
        str(tmp_path / "metrics.json"),
        str(tmp_path / "reconstruct.png"),
        str(tmp_path / "epochs.png"),
    ]
    assert lines[0].startswith("MNIST, bundled sample") and "epoch 2" in lines[1]
    saved = json.loads((tmp_path / "metrics.json").read_text())
    assert "K = 2" in saved["measured"]["is_nll"]
    assert f"{saved['metrics']['is_nll']:.4g}" in out
    trained = json.loads(run.metrics.read_text())["metrics"]
    assert {name: saved["metrics"][name] for name in trained} == trained


def test_evaluate_draws_the_epoch_asked_for(copy_run):
    run = copy_run("learned")
    for epoch, expected in (("1", 1), ("last", 2), ("best", 2)):
        assert cli.main(["evaluate", str(run.path), "--metrics", "--epoch", epoch]) == 0
        assert json.loads(run.metrics.read_text())["epoch"] == expected
    assert not run.figures.exists()  # no picture was asked for


def test_a_decoder_alone_draws_what_the_whole_model_draws(shared_run):
    run = loading.find(str(shared_run("vae").path))
    request = drawing.Request(count=7, seed=3)
    whole = drawing.draw_generated(loading.load(run), None, request)
    alone = drawing.draw_generated(loading.load_decoding_parts(run), None, request)
    np.testing.assert_array_equal(
        whole.images[0].get_array(), alone.images[0].get_array()
    )


def test_generating_reads_no_encoder_and_no_data(shared_run, tmp_path, monkeypatch):
    read, asked = checkpoint_file.read, []

    def record(path, parts=None, **options):
        asked.append(parts)
        return read(path, parts, **options)

    monkeypatch.setattr(checkpoint_file, "read", record)
    monkeypatch.setattr(datasets, "load", None)
    options = ["--generate", "--num-gen", "5", "--output-dir", str(tmp_path)]
    assert cli.main(["evaluate", str(shared_run("vae").path), *options]) == 0
    assert asked[-1] == ["decoder"] and all(not parts for parts in asked[:-1])
    assert [path.name for path in tmp_path.iterdir()] == ["generate.png"]


def test_class_means_labels_and_spread_choose_the_codes(shared_run):
    model = loading.load(loading.find(str(shared_run("cvae").path)))
    data, images = datasets.load("mnist", sample=True), {}
    for name, request in {
        "rows": drawing.Request(count=20),
        "threes": drawing.Request(count=20, label=3),
        "still": drawing.Request(count=20, spread=0.0),
        "means": drawing.Request(count=20, around="class-means"),
        "around": drawing.Request(count=20, around="class-means", spread=0.5),
    }.items():
        ax = drawing.draw_generated(model, data, request)
        images[name] = ax.images[0].get_array(), ax.get_title()
    # Without spread, both rows of ten classes are the same.
    for name in ("still", "means"):
        grid = images[name][0]
        np.testing.assert_array_equal(grid[:28], grid[30:58])
    assert np.ptp(images["around"][0][:28] - images["around"][0][30:58]) > 0
    assert (
        "±\N{NO-BREAK SPACE}0.5" in images["around"][1]
        and "class's mean" in images["means"][1]
    )
    assert len({grid.tobytes() for grid, _ in images.values()}) == 5


def test_class_means_are_the_means_of_training_codes(shared_run):
    data = datasets.load("mnist", sample=True)
    for name in ("ae", "cvae"):
        model = loading.load(loading.find(str(shared_run(name).path)))
        means = drawing.class_means(model, data)
        assert means.shape == (10, 2)
        x = data.x_train[data.y_train == 4]
        labels = np.full(len(x), 4) if name == "cvae" else None
        expected = latent.encode_mean(model, x, labels).mean(axis=0)
        np.testing.assert_allclose(means[4], expected, atol=1e-5)


@pytest.mark.parametrize("spread", [[], ["--spread", "0.5"]])
def test_an_autoencoder_generates_around_class_means(spread, shared_run, tmp_path):
    options = ["--generate", "--around", "class-means", "--label", "3", *spread]
    where = ["--num-gen", "4", "--output-dir", str(tmp_path)]
    run = str(shared_run("ae").path)
    assert cli.main(["evaluate", run, *options, *where]) == 0
    assert (tmp_path / "generate.png").exists()


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("ae", "--generate", "no prior.*class-means.*Received: --generate"),
        ("ae", "--label 3", "Received: --label 3"),
        ("ae", "--metrics --is-samples 7", "for a plain autoencoder"),
        ("ae", "--metrics --spread 1", "needs --generate. Received: --spread alone"),
        ("ae", "--reconstruct --is-samples 7", "needs --metrics"),
        ("vae", "--label 3 --generate", "Received: --label 3"),
        ("vae", "--reconstruct --around prior", "needs --generate"),
        ("learned", "--is-samples 7", "with likelihood learned-gaussian"),
        ("classifier", "--generate", "classifier of images draws no images. Received"),
        ("classifier", "--reconstruct", "draws no images"),
        ("classifier", "--latent", "Received: --latent"),
        ("classifier", "--label 3", "Received: --label 3"),
        ("classifier", "--generate --around class-means", "Received: --generate"),
        ("classifier", "--is-samples 7", "for a classifier of images"),
    ],
)
def test_what_a_model_cannot_do_is_refused(name, options, words, shared_run, refuse):
    run = shared_run(name).path
    assert_matches(words, refuse("evaluate", run, *options.split(), code=2))


def assert_matches(words, text):
    for part in words.split(".*"):
        assert part in text


def list_recorded_runs():
    return [
        name
        for name in recorded.list_studies()
        if recorded.WEIGHTS in recorded.load_study(name).files
    ]


def test_some_recorded_runs_keep_weights():
    names = list_recorded_runs()
    assert len(names) > 8 and {"classifier", "explorer_ae", "explorer_vae"} < set(names)


@pytest.mark.parametrize("name", list_recorded_runs())
def test_a_recorded_run_is_evaluated_by_its_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draws_none = name == "explorer_ae" or name.startswith("classifier")
    aspect = "history" if draws_none else "generate"
    assert cli.main(["evaluate", name, f"--{aspect}", "--num-gen", "4"]) == 0
    assert (tmp_path / "figures" / name / f"{aspect}.png").exists()
