"""Decoded pictures: from the cache if nothing has changed, else from the files.

An index remembers, for names, sizes and times of the files, what they hold. Its array
is named for its contents, so that a copy of a folder needs no second one.
"""

import hashlib
import json
import secrets
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_utils import files
from vae_utils.datasets.pictures import place
from vae_utils.datasets.pictures.filling import fill
from vae_utils.datasets.pictures.listing import Listing, Unusable
from vae_utils.datasets.pictures.options import Options, image_shape, read_colour
from vae_utils.decoding.pictures import to_grey
from vae_utils.memory import check_fits

FORMAT = 1
FACTS = ("width", "height", "mode", "animated", "grey")


class Decoded(NamedTuple):
    """Pictures that could be decoded, by name.

    Args:
        images: uint8, shape (n, size, size) or (n, size, size, 3); of a file.
        names: of the files.
        digests: SHA-256 of each image, in hexadecimal.
        facts: what each file was, a list for each of `FACTS`.
        unusable: files that are no pictures, and why.
    """

    images: np.ndarray
    names: list[str]
    digests: list[str]
    facts: dict[str, list]
    unusable: list[Unusable]


def read(listing: Listing, options: Options) -> Decoded:
    """Returns the decoded pictures of a folder.

    Args:
        listing: of the folder.
        options: with `colour="auto"`, the pictures are grey if each of them is.

    Raises:
        ValueError: if no file can be decoded, or the disk is too small.
    """
    if options.colour == "rgb":
        return _find(listing, options, "rgb") or _make(listing, options, "rgb")
    found = _find(listing, options, "rgb")
    if options.colour == "auto":
        found = found or _make(listing, options, "rgb")
        if not all(found.facts["grey"]):
            return found
    return _find(listing, options, "grey") or _make(listing, options, "grey", found)


def _key(listing, options, colour):
    """Returns a name for all that the decoded pictures depend on."""
    asked = [options.size, colour, options.fit, read_colour(options.background)]
    what = [FORMAT, str(listing.root), *asked, options.max_pixels, listing.files]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


def _find(listing, options, colour):
    """Returns what the cache has; None if it is not there, or damaged."""
    folder = place.find()
    if folder is None:
        return None
    try:
        text = (folder / f"{_key(listing, options, colour)}.json").read_bytes()
        return _load(folder, json.loads(text), image_shape(options.size, colour))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _load(folder, index, shape):
    """Returns what an index describes.

    Raises:
        ValueError: if the array is not the one that was written.
    """
    images = np.load(folder / index["array"], mmap_mode="c")
    if images.shape != (len(index["names"]), *shape) or images.dtype != np.uint8:
        raise ValueError("The array is not the one that was written.")
    unusable = [Unusable(*pair) for pair in index["unusable"]]
    facts = {name: index["facts"][name] for name in FACTS}
    return Decoded(images, index["names"], index["digests"], facts, unusable)


def _make(listing, options, colour, coloured=None):
    """Decodes the files, or turns pictures in colour grey, and keeps the result."""
    shape = image_shape(options.size, colour)
    with place.writable() as (folder, kept):
        place.check_space(folder, len(listing.files) * int(np.prod(shape)))
        # Another process may be decoding the same folder.
        new = folder / f".{secrets.token_hex(8)}{files.UNFINISHED}"
        with files.written_whole(new) as stream:
            if coloured is None:
                index = fill(stream, listing, options, colour)
            else:
                index = _turn_grey(stream, coloured)
        _name(new, folder / f"{_key(listing, options, colour)}.json", index)
        if kept:
            return _load(folder, index, shape)
        check_fits(
            (folder / index["array"]).stat().st_size,
            f"{len(index['names']):,} pictures",
            "choose a smaller size, or set a folder with VAE_UTILS_CACHE_DIR",
        )
        found = _load(folder, index, shape)
        return found._replace(images=np.array(found.images))


def _name(new: Path, path: Path, index):
    """Names a new array for its contents, then writes the index that leads to it."""
    contents = "".join(index["digests"]).encode()
    index["array"] = f"images-{hashlib.sha256(contents).hexdigest()[:32]}.npy"
    new.replace(new.with_name(index["array"]))
    files.write(path, json.dumps(index).encode())


def _turn_grey(stream, coloured):
    """Writes pictures in colour as grey ones, and returns their index."""
    images, digests = coloured.images, []
    header = {"descr": "|u1", "fortran_order": False, "shape": images.shape[:3]}
    np.lib.format.write_array_header_1_0(stream, header)
    for image in images:
        contents = to_grey(np.asarray(image)).tobytes()
        digests.append(hashlib.sha256(contents).hexdigest())
        stream.write(contents)
    described = coloured._replace(digests=digests)._asdict()
    return {name: value for name, value in described.items() if name != "images"}
