"""The file of a checkpoint: what is in it, and reading it safely."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from keras import ops

from vae_utils import files, weights
from vae_utils.errors import Damaged, Diverged

FORMAT = 1
NAME = re.compile(r"epoch-(\d{5,})\.npz")
MAX_BYTES = 2_000_000_000  # of one file, unpacked


def list_epochs(folder) -> list[int]:
    """Lists the epochs, counted from 1, whose checkpoints a folder has."""
    found = (NAME.fullmatch(path.name) for path in Path(folder).glob("epoch-*.npz"))
    return sorted(int(match[1]) for match in found if match)


def path_of(folder, epoch: int) -> Path:
    """Returns where the checkpoint of an epoch, counted from 1, is."""
    return Path(folder) / f"epoch-{epoch:05d}.npz"


def copy_state(model) -> dict:
    """Copies all that training changes, so that training can go on meanwhile.

    Args:
        model: compiled.

    Returns:
        `PART/NNN` → array.

    Raises:
        Diverged: if a weight is no number any more.
    """
    arrays = {name: ops.convert_to_numpy(value) for name, value in state_of(model)}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise Diverged(
                "The training diverged: a weight is no number any more. "
                f"Received: {name}"
            )
    return arrays


def write(path: Path, arrays: dict, about: dict):
    """Writes a checkpoint, whole or not at all.

    Args:
        path: of the file.
        arrays: what `copy_state` returns.
        about: what to keep beside that, as JSON has it.

    Raises:
        OSError: if it cannot be written.
    """
    about = np.array(json.dumps({"format": FORMAT, **about}))
    with files.written_whole(path) as stream:
        weights.write(stream, {"about": about, **arrays})


def read(path: Path, parts=None) -> dict:
    """Reads a checkpoint.

    Args:
        path: of the file.
        parts: names of the parts to read, such as `["decoder"]`; None for all.

    Returns:
        `about` → what was saved beside arrays, and `PART/NNN` → array.

    Raises:
        Damaged: if the file is not whole, or no checkpoint.
        ValueError: if another version wrote it.
        OSError: if it cannot be read.
    """
    arrays = weights.read(path, max_bytes=MAX_BYTES, parts=parts, kind="checkpoint")
    try:
        about = json.loads(str(arrays.pop("about")))
        about["format"]  # a file without one is no checkpoint
    except Exception as error:  # whatever a flipped bit makes of it
        raise Damaged(
            f"{path} is not a complete checkpoint. Received: {error}"
        ) from error
    if about["format"] != FORMAT:
        raise ValueError(
            f"{path} is of another version of vae_utils: use that one. "
            f"Received: format={about['format']!r}, not {FORMAT}"
        )
    return {"about": about, **arrays}


def parts_of(model) -> dict:
    """Names the parts of a model that can be loaded alone.

    A likelihood is one of them if training changes it, as `LearnedGaussian` is.
    """
    if not hasattr(model, "decoder"):
        return {"classifier": model}
    parts = {"encoder": model.encoder, "decoder": model.decoder}
    if getattr(model.likelihood, "weights", None):
        parts["likelihood"] = model.likelihood
    return parts


def load_parts(parts: dict, path: Path):
    """Sets the weights of networks to those of a checkpoint, all or none.

    Args:
        parts: name → network, such as `{"decoder": vae.decoder}`.
        path: of the file.

    Raises:
        ValueError: if the file is no checkpoint, or a shape differs.
        OSError: if it cannot be read.
    """
    saved = read(path, list(parts))
    del saved["about"]
    wanted = [
        pair for name, part in parts.items() for pair in weights.numbered(name, part)
    ]
    weights.assign(wanted, saved, path)


def state_of(model) -> Iterator[tuple]:
    """Yields name and variable of all that training changes, metrics left out.

    Networks come first, so that each can be loaded alone; what is left are seed
    generators, beta, and what the optimiser remembers.
    """
    seen = {id(variable) for variable in model.metrics_variables}
    for part, network in parts_of(model).items():
        yield from weights.numbered(part, network)
        seen.update(map(id, network.weights))
    rest = [v for v in model.variables if id(v) not in seen]
    for index, variable in enumerate(rest):
        yield f"model/{index:03d}", variable
    for index, variable in enumerate(model.optimizer.variables):
        yield f"optimizer/{index:03d}", variable
