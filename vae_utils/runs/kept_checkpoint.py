"""The checkpoint of a run that is asked for, also while the run trains."""

import contextlib
from pathlib import Path

from vae_utils.errors import Damaged
from vae_utils.runs.folder import RunError, RunFolder
from vae_utils.training import checkpoint_file

ATTEMPTS = 5  # each finds what training has kept meanwhile


def read(folder: RunFolder, epoch: str) -> tuple[Path, bytes, dict]:
    """Reads a checkpoint, which training may remove at any moment.

    Args:
        folder: of the run.
        epoch: `"last"`, `"best"` (smallest validation loss), or a number from 1.

    Returns:
        Where it was, the contents of its file, and the metadata among them.

    Raises:
        RunError: if there is none, or it is damaged.
        OSError: if it cannot be read.
    """
    for _ in range(ATTEMPTS):
        with contextlib.suppress(FileNotFoundError):  # removed meanwhile
            return _read_once(folder, epoch)
    return _read_once(folder, epoch)


def _read_once(folder, epoch):
    path = _find(folder, epoch)
    contents = path.read_bytes()
    return path, contents, _read_metadata(path, contents)


def _find(folder, epoch):
    """Returns the path of a checkpoint."""
    numbers = checkpoint_file.list_epochs(folder.checkpoints)
    if not numbers:
        raise RunError(
            "The run has no checkpoint yet: complete its first epoch (train --resume). "
            f"Received: {folder.path}"
        )
    number = numbers[-1]
    if epoch == "best":
        last = checkpoint_file.path_of(folder.checkpoints, number)
        number = _read_metadata(last)["best_epoch"] or number
    elif epoch != "last":
        number = int(epoch)
    if number not in numbers:
        raise RunError(
            f"The run has kept epochs {', '.join(map(str, numbers))}; --keep-every "
            f"keeps more. Received: epoch {number}"
        )
    return checkpoint_file.path_of(folder.checkpoints, number)


def _read_metadata(path, contents=None):
    try:
        return checkpoint_file.read(path, parts=(), contents=contents)["about"]
    except Damaged as error:
        raise RunError(
            "Resume the run (train --resume), which falls back to the previous epoch, "
            f"or choose another --epoch. {error}"
        ) from error
