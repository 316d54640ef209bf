"""The lock of a run's folder: one process at a time, for as long as it lives."""

import errno
import os
import subprocess
import sys

import pytest

from vae_utils.runs import RunFolder, lock

HOLD = """
import sys, time
from pathlib import Path
from vae_utils.runs import lock
with lock.locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".lock"


def test_a_second_one_is_refused_and_told_who_has_the_first(path):
    with lock.locked(path):
        for attempt in (
            lambda: lock.check(path),
            lambda: lock.locked(path).__enter__(),
        ):
            with pytest.raises(lock.Taken, match=rf"process {os.getpid()} on .*Rec"):
                attempt()
    assert not path.exists()
    with lock.locked(path):
        pass


def test_it_ends_with_its_process_however_that_ends(path):
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(lock.Taken, match=f"process {process.pid} on"):
            lock.check(path)
        process.kill()
    assert path.exists()  # which means nothing
    lock.check(path)
    with lock.locked(path):
        pass
    assert not path.exists()


def test_a_check_makes_no_file(path):
    lock.check(path)
    lock.check(path.parent / "none" / ".lock")
    assert not list(path.parent.iterdir())


def test_a_file_system_without_locks_is_no_obstacle(path, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock, "_take", fail)
    with lock.locked(path), lock.locked(path):
        lock.check(path)
    assert not path.exists()


def test_a_file_that_its_owner_removes_meanwhile_is_not_the_lock(path, monkeypatch):
    take, opened = lock._take, []

    def take_after_removal(descriptor):
        if not opened:  # another process ends between opening and locking
            path.unlink()
        opened.append(descriptor)
        take(descriptor)

    monkeypatch.setattr(lock, "_take", take_after_removal)
    with lock.locked(path):
        assert path.exists() and len(opened) == 2
        monkeypatch.undo()
        with pytest.raises(lock.Taken):
            lock.check(path)


def test_a_lock_that_is_left_over_takes_no_folder(tmp_path):
    folder = RunFolder(tmp_path)
    folder.lock.write_text("process 1 on a machine that lost power")
    folder.check_free()
    folder.check_unlocked()
