"""`export`: files that load without the package, and the card beside them."""

import contextlib
import io
import json
import re
import subprocess

import imageio.v3 as iio
import pytest
from optional import list_formats, require_format

from vae_utils import cli
from vae_utils.cli import export as command
from vae_utils.export import checking, exporting, formats, functions
from vae_utils.files import UNFINISHED

SCRIPT = ("--format", "js")  # the format that is quickest to check
needs_javascript = pytest.mark.usefixtures("javascript")


@pytest.fixture
def javascript():
    require_format("js")


def export(*arguments):
    return cli.main(["export", *map(str, arguments)])


def test_options_offer_what_the_package_has():
    assert command.FORMATS == tuple(formats.FORMATS)
    assert command.FUNCTIONS == tuple(functions.FUNCTIONS)
    assert command.PIXELS == functions.PIXELS


@pytest.fixture(scope="module")
def exported(shared_run, tmp_path_factory):
    """A conditional VAE in every format that there is: the folder, and the output."""
    target = tmp_path_factory.mktemp("exported") / "model"
    run, printed = shared_run("cvae").path, io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert export(run, "--format", *list_formats(), "--output-dir", target) == 0
    return target, printed.getvalue()


def test_every_format_is_compared_with_the_model(exported):
    _, printed = exported
    header, _, *rows = printed.splitlines()[: 2 + 9]
    assert header.split() == ["function", "output", *list_formats()]
    assert [row.split()[0] for row in rows[:2]] == ["encode", "encode"]
    for row in rows:
        _, output, *differences = row.split()
        limit = 784e-5 if output in checking.SUMMED else 1e-5
        assert all(float(number) < limit for number in differences), row
        assert differences[0] == "0.0e+00"  # Keras itself


def test_the_folder_has_files_card_and_description(exported):
    target, printed = exported
    names = ["README.md", *sorted([*list_formats(), "model.json", "pictures"])]
    assert printed.splitlines()[-len(names) :] == [str(target / n) for n in names]
    assert sorted(path.name for path in target.iterdir()) == sorted(names)
    assert not list(target.parent.glob(f".*{UNFINISHED}"))
    for name in ("reconstruct", "generate"):
        assert iio.imread(target / "pictures" / f"{name}.png").ndim == 3


def test_the_description_says_what_is_needed_to_use_the_files(exported, shared_run):
    described = json.loads((exported[0] / "model.json").read_text(encoding="utf-8"))
    score = described["functions"]["score"]
    assert [entry["name"] for entry in score["inputs"]] == ["x", "eps", "y"]
    assert score["inputs"][0]["shape"] == [28, 28, 1]
    assert described["image_shape"] == [28, 28, 1] and described["latent_dim"] == 2
    assert described["classes"] == list("0123456789") and described["beta"] == 1.0
    assert described["likelihood"] == "bernoulli" and described["batch_size"] is None
    assert described["pixels"].startswith("bytes from 0 to 255")
    assert described["data"]["provenance"].startswith("MNIST, bundled sample")
    assert set(described["versions"]) >= {"keras", "tensorflow"}
    assert set(described["differences"]) == set(list_formats())
    config = shared_run("cvae").read_config()["settings"]
    assert described["configuration"]["hidden"] == config["configuration"]["hidden"]


def test_the_card_has_the_numbers_of_the_run(exported, shared_run):
    card = (exported[0] / "README.md").read_text(encoding="utf-8")
    metrics = json.loads(shared_run("cvae").metrics.read_text())
    numbers = card.split("## Numbers")[1].split("## ")[0].splitlines()
    for name, value in metrics["metrics"].items():
        (row,) = [line for line in numbers if f"| `{name}` " in line]
        assert f"{value:.4g}" in row
    measured = metrics["measured"]["elbo"]
    assert measured in card
    for path in re.findall(r"!\[.+?\]\((.+?)\)", card):
        assert (exported[0] / path).is_file()
    rows = [line for line in card.splitlines() if line.startswith("|")]
    bars = (3, 4, 5, 3 + len(list_formats()))
    for row in rows:  # a bar in a cell would make it two
        assert re.sub(r"\\\|", "", row).count("|") in bars, row


def snippets(target):
    card = (target / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"## Call it: (\w+)\n.+?```(\w+)\n(.+?)```", card, re.S)
    return {kind: (language, program) for kind, language, program in found}


@pytest.mark.parametrize("kind", [name for name in formats.FORMATS if name != "js"])
def test_programs_of_the_card_run(kind, exported, monkeypatch, capsys):
    require_format(kind)
    language, program = snippets(exported[0])[kind]
    assert language == "python" and "vae_utils" not in program
    monkeypatch.chdir(exported[0])
    exec(compile(program, kind, "exec"), {})
    printed = capsys.readouterr().out
    for name in ("z_mean", "x_mean", "neg_elbo", "mse"):
        assert name in printed


