"""Compares exported files, loaded in fresh processes, with the model in Keras."""

import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from keras import ops

from vae_utils.export.functions import FUNCTIONS, list_inputs
from vae_utils.export.javascript import checking as javascript

TOLERANCE = 1e-5  # of a number up to 1, or of each term of a sum
SIZES = (3, 1)  # examples in the calls, where any number is allowed
READER = Path(__file__).with_name("reader.py")
SUMMED = {"nll": "x", "neg_elbo": "x", "kl": "z"}  # output → what it sums over


class Different(ValueError):
    """Exported files do not compute what the model computes; the message says what."""


def make_cases(model, names, pixels: str, batch_size: int | None) -> dict:
    """Makes inputs for functions: always the same ones.

    Args:
        model: a `models.base.Trainable`.
        names: of functions.
        pixels: dtype of images.
        batch_size: examples in a call; None for any number.

    Returns:
        (function, case) → name → array.
    """
    rng = np.random.default_rng(0)
    sizes = SIZES if batch_size is None else (batch_size,)
    return {
        (name, str(case)): {
            key: _make_input(key, (size, *shape), dtype, model, rng)
            for key, (shape, dtype) in list_inputs(model, name, pixels).items()
        }
        for name in names
        for case, size in enumerate(sizes)
    }


def _make_input(name, shape, dtype, model, rng):
    if name == "y":
        return np.arange(*shape, dtype=dtype) % (model.classes or 1)
    if name == "codes":
        return rng.integers(0, model.codebook.size, shape, dtype)
    if dtype == "uint8":
        return rng.integers(0, 256, shape, dtype)
    draw = rng.random if name == "x" else rng.standard_normal
    return draw(shape, dtype)


def compute(model, cases: dict) -> dict:
    """Computes the outputs of cases with the model itself."""
    found = {}
    for (name, case), inputs in cases.items():
        tensors = {key: ops.convert_to_tensor(value) for key, value in inputs.items()}
        outputs = FUNCTIONS[name].compute(model, **tensors)
        found[name, case] = {k: ops.convert_to_numpy(v) for k, v in outputs.items()}
    return found


def run(kind: str, folder: Path, cases: dict) -> dict:
    """Runs exported files in a fresh process, which cannot import this package.

    Args:
        kind: name of the format.
        folder: of its files.
        cases: as `make_cases` returns them.

    Returns:
        (function, case) → name → array.

    Raises:
        Different: if they cannot be loaded, or fail.
    """
    with tempfile.TemporaryDirectory() as scratch:
        try:
            if kind == "js":
                return javascript.run(folder, cases, Path(scratch))
            return _run_python(kind, folder, cases, Path(scratch))
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            output = getattr(error, "stderr", b"") or str(error).encode()
            lines = output.decode(errors="replace").strip().splitlines()
            raise Different(
                f"The exported {kind} files cannot be loaded in another process. "
                f"Received: {lines[-1] if lines else error}"
            ) from error


def _run_python(kind, folder, cases, scratch):
    given, results = scratch / "cases.npz", scratch / "results.npz"
    arrays = {
        "/".join((*key, name)): value
        for key, inputs in cases.items()
        for name, value in inputs.items()
    }
    np.savez(given, **arrays)
    command = [sys.executable, "-P", READER, kind, folder.resolve(), given, results]
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": ""}  # the CPU, as here
    command = list(map(str, command))
    options = {"cwd": scratch, "env": environment, "timeout": javascript.PATIENCE}
    subprocess.run(command, capture_output=True, check=True, **options)
    found = {}
    with np.load(results) as saved:
        for key in saved.files:
            name, case, output = key.split("/")
            found.setdefault((name, case), {})[output] = saved[key]
    return found


def compare(kind: str, found: dict, expected: dict, model) -> dict:
    """Compares what files computed with what the model does.

    Args:
        kind: name of the format.
        found: as `run` returns it.
        expected: as `compute` returns it.
        model: the model.

    Returns:
        (function, output) → largest difference of a value.

    Raises:
        Different: if an output is missing, of another shape, or differs by more than
            `TOLERANCE`: of a number up to 1, in proportion of a larger one, and of
            each term of a sum.
    """
    differences = {}
    for (name, case), outputs in expected.items():
        results = found.get((name, case), {})
        for output, wanted in outputs.items():
            result = results.get(output)
            if result is None or result.shape != wanted.shape:
                shape = None if result is None else result.shape
                raise Different(
                    f"The exported {kind} files lack an output. Received: {output} of "
                    f"{name} with shape {shape}, not {wanted.shape}"
                )
            apart = np.abs(result.astype(float) - wanted)
            allowed = TOLERANCE * np.maximum(
                _count_terms(output, model), np.abs(wanted)
            )
            if not (apart <= allowed).all():  # also where one is NaN
                raise Different(
                    f"The exported {kind} files do not compute what the model "
                    f"computes. Received: {output} of {name}, {apart.max():.2g} apart"
                )
            key = name, output
            differences[key] = max(differences.get(key, 0.0), float(apart.max()))
    return differences


def _count_terms(output, model):
    shapes = {"x": "image_shape", "z": "latent_shape"}
    return math.prod(getattr(model, shapes[SUMMED[output]])) if output in SUMMED else 1
