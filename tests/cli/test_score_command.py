"""`score`: pictures, arrays, test images, thresholds, labels; what is refused."""

import csv

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from vae_utils import cli, datasets, evaluation, runs
from vae_utils.cli import score as command
from vae_utils.cli.errors import UsageError
from vae_utils.runs import loading, scored_images

CLASS = "3"


def score(*arguments):
    return cli.main(["score", *map(str, arguments)])


@pytest.fixture(scope="module")
def sample():
    return datasets.load("mnist", sample=True)


@pytest.fixture(scope="module")
def folder(sample, tmp_path_factory):
    """Twelve digits, and four pictures of noise, in two folders; a file of labels."""
    root = tmp_path_factory.mktemp("pictures")
    noise = np.random.default_rng(0).integers(0, 256, (4, 28, 28), np.uint8)
    lines = ["file,anomaly"]
    for name, images, label in (("digits", sample.x_test[:12], 0), ("noise", noise, 1)):
        (root / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(root / name / f"{i:02}.png")
            lines.append(f"{name}/{i:02}.png,{label}")
    (root / "labels.csv").write_text("\n".join(lines))
    return root


def read(path):
    with (path / "scores.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


def test_options_offer_what_the_package_has():
    assert command.SCORES == tuple(evaluation.SCORES)


@pytest.fixture(scope="module")
def scored(shared_run, folder, tmp_path_factory):
    """All scores of all pictures, with labels: rows of the table, and the folder."""
    target = tmp_path_factory.mktemp("scored")
    given = folder / "digits", folder / "noise", "--labels", folder / "labels.csv"
    scores = "--by", "mse", "elbo", "is", "--samples", 5, "--seed", 2
    run = shared_run("vae").path
    assert score(run, *given, *scores, "--output", target) == 0
    return read(target), target


def test_pictures_score_as_the_images_they_were_made_of(scored, shared_run, sample):
    rows, _ = scored
    model = loading.load(loading.find(str(shared_run("vae").path)))
    images = sample.x_test[:12]
    expected = evaluation.score_images(model, images, by="mse")
    np.testing.assert_allclose(column(rows[:12], "mse"), expected, rtol=1e-5)


def test_flags_are_those_above_the_quantile_of_validation(scored, shared_run, sample):
    rows, _ = scored
    model = loading.load(loading.find(str(shared_run("vae").path)))
    for by, name in (("mse", "mse"), ("elbo", "neg_elbo"), ("is", "is_nll")):
        usual = evaluation.score_images(model, sample.x_val, by=by, samples=5, seed=2)
        flags = column(rows, name) > np.quantile(usual, 0.95)
        assert [row[f"{name}_flagged"] == "yes" for row in rows] == list(flags)
        assert flags[12:].all() or by == "mse"  # noise, to a model of grey blobs


def test_bits_are_there_where_nats_are(scored):
    rows, _ = scored
    for name in ("neg_elbo", "is_nll"):
        bits = column(rows, name) / (784 * np.log(2))
        np.testing.assert_allclose(
            column(rows, f"{name}_bits_per_dim"), bits, rtol=1e-4
        )
    assert "mse_bits_per_dim" not in rows[0]


def test_names_and_labels_are_in_the_table(scored, folder):
    rows, _ = scored
    assert rows[0]["file"] == str(folder / "digits" / "00.png")
    assert [row["anomaly"] for row in rows] == ["0"] * 12 + ["1"] * 4


def test_the_strangest_are_drawn(scored):
    _, target = scored
    for name in ("mse", "elbo", "is"):
        assert iio.imread(target / f"worst_{name}.png").std() > 10


def test_summary_says_how_well_anomalies_are_found(
    shared_run, folder, tmp_path, capsys
):
    given = folder / "digits", folder / "noise", "--labels", folder / "labels.csv"
    run = shared_run("vae").path
    assert score(run, *given, "--by", "elbo", "--output-dir", tmp_path / "out") == 0
    header, _, row, _, *paths = capsys.readouterr().out.splitlines()
    assert header.split() == ["score", "threshold", "flagged", "AUROC", "FPR", "TPR"]
    assert "1.000 ± 0.000" in row and row.split()[-1] == "1.000"
    names = "scores.csv", "worst_elbo.png"
    assert paths == [str(tmp_path / "out" / name) for name in names]


def test_test_images_and_arrays_score_alike(shared_run, sample, tmp_path):
    np.savez(tmp_path / "some.npz", x=sample.x_test, y=sample.y_test)
    np.save(tmp_path / "other.npy", sample.x_test / np.float32(255))
    files = "test", tmp_path / "some.npz", tmp_path / "other.npy"
    run, options = shared_run("vae").path, ("--by", "mse", "--quantile", "0.9")
    options = (*options, "--threshold-from", "files")
    assert score(run, *files, *options, "--output-dir", tmp_path / "out") == 0
    rows = read(tmp_path / "out")
    values = column(rows, "mse").reshape(3, 1000)
    np.testing.assert_array_equal(values[1:], values[:1].repeat(2, axis=0))
    names = [rows[i]["file"] for i in (0, 1999)]
    assert names == ["test[0]", f"{tmp_path / 'some.npz'}[999]"]
    assert sum(row["mse_flagged"] == "yes" for row in rows) == 300


def test_scores_go_to_the_run(copy_run, folder):
    run = copy_run("ae")
    assert score(run.path, folder / "digits") == 0
    names = {path.name for path in run.scores.iterdir()}
    assert names == {"scores.csv", "worst_mse.png"}
    run.check_free(overwrite=True)


def test_a_conditional_model_takes_the_folder_for_the_class(
    shared_run, sample, tmp_path
):
    (tmp_path / CLASS).mkdir()
    chosen = sample.x_test[sample.y_test == int(CLASS)][:3]
    for i, image in enumerate(chosen):
        Image.fromarray(image).save(tmp_path / CLASS / f"{i}.png")
    run = shared_run("cvae").path
    files = tmp_path / CLASS, "--by", "mse", "--output-dir", tmp_path / "out"
    assert score(run, *files) == 0
    model = loading.load(loading.find(str(run)))
    labels = np.full(3, int(CLASS))
    expected = evaluation.score_images(model, chosen, labels, by="mse")
    np.testing.assert_allclose(
        column(read(tmp_path / "out"), "mse"), expected, rtol=1e-5
    )


def test_unreadable_files_are_left_out_if_asked(shared_run, folder, tmp_path, capsys):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "broken.npy").write_bytes(b"no array")
    files = folder / "noise", tmp_path / "broken.png", tmp_path / "broken.npy"
    options = "--by", "mse", "--on-error", "skip", "--output-dir", tmp_path / "out"
    assert score(shared_run("vae").path, *files, *options) == 0
    assert len(read(tmp_path / "out")) == 4
    warnings = [x for x in capsys.readouterr().err.splitlines() if "left out" in x]
    assert len(warnings) == 2 and "broken.png is left out: not a picture" in warnings[0]


@pytest.fixture
def refused(shared_run, folder, tmp_path, refuse, monkeypatch):
    """Runs a command that is refused, and sees that nothing is written."""
    monkeypatch.chdir(tmp_path)

    def run(name, *arguments):
        path = shared_run(name).path
        before = sorted(path.rglob("*"))
        sentence = refuse("score", path, *arguments, code=2)
        assert sorted(path.rglob("*")) == before
        assert not list(tmp_path.glob("**/scores.csv"))
        return sentence

    return run


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("ae", "--by elbo", "A plain autoencoder does not bound the probability"),
        ("ae", "--by mse is", "Received: --by is"),
        ("classifier", "", "A classifier of images draws no images"),
        ("vae", "--quantile 1", "more than 0 and less than 1. Received: 1"),
        ("vae", "--quantile 0", "Received: 0"),
        ("vae", "--samples 0", "Received: 0"),
        ("vae", "--by nll", "'mse', 'elbo', 'is'"),
        ("vae", "--threshold-from train", "'validation', 'files'"),
        ("cvae", "", "conditioned on labels: put each picture into a folder named"),
        ("vae", "--labels missing.csv", "labels cannot be read (No such file"),
    ],
)
def test_refuses_options_that_make_no_sense(name, options, words, refused, folder):
    assert words in refused(name, folder / "digits", *options.split())