def run_in_node(target):
    """Runs the program in JavaScript of an export's card; returns what it prints."""
    require_format("js")
    engine = formats.find_engine()
    if "node" not in engine:
        pytest.skip("needs Node.js")
    language, program = snippets(target)["js"]
    assert language == "javascript"
    ran = subprocess.run(
        [engine, "-e", program], cwd=target, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_program_in_javascript_runs(exported):
    printed = run_in_node(exported[0])
    assert "neg_elbo" in printed and "shape: [ 1, 28, 28, 1 ]" in printed


@needs_javascript
def test_a_mixture_takes_more_noise_than_a_code_does(train, tmp_path, capsys):
    run = train(tmp_path / "run", "--prior", "gaussian-mixture", "--no-viz")
    assert export(run.path, *SCRIPT) == 0
    described = json.loads((run.export / "model.json").read_text(encoding="utf-8"))
    inputs = [described["functions"][n]["inputs"][-1] for n in ("score", "sample")]
    assert [(each["name"], each["shape"]) for each in inputs] == [
        ("eps", [2]),
        ("noise", [3]),
    ]
    assert "x_mean" in run_in_node(run.export)


@needs_javascript
def test_by_default_an_export_is_in_the_runs_folder(copy_run, capsys):
    run = copy_run("vae")
    assert export(run.path, *SCRIPT, "--functions", "decode") == 0
    described = json.loads((run.export / "model.json").read_text(encoding="utf-8"))
    assert list(described["functions"]) == ["decode"]
    assert (run.export / "js" / "index.html").is_file()


@needs_javascript
def test_an_export_is_replaced_only_if_asked(copy_run, refuse):
    run = copy_run("vae")
    assert export(run.path, *SCRIPT, "--functions", "decode") == 0
    before = (run.export / "js" / "model.js").read_bytes()
    sentence = "There is an export already: replace it (--overwrite)"
    assert sentence in refuse("export", run.path, *SCRIPT, code=1)
    assert (run.export / "js" / "model.js").read_bytes() == before
    options = ("--overwrite", "--functions", "sample", "--pixels", "float32")
    assert export(run.path, *SCRIPT, *options, "--batch-size", "2") == 0
    described = json.loads((run.export / "model.json").read_text(encoding="utf-8"))
    assert list(described["functions"]) == ["sample"]
    assert described["batch_size"] == 2
    assert described["pixels"] == "numbers from 0 to 1"


@needs_javascript
def test_a_folder_with_other_files_is_left_as_it_is(shared_run, tmp_path, refuse):
    (tmp_path / "letter.txt").write_text("mine")
    options = ("--overwrite", "--output-dir", tmp_path, *SCRIPT)
    sentence = "An export needs a new or an empty folder"
    assert sentence in refuse("export", shared_run("vae").path, *options, code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@needs_javascript
def test_a_new_run_removes_the_export_of_the_old_one(copy_run, train):
    run = copy_run("vae")
    assert export(run.path, *SCRIPT, "--functions", "decode") == 0
    train(run.path, "--overwrite", "--no-viz")
    assert not run.export.exists()


@needs_javascript
@pytest.mark.parametrize(
    ("run", "function", "sentence"),
    [
        ("ae", "sample", "(plain autoencoder) has no prior to draw codes from. Rec"),
        (
            "vae",
            "classify",
            "This model (variational autoencoder) does not classify images.",
        ),
        (
            "classifier",
            "encode",
            "This model (classifier of images) encodes no images. Rec",
        ),
        ("classifier", "score", "encodes no images. Received: function score"),
    ],
)
def test_functions_that_a_model_lacks_are_refused(
    run, function, sentence, shared_run, refuse, tmp_path
):
    where = ("--output-dir", tmp_path / "new")
    options = (*SCRIPT, "--functions", function, *where)
    assert sentence in refuse("export", shared_run(run).path, *options, code=2)
    assert not list(tmp_path.iterdir())


def test_missing_packages_are_named_before_anything_is_written(
    shared_run, refuse, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        formats.importlib.util,
        "find_spec",
        lambda name: None if name == "tf2onnx" else name,
    )
    where = ("--output-dir", tmp_path / "new")
    said = refuse(
        "export", shared_run("vae").path, "--format", "js", "onnx", *where, code=2
    )
    assert "pip install tf2onnx. Received: onnx without tf2onnx" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--format pickle", "argument --format: invalid choice: 'pickle'"),
        ("--functions dream", "argument --functions: invalid choice: 'dream'"),
        ("--batch-size 0", "must be 1 or more. Received: 0"),
        ("--pixels int8", "argument --pixels: invalid choice: 'int8'"),
    ],
)
def test_unknown_choices_are_refused(options, sentence, refuse):
    assert sentence in refuse("export", "runs/any", *options.split(), code=2)


