"""The picture files of a folder, listed without opening one."""

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from vae_utils.datasets.pictures.wording import count, some

#: Endings of picture files. Pillow cannot read all of them: one that it cannot is
#: reported, not passed over in silence.
ENDINGS = frozenset(
    ".png .apng .jpg .jpeg .jpe .jfif .gif .bmp .dib .webp .tif .tiff .ppm .pgm .pbm "
    ".pnm .ico .jp2 .j2k .avif .heic .heif .tga".split()
)
PASSED_OVER = frozenset({"__MACOSX"})  # and what begins with a dot
DEEPEST = 64  # folders inside folders


class File(NamedTuple):
    """A file: its name below the folder, with /, its bytes, its times in ns."""

    name: str
    size: int
    modified: int
    changed: int


class Unusable(NamedTuple):
    """A file or folder that cannot be used, and why."""

    name: str
    reason: str


class Listing(NamedTuple):
    """What a folder holds.

    Args:
        root: the folder.
        files: the picture files, by name.
        others: names of files that are no pictures.
        unusable: files and folders that cannot be read, by name.
    """

    root: Path
    files: list[File]
    others: list[str]
    unusable: list[Unusable]


class _Walk:
    """Goes through a folder and the folders in it, links included, each once."""

    def __init__(self, root: Path, most: int):
        self.listing = Listing(root, [], [], [])
        self._most = most
        self._seen = set()

    def enter(self, folder, name):
        """Lists a folder; `name` is its own below the root, ending in /."""
        try:
            here = os.stat(folder)
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            return self._skip(name or ".", error.strerror)
        if (here.st_dev, here.st_ino) in self._seen:
            return self._skip(name, "a link to a folder that is listed already")
        if name.count("/") > DEEPEST:
            return self._skip(name, f"more than {DEEPEST} folders deep")
        self._seen.add((here.st_dev, here.st_ino))
        for entry in entries:
            if not entry.name.startswith(".") and entry.name not in PASSED_OVER:
                self._take(entry, name + entry.name)

    def _take(self, entry, name):
        if _is_folder(entry):
            return self.enter(entry.path, f"{name}/")
        if os.path.splitext(name)[1].lower() not in ENDINGS:
            return self.listing.others.append(name)
        try:
            name.encode()
            found = entry.stat()
        except UnicodeEncodeError:
            return self._skip(name, "its name is not UTF-8")
        except OSError as error:
            broken = error.errno in (errno.ENOENT, errno.ELOOP)
            return self._skip(name, "a broken link" if broken else error.strerror)
        if not stat.S_ISREG(found.st_mode):
            return self._skip(name, "not a regular file")
        if found.st_size == 0:
            return self._skip(name, "an empty file")
        self._add(File(name, found.st_size, found.st_mtime_ns, found.st_ctime_ns))

    def _add(self, file):
        if len(self.listing.files) == self._most:
            raise ValueError(
                f"The folder has more than {self._most:,} pictures: raise max_files, "
                "or give a folder with fewer. "
                f"Received: path={str(self.listing.root)!r}, max_files={self._most}"
            )
        self.listing.files.append(file)

    def _skip(self, name, reason):
        self.listing.unusable.append(Unusable(name, reason))


def _is_folder(entry):
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def list_pictures(root: Path, max_files: int) -> Listing:
    """Lists the picture files of a folder and of the folders in it.

    Args:
        root: absolute path of the folder.
        max_files: most pictures that are accepted.

    Returns:
        The files, recognised by their endings; hidden files are left out.

    Raises:
        ValueError: if there is no such folder, it cannot be read, it holds no pictures,
            or more than `max_files`.
    """
    _check_folder(root)
    walk = _Walk(root, max_files)
    walk.enter(str(root), "")
    listing = walk.listing
    listing.files.sort()
    if not listing.files:
        raise ValueError(f"The folder holds no pictures. {_describe(listing)}")
    return listing


def _check_folder(root):
    """Raises ValueError unless a path is a folder that can be read."""
    received = f"Received: path={str(root)!r}"
    try:
        str(root).encode()
    except UnicodeEncodeError as error:
        received = f"Received: path={os.fsencode(root)!r}"
        raise ValueError(
            f"The path of a folder must be a name in UTF-8: rename it. {received}"
        ) from error
    if root.is_dir():
        return
    if not os.path.lexists(root):
        raise ValueError(f"There is no such folder. {received}")
    what = "a folder of pictures, and this is a file"
    if root.suffix.lower() in (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar"):
        what += ": unpack it first"
    raise ValueError(f"path must name {what}. {received}")


def _describe(listing):
    """Says what there is in a folder without pictures that can be used."""
    received = f"Received: path={str(listing.root)!r}"
    if listing.unusable:
        (name, reason), *more = listing.unusable
        rest = f" and {len(more):,} more" if more else ""
        return f"{received}, with {some([name])} ({reason}){rest}"
    if listing.others:
        others = count(len(listing.others), "other file")
        return f"{received}, with {others}, such as {some(listing.others)}"
    return f"{received}, which is empty"
