"""Arrays in npz files that are verified before they are read, and run no code."""

import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

MAX_BYTES = 64_000_000  # of one file, unpacked


def pack(arrays: dict) -> bytes:
    """Returns the contents of an npz file with these arrays, compressed."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
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
        ValueError: if the file is missing, or another one.
    """
    try:
        contents = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{path.name} must be readable: restore it, or record the run again. "
            f"Received: {error.strerror}"
        ) from error
    if sha256(contents) != expected:
        raise ValueError(
            f"{path.name} is not the file that was recorded: restore it, or record the "
            f"run again. Received: SHA-256 {sha256(contents)}, not {expected}"
        )
    return contents


def read(path: Path, expected: str) -> dict[str, np.ndarray]:
    """Reads a verified npz file.

    Args:
        path: of the file.
        expected: its SHA-256.

    Returns:
        Name → array.

    Raises:
        ValueError: if the file is missing, another one, too large, or holds objects.
    """
    contents = read_verified(path, expected)
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_BYTES:
        raise ValueError(
            f"{path.name} must unpack to at most {MAX_BYTES} bytes. "
            f"Received: {unpacked}"
        )
    with np.load(io.BytesIO(contents), allow_pickle=False) as arrays:
        return dict(arrays)
