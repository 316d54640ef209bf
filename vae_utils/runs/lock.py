"""A lock on a run's folder: one process at a time trains in it.

The operating system holds the lock for a process, so it ends with the process, however
that ends; the file alone means nothing. (The package filelock is no help: where a file
system has no locks, it writes a file that outlives its process, or gives up.)
"""

import contextlib
import errno
import os
import platform
from collections.abc import Iterator
from pathlib import Path

TAKEN = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK, errno.EDEADLK}
PLACE = 2**30  # byte that Windows locks: the others can be read

if os.name == "nt":
    import msvcrt

    def _take(descriptor):
        os.lseek(descriptor, PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Taken(ValueError):
    """Another process has the lock; the message names it."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock, if the file system has locks.

    Args:
        path: of the lock's file, made here and removed at the end.

    Raises:
        Taken: if another process holds it, or another lock of this one.
        OSError: if the file cannot be made.
    """
    descriptor = _open(path, os.O_RDWR | os.O_CREAT)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()} on {platform.node()}".encode())
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no open file
            path.unlink()
        os.close(descriptor)


def check(path: Path):
    """Raises Taken if another process holds the lock; makes no file."""
    with contextlib.suppress(OSError):  # there is none, or its owner alone may open it
        os.close(_open(path, os.O_RDWR))


def _open(path, flags):
    """Opens the file of a lock and locks it; returns its descriptor."""
    while True:
        descriptor = os.open(path, flags, 0o666)
        try:
            _take(descriptor)
        except OSError as error:
            if error.errno in TAKEN:
                owner = os.read(descriptor, 200).decode(errors="replace").strip()
                os.close(descriptor)
                raise Taken(
                    "Another command is training in this folder"
                    f"{owner and f' ({owner})'}: wait until it has ended, stop it, or "
                    f"choose another folder (--output-dir). Received: {path.parent}"
                ) from error
            return descriptor  # there are no locks here, as on some network drives
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)  # its owner has removed it meanwhile


def _is_at(descriptor, path):
    """Tells whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
