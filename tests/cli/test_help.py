import ast
import subprocess
import sys

import pytest

from vae_utils import cli, configurations
from vae_utils.cli.parser import make_parser
from vae_utils.configurations.fields import describe_fields

HEAVY = ("keras", "tensorflow", "matplotlib", "sklearn")
COMMANDS = ([], ["evaluate"], ["score"], ["compare"], ["animate"], ["export"], ["data"])
HELP = [[*command, "--help"] for command in COMMANDS]
HELP += [["train", "--help"], ["train", "--model", "cvae", "--help"]]
REFUSED = [["train", "--latent-dim", "0"], ["train", "--resume"], ["trian"]]


def test_help_and_refusals_import_no_keras(tmp_path):
    code = (
        "import sys; from vae_utils import cli\n"
        f"for arguments in {[*HELP, *REFUSED]!r}:\n"
        "    try: cli.main(arguments)\n"
        "    except SystemExit: pass\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert ast.literal_eval(result.stdout.splitlines()[-1]) == []
    assert result.stdout.count("exit codes:") == len(HELP)
    assert len(result.stderr.splitlines()) == len(REFUSED)


def show_help(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        cli.main([*arguments, "--help"])
    assert end.value.code == 0
    return " ".join(capsys.readouterr().out.split())


def test_help_of_train_lists_every_model_and_option(capsys):
    text = show_help(capsys, "train")
    for name, model in configurations.MODELS.items():
        assert f"{name} ({model.description})" in text.replace("- ", "-")
    for kind in ("vae", "cvae", "ae", "classifier"):
        for name in describe_fields(configurations.configuration_class(kind)):
            assert f" --{name.replace('_', '-')}" in text


def test_help_of_a_model_lists_only_its_options_and_defaults(capsys):
    text = show_help(capsys, "train", "--model", "classifier")
    assert "--filters" in text and "--beta" not in text
    assert "images in a batch; default 128 " in text
    text = show_help(capsys, "train", "--model", "ae")
    assert "images in a batch; default 200 " in text
    assert "--latent-dim" in text and "--filters" not in text and "--beta" not in text


def test_a_model_whose_configuration_needs_keras_has_options_when_named(capsys):
    assert "--samples" not in show_help(capsys, "train")
    assert "--samples" in show_help(capsys, "train", "--model", "iwae")
    options = make_parser(("train", "--model", "iwae")).parse_args(
        ["train", "--model", "iwae", "--samples", "3"]
    )
    assert options.samples == 3


@pytest.mark.parametrize(
    "phrase",
    [
        "images in a batch; default 200; 128 for classifier",
        "along a cosine; default no; yes for code-prior, discrete-vae, classifier",
        "default all, one pass over the images",
        "default 256 256; with another --encoder what suits it",
        "default √½, with which the reconstruction term is a sum of squared errors",
        "one of fc, conv3, conv, 2cnn, 3cnn, residual; default fc",
        "default that of the encoder",
        "largest norm of the whole gradient; default no limit",
    ],
)
def test_help_gives_defaults_in_words(phrase, capsys):
    assert phrase in show_help(capsys, "train")


def test_no_command_is_refused(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([])
    assert end.value.code == 2
    assert "COMMAND" in capsys.readouterr().err
