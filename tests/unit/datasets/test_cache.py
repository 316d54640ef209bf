import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from idx_files import check_arrays, idx_bytes, load_sample, write
from idx_server import flipped

from vae_utils import datasets, files
from vae_utils.datasets import catalog, folders


def test_readers_never_see_a_partial_file(tmp_path):
    raw = idx_bytes(np.zeros(4_000_000, np.uint8))
    file = catalog.File("x-idx1-ubyte", (4_000_000,), hashlib.sha256(raw).hexdigest())
    folders.install(tmp_path, file, raw)
    writers = [
        threading.Thread(
            target=lambda: [folders.install(tmp_path, file, raw) for _ in range(10)]
        )
        for _ in range(2)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert folders.read(tmp_path, file) == raw
    assert [path.name for path in (tmp_path).glob("x-*")] == [file.name]


def test_interrupted_write_leaves_no_file(server, cache, monkeypatch):
    def interrupted(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        datasets.load("mnist", mirrors=[server.mirror("good")])
    assert list(cache.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_removes_the_partial_file_of_a_killed_process(server, arrays, cache):
    script = f"""
        import os, pathlib, signal
        from vae_utils import datasets
        os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
        file = datasets.CATALOG["mnist"].files[0]
        datasets.install(pathlib.Path({str(cache)!r}), file, bytes(1000))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    assert subprocess.run(command).returncode == -signal.SIGKILL
    (left,) = cache.iterdir()
    assert left.name.endswith(files.UNFINISHED)
    data = datasets.load("mnist", mirrors=[server.mirror("good")])
    check_arrays(data, arrays["mnist"])
    assert left.exists()  # another process could still be writing it
    long_ago = time.time() - 2 * folders.STALE
    os.utime(left, (long_ago, long_ago))
    folders.install(cache, datasets.CATALOG["mnist"].files[0], b"")
    assert not left.exists()


def test_replaces_a_damaged_file_in_the_cache(server, raws, arrays, cache):
    write(cache, raws)
    path = cache / "t10k-labels-idx1-ubyte"
    path.write_bytes(flipped(path.read_bytes()))
    message = load_sample("mnist", download=False)
    assert "- the cache: " in message and "t10k-labels-idx1-ubyte is not" in message
    data = datasets.load("mnist", mirrors=[server.mirror("good")])
    check_arrays(data, arrays["mnist"])
    assert "from the cache and the web" in data.provenance
    assert [name for _, name in server.asked] == ["t10k-labels-idx1-ubyte.gz"]
    assert path.read_bytes() == raws[path.name]


def test_warns_when_the_cache_cannot_be_written(server, arrays, cache):
    cache.parent.write_text("a file instead of a folder")
    with pytest.warns(UserWarning, match="cannot be saved in the cache") as caught:
        data = datasets.load("mnist", mirrors=[server.mirror("good")])
    assert len(caught) == 1
    assert "VAE_UTILS_CACHE_DIR" in str(caught[0].message)
    check_arrays(data, arrays["mnist"])
    assert cache.parent.is_file()
