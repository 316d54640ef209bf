import re
import threading
import time

import pytest
from idx_files import check_arrays, load_sample
from idx_server import serving

from vae_utils import datasets
from vae_utils.datasets import mirrors

COMPLETE = "54 train + 6 validation + 20 test"


@pytest.fixture
def hasty(monkeypatch):
    """Shortens timeouts for a test."""
    monkeypatch.setattr(mirrors, "TIMEOUT", 0.6)
    monkeypatch.setattr(mirrors, "PATIENCE", 1.5)


@pytest.mark.parametrize("manner", ["good", "raw"])
def test_downloads_then_uses_the_cache(server, arrays, cache, manner):
    data = datasets.load("mnist", mirrors=[server.mirror(manner)])
    check_arrays(data, arrays["mnist"])
    assert data.complete and data.class_names == tuple("0123456789")
    assert data.provenance == (
        f"MNIST, complete: {COMPLETE} images, from the web (SHA-256 verified)."
    )
    assert sorted(path.name for path in cache.iterdir()) == sorted(server.files)
    asked = len(server.asked)
    again = datasets.load("mnist", mirrors=[server.mirror(manner)])
    check_arrays(again, arrays["mnist"])
    assert "from the cache" in again.provenance
    assert len(server.asked) == asked


BAD = {
    "damaged_gzip": "train-images-idx3-ubyte must be IDX or gzip",
    "wrong_bit": "train-images-idx3-ubyte must have the SHA-256",
    "wrong_magic": "train-images-idx3-ubyte must have the SHA-256",
    "truncated_body": "ChunkedEncodingError",
    "truncated_gzip": "train-images-idx3-ubyte must have 47,056 bytes",
    "bomb": "train-images-idx3-ubyte must have 47,056 bytes",
    "endless": "train-images-idx3-ubyte must have 47,056 bytes",
    "forbidden": "HTTP 403",
    "stalled": "(ReadTimeout|0 bytes in)",  # whichever comes first
    "trickling": "0 bytes in",
    "trickling_header": "0 bytes in",
}


# These only end when patience does; the others end by themselves, however slowly.
WAITING = ("stalled", "trickling", "trickling_header")


@pytest.fixture
def hasty_with_waiting(request, manner):
    if manner in WAITING:
        request.getfixturevalue("hasty")


@pytest.mark.parametrize("manner", BAD)
def test_ignores_what_a_bad_mirror_sends(server, cache, hasty_with_waiting, manner):
    started = time.monotonic()
    message = load_sample("mnist", mirrors=[server.mirror(manner)])
    assert re.search(rf"\n- the web: 127\.0\.0\.1: {BAD[manner]}", message)
    assert not cache.exists()
    assert manner not in WAITING or time.monotonic() - started < 5


@pytest.mark.parametrize("manner", BAD)
def test_tries_the_next_mirror(server, arrays, hasty_with_waiting, manner):
    both = [server.mirror(manner), server.mirror("good")]
    data = datasets.load("mnist", mirrors=both)
    check_arrays(data, arrays["mnist"])
    bad = [name for asked, name in server.asked if asked == manner]
    assert bad == ["train-images-idx3-ubyte.gz"]  # tried last from then on


def test_takes_each_file_from_a_mirror_that_has_it(server, arrays):
    both = [server.mirror("labels_only"), server.mirror("images_only")]
    check_arrays(datasets.load("mnist", mirrors=both), arrays["mnist"])


def test_limits_the_time_for_all_mirrors_together(server, hasty):
    started = time.monotonic()
    message = load_sample("mnist", mirrors=[server.mirror("stalled")] * 6)
    assert len(re.findall(BAD["stalled"], message)) == 3
    assert message.count("not tried after 1.5 seconds of failed downloads") == 3
    assert time.monotonic() - started < 5


def test_does_not_limit_the_time_of_successful_downloads(server, arrays, monkeypatch):
    monkeypatch.setattr(mirrors, "PATIENCE", 0.3)
    monkeypatch.setattr(mirrors, "SLOWEST", 0)
    started = time.monotonic()
    data = datasets.load("mnist", mirrors=[server.mirror("slow")])
    assert time.monotonic() - started > 0.8
    check_arrays(data, arrays["mnist"])


def test_reports_a_mirror_without_a_server(monkeypatch):
    with serving({}) as server:
        address = server.mirror("good")
    assert "- the web: 127.0.0.1: ConnectionError" in load_sample(
        "mnist", mirrors=[address]
    )


def test_keeps_the_files_of_a_failed_download(server, arrays, cache):
    load_sample("mnist", mirrors=[server.mirror("images_only")])
    assert [path.name for path in cache.iterdir()] == ["train-images-idx3-ubyte"]
    data = datasets.load("mnist", mirrors=[server.mirror("good")])
    check_arrays(data, arrays["mnist"])
    assert "from the cache and the web" in data.provenance
    assert ("good", "train-images-idx3-ubyte.gz") not in server.asked


def test_downloads_in_several_threads_at_once(server, arrays, cache):
    results = []

    def load():
        results.append(datasets.load("mnist", mirrors=[server.mirror("good")]))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for data in results:
        check_arrays(data, arrays["mnist"])
    assert sorted(path.name for path in cache.iterdir()) == sorted(server.files)
