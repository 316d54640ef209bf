"""The driver: keeps one process for each variant, and lets them train in turns."""

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Task
from benchmarks.training_speed.variants import CEILING, VARIANTS, choose_variants

ROOT = Path(__file__).parents[2]
BATCH, SEED = 128, 0
BAND = 0.1  # losses of all variants are this close to their median, relatively


class WorkerError(Exception):
    """A worker stopped, or trains something else than the others."""


class Worker:
    """A process that trains an epoch when asked to, and is stopped in between.

    Args:
        name: of the variant.
        task: a `serving.Task`.
        python: the interpreter that has PyTorch.
        folder: for what the process prints.
    """

    def __init__(self, name: str, task: Task, python: str, folder: str):
        variant = VARIANTS[name]
        self.name, self.errors = name, Path(folder) / f"{name}.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [*variant.command(python), json.dumps(task._asdict())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                env=variant.environment(),
            )

    def read(self) -> dict:
        """Waits for an answer, and until the process is stopped.

        Raises:
            WorkerError: if the process stopped instead.
        """
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            reason = find_reason(self.errors.read_text())
            raise WorkerError(
                f"The variant {self.name} stopped with exit code {code}: {reason}"
            )
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):  # after its last epoch
            self.process.returncode = os.waitstatus_to_exitcode(status)
        return json.loads(line)

    def train_one_epoch(self) -> dict:
        """Trains one epoch: `wall` and `cpu` seconds, `loss`, `images`, `memory`."""
        with contextlib.suppress(BrokenPipeError):  # reading says why
            self.process.stdin.write("next\n")
            self.process.stdin.flush()
        self.process.send_signal(signal.SIGCONT)
        return self.read()

    def close(self):
        """Ends the process, whatever it does: all that it knows has been read."""
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def compare(name, images, names, rounds, *, python, log=lambda text: None) -> dict:
    """Trains one network with every variant, an epoch each in turns.

    Args:
        name: of the network.
        images: uint8, (n, 28, 28).
        names: of the variants that are wanted; those that do not fit are left out.
        rounds: number of epochs that are measured, after one that compiles.
        python: the interpreter that has PyTorch.
        log: function that shows a line of progress.

    Returns:
        What the record keeps of one network.

    Raises:
        WorkerError: if a variant stops, or trains something else than the others.
    """
    names = choose_variants(NETWORKS[name], names)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        np.save(path := os.path.join(folder, "images.npy"), images)
        task = Task(name, path, BATCH, rounds + 1, SEED)
        workers, about = {}, {}
        for variant in names:
            log(f"{name}: starting {variant}")
            workers[variant] = Worker(variant, task, python, folder)
            stack.callback(workers[variant].close)
            about[variant] = workers[variant].read()
        check_parameters(name, about)
        load = [os.getloadavg()[0]]
        epochs = {variant: [] for variant in names}
        for number in range(rounds + 1):
            log(f"{name}: round {number} of {rounds}")
            turn = number % len(names)  # nobody always follows the same other one
            for variant in [*names[turn:], *names[:turn]]:
                epochs[variant].append(workers[variant].train_one_epoch())
        load.append(os.getloadavg()[0])
    check_losses(name, epochs)
    return describe(name, load, about, epochs)


def find_reason(text: str) -> str:
    """Finds the line of an error in what a process printed, or else its last line."""
    lines = text.strip().splitlines() or ["it printed nothing"]
    # JAX prints advice after its errors.
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    return [lines[-1], *errors][-1]


def check_parameters(name, about):
    """Raises WorkerError unless all variants train the number of parameters due."""
    expected = NETWORKS[name].parameters
    for variant, facts in about.items():
        if variant != CEILING and facts["parameters"] != expected:
            raise WorkerError(
                f"Every variant of {name} must train {expected} parameters. "
                f"Received: {variant} with {facts['parameters']}"
            )


def check_losses(name, epochs):
    """Raises WorkerError unless all variants end near the same loss."""
    last = {key: each[-1]["loss"] for key, each in epochs.items() if key != CEILING}
    finite = [loss if np.isfinite(loss) else np.inf for loss in last.values()]
    middle = np.median(finite)
    for variant, loss in last.items():
        if not abs(loss - middle) <= BAND * middle:  # NaN is not near anything
            raise WorkerError(
                f"The losses of all variants of {name} must be within {BAND:.0%} of "
                f"their median, {middle:.1f} nats. Received: {variant} with {loss:.1f}"
            )


def describe(name, load, about, epochs) -> dict:
    """Puts together what the record keeps of one network."""
    variants = [
        {
            "name": variant,
            "label": VARIANTS[variant].label,
            "versions": facts["versions"],
            "preparation": facts["preparation"],
            "memory": epochs[variant][-1]["memory"],
            "epochs": [
                {key: value for key, value in each.items() if key != "memory"}
                for each in epochs[variant]
            ],
        }
        for variant, facts in about.items()
    ]
    network = NETWORKS[name]
    return {
        "name": name,
        "layers": network.name,
        "parameters": network.parameters,
        "load": load,
        "yardstick": next(iter(about)),
        "variants": variants,
    }
