"""Recorded runs: what a longer training gave, with all that is needed to repeat it.

A run is `NAME.json` (protocol, versions, hardware, minutes, history, metrics), with
`NAME.arrays.npz` (small arrays for figures), `NAME.weights.npz` (float16) and films
beside it where a page needs them. Weights travel as plain npz: loading them runs no
code.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np

from vae_utils import files
from vae_utils.pretrained import npz
from vae_utils.provenance import hardware, versions

FOLDER = Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class Run:
    """A recorded run.

    Args:
        name: of the run and of its files.
        protocol: what was done: data, binarisation, split, network, batch, seed, ….
        versions: package → version.
        hardware: processor and number of cores.
        minutes: of training.
        history: name → one number per epoch.
        metrics: name → final number, or a list with one number per seed.
        files: name of each file beside the JSON → its SHA-256.
    """

    name: str
    protocol: dict
    versions: dict
    hardware: str
    minutes: float
    history: dict
    metrics: dict
    files: dict


def save_run(
    name,
    *,
    protocol,
    minutes,
    history,
    metrics,
    arrays=None,
    parts=None,
    films=None,
    folder=FOLDER,
) -> Run:
    """Writes a run; the JSON last, so that a run that can be listed is whole.

    Args:
        name: of the run.
        protocol: what was done, as JSON has it.
        minutes: of training.
        history: name → one number per epoch.
        metrics: name → number. Where weights are kept, measure after `round_weights`:
            readers get the rounded ones.
        arrays: name → array, for figures.
        parts: name → network whose weights are kept, such as
            `{"encoder": vae.encoder, "decoder": vae.decoder}`.
        films: ending → contents of a file, such as `{"spread.gif": ...}`.
        folder: where to.

    Returns:
        The run as written.
    """
    # All is packed before the first file is written: an older run stays whole.
    kept = {"arrays": arrays, "weights": _pack(parts or {})}
    contents = {
        f"{name}.{kind}.npz": npz.pack(values)
        for kind, values in kept.items()
        if values
    }
    contents |= {f"{name}.{ending}": data for ending, data in (films or {}).items()}
    hashes = {file: npz.sha256(data) for file, data in contents.items()}
    run = Run(name, protocol, versions(), hardware(), minutes, history, metrics, hashes)
    text = json.dumps(dataclasses.asdict(run), indent=1, allow_nan=False)
    contents[f"{name}.json"] = f"{text}\n".encode()
    Path(folder).mkdir(parents=True, exist_ok=True)
    for file, data in contents.items():
        files.write(Path(folder) / file, data)
    return run


def list_runs(folder=FOLDER) -> list[str]:
    """Lists the names of the runs in a folder."""
    return sorted(path.stem for path in Path(folder).glob("*.json"))


def load_run(name: str, folder=FOLDER) -> Run:
    """Reads a run's JSON.

    Args:
        name: of the run.
        folder: where from.

    Returns:
        The run.

    Raises:
        ValueError: if there is no such run, or its file is not one.
    """
    names = list_runs(folder)
    if name not in names:
        raise ValueError(f"There is no such run; there are {names}. Received: {name!r}")
    try:
        return Run(**json.loads((Path(folder) / f"{name}.json").read_text()))
    except (TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{name}.json is not a recorded run ({error}). Received: name={name!r}"
        ) from error


def band(values, width: float = 6.0) -> tuple[float, float]:
    """Computes the band that another run of the same protocol should fall into.

    Args:
        values: one number per seed, at least two.
        width: standard deviations on either side of the mean.

    Returns:
        The ends of the band, lower first.

    Raises:
        ValueError: if there are fewer than two values.
    """
    if np.ndim(values) != 1 or len(values) < 2:
        raise ValueError(f"A band needs two values at least. Received: {values!r}")
    mean, deviation = np.mean(values), np.std(values, ddof=1)
    return float(mean - width * deviation), float(mean + width * deviation)


def load_arrays(name: str, folder=FOLDER) -> dict[str, np.ndarray]:
    """Reads the arrays that a run kept for figures.

    Args:
        name: of the run.
        folder: where from.

    Returns:
        Name → array.

    Raises:
        ValueError: if the run kept none, or the file is not the one recorded.
    """
    return _read(load_run(name, folder), "arrays", folder)


def read_file(name: str, ending: str, folder=FOLDER) -> bytes:
    """Reads a file that a run kept as it is, such as a film.

    Args:
        name: of the run.
        ending: of the file's name, such as `"spread.gif"`.
        folder: where from.

    Returns:
        Its contents.

    Raises:
        ValueError: if the run kept none, or the file is not the one recorded.
    """
    path, expected = _find(load_run(name, folder), ending, folder)
    return npz.read_verified(path, expected)


def load_weights(parts: dict, name: str, folder=FOLDER):
    """Sets the weights of networks to those of a run.

    All are checked before the first is set.

    Args:
        parts: name → network, such as `{"decoder": vae.decoder}`; a run's other parts
            are left out.
        name: of the run.
        folder: where from.

    Raises:
        ValueError: if the run kept no such weights, the file is not the one recorded,
            or a shape differs.
    """
    saved = read_weights(name, folder)
    for part, network in parts.items():
        kept = [saved[key].shape for key in saved if key.startswith(f"{part}/")]
        wanted = [tuple(weight.shape) for weight in network.weights]
        if kept != wanted:
            raise ValueError(
                f"The weights of {part!r} in {name!r} are for another network. "
                f"Received: a network with shapes {wanted}, recorded shapes {kept}"
            )
    for part, network in parts.items():
        keys = [key for key in saved if key.startswith(f"{part}/")]
        network.set_weights([saved[key].astype(np.float32) for key in keys])


def read_weights(name: str, folder=FOLDER) -> dict[str, np.ndarray]:
    """Reads the weights of a run.

    Args:
        name: of the run.
        folder: where from.

    Returns:
        `encoder/000` and so on → float16 array, in the order of `get_weights()`.

    Raises:
        ValueError: if the run kept none, or the file is not the one recorded.
    """
    saved = _read(load_run(name, folder), "weights", folder)
    return {key: saved[key] for key in sorted(saved)}


def round_weights(*networks):
    """Rounds the weights of networks to float16, as `save_run` keeps them."""
    for network in networks:
        rounded = [np.float32(np.float16(value)) for value in network.get_weights()]
        network.set_weights(rounded)


def _pack(parts):
    return {
        f"{part}/{index:03d}": value.astype(np.float16)
        for part, network in parts.items()
        for index, value in enumerate(network.get_weights())
    }


def _read(run, kind, folder):
    return npz.read(*_find(run, f"{kind}.npz", folder))


def _find(run, ending, folder):
    """Returns the path of a run's file, and its SHA-256."""
    file = f"{run.name}.{ending}"
    if file not in run.files:
        raise ValueError(f"The run keeps no {ending}. Received: name={run.name!r}")
    return Path(folder) / file, run.files[file]
