"""Without a home folder there is no cache, which counts as an empty one."""

from pathlib import Path

import pooch
import pytest
from idx_files import check_arrays, load_sample, write

from vae_utils import datasets


def raise_error(project):
    raise RuntimeError("could not determine the home directory for '~/.cache'")


@pytest.fixture(params=[raise_error, lambda project: Path("~/.cache", project)])
def no_home(request, monkeypatch):
    """No cache is named, and there is no home folder: as versions of pooch say it."""
    monkeypatch.delenv("VAE_UTILS_CACHE_DIR")
    monkeypatch.setattr(pooch, "os_cache", request.param)


@pytest.fixture(autouse=True)
def nothing_is_left(alone, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    yield
    assert not list((tmp_path / "here").iterdir())


def test_a_complete_folder_needs_no_cache(no_home, tmp_path, raws, arrays):
    own = write(tmp_path / "own", raws)
    check_arrays(datasets.load("mnist", data_dir=own), arrays["mnist"])


def test_missing_files_go_into_your_folder(no_home, server, tmp_path, raws):
    own = write(tmp_path / "own", raws, names=("t10k-images-idx3-ubyte",))
    mirrors = [server.mirror("good")]
    assert datasets.load("mnist", data_dir=own, mirrors=mirrors).complete
    assert {path.name for path in own.iterdir()} == set(raws)


def test_a_download_that_cannot_be_kept_names_the_variable(no_home, server, arrays):
    with pytest.warns(UserWarning, match="cannot be saved") as caught:
        data = datasets.load("mnist", mirrors=[server.mirror("good")])
    (warning,) = caught
    assert str(warning.message).endswith("set a folder with VAE_UTILS_CACHE_DIR.")
    check_arrays(data, arrays["mnist"])


def test_the_sample_says_that_there_is_no_cache(no_home):
    message = load_sample("mnist", download=False)
    (line,) = [line for line in message.splitlines() if "the cache" in line]
    assert "the home folder is not known" in line and "VAE_UTILS_CACHE_DIR" in line
