"""Folders of pictures, drawn for tests."""

import struct
import zlib

import numpy as np
from PIL import Image


def draw(number, width=20, height=20):
    """Returns a picture in colour, smooth and unlike that of any other number."""
    rng = np.random.default_rng(number)
    coarse = Image.fromarray(rng.integers(0, 256, (5, 5, 3), np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def write(root, *names, **options):
    """Writes a picture for each name; returns the folder."""
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(number).save(path, **options)
    return root


def write_classes(root, **sizes):
    """Writes a folder for each class, with so many pictures."""
    return write(root, *(f"{c}/{i:03}.png" for c in sizes for i in range(sizes[c])))


def png(width, height, contents=b"\0" * 100):
    """Returns a PNG that says it has a size, whatever it holds."""

    def chunk(kind, data):
        total = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + total

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(contents)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def list_all(root):
    """Lists what is in a folder, with sizes and times, to see whether it changed."""
    found = sorted(root.rglob("*"))
    return [(path, path.lstat().st_size, path.lstat().st_mtime_ns) for path in found]
