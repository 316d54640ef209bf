"""The command: compares, prints tables, and writes a record if asked to."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from benchmarks.training_speed.driving import WorkerError, compare
from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.recording import make_record
from benchmarks.training_speed.variants import VARIANTS, has_pytorch
from vae_utils import datasets, files, speed


def make_parser():
    """Makes the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training_speed",
        description="Compares how fast VAEs train in several libraries.",
    )
    add = parser.add_argument
    add("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    add("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    add("--rounds", type=count, default=8, help="epochs to measure (8)")
    add("--images", type=count, help="training images, all by default")
    add("--torch-python", help="a Python that has PyTorch, this one by default")
    add("--record", metavar="FILE", help="where to write the numbers as JSON")
    return parser


def count(text: str) -> int:
    """Reads a positive integer."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"must be a positive integer: {text!r}")
    return int(text)


def without_pytorch(names, python):
    """Leaves PyTorch out where there is none, unless its interpreter was named."""
    if "pytorch" in names and not has_pytorch(python or sys.executable):
        if python:
            sys.exit(
                "The interpreter must be able to import torch and numpy. "
                f"Received: --torch-python {python}"
            )
        show("PyTorch is not installed here, so it is left out: see --torch-python.")
        return [name for name in names if name != "pytorch"]
    return names


def main(arguments=None):
    """Runs the comparison that the command line asks for."""
    options = make_parser().parse_args(arguments)
    names = without_pytorch(options.variants, options.torch_python)
    # A path stays what it is where workers start; links of environments are kept.
    python = options.torch_python or sys.executable
    python = os.path.abspath(python) if os.path.dirname(python) else python
    data = datasets.load("mnist")
    images = data.x_train[: options.images]
    show(data.provenance)
    comparisons, facts = [], {"images": len(images), "rounds": options.rounds}
    for name in options.networks:
        try:
            how = {"python": python, "log": show}
            comparisons.append(compare(name, images, names, options.rounds, **how))
        except WorkerError as error:
            sys.exit(str(error))
        text = json.dumps(make_record(comparisons, data=data, **facts), indent=1)
        if options.record:  # what is measured is not lost if the next network fails
            files.write(Path(options.record), f"{text}\n".encode())
    print(speed.report(speed.read_record(text)))


def show(text: str):
    """Shows progress, apart from the tables."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    # Without this, the end of the driver would leave stopped workers behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    main()
