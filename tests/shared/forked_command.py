"""Runs commands in processes that are quick to start, and lets faults happen in them.

A server process imports TensorFlow once; each command runs in a fork of it. Python
reports to an audit hook whenever a file is opened, renamed or removed: there, at a
chosen one of these moments, the process is killed or the disk fails.
"""

import ctypes
import errno
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PRELOADED = [
    "vae_utils.cli.evaluate",
    "vae_utils.runs.animations",
    "vae_utils.runs.pictures",
    "vae_utils.runs.reports",
    "vae_utils.runs.session",
]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate"}
LONGEST = 240  # seconds, after which a process that hangs is killed


class Fault(NamedTuple):
    """What goes wrong in a process.

    Args:
        kind: `"kill"`, `"full"` (nothing new fits on the disk), `"read-only"`, or
            `"large"` (files have `moment` bytes at most).
        moment: number of the first change of a file at which it happens, from 1.
        seconds: after which a process is killed instead.
    """

    kind: str
    moment: int = 0
    seconds: float | None = None


class Outcome(NamedTuple):
    """How a process ended.

    Args:
        code: exit code; negative for a signal.
        err: what it wrote to stderr.
        changes: how often it opened a file to write, renamed or removed one.
        seconds: that it ran for.
    """

    code: int
    err: str
    changes: int
    seconds: float


class Changes:
    """An audit hook that counts the changes of files in a folder, and interferes."""

    def __init__(self, folder, fault):
        self.folder, self.fault, self.count = os.path.abspath(folder), fault, 0

    def __call__(self, event, arguments):
        if event == "open":
            path, mode, flags = arguments
            if not flags & WRITES and not set(str(mode)) & set("wax+"):
                return
        elif event in CHANGES:
            path = arguments[0]
        else:
            return
        if not isinstance(path, (str, bytes, os.PathLike)):  # a file that is open
            return
        # What `rmtree` removes is named relative to its folder.
        path = os.path.join(self.folder, os.fsdecode(path))
        if path.startswith(self.folder):
            self.count += 1
            self.interfere(event, path)

    def interfere(self, event, path):
        kind, moment, _ = self.fault or ("", 0, None)
        if not moment or self.count < moment:
            return
        if kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        full = kind == "full" and event in ("open", "os.mkdir")
        if full or kind == "read-only":
            number = errno.ENOSPC if full else errno.EROFS
            raise OSError(number, os.strerror(number), path)


def run(arguments, folder, fault=None, *, as_root=True):
    """Runs a command to its end, or until it is killed.

    Args:
        arguments: of the command line.
        folder: whose changes are counted.
        fault: what goes wrong in the process.
        as_root: whether to keep root's right to ignore permissions, if it is root.
    """
    with tempfile.TemporaryDirectory() as scratch:
        err, count = f"{scratch}/err", f"{scratch}/count"
        os.mkfifo(err)  # a limit on the size of files is none on a pipe
        reading = os.open(err, os.O_RDONLY | os.O_NONBLOCK)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        target = _run, (list(map(str, arguments)), str(folder), fault, as_root)
        began = time.monotonic()
        process = context.Process(target=_redirect, args=(err, count, *target))
        process.start()
        process.join((fault and fault.seconds) or LONGEST)
        process.kill()
        process.join()
        seconds = time.monotonic() - began
        with os.fdopen(reading) as stream:
            text = stream.read()
        changes = Path(count).read_text() if Path(count).exists() else ""
        return Outcome(process.exitcode, text, int(changes or 0), seconds)


def _redirect(err, count, function, arguments):
    """Sends the streams of a new process to files; runs a function, and ends it."""
    counted = os.open(count, os.O_WRONLY | os.O_CREAT)
    for path, number in ((os.devnull, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w") for number in (1, 2))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code, changes = function(*arguments)
    sys.stderr.flush()
    os.write(counted, str(changes).encode())
    os._exit(code)


def _run(arguments, folder, fault, as_root):
    from vae_utils import cli

    changes = Changes(folder, fault)
    sys.addaudithook(changes)
    if not as_root:
        obey_permissions()
    if fault and fault.kind == "large":
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.moment, limit))
    try:
        code = cli.main(arguments)
    except SystemExit as error:  # argparse
        code = error.code
    return code, changes.count


def obey_permissions():
    """Gives up root's right to ignore the permissions of files, as Linux has it."""
    if os.getuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the third version, this process
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, and the rest
    for call in (libc.capget, libc.capset):
        if call(header, sets):
            raise OSError(ctypes.get_errno(), "Capabilities cannot be changed")
        sets[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        sets[1] &= ~0b110
