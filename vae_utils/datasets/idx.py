"""The IDX format: bytes in, verified bytes or an array out."""

import hashlib
import math
import zlib

import numpy as np

from vae_utils.datasets.catalog import File

UINT8 = 0x08


def verified(data: bytes, file: File) -> bytes:
    """Decompresses `data` if it is gzip, and returns it if it is `file` to the bit.

    Args:
        data: the raw or gzip-compressed bytes of an IDX file.
        file: which file this must be; never more than its size is decompressed.

    Returns:
        The raw IDX bytes.

    Raises:
        ValueError: if the bytes are not those of `file`.
    """
    raw = _decompressed(data, file)
    if len(raw) != file.size:
        raise ValueError(
            f"{file.name} must have {file.size:,} bytes when decompressed. "
            f"Received: {'more' if len(raw) > file.size else format(len(raw), ',')}"
        )
    digest = hashlib.sha256(raw).hexdigest()
    if digest != file.sha256:
        raise ValueError(
            f"{file.name} must have the SHA-256 {file.sha256}. Received: {digest}"
        )
    return raw


def _decompressed(data, file):
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, file.size + 1)
    except zlib.error as error:
        raise ValueError(
            f"{file.name} must be IDX or gzip-compressed IDX. Received: {error}"
        ) from error


def parse(raw: bytes) -> np.ndarray:
    """Reads an IDX file of unsigned bytes.

    Args:
        raw: the decompressed bytes of the file.

    Returns:
        A read-only uint8 array on top of `raw`, in the shape that the header states.

    Raises:
        ValueError: if the header is wrong, or does not fit the number of bytes.

    Source: the IDX format, as described on the MNIST page of LeCun, Cortes and Burges.
    """
    if len(raw) < 4 or raw[:3] != bytes([0, 0, UINT8]) or raw[3] not in (1, 2, 3):
        raise ValueError(
            "An IDX file of bytes must begin with 00 00 08 and 1 to 3 dimensions. "
            f"Received: {raw[:4].hex(' ') or 'no bytes'}"
        )
    start = 4 + 4 * raw[3]
    shape = tuple(int.from_bytes(raw[i : i + 4], "big") for i in range(4, start, 4))
    expected = start + math.prod(shape)
    if len(raw) != expected:
        raise ValueError(
            f"An IDX file of shape {shape} must have {expected:,} bytes: it is cut "
            f"short, too long, or its header is wrong. Received: {len(raw):,} bytes"
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
