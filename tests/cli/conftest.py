"""Small trained runs that tests of the command line share, each trained once."""

import fcntl
import gzip
import io
import shutil
from contextlib import redirect_stderr, redirect_stdout

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_utils import cli
from vae_utils.datasets.catalog import CATALOG
from vae_utils.datasets.loading import SAMPLE_DIR
from vae_utils.runs import RunFolder
from vae_utils.training import checkpoint_file

QUICK = ("--sample", "--epochs", "2", "--updates-per-epoch", "3", "--quiet")
SMALL = (*QUICK, "--hidden", "4")
OPTIONS = {
    "vae": SMALL,
    "wide": (*SMALL, "--latent-dim", "3"),
    "cvae": (*SMALL, "--model", "cvae"),
    "iwae": (*SMALL, "--model", "iwae", "--samples", "2", "--no-viz"),
    "ae": (*SMALL, "--model", "ae"),
    "classifier": (*QUICK, "--model", "classifier", "--filters", "4", "--no-decay"),
    "vq-vae": (*QUICK, "--model", "vq-vae", "--width", "4", "--codes", "16"),
    "learned": (*SMALL, "--likelihood", "learned-gaussian", "--no-viz"),
}


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory, request):
    """Trains one of `OPTIONS` on first use; returns its folder, not to be changed."""
    base = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):  # processes side by side share runs
        base = base.parent
    base = base / "shared_runs"
    base.mkdir(exist_ok=True)

    def train_once(name):
        folder, done = RunFolder(base / name), base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                options = [*OPTIONS[name], "--output-dir", str(folder.path)]
                printed = io.StringIO()  # not taken for what the test itself prints
                with redirect_stdout(printed), redirect_stderr(printed):
                    code = cli.main(["train", *options])
                assert code == 0, printed.getvalue()
                done.touch()
        return folder

    return train_once


@pytest.fixture
def copy_run(shared_run, tmp_path):
    """Copies one of the shared runs, so that a test can change it."""

    def copy(name):
        return RunFolder(shutil.copytree(shared_run(name).path, tmp_path / name))

    return copy


@pytest.fixture
def train():
    """Trains a small VAE in a folder; returns the folder."""

    def train(folder, *options, code=0):
        where = ["--output-dir", str(folder)]
        assert cli.main(["train", *SMALL, *where, *options]) == code
        return RunFolder(folder)

    return train


@pytest.fixture
def resume():
    """Resumes the run of a folder."""

    def resume(run, *options, code=0):
        where = ["--output-dir", str(run.path)]
        assert cli.main(["train", "--resume", "--quiet", *where, *options]) == code
        return run

    return resume


@pytest.fixture
def refuse(capsys):
    """Runs a command that is refused; returns the one sentence on stderr."""

    def refuse(*arguments, code):
        capsys.readouterr()
        try:
            found = cli.main(list(map(str, arguments)))
        except SystemExit as error:  # argparse
            found = error.code
        out, err = capsys.readouterr()
        assert (found, out) == (code, "")
        err = "\n".join(x for x in err.splitlines() if not x.startswith("MNIST, "))
        assert err.startswith("python -m vae_utils") and "\n" not in err
        assert "Traceback" not in err
        return err

    return refuse


@pytest.fixture
def last_arrays():
    """Reads all arrays of a run's last checkpoint."""

    def read(run):
        epoch = checkpoint_file.list_epochs(run.checkpoints)[-1]
        with np.load(checkpoint_file.path_of(run.checkpoints, epoch)) as saved:
            return {name: saved[name] for name in saved.files if name != "about"}

    return read


@pytest.fixture
def published(monkeypatch, tmp_path):
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
    return {
        name: {
            path.stem.removeprefix(f"{name}-"): gzip.decompress(path.read_bytes())
            for path in sorted(SAMPLE_DIR.glob(f"{name}-*.gz"))
        }
        for name in CATALOG
    }


@pytest.fixture(autouse=True)
def no_open_figures():
    """Closes every figure after a test."""
    yield
    plt.close("all")
