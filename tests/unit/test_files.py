import os

import pytest

from vae_utils import files


def test_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "a"
    with files.written_whole(path) as stream:
        stream.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("error", [OSError("No space left"), KeyboardInterrupt()])
def test_interrupted_write_keeps_the_old_file(tmp_path, error):
    path = tmp_path / "a"
    files.write(path, b"old")
    with pytest.raises(type(error)):
        with files.written_whole(path) as stream:
            stream.write(b"half")
            raise error
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_flushes_contents_before_renaming(tmp_path, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("fsync"), fsync(fd)))
    monkeypatch.setattr(
        os, "replace", lambda *paths: (order.append("replace"), replace(*paths))
    )
    files.write(tmp_path / "a", b"new")
    assert order == ["fsync", "replace", "fsync"]  # the last one flushes the folder


def test_removes_only_unfinished_files(tmp_path):
    (tmp_path / f".a.123{files.UNFINISHED}").write_bytes(b"half")
    (tmp_path / "a").write_bytes(b"whole")
    (tmp_path / ".hidden").write_bytes(b"")
    files.remove_unfinished(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"a", ".hidden"}


def test_folder_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "around" / "a"
    with files.folder_written_whole(path) as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "file").write_bytes(b"new")
        assert not path.exists()
    assert (path / "inner" / "file").read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == ["a"]


def test_complete_folder_replaces_the_old_one(tmp_path):
    path = tmp_path / "a"
    path.mkdir()
    (path / "old").touch()
    with files.folder_written_whole(path) as folder:
        (folder / "new").touch()
    assert [p.name for p in path.iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("error", [OSError("No space left"), KeyboardInterrupt()])
def test_interrupted_folder_keeps_the_old_one(tmp_path, error):
    path = tmp_path / "a"
    path.mkdir()
    (path / "old").touch()
    with pytest.raises(type(error)):
        with files.folder_written_whole(path) as folder:
            (folder / "half").touch()
            raise error
    assert [p.name for p in path.iterdir()] == ["old"]
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_removes_unfinished_folders(tmp_path):
    (tmp_path / f".a.1{files.UNFINISHED}" / "inner").mkdir(parents=True)
    (tmp_path / "kept").mkdir()
    files.remove_unfinished(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