def test_refuses_files_that_cannot_be_read(refused, folder, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    files = folder / "digits", tmp_path / "broken.png", "missing.png"
    sentence = refused("vae", *files)
    assert "2 of 14 files cannot be read" in sentence
    assert "broken.png (not a picture that Pillow reads)" in sentence
    assert "missing.png (No such file or directory)" in sentence
    assert "--on-error skip" in sentence


def test_refuses_to_write_into_a_folder_that_is_scored(refused, folder):
    target = folder / "digits" / "new"
    sentence = refused("vae", folder / "digits", "--output-dir", target)
    assert "Nothing is written into a folder that is scored" in sentence
    assert not target.exists()


def test_refuses_a_folder_without_pictures(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no pictures" in refused("vae", tmp_path / "empty")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": np.zeros((2, 5, 5), np.uint8)}, "(28, 28, 1), as the model takes them"),
        ({"y": np.zeros(2), "z": np.zeros(2)}, "no array named x_test, x, images"),
        ({"x": np.zeros((2, 28, 28)), "y": np.zeros(3)}, "labels of (3,)"),
        ({"x": np.full((2, 28, 28), 2.0)}, "must lie in [0, 1]"),
    ],
)
def test_refuses_arrays_that_are_other_images(arrays, words, refused, tmp_path):
    np.savez(tmp_path / "x.npz", **arrays)
    assert words in refused("vae", tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("name;anomaly\n00.png;1", "has no line for 11 images"),
        ("file,anomaly\n99.png,1", "names 1 file that is not scored, such as 99.png"),
        ("picture,score\n", "'file,anomaly'"),
        ("file,anomaly\n00.png,maybe", "1 for an anomaly, else 0. Received: 00.png"),
    ],
)
def test_refuses_labels_that_do_not_fit(lines, words, refused, folder, tmp_path):
    (tmp_path / "labels.csv").write_text(lines)
    options = folder / "digits", "--labels", tmp_path / "labels.csv"
    assert words in refused("vae", *options)