def test_another_folder_is_no_run(refuse, tmp_path):
    assert "There is no run here" in refuse("export", tmp_path, code=1)


@needs_javascript
@pytest.mark.parametrize("run", ["ae", "classifier", "iwae", "learned"])
def test_every_kind_of_run_is_exported(run, shared_run, tmp_path, capsys):
    target = tmp_path / "exports" / "new"
    assert export(shared_run(run).path, *SCRIPT, "--output-dir", target) == 0
    described = json.loads((target / "model.json").read_text(encoding="utf-8"))
    names = set(described["functions"])
    assert names == {"classify"} if run == "classifier" else "encode" in names
    assert ("sigma" in described) == (run == "learned")
    pictures = {path.name for path in target.glob("pictures/*")}
    expected = {"reconstruct.png", "generate.png"}
    if run in ("ae", "classifier"):
        expected -= {"generate.png"}
    if run == "classifier":
        expected = set()
    assert pictures == expected


@needs_javascript
@pytest.mark.filterwarnings("default:The model card has no pictures:UserWarning")
def test_a_recorded_run_is_exported_without_its_data(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    assert export("explorer_cvae", *SCRIPT) == 0
    out, err = capsys.readouterr()
    assert "The model card has no pictures of test images. Received: The compl" in err
    assert "exports/explorer_cvae/README.md" in out
    folder = tmp_path / "exports" / "explorer_cvae"
    assert [path.name for path in folder.glob("pictures/*")] == ["generate.png"]
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "MNIST, not available while exporting" in card
    assert re.search(r"\| `elbo` +\| -1\d\d", card)


@needs_javascript
def test_another_epoch_is_said_in_the_card(shared_run, tmp_path, capsys):
    target = tmp_path / "first"
    options = ("--epoch", "1", "--output-dir", target, *SCRIPT)
    assert export(shared_run("vae").path, *options) == 0
    card = (target / "README.md").read_text(encoding="utf-8")
    assert "Measured after epoch 2; what is exported is epoch 1." in card


@needs_javascript
def test_a_run_without_numbers_says_how_to_measure(copy_run, capsys):
    run = copy_run("vae")
    run.metrics.unlink()
    assert export(run.path, *SCRIPT, "--functions", "decode") == 0
    card = (run.export / "README.md").read_text(encoding="utf-8")
    assert "Not measured: `python -m vae_utils evaluate RUN --metrics`" in card


@needs_javascript
def test_the_licence_is_that_of_the_data_set(shared_run, tmp_path, monkeypatch):
    class Entry:
        title, class_names, credit = "MNIST", tuple("0123456789"), "A. Author, CC BY"

    monkeypatch.setattr("vae_utils.datasets.describe", lambda name: Entry)
    target = tmp_path / "new"
    options = ("--functions", "decode", "--output-dir", target, *SCRIPT)
    assert export(shared_run("vae").path, *options) == 0
    text = (target / "README.md").read_text(encoding="utf-8")
    assert "Authors and licence of the images: A. Author, CC BY." in text
    script = (target / "js" / "model.js").read_text(encoding="utf-8")
    assert '"licence": "A. Author, CC BY"' in script


@needs_javascript
def test_files_that_differ_are_not_kept(shared_run, tmp_path, monkeypatch, refuse):
    monkeypatch.setattr(checking, "TOLERANCE", 1e-12)
    options = (*SCRIPT, "--output-dir", tmp_path / "new")
    said = refuse("export", shared_run("vae").path, *options, code=1)
    assert "The exported js files do not compute what the model computes." in said
    assert not list(tmp_path.iterdir())


def test_files_that_cannot_be_loaded_are_not_kept(
    shared_run, tmp_path, monkeypatch, refuse
):
    def write_nothing(functions, metadata, folder):
        (folder / "decode.keras").write_bytes(b"")

    monkeypatch.setattr("vae_utils.export.keras_files.write", write_nothing)
    options = ("--functions", "decode", "--output-dir", tmp_path / "new")
    said = refuse("export", shared_run("vae").path, *options, code=1)
    assert "The exported keras files cannot be loaded in another process. Rec" in said
    assert not list(tmp_path.iterdir())


@needs_javascript
def test_an_interrupted_export_leaves_nothing(shared_run, tmp_path, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "run", interrupt)
    options = (*SCRIPT, "--output-dir", tmp_path / "new")
    assert export(shared_run("vae").path, *options) == 130
    assert not list(tmp_path.iterdir())


def test_an_export_is_one_that_has_card_and_description(tmp_path):
    exporting.check_free(tmp_path / "new")
    exporting.check_free(tmp_path)
    (tmp_path / exporting.CARD).write_text("")
    with pytest.raises(ValueError, match="An export needs a new or an empty folder"):
        exporting.check_free(tmp_path, overwrite=True)
    (tmp_path / exporting.DESCRIPTION).write_text("")
    exporting.check_free(tmp_path, overwrite=True)
