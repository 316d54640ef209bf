"""Weights in npz files: arrays named `PART/NNN`, read without running code.

Checkpoints and recorded runs both use it. An array whose name has no slash belongs to
no part: metadata, or an array kept for a figure.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from vae_utils.errors import Damaged

NUMBERS = "biuf"  # kinds of dtypes that a variable takes


def write(stream: BinaryIO, arrays: dict, *, compressed: bool = False):
    """Writes arrays as npz.

    Args:
        stream: to write to.
        arrays: name → array.
        compressed: whether to compress them.

    Raises:
        OSError: if they cannot be written.
    """
    save = np.savez_compressed if compressed else np.savez
    save(stream, **arrays)


def pack(arrays: dict, *, compressed: bool = True) -> bytes:
    """Returns the contents of an npz file with these arrays, by name."""
    buffer = io.BytesIO()
    write(buffer, arrays, compressed=compressed)
    return buffer.getvalue()


def sha256(contents: bytes) -> str:
    """Returns the SHA-256 of a file's contents, in hexadecimal digits."""
    return hashlib.sha256(contents).hexdigest()


def read_verified(path: Path, expected: str) -> bytes:
    """Reads a file whose contents are known beforehand.

    Args:
        path: of the file.
        expected: its SHA-256.

    Returns:
        Its contents.

    Raises:
        Damaged: if the file has other contents.
        OSError: if it cannot be read.
    """
    contents = Path(path).read_bytes()
    if sha256(contents) != expected:
        raise Damaged(
            f"{path} is not the file that was recorded. "
            f"Received: SHA-256 {sha256(contents)}, not {expected}"
        )
    return contents


def read(
    path: Path,
    *,
    max_bytes: int,
    parts: Iterable[str] | None = None,
    expected: str | None = None,
    contents: bytes | None = None,
    kind: str = "file of arrays",
) -> dict[str, np.ndarray]:
    """Reads arrays from an npz file, without ever unpickling.

    Args:
        path: of the file.
        max_bytes: of all arrays, unpacked; a larger file is refused.
        parts: names of the parts to read; None for all. Arrays of no part are always
            read.
        expected: SHA-256 of the file; None to read it whatever it is.
        contents: of the file, if they were read before; None to read them.
        kind: what the file should be, for the message.

    Returns:
        Name → array, in the order of the file.

    Raises:
        Damaged: if the file is not complete, not an npz file, too large, holds objects,
            or has another SHA-256.
        OSError: if it cannot be read.
    """
    if expected is not None:
        contents = read_verified(path, expected)
    with Path(path).open("rb") if contents is None else io.BytesIO(contents) as stream:
        return _unpack(stream, path, max_bytes, parts, kind)


def _unpack(stream, path, max_bytes, parts, kind):
    try:
        with zipfile.ZipFile(stream) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > max_bytes:
            raise ValueError(f"{unpacked} bytes, more than {max_bytes}")
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as saved:
            return {name: saved[name] for name in saved.files if _is_in(name, parts)}
    except OSError:
        raise
    except Exception as error:  # whatever a flipped bit makes zip and npy say
        raise Damaged(f"{path} is not a complete {kind}. Received: {error}") from error


def _is_in(name, parts):
    part, slash, _ = name.partition("/")
    return parts is None or not slash or part in parts


def numbered(part: str, network) -> Iterator[tuple]:
    """Yields `PART/NNN` and variable for each weight of a network, in Keras's order."""
    for index, variable in enumerate(network.weights):
        yield f"{part}/{index:03d}", variable


def assign(wanted: Iterable[tuple], saved: dict, source: str | Path):
    """Assigns arrays to variables, all or none.

    Args:
        wanted: pairs of name and variable.
        saved: name → array; the same names.
        source: names the file, or the run, in the message.

    Raises:
        ValueError: if an array is missing, left over, of another shape, or holds
            something other than numbers. Then no variable has changed.
    """
    wanted = list(wanted)
    shapes = {name: tuple(variable.shape) for name, variable in wanted}
    kept = {name: value.shape for name, value in saved.items()}
    if shapes != kept:
        name = next(n for n in [*shapes, *kept] if shapes.get(n) != kept.get(n))
        raise ValueError(
            f"{source} holds another architecture's weights. Received: {name} of shape "
            f"{kept.get(name, 'none')}, where the network has "
            f"{shapes.get(name, 'none')}"
        )
    for name, value in saved.items():
        if value.dtype.kind not in NUMBERS:
            raise ValueError(
                f"{source} must hold numbers. Received: {name} of dtype {value.dtype}"
            )
    for name, variable in wanted:
        variable.assign(saved[name])


def round_weights(*networks):
    """Rounds the weights of networks to float16, as recorded runs keep them."""
    for network in networks:
        rounded = [np.float32(np.float16(value)) for value in network.get_weights()]
        network.set_weights(rounded)


def round_parts(parts: dict) -> dict[str, np.ndarray]:
    """Copies the weights of networks as recorded runs keep them.

    Args:
        parts: name → network.

    Returns:
        `PART/NNN` → float16 array.
    """
    return {
        name: value.astype(np.float16)
        for part, network in parts.items()
        for (name, _), value in zip(
            numbered(part, network), network.get_weights(), strict=True
        )
    }