def test_refuses_labels_of_one_kind(refused, folder, tmp_path):
    lines = ["file,anomaly", *(f"{i:02},0" for i in range(12))]
    (tmp_path / "labels.csv").write_text("\n".join(lines).replace(",0", ".png,0"))
    options = folder / "digits", "--labels", tmp_path / "labels.csv"
    assert "with 0 anomalies among 12" in refused("vae", *options)


@pytest.mark.parametrize("size", [16, 40])
def test_pictures_are_decoded_as_the_recipe_says(size, tmp_path):
    """As `from_folder` decodes them, which makes the data of a run."""
    rng = np.random.default_rng(0)
    for i in range(4):
        image = rng.integers(0, 256, (30, 50, 4), np.uint8)
        Image.fromarray(image, "RGBA").save(tmp_path / f"{i}.png")
    choices = {"fit": "pad", "background": "#ff8000", "colour": "rgb"}
    data = datasets.from_folder(tmp_path, size=size, labels=None, **choices)
    settings = {"data": data.name, "recipe": data.recipe}
    files = [str(tmp_path / name) for name in data.files["train"]]
    found = scored_images.gather(files, settings, data.image_shape, None)
    np.testing.assert_array_equal(found.images, data.x_train)
    assert found.names == files and not found.unusable


def test_pictures_are_for_models_of_square_images():
    with pytest.raises(ValueError, match="square images.*image_shape=.16, 24, 3"):
        scored_images.decoding_options({"data": "noise"}, (16, 24, 3))
    assert issubclass(UsageError, ValueError) and runs.RunError
