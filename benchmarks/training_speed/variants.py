"""The variants that are compared: the worker of each, and what it runs in."""

import os
import subprocess
import sys
from typing import NamedTuple


class Variant(NamedTuple):
    """A way to train the networks.

    Args:
        label: its name in tables and figures.
        module: of this folder, run as a program.
        backend: of Keras; None where Keras does not train.
        other_python: whether the interpreter is the one that has PyTorch.
        dense_only: whether convolutional networks are left out: in a loop, XLA computes
            convolutions several times slower on a CPU than outside.
    """

    label: str
    module: str
    backend: str | None = None
    other_python: bool = False
    dense_only: bool = False

    def command(self, python: str) -> list[str]:
        """Returns the command that starts a worker, without its task."""
        python = python if self.other_python else sys.executable
        return [python, "-m", f"benchmarks.training_speed.{self.module}"]

    def environment(self) -> dict[str, str]:
        """Returns the environment of a worker."""
        backend = {"KERAS_BACKEND": self.backend} if self.backend else {}
        # Greetings of C++ libraries are not errors.
        return os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | backend


CEILING = "products"
VARIANTS = {
    "jax_scan": Variant("JAX, one scan over the epoch", "jax_scan", dense_only=True),
    "jax_steps": Variant("JAX, one call a step", "jax_steps"),
    "tf_block": Variant(
        "TensorFlow, blocks in one XLA loop", "tf_block", dense_only=True
    ),
    "keras_tensorflow": Variant(
        "Keras fit on arrays, TensorFlow", "keras_arrays", "tensorflow"
    ),
    "keras_jax": Variant("Keras fit on arrays, JAX", "keras_arrays", "jax"),
    "pytorch": Variant("PyTorch, a plain loop", "pytorch", other_python=True),
    "ours_tensorflow": Variant("this book, TensorFlow", "ours", "tensorflow"),
    "ours_jax": Variant("this book, JAX", "ours", "jax"),
    CEILING: Variant("the matrix products alone", "products", dense_only=True),
}


def choose_variants(network, names) -> list[str]:
    """Chooses variants for a network, first the yardstick: the fastest bare JAX.

    Args:
        network: a `networks.Network`.
        names: of the variants that are wanted.
    """
    dense = not network.convolutions
    yardstick = "jax_scan" if dense else "jax_steps"
    fitting = [name for name in names if dense or not VARIANTS[name].dense_only]
    return list(dict.fromkeys([yardstick, *fitting]))


def has_pytorch(python: str) -> bool:
    """Tells whether an interpreter can import PyTorch and NumPy."""
    try:
        found = subprocess.run(
            [python, "-c", "import torch, numpy"], capture_output=True
        )
    except OSError:
        return False
    return found.returncode == 0
