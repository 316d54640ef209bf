import gzip
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from vae_utils import cli, configurations, datasets
from vae_utils.architectures import ACTIVATIONS, ARCHITECTURES
from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.options import make_parser
from vae_utils.configurations import ClassifierConfiguration
from vae_utils.datasets.catalog import CATALOG
from vae_utils.datasets.loading import SAMPLE_DIR
from vae_utils.training.checkpoint_file import list_epochs

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "vae_utils"]
QUICK = ["--sample", "--epochs", "2", "--updates-per-epoch", "3", "--hidden", "16"]


def choose(*options):
    return choose_configuration(make_parser().parse_args(["train", *options]))


def refuse(capsys, *arguments, code):
    """Runs a command that is refused; returns the one sentence on stderr."""
    try:
        found = cli.main(list(arguments))
    except SystemExit as error:  # argparse
        found = error.code
    out, err = capsys.readouterr()
    assert (found, out) == (code, "")
    assert err.startswith("python -m vae_utils") and err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    "arguments",
    [
        [*command, "--help"]
        for command in ([], ["train"], ["evaluate"], ["animate"], ["data"])
    ]
    + [["train", "--latent-dim", "0"], ["train", "--resume", "--output-dir", "none"]],
)
def test_help_and_refusals_need_no_tensorflow(arguments):
    code = (
        "import sys; from vae_utils import cli\n"
        f"try: cli.main({arguments!r})\n"
        "except SystemExit: pass\n"
        "print({'keras', 'tensorflow', 'matplotlib', 'sklearn'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.endswith("set()\n")
    told = result.stdout if "--help" in arguments else result.stderr
    assert ("exit codes:" if "--help" in arguments else "Received") in told


def test_without_a_preset_the_defaults_are_variational_autoencoders():
    c = choose()
    ours = c.latent_dim, c.batch_size, c.encoder, c.decoder, c.epochs
    assert (*ours, c.updates_per_epoch) == (2, 128, "fc", "fc", 100, 100)
    theirs = configurations.PROJECTS["conormdurkan"]
    assert (c.hidden, c.learning_rate) == (theirs.hidden, theirs.learning_rate)
    assert (c.binarisation, theirs.binarisation) == ("dynamic", "none")


@pytest.mark.parametrize("name", configurations.PROJECTS)
def test_a_preset_is_a_project_and_each_option_can_change_it(name):
    project = configurations.PROJECTS[name]
    assert choose("--preset", name) == project
    changed = choose("--preset", name, "--latent-dim", "7", "--epochs", "3")
    assert (changed.latent_dim, changed.epochs) == (7, 3)
    assert changed.learning_rate == project.learning_rate


def test_the_classifiers_preset_is_the_projects_and_without_it_the_books():
    c = choose("--preset", "asahi417-cnn")
    theirs = c.dropout, c.batch_size, c.learning_rate, c.epochs, c.decay
    assert theirs == (0.2, 100, 5e-4, 75, False)  # train_cnn.py, as read
    assert choose("--model", "classifier") == ClassifierConfiguration()
    assert choose("--model", "classifier", "--dropout", "0.3").dropout == 0.3


def test_every_field_of_a_configuration_has_an_option():
    options = vars(make_parser().parse_args(["train"]))
    for kind in (configurations.Configuration, ClassifierConfiguration):
        assert set(kind.__dataclass_fields__) - set(options) <= {"variational"}


def test_options_reach_the_configuration():
    c = choose(
        *"--model cvae --encoder conv --decoder fc --decoder-hidden 64 32".split(),
        *"--activation tanh --decoder-activation gelu --labelled decoder".split(),
        *"--likelihood gaussian --sigma 0.2 --beta 4 --clip-norm 5 --decay".split(),
        *"--batch-size 32 --updates-per-epoch all --binarisation static".split(),
    )
    assert (c.encoder, c.decoder, c.hidden, c.decoder_hidden) == (
        "conv", "fc", (), (64, 32),
    )  # fmt: skip
    assert (c.activation, c.decoder_activation) == ("tanh", "gelu")
    assert (c.labelled, c.likelihood, c.sigma, c.beta) == (
        "decoder", "gaussian", 0.2, 4.0,
    )  # fmt: skip
    assert (c.clip_norm, c.decay, c.batch_size, c.updates_per_epoch) == (
        5.0, True, 32, None,
    )  # fmt: skip
    assert c.binarisation == "static"


@pytest.mark.parametrize("encoder", ARCHITECTURES)
@pytest.mark.parametrize("decoder", ARCHITECTURES)
def test_an_architecture_brings_the_dense_layers_that_suit_it(encoder, decoder):
    c = choose("--encoder", encoder, "--decoder", decoder)
    assert c.hidden == ARCHITECTURES[encoder].hidden
    mirrored = c.hidden if c.decoder_hidden is None else c.decoder_hidden
    assert mirrored == ARCHITECTURES[decoder].hidden


def test_models_are_told_apart():
    assert choose("--model", "vae").model == "vae"
    assert choose("--model", "ae").model == "ae"
    assert choose("--model", "cvae").labelled == "both"
    assert choose("--preset", "asahi417-cvae-2cnn", "--model", "vae").model == "vae"
    assert choose("--preset", "cryer", "--model", "cvae").labelled == "both"


def test_grey_images_suit_a_gaussian():
    assert choose("--likelihood", "gaussian").binarisation == "none"


def test_activations_are_kerass():
    import keras

    for name in ACTIVATIONS:
        assert keras.activations.get(name).__name__ == name


def commands_of_pages():
    """Finds the commands that pages show, in blocks and in tables."""
    begins = r"(?:train --|evaluate (?:RUN|runs/)|data --|data import )"
    found = set()
    for page in [*(ROOT / "book").glob("*.md"), ROOT / "README.md"]:
        text = page.read_text()
        found |= set(re.findall(r"^python -m vae_utils (\w+(?: .+)?)$", text, re.M))
        found |= set(re.findall(rf"`(?:python -m vae_utils )?({begins}[^`…]+)`", text))
    return sorted(found)


def test_every_command_of_a_page_is_one(capsys):
    commands = commands_of_pages()
    assert len(commands) > 40
    for command in commands:
        try:
            options = make_parser().parse_args(
                shlex.split(re.sub(r" N$", " 1", command))
            )
        except SystemExit as end:
            assert not end.code, f"{command}: {capsys.readouterr().err}"  # --help
            continue
        if options.command == "train" and not options.resume:
            choose_configuration(options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--latent-dim 0", "latent_dim=0"),
        ("--latent-dim two", "whole number. Received: two"),
        ("--hidden 10 -3", r"(10, -3)"),
        ("--batch-size 0", "batch_size=0"),
        ("--epochs -1", "epochs=-1"),
        ("--updates-per-epoch 0", "updates_per_epoch=0"),
        ("--updates-per-epoch some", "whole number. Received: some"),
        ("--learning-rate 0", "learning_rate=0.0"),
        ("--learning-rate nan", "learning_rate=nan"),
        ("--learning-rate fast", "a number. Received: fast"),
        ("--clip-norm -1", "clip_norm=-1.0"),
        ("--beta -1", "beta=-1.0"),
        ("--beta inf", "beta=inf"),
        ("--sigma 0.5", "Gaussian likelihood"),
        ("--likelihood gaussian --sigma 0", "sigma=0.0"),
        ("--seed -1", "Received: -1"),
        ("--seed 2147483648", "Received: 2147483648"),
        ("--model ae --labelled both", "--labelled both"),
        ("--labelled encoder", "Only a cvae"),
        ("--model classifier --beta 2", "no such option. Received: --beta"),
        ("--model classifier --dropout 1", "dropout=1.0"),
        ("--preset cryer --model classifier", "--model classifier"),
        ("--preset asahi417-cnn --model vae", "--model vae"),
        ("--dropout 0.5", "no such option. Received: --dropout"),
        ("--part encoder", "--load-weights"),
        ("--model ae --beta 4", "A model ae has no such option. Received: --beta"),
        ("--model cvae --filters 4", "A model cvae has no such option"),
        ("--model classifier --filters 4 4 4 4 4", "at most 4"),
        ("--keep-every 0", "1 or more"),
        ("--resume --overwrite", "not allowed"),
        ("--preset s5", "'cryer'"),
        ("--encoder resnet", "'conv3'"),
        ("--device tpu", "'auto'"),
        ("--data cifar", "'fashion_mnist'"),
        ("--colour", "--colour"),
    ],
)
def test_an_option_out_of_range_is_named(options, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert words in refuse(capsys, "train", *options.split(), code=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        ([], "COMMAND", 2),
        (["trian"], "'train'", 2),
        (["train", "--resume"], "no config.json. Received: runs/vae", 1),
        (["train", *QUICK, "--batch-size", "9999"], "4500. Received: batch_size", 1),
        (["train", *QUICK, "--load-weights", "nowhere"], "no recorded run", 1),
        (["train", "--data-dir", "nowhere", "--no-download"], "data folder", 1),
        (["evaluate", "nowhere"], "no recorded run", 1),
        (["evaluate", "project_cryer"], "no weights", 1),
        (["evaluate", "nowhere", "--epoch", "0"], "1 or more", 2),
        (["evaluate", "nowhere", "--epoch", "soon"], "whole number", 2),
        (["evaluate", "nowhere", "--num-gen", "0"], "1 or more", 2),
        (["evaluate", "nowhere", "--spread", "-1"], "0 or more", 2),
        (["evaluate", "nowhere", "--digit", "10"], "10", 2),
        (["data", "import", "nowhere"], "no such folder. Received: nowhere", 1),
        (["data", "import", "."], "train-images-idx3-ubyte", 1),
        (["data", "--sample", "import", "."], "nothing else", 2),
        (["evaluate", "classifier", "--epoch", "best"], "last epoch", 1),
        (["train", *QUICK, "--log-dir", "/dev/null/x"], "Not a directory", 1),
        (["evaluate", "nowhere", "--quiet"], "evaluate --help). Received: --quiet", 2),
    ],
)
def test_a_command_that_cannot_work_says_why(
    arguments, words, code, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (line,) = [
        line
        for line in _errors(capsys, arguments, code).splitlines()
        if not line.startswith("MNIST, bundled")
    ]
    assert words in line
    assert not list(tmp_path.iterdir())


def _errors(capsys, arguments, code):
    try:
        found = cli.main(arguments)
    except SystemExit as error:
        found = error.code
    assert found == code
    return capsys.readouterr().err


def test_debug_shows_where_an_error_comes_from(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in (["evaluate", "nowhere"], ["data", "import", "nowhere"]):
        assert cli.main([*command, "--debug"]) == 1
        assert "Traceback" in capsys.readouterr().err
    assert cli.main(["data", "--debug", "import", "nowhere"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_error_nobody_foresaw_is_one_sentence_too(capsys, monkeypatch):
    from vae_utils.cli import data

    def fail(options):
        raise KeyError("oops")

    monkeypatch.setattr(data, "run", fail)
    assert "--debug" in refuse(capsys, "data", code=1)


def test_what_does_not_go_with_a_model_is_told(capsys, tmp_path):
    ae, classifier = str(tmp_path / "ae"), str(tmp_path / "classifier")
    assert cli.main(["train", "--model", "ae", *QUICK, "--output-dir", ae]) == 0
    small = ["--filters", "4", "--sample", "--epochs", "1", "--updates-per-epoch", "2"]
    options = ["train", "--model", "classifier", *small, "--output-dir", classifier]
    assert cli.main(options) == 0
    capsys.readouterr()
    assert "no prior" in refuse(capsys, "evaluate", ae, "--generate", code=2)
    assert "draws nothing" in refuse(capsys, "evaluate", classifier, "--latent", code=2)
    assert "--digit 3" in refuse(capsys, "evaluate", ae, "--digit", "3", code=2)
    metrics = ["evaluate", ae, "--metrics"]
    assert "for a ae" in refuse(capsys, *metrics, "--is-samples", "7", code=2)
    of_classifier = ["evaluate", classifier, "--metrics", "--is-samples", "7"]
    assert "for a classifier" in refuse(capsys, *of_classifier, code=2)
    assert "--generate" in refuse(capsys, *metrics, "--spread", "1", code=2)
    spread = ["--reconstruct", "--is-samples", "7"]
    assert "--metrics" in refuse(capsys, "evaluate", ae, *spread, code=2)
    average = ["--generate", "--around", "average", "--digit", "3", "--num-gen", "4"]
    assert cli.main(["evaluate", ae, *average]) == 0


@pytest.mark.filterwarnings("default::vae_utils.datasets.SampleWarning")
def test_a_warning_is_a_sentence(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    assert cli.main(["data", "--data", "mnist", "--no-download"]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("warning: MNIST, bundled sample")
    assert err.endswith("Received: no complete mnist\n")
    assert "SampleWarning" not in err
    assert "MNIST, bundled sample" in out


def test_data_prints_what_is_in_the_arrays(capsys):
    assert cli.main(["data", "--sample", "--data", "fashion_mnist"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split() for line in lines if line}
    data = datasets.load("fashion_mnist", sample=True)
    for split in ("train", "val", "test"):
        x, y = getattr(data, f"x_{split}"), getattr(data, f"y_{split}")
        row = rows[split]
        assert row[1:3] == [str(len(x)), "28×28"]
        expected = [x.mean() / 255, x.std() / 255, (x == 0).mean(), (x > 127).mean()]
        np.testing.assert_allclose([float(v) for v in row[3:7]], expected, atol=6e-5)
        counts = np.bincount(y)
        assert row[7:] == [str(counts.min()), str(counts.max())]


@pytest.fixture
def little(monkeypatch, tmp_path):
    """Takes the bundled samples for the published files; a cache of its own."""
    for name, entry in CATALOG.items():
        small = entry._replace(
            files=tuple(
                file._replace(name=published.name)
                for file, published in zip(entry.sample, entry.files, strict=True)
            )
        )
        monkeypatch.setitem(CATALOG, name, small)
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    samples = {}
    for name in CATALOG:
        published = sorted(SAMPLE_DIR.glob(f"{name}-*"))
        samples[name] = {
            path.name.removeprefix(f"{name}-").removesuffix(".gz"): path
            for path in published
        }
    return samples


def _unpack(path):
    contents = path.read_bytes()
    return gzip.decompress(contents) if path.suffix == ".gz" else contents


@pytest.mark.parametrize("packed", [False, True])
def test_import_tells_the_data_set_by_its_hash(packed, little, tmp_path, capsys):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, path in little["fashion_mnist"].items():
        raw = _unpack(path)
        contents = gzip.compress(raw) if packed else raw
        (folder / (f"{name}.gz" if packed else name)).write_bytes(contents)
    assert cli.main(["data", "import", str(folder)]) == 0
    assert capsys.readouterr().out.count("fashion_mnist: ") == 4
    installed = tmp_path / "cache" / "fashion_mnist"
    assert {path.name for path in installed.iterdir()} == set(little["fashion_mnist"])
    data = datasets.load("fashion_mnist", download=False)
    assert data.complete and "from the cache" in data.provenance


def test_import_takes_both_data_sets_from_folders_of_their_names(
    little, tmp_path, capsys
):
    for name, files in little.items():
        (tmp_path / "mine" / name).mkdir(parents=True)
        for file, path in files.items():
            (tmp_path / "mine" / name / file).write_bytes(_unpack(path))
    assert cli.main(["data", "import", str(tmp_path / "mine")]) == 0
    assert capsys.readouterr().out.count("verified") == 8


def test_import_refuses_a_file_that_is_another(little, tmp_path, capsys):
    folder = tmp_path / "mine"
    folder.mkdir()
    name, path = next(iter(little["mnist"].items()))
    raw = bytearray(_unpack(path))
    raw[-1] ^= 1
    (folder / name).write_bytes(raw)
    assert "not the file that was published" in refuse(
        capsys, "data", "import", str(folder), code=1
    )
    assert not (tmp_path / "cache").exists()


def _start(folder, *options):
    arguments = ["train", "--sample", "--epochs", "40", "--quiet", "--no-viz"]
    arguments += ["--hidden", "16", "--output-dir", str(folder), *options]
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        # Shells let background jobs, and all these start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _wait_for_an_epoch(folder, process):
    while not list_epochs(folder / "checkpoints"):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_stopped_training_says_how_to_go_on(number, code, tmp_path):
    process = _start(tmp_path / "run", "--updates-per-epoch", "2000")
    _wait_for_an_epoch(tmp_path / "run", process)
    process.send_signal(number)
    try:
        _, err = process.communicate(timeout=120)
    finally:
        process.kill()  # where it did not stop: it would disturb the tests after it
        process.communicate()
    assert process.returncode == code
    *_, said, command = err.decode().splitlines()
    epoch = list_epochs(tmp_path / "run" / "checkpoints")[-1]
    assert f"The checkpoint of epoch {epoch} stands" in said
    assert command.strip().startswith("python -m vae_utils train --sample")
    assert command.endswith("--resume")
    assert "Traceback" not in err.decode()


def test_a_killed_run_goes_on_to_the_same_bits(tmp_path):
    whole = _start(tmp_path / "whole", "--updates-per-epoch", "300")
    killed = _start(tmp_path / "killed", "--updates-per-epoch", "300")
    _wait_for_an_epoch(tmp_path / "killed", killed)
    killed.kill()
    killed.communicate()
    whole.communicate()
    assert whole.returncode == 0
    stood = list_epochs(tmp_path / "killed" / "checkpoints")[-1]
    resumed = subprocess.run(
        [*COMMAND, "train", "--resume", "--quiet", "--output-dir", tmp_path / "killed"],
        stdout=subprocess.DEVNULL,
    )
    assert resumed.returncode == 0 and stood < 40
    one, other = (tmp_path / name for name in ("whole", "killed"))
    assert (one / "history.csv").read_bytes() == (other / "history.csv").read_bytes()
    last = "checkpoints/epoch-00040.npz"
    with np.load(one / last) as first, np.load(other / last) as second:
        assert set(first.files) == set(second.files)
        for name in set(first.files) - {"about"}:
            np.testing.assert_array_equal(first[name], second[name], name)


def test_a_full_disk_ends_in_a_sentence(tmp_path):
    """Files may have 300 kB at most here, less than a checkpoint of this network."""
    code = (
        "import resource, signal, sys\n"
        "from vae_utils import cli\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    options = ["train", *QUICK, "--quiet", "--no-viz", "--hidden", "64"]
    result = subprocess.run(
        [sys.executable, "-c", code, *options, "--output-dir", tmp_path / "run"],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    first, *_ = result.stderr.splitlines()
    assert "could not be read or written. Received: File too large" in first
    assert "No epoch was finished" in first
    assert json.loads((tmp_path / "run" / "config.json").read_text())["format"] == 1
    assert not list((tmp_path / "run" / "checkpoints").iterdir())


def test_nobody_writes_where_it_is_not_allowed(capsys):
    err = _errors(capsys, ["train", *QUICK, "--output-dir", os.devnull + "/run"], 1)
    assert "could not be read or written. Received: Not a directory" in err
    assert "Nothing was begun" in err
