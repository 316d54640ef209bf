"""Recorded runs: studies that ship, in a folder each.

A folder has `study.json`, and where a page needs them `arrays.npz`, `weights.npz`
(float16) and animations. Loading weights runs no code.
"""

import json
from pathlib import Path

import numpy as np

from vae_utils import files, weights
from vae_utils.errors import Damaged
from vae_utils.runs.folder import RunError
from vae_utils.runs.results import write_result
from vae_utils.runs.studies import Study, read_study

FOLDER = Path(__file__).parents[1] / "recorded"
MAX_BYTES = 64_000_000  # of one file, unpacked
JSON, ARRAYS, WEIGHTS = "study.json", "arrays.npz", "weights.npz"


def save_study(
    name: str,
    *,
    protocol: dict,
    minutes: float,
    results,
    arrays: dict | None = None,
    parts: dict | None = None,
    animations: dict | None = None,
    folder=None,
) -> Study:
    """Writes a study; its JSON last, so that a study that is listed is complete.

    Args:
        name: of the study and of its folder.
        protocol: how the numbers were measured, as JSON has it.
        minutes: of all training runs together.
        results: of class `Result`; with `parts`, measured after `round_weights`.
        arrays: name → array, for figures.
        parts: name → network whose weights are kept, such as `model.parts`.
        animations: name of a file → contents, such as `{"spread.gif": ...}`.
        folder: that the study's own folder is in; by default that of the package.

    Returns:
        The study as written.

    Raises:
        ValueError: if a number is NaN or infinite.
        TypeError: if a value is not one that JSON has.
    """
    from vae_utils.provenance import hardware, versions  # imports Keras

    # All is packed before the first file is written: an older study stays complete.
    kept = {ARRAYS: arrays, WEIGHTS: weights.round_parts(parts or {})}
    contents = {file: weights.pack(values) for file, values in kept.items() if values}
    contents |= animations or {}
    study = {
        "name": name,
        "protocol": protocol,
        "versions": versions(),
        "hardware": hardware(),
        "minutes": minutes,
        "results": [write_result(result) for result in results],
        "files": {file: weights.sha256(data) for file, data in contents.items()},
    }
    text = json.dumps(study, indent=1, ensure_ascii=False, allow_nan=False)
    saved = read_study(name, text)
    contents[JSON] = f"{text}\n".encode()
    own = Path(folder or FOLDER) / name
    own.mkdir(parents=True, exist_ok=True)
    for file, data in contents.items():
        files.write(own / file, data)
    return saved


def list_studies(folder=None) -> list[str]:
    """Lists the names of the studies in a folder, by default the package's."""
    found = Path(folder or FOLDER).glob(f"*/{JSON}")
    return sorted(file.parent.name for file in found)


def load_study(name: str, folder=None) -> Study:
    """Reads a study.

    Args:
        name: of the study.
        folder: that its folder is in; by default that of the package.

    Raises:
        ValueError: if there is no such study, or its file is not one.
    """
    names = list_studies(folder)
    if name not in names:
        raise ValueError(
            f"There is no such study; there are {', '.join(names) or 'none'}. "
            f"Received: name={name!r}"
        )
    file = Path(folder or FOLDER) / name / JSON
    return read_study(name, file.read_bytes())


def load_trained(name: str, folder=None) -> Study:
    """Reads a study of one training run that kept its weights.

    Args:
        name: of the study.
        folder: of the studies; by default that of the package.

    Raises:
        ValueError: as `load_study` does, or if the study has no weights.
    """
    study = load_study(name, folder)
    if len(study) != 1 or WEIGHTS not in study.files:
        raise RunError(
            "This recorded run has no weights; train it, as its protocol says. "
            f"Received: {name}"
        )
    return study


def load_arrays(name: str, folder=None) -> dict[str, np.ndarray]:
    """Reads the arrays that a study kept for figures; name → array.

    Args:
        name: of the study.
        folder: as for `load_study`.

    Raises:
        ValueError: if the study kept none, or the file is not the one recorded.
    """
    return _read_arrays(name, ARRAYS, folder)


def read_file(name: str, file: str, folder=None) -> bytes:
    """Reads the contents of a file that a study kept as it is, such as an animation.

    Args:
        name: of the study.
        file: its name, such as `"spread.gif"`.
        folder: as for `load_study`.

    Raises:
        ValueError: if the study kept none, or the file is not the one recorded.
    """
    return _restore(weights.read_verified, *_find(name, file, folder))


def read_weights(name: str, folder=None) -> dict[str, np.ndarray]:
    """Reads the weights of a study: `encoder/000`, … → float16, in Keras's order.

    Args:
        name: of the study.
        folder: as for `load_study`.

    Raises:
        ValueError: if the study kept none, or the file is not the one recorded.
    """
    return _read_arrays(name, WEIGHTS, folder)


def load_weights(parts: dict, name: str, folder=None):
    """Sets the weights of networks to those of a study, all or none.

    Args:
        parts: name → network, such as `{"decoder": vae.decoder}`; maybe not all.
        name: of the study.
        folder: as for `load_study`.

    Raises:
        ValueError: if the study kept no weights, the file is not the one recorded, or
            the arrays of a part are not those of the network: in number, or in shape.
    """
    _assign(parts, _read_arrays(name, WEIGHTS, folder, parts=list(parts)), name)


def load_whole(model, name: str, folder=None):
    """Sets the weights of all parts of a model to those of a study, all or none.

    Args:
        model: a `models.base.Trainable`.
        name: of the study.
        folder: as for `load_study`.

    Raises:
        ValueError: if the study kept no weights, the file is not the one recorded, or
            the model's parts or their shapes differ from those kept.
    """
    _assign(model.parts, read_weights(name, folder), name)


def _assign(parts, saved, name):
    saved = {key: value.astype(np.float32) for key, value in saved.items()}
    wanted = [pair for part in parts for pair in weights.numbered(part, parts[part])]
    weights.assign(wanted, saved, f"The study {name}")


def _read_arrays(name, file, folder, parts=None):
    path, expected = _find(name, file, folder)
    limits = {"max_bytes": MAX_BYTES, "parts": parts}
    return _restore(weights.read, path, expected=expected, **limits)


def _restore(read, path, *args, **options):
    try:
        return read(path, *args, **options)
    except OSError as error:
        raise Damaged(
            f"{path} cannot be read; restore it, or record the study again. "
            f"Received: {error.strerror}"
        ) from error


def _find(name, file, folder):
    """Returns the path of a study's file, and its SHA-256."""
    study = load_study(name, folder)
    if file not in study.files:
        raise ValueError(f"The study has no {file}. Received: name={name!r}")
    return Path(folder or FOLDER) / name / file, study.files[file]
