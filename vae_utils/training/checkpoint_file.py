"""The file of a checkpoint: what is in it, and reading it safely."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vae_utils import files, weights
from vae_utils.errors import Damaged, Diverged

FORMAT = 1
NAME = re.compile(r"epoch-(\d{5,})\.npz")
MAX_BYTES = 2_000_000_000  # of one file, unpacked
NOT_PARTS = ("about", "model", "optimizer")  # what a checkpoint has besides parts


def list_epochs(folder) -> list[int]:
    """Lists the epochs, counted from 1, whose checkpoints a folder has."""
    found = (NAME.fullmatch(path.name) for path in Path(folder).glob("epoch-*.npz"))
    return sorted(int(match[1]) for match in found if match)


def path_of(folder, epoch: int) -> Path:
    """Returns where the checkpoint of an epoch, counted from 1, is."""
    return Path(folder) / f"epoch-{epoch:05d}.npz"


def copy_state(model) -> dict:
    """Copies everything that training changes, so that training can continue.

    Args:
        model: compiled.

    Returns:
        `PART/NNN` → array.

    Raises:
        Diverged: if a weight became NaN or infinite.
    """
    # NumPy warns where Keras copies a variable in one go, as `convert_to_numpy` does.
    arrays = {name: np.array(np.asarray(value)) for name, value in state_of(model)}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise Diverged(
                f"Training diverged: a weight became NaN or infinite. Received: {name}"
            )
    return arrays


def write(path: Path, arrays: dict, metadata: dict):
    """Writes a checkpoint, complete or not at all.

    Args:
        path: of the file.
        arrays: what `copy_state` returns.
        metadata: what to keep besides arrays, as JSON has it.

    Raises:
        OSError: if it cannot be written.
    """
    about = np.array(json.dumps({"format": FORMAT, **metadata}))
    with files.written_whole(path) as stream:
        weights.write(stream, {"about": about, **arrays})


def read(path: Path, parts=None, *, contents: bytes | None = None) -> dict:
    """Reads a checkpoint.

    Args:
        path: of the file.
        parts: names of the parts to read, such as `["decoder"]`; None for all.
        contents: of the file, if they were read before: training removes old files.

    Returns:
        `about` → the metadata, and `PART/NNN` → array.

    Raises:
        Damaged: if the file is not a complete checkpoint.
        ValueError: if another version wrote it.
        OSError: if it cannot be read.
    """
    how = {"max_bytes": MAX_BYTES, "contents": contents, "kind": "checkpoint"}
    arrays = weights.read(path, parts=parts, **how)
    try:
        about = json.loads(str(arrays.pop("about")))
        about["format"]  # a file without one is no checkpoint
    except Exception as error:  # whatever a flipped bit makes of it
        raise Damaged(
            f"{path} is not a complete checkpoint. Received: {error}"
        ) from error
    if about["format"] != FORMAT:
        raise ValueError(
            f"{path} was written by another version of vae_utils: use that one. "
            f"Received: format={about['format']!r}, not {FORMAT}"
        )
    return {"about": about, **arrays}


def load_whole(model, path: Path, *, contents: bytes | None = None):
    """Sets the weights of all parts of a model to those of a checkpoint, all or none.

    Args:
        model: a `models.base.Trainable`.
        path: of the file.
        contents: as for `read`.

    Raises:
        ValueError: if the file is not a checkpoint, or the model's parts or their
            shapes differ from those saved.
        OSError: if it cannot be read.
    """
    saved = read(path, contents=contents)
    names = {name: name.split("/")[0] for name in saved}
    saved = {n: saved[n] for n, part in names.items() if part not in NOT_PARTS}
    weights.assign(_numbered(model.parts), saved, path)


def load_parts(parts: dict, path: Path, *, contents: bytes | None = None):
    """Sets the weights of some parts to those of a checkpoint, all or none.

    Args:
        parts: name → network, such as `{"decoder": vae.decoder}`.
        path: of the file.
        contents: as for `read`.

    Raises:
        ValueError: if the file is not a checkpoint, or a shape differs.
        OSError: if it cannot be read.
    """
    saved = read(path, list(parts), contents=contents)
    del saved["about"]
    weights.assign(_numbered(parts), saved, path)


def _numbered(parts):
    for name, part in parts.items():
        yield from weights.numbered(name, part)


def state_of(model) -> Iterator[tuple]:
    """Yields name and variable of everything that training changes, except metrics.

    Parts come first, so that each can be loaded alone; the rest are seed generators,
    beta, and the state of the optimiser.
    """
    seen = {id(variable) for variable in model.metrics_variables}
    for part, network in model.parts.items():
        yield from weights.numbered(part, network)
        seen.update(map(id, network.weights))
    rest = [v for v in model.variables if id(v) not in seen]
    for index, variable in enumerate(rest):
        yield f"model/{index:03d}", variable
    for index, variable in enumerate(model.optimizer.variables):
        yield f"optimizer/{index:03d}", variable
