"""`python -W error`: nothing on our paths is an error then."""

import pytest

from vae_utils import cli

pytestmark = pytest.mark.filterwarnings("error")  # also what pyproject.toml lets pass


@pytest.mark.parametrize(
    "options",
    [
        "--hidden 4",
        "--hidden 4 --model cvae --no-viz",
        "--model classifier --filters 4 --no-viz",
        "--hidden 4 --likelihood learned-gaussian --no-viz",
        "--hidden 4 --prior gaussian-mixture",
    ],
)
def test_no_warning_ends_training_or_evaluation(options, tmp_path):
    quick = "train --sample --epochs 2 --updates-per-epoch 3 --quiet --output-dir"
    assert cli.main([*quick.split(), str(tmp_path), *options.split()]) == 0
    assert cli.main(["evaluate", str(tmp_path), "--history", "--metrics"]) == 0
