"""On JAX the program runs where TensorFlow is not installed."""

import json
import os
import subprocess
import sys

import pytest

RUN = ["--output-dir", "run"]
SMALL = "--sample --updates-per-epoch 3 --hidden 4 --augmentation shifts".split()
SMALL += ["--quiet", "--no-viz"]
COMMANDS = [
    ["train", *SMALL, "--epochs", "1", *RUN],
    ["train", "--resume", "--epochs", "2", "--quiet", *RUN],
    ["train", *SMALL, "--epochs", "2"],
    ["evaluate", "run", "--metrics"],
    ["export", "run"],
    ["export", "run", "--format", "savedmodel", "--overwrite"],
    ["train", *SMALL, "--output-dir", "logged", "--log-dir", "log"],
]
CODE = f"""\
import sys
sys.modules["tensorflow"] = None  # importing it fails
from vae_utils import cli
print([cli.main(arguments) for arguments in {COMMANDS!r}])
assert "tensorflow" not in sys.modules or sys.modules["tensorflow"] is None
"""


def run(code, folder, backend):
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"KERAS_BACKEND": backend, "MPLBACKEND": "agg"},
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("without")
    return folder, run(CODE, folder, "jax")


def test_every_command_works_or_says_what_it_lacks(done):
    folder, ran = done
    assert ran.stdout.splitlines()[-1] == "[0, 0, 0, 0, 0, 2, 1]", ran.stderr
    lines = ran.stderr.splitlines()
    assert "pip install tensorflow. Received: savedmodel without" in lines[-2]
    assert "Logs for TensorBoard need it installed: pip install tensor" in lines[-1]
    assert (folder / "run" / "export" / "keras" / "encode.keras").is_file()


def test_a_resumed_run_is_the_one_that_was_not_interrupted(done):
    folder, _ = done
    one, other = (folder / name / "history.csv" for name in ("run", "runs/vae"))
    assert one.read_text() == other.read_text() != ""
    config = json.loads((folder / "run" / "config.json").read_text())
    assert config["backend"] == "jax"


def test_tensorflow_is_asked_for_where_keras_runs_on_it(tmp_path):
    code = CODE.replace(repr(COMMANDS), repr(COMMANDS[:1]))
    ran = run(code, tmp_path, "tensorflow")
    assert ran.stdout.splitlines() == ["[1]"]
    sentence = "TensorFlow is not installed: pip install tensorflow, or let Keras run"
    assert sentence in ran.stderr and ran.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
