"""Runs of an earlier version, in `old_runs`: resumed and measured as that version did.

`expected.json` has what the earlier version made of them: the arrays of the checkpoint
after five epochs (their norms), the history, and what it measured after three. That
version ran step by step; a compiled loop of many steps rounds differently, and so does
another machine.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from vae_utils import cli
from vae_utils.runs import RunFolder

OLD = Path(__file__).parent / "old_runs"
EXPECTED = json.loads((OLD / "expected.json").read_text())
TOLERANCE = 1e-5  # relative: of rounding, in two more epochs

pytestmark = pytest.mark.filterwarnings(
    "default:The run was started in another environment:UserWarning"
)


@pytest.fixture
def copy_old(tmp_path):
    def copy(name):
        return RunFolder(shutil.copytree(OLD / name, tmp_path / name))

    return copy


def assert_agree(found, expected):
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=TOLERANCE), name


@pytest.mark.parametrize("name", EXPECTED)
def test_an_old_run_is_resumed_to_the_same_end(name, copy_old, resume, last_arrays):
    run, expected = copy_old(name), EXPECTED[name]
    saved = run.read_config()["settings"]
    # Settings that were added later, or had another name.
    assert not {"image_shape", "classes"} & set(saved)
    assert not {"prior", "conditioned"} & set(saved["configuration"])
    more = [] if saved["configuration"]["decay"] else ["--epochs", "5"]
    resume(run, *more)
    assert_agree(run.read_history(), expected["history"])
    arrays = last_arrays(run)
    assert set(arrays) == set(expected["arrays"])
    for array, described in zip(
        map(arrays.get, expected["arrays"]), expected["arrays"].values(), strict=True
    ):
        norm = np.linalg.norm(array.astype(float))
        assert norm == pytest.approx(described["norm"], rel=TOLERANCE)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_old_run_is_measured_as_before(name, copy_old, tmp_path):
    run, expected = copy_old(name), EXPECTED[name]["metrics"]
    options = ["--metrics", "--output-dir", str(tmp_path / "figures")]
    if "is_nll" in expected:
        options += ["--is-samples", "20"]
    assert cli.main(["evaluate", str(run.path), *options]) == 0
    saved = json.loads((tmp_path / "figures" / "metrics.json").read_text())
    assert saved["epoch"] == 3
    # Later versions also measure what that one did not.
    assert set(saved["metrics"]) - set(expected) <= {"bits_per_dim_dequantised"}
    assert_agree({name: saved["metrics"][name] for name in expected}, expected)


def test_a_field_that_an_old_run_lacks_has_its_default(copy_old, resume, capsys):
    run = copy_old("learned")
    config = run.read_config()
    for field in ("clip_norm", "decay", "binarisation", "beta"):
        del config["settings"]["configuration"][field]
    run.write_config(config)
    resume(run, "--epochs", "3", code=1)
    # The default is "dynamic", which is not what the checkpoint has.
    assert "binarisation='dynamic', not 'none'" in capsys.readouterr().err
    config["settings"]["configuration"]["binarisation"] = "none"
    run.write_config(config)
    resume(run, "--epochs", "3")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("vae", "--prior gaussian-mixture", "prior='gaussian-mixture', not 'standard"),
        ("vae", "--beta 2", "beta=2.0, not 1.0"),
        ("cvae", "--conditioned both", "conditioned='both', not 'decoder'"),
        ("cvae", "--epochs 6", "epochs=6, not 5"),
        ("learned", "--decoder-hidden 5", "decoder_hidden=[5], not [4]"),
        ("classifier", "--dropout 0.2", "dropout=0.2, not 0.1"),
        ("classifier", "--model ae", "Received: --model ae"),
    ],
)
def test_an_old_run_is_not_resumed_with_other_settings(name, options, words, refuse):
    where = ["train", "--resume", "--output-dir", OLD / name]
    code = 2 if "--model" in options else 1
    assert words in refuse(*where, *options.split(), code=code)
