"""A worker's side of the conversation: one line from the driver, one epoch, one line.

Only the standard library is used, so that the interpreter of a worker needs nothing of
this book.
"""

import contextlib
import ctypes
import json
import os
import re
import resource
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple

PR_SET_PDEATHSIG = 1  # Linux's number of this request
UNIT = 1 if sys.platform == "darwin" else 1024  # bytes of what getrusage counts


class Task(NamedTuple):
    """What a worker is to train.

    Args:
        network: its name in `networks.NETWORKS`.
        images: path of a .npy file, uint8, (n, 28, 28).
        batch_size: images in a batch; the last, incomplete batch is left out.
        epochs: number of epochs, the first one included.
        seed: of weights, order, binarisation and noise.
    """

    network: str
    images: str
    batch_size: int
    epochs: int
    seed: int


class Server:
    """Answers the driver through the standard output, which it takes for itself.

    Make it when everything is imported and the images are read: what happens from then
    to the first epoch is the preparation.
    """

    def __init__(self):
        end_with_parent()
        # What a library prints must not mix with the answers.
        self._answers = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        self._began = time.perf_counter()

    def announce(self, **about):
        """Tells the driver that this worker is ready.

        Args:
            **about: what it trains, and with what: `parameters`, `versions`, `threads`.
        """
        self._send(preparation=time.perf_counter() - self._began, **about)
        self._processor = time.process_time()

    def wait(self) -> bool:
        """Waits for the next epoch's turn, and starts the clock; False at the end.

        The whole process is stopped until the driver continues it: threads that work
        ahead, spin or adapt to how long things take would notice the turns of others.
        """
        os.kill(os.getpid(), signal.SIGSTOP)
        more = bool(sys.stdin.readline())
        self._began = time.perf_counter()
        return more

    def report(self, loss: float, images: int):
        """Stops the clock and answers.

        Processor time is counted from one answer to the next.

        Args:
            loss: mean of the epoch, in nats per image.
            images: number of images trained on.
        """
        wall, processor = time.perf_counter(), time.process_time()
        self._send(
            wall=wall - self._began,
            cpu=processor - self._processor,
            loss=float(loss),
            images=images,
            memory=measure_memory(),
        )
        self._processor = processor

    def serve(self, run_epoch, task: Task, images: int):
        """Runs an epoch whenever the driver asks for one.

        Args:
            run_epoch: function of the epoch, from 0, that returns the mean loss when
                the epoch's computations are done.
            task: says how many epochs there are.
            images: number of images in an epoch.
        """
        for epoch in range(task.epochs):
            if not self.wait():
                break
            self.report(run_epoch(epoch), images)

    def _send(self, **answer):
        print(json.dumps(answer), file=self._answers, flush=True)


def measure_memory() -> float:
    """Returns the largest resident memory that this process had, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux getrusage counts what the parent had, too
        return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6


def end_with_parent():
    """Asks Linux to end this process with the driver: a stopped one notices nothing."""
    with contextlib.suppress(OSError, AttributeError):  # other systems
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def read_task() -> Task:
    """Reads the task from the command line."""
    return Task(**json.loads(sys.argv[1]))
