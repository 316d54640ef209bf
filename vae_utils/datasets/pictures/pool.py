"""Processes that decode pictures side by side.

They are started as programs, not by `multiprocessing`, which would run a user's script
once more in each of them, or copy a process that has TensorFlow's threads.
"""

import os
import queue
from collections.abc import Iterator, Sequence

from vae_utils import interruption
from vae_utils.datasets.pictures.server import CRASHED, Server

CHUNK = 16  # pictures of one task
PER_PROCESS = 128  # pictures for which another process is worth its start
PATIENCE = 0.1  # seconds between two looks at interruptions
MOST_CRASHES = 50


def decode(settings: dict, names: Sequence[str]) -> Iterator[dict]:
    """Decodes files into the rows of an array file.

    Args:
        settings: for `decoding.process`: `root`, `array`, `offset`, and the options of
            `decode`.
        names: of the files, one a row.

    Yields:
        For each file, in any order, its `row`, with what is in it or a `reason`.

    Raises:
        RuntimeError: if no process can be started, or they crash again and again.
        OSError: if the array file cannot be written.
    """
    tasks, answers = queue.SimpleQueue(), queue.SimpleQueue()
    rows = list(enumerate(names))
    for first in range(0, len(rows), CHUNK):
        tasks.put(rows[first : first + CHUNK])
    count = min(count_cores(), 1 + len(names) // PER_PROCESS)
    servers = [Server(settings, tasks, answers) for _ in range(count)]
    try:
        for server in servers:
            server.start()
        yield from _collect(answers, len(names))
    finally:
        for server in servers:
            server.stop()
        for server in servers:
            server.close()


def count_cores() -> int:
    """Counts the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _collect(answers, left):
    """Yields what is in each file; raises what ended a server."""
    crashes = 0
    while left:
        interruption.check()
        try:
            answer = answers.get(timeout=PATIENCE)
        except queue.Empty:
            continue
        if isinstance(answer, BaseException):
            raise answer
        crashes += sum(one.get("reason") == CRASHED for one in answer)
        if crashes > MOST_CRASHES:
            raise RuntimeError(
                "The processes that decode pictures keep crashing: is there enough "
                f"memory? Received: {crashes} crashes"
            )
        left -= len(answer)
        yield from answer
