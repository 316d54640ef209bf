from pathlib import Path

import pytest

from vae_utils import paths


@pytest.fixture
def no_home(monkeypatch):
    """A process whose user has no home folder, as in some containers."""
    monkeypatch.setattr("os.path.expanduser", lambda path: path)


def test_a_path_stays_the_same_in_another_working_folder(tmp_path, monkeypatch):
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    monkeypatch.chdir(tmp_path / "first")
    found = [paths.absolute(given) for given in ("idx", Path("../idx"), tmp_path)]
    assert found == [tmp_path / "first/idx", tmp_path / "first/../idx", tmp_path]
    assert paths.absolute("idx", tmp_path / "second") == tmp_path / "second/idx"
    assert paths.absolute("~/idx", tmp_path) == Path.home() / "idx"


def test_links_stay_links(tmp_path, monkeypatch):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    monkeypatch.chdir(tmp_path)
    assert paths.absolute("link/idx") == tmp_path / "link" / "idx"


def test_refuses_a_home_that_nobody_knows(no_home, tmp_path):
    with pytest.raises(ValueError, match="give all of it. Received: '~/idx'"):
        paths.absolute("~/idx")
    assert paths.absolute(tmp_path) == tmp_path


def test_refuses_a_relative_path_where_the_working_folder_is_gone(
    tmp_path, monkeypatch
):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ValueError, match="folder was removed.*Received: 'idx'"):
        paths.absolute("idx")
    assert paths.absolute(tmp_path) == tmp_path
