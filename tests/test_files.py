import os

import pytest

from vae_utils import files


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "a"
    with files.written_whole(path) as stream:
        stream.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("error", [OSError("No space left"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "a"
    files.write(path, b"old")
    with pytest.raises(type(error)):
        with files.written_whole(path) as stream:
            stream.write(b"half")
            raise error
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_contents_are_on_the_disk_before_the_name_is(tmp_path, monkeypatch):
    order = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append("fsync"), fsync(fd)))
    monkeypatch.setattr(
        os, "replace", lambda *paths: (order.append("replace"), replace(*paths))
    )
    files.write(tmp_path / "a", b"new")
    assert order == ["fsync", "replace", "fsync"]  # the last: of the folder


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    (tmp_path / f".a.123{files.UNFINISHED}").write_bytes(b"half")
    (tmp_path / "a").write_bytes(b"whole")
    (tmp_path / ".hidden").write_bytes(b"")
    files.remove_unfinished(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"a", ".hidden"}
