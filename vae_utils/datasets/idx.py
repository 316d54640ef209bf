"""The IDX format: verifies the bytes of a file and parses them into an array."""

import hashlib
import math
import zlib

import numpy as np

from vae_utils.datasets.catalog import File

UINT8 = 0x08


def verified(data: bytes, file: File) -> bytes:
    """Returns the raw bytes of an IDX file after checking that they are `file`.

    Args:
        data: the raw or gzip-compressed bytes of an IDX file.
        file: the expected file; decompression stops one byte beyond its size.

    Returns:
        The raw IDX bytes.

    Raises:
        ValueError: if the bytes are not those of `file`.
    """
    raw = _decompressed(data, file)
    if len(raw) != file.size:
        received = f"{min(len(raw), file.size):,}"
        raise ValueError(
            f"{file.name} must have {file.size:,} bytes when decompressed. Received: "
            f"{'more than ' * (len(raw) > file.size)}{received} bytes"
        )
    digest = hashlib.sha256(raw).hexdigest()
    if digest != file.sha256:
        raise ValueError(
            f"{file.name} must have the SHA-256 {file.sha256}. Received: {digest}"
        )
    return raw


def _decompressed(data, file):
    """Decompresses `data` if it is gzip, up to one byte beyond the size of `file`."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, file.size + 1)
    except zlib.error as error:
        raise ValueError(
            f"{file.name} must be IDX or gzip-compressed IDX. Received: {error}"
        ) from error


def parse(raw: bytes) -> np.ndarray:
    """Parses an IDX file of unsigned bytes.

    Args:
        raw: the decompressed bytes of the file.

    Returns:
        A read-only uint8 view of `raw`, in the shape that the header gives: (n,) for
        labels, (n, height, width) for grey and (n, height, width, channels) for colour
        images.

    Raises:
        ValueError: if the header is invalid or does not match the number of bytes.

    Source: the IDX format, as described on the MNIST page of LeCun, Cortes and Burges.
    """
    if len(raw) < 4 or raw[:3] != bytes([0, 0, UINT8]) or not 1 <= raw[3] <= 4:
        raise ValueError(
            "An IDX file of bytes must begin with 00 00 08 and 1 to 4 dimensions. "
            f"Received: {raw[:4].hex(' ') or 'no bytes'}"
        )
    start = 4 + 4 * raw[3]
    shape = tuple(int.from_bytes(raw[i : i + 4], "big") for i in range(4, start, 4))
    expected = start + math.prod(shape)
    if len(raw) != expected:
        raise ValueError(
            f"An IDX file of shape {shape} must have {expected:,} bytes; the file is "
            f"cut short, too long, or has a wrong header. Received: {len(raw):,} bytes"
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
