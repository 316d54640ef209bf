import gzip

import numpy as np
import pytest
from idx_files import idx_bytes

from vae_utils.datasets import catalog, idx


@pytest.mark.parametrize(
    "shape", [(0,), (7,), (3, 5), (2, 28, 28), (3, 5, 7), (2, 12, 20, 3)]
)
def test_parse_round_trip(shape):
    array = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    parsed = idx.parse(idx_bytes(array))
    np.testing.assert_array_equal(parsed, array)
    assert parsed.dtype == np.uint8 and not parsed.flags.writeable


GOOD = idx_bytes(np.zeros((2, 3, 3), np.uint8))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "Received: no bytes"),
        (GOOD[:3], "Received: 00 00 08$"),
        (b"\x00\x00\x0d" + GOOD[3:], "Received: 00 00 0d 03"),
        (b"\x01" + GOOD[1:], "Received: 01 00 08 03"),
        (GOOD[:3] + b"\x00" + GOOD[4:], "1 to 4 dimensions"),
        (GOOD[:3] + b"\x05" + GOOD[4:], "1 to 4 dimensions"),
        (GOOD[:10], "must have"),
        (GOOD[:-1], r"must have 34 bytes.*Received: 33 bytes"),
        (GOOD + b"\x00", r"must have 34 bytes.*Received: 35 bytes"),
        (GOOD[:4] + b"\xff" * 12 + GOOD[16:], r"must have 79,\d+.*Received: 34 bytes"),
    ],
)
def test_parse_rejects_invalid_files(raw, words):
    with pytest.raises(ValueError, match=words):
        idx.parse(raw)


def test_stops_early_on_a_gzip_bomb(monkeypatch):
    bomb = gzip.compress(bytes(50_000_000))
    file = catalog.File("train-labels-idx1-ubyte", (10,), "")
    sizes = []
    inflate = idx._decompressed
    monkeypatch.setattr(
        idx, "_decompressed", lambda *a: sizes.append(len(inflate(*a))) or inflate(*a)
    )
    with pytest.raises(ValueError, match="18 bytes.*Received: more than 18 bytes"):
        idx.verified(bomb, file)
    assert sizes == [19]
