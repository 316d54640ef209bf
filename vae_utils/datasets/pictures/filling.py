"""Fills an array file with the pictures of a folder."""

import time

import numpy as np

from vae_utils.datasets.pictures import pool
from vae_utils.datasets.pictures.listing import Listing
from vae_utils.datasets.pictures.options import Options, image_shape, read_colour
from vae_utils.datasets.pictures.wording import count, some_with_reasons
from vae_utils.status import Status

REFRESH = 0.5  # seconds between two lines of progress


def fill(stream, listing: Listing, options: Options, colour: str) -> dict:
    """Decodes files and writes them as one array, in the order of their names.

    Args:
        stream: of a new file.
        listing: of the folder.
        options: how to decode.
        colour: `"grey"` or `"rgb"`.

    Returns:
        The index of the array: `names`, `digests`, `facts`, `unusable`.

    Raises:
        ValueError: if no file can be decoded.
        OSError: if the file cannot be written.
    """
    shape = image_shape(options.size, colour)
    names = [file.name for file in listing.files]
    offset = _write_header(stream, (len(names), *shape))
    row = int(np.prod(shape))
    stream.truncate(offset + len(names) * row)
    settings = {
        "root": str(listing.root),
        "array": stream.name,
        "offset": offset,
        "colour": colour,
        "background": read_colour(options.background),
        **{name: getattr(options, name) for name in ("size", "fit", "max_pixels")},
    }
    answers = _decode(settings, names)
    good = [answer for answer in answers if "digest" in answer]
    bad = [(names[a["row"]], a["reason"]) for a in answers if "reason" in a]
    if not good:
        none = f"None of the {count(len(names), 'picture')} can be read"
        raise ValueError(
            f"{none}: {some_with_reasons(bad)}. Received: path={str(listing.root)!r}"
        )
    if bad:
        _close_gaps(stream, offset, row, [answer["row"] for answer in good], shape)
    return _index(names, good, bad)


def _decode(settings, names):
    """Returns what `pool` has for each file, in order, and shows progress."""
    status, answers = Status(), [None] * len(names)
    began = shown = time.monotonic()
    for done, answer in enumerate(pool.decode(settings, names), start=1):
        answers[answer["row"]] = answer
        now = time.monotonic()
        if now - shown > REFRESH:
            shown = now
            left = (now - began) / done * (len(names) - done)
            text = f"Decoding pictures: {done:,} of {len(names):,}, {left:.0f} s left"
            status.update(text)
    if shown > began:
        seconds = time.monotonic() - began
        status.finish(f"Decoded {count(len(names), 'picture')} in {seconds:.0f} s")
    return answers


def _index(names, good, bad):
    """Describes the array: a list for each fact."""
    facts = {"width": [], "height": [], "mode": [], "animated": [], "grey": []}
    for answer in good:
        for name, values in facts.items():
            values.append(answer[name])
    return {
        "names": [names[answer["row"]] for answer in good],
        "digests": [answer["digest"] for answer in good],
        "facts": facts,
        "unusable": bad,
    }


def _write_header(stream, shape):
    """Writes the header of an array of bytes; returns where its values begin."""
    header = {"descr": "|u1", "fortran_order": False, "shape": tuple(shape)}
    np.lib.format.write_array_header_1_0(stream, header)
    stream.flush()
    return stream.tell()


def _close_gaps(stream, offset, row, kept, shape):
    """Moves the rows that are kept together, and corrects the header."""
    with open(stream.name, "r+b") as rows:
        for target, source in enumerate(kept):
            if target != source:
                rows.seek(offset + source * row)
                contents = rows.read(row)
                rows.seek(offset + target * row)
                rows.write(contents)
    stream.truncate(offset + len(kept) * row)
    stream.seek(0)
    if _write_header(stream, (len(kept), *shape)) != offset:
        raise RuntimeError(f"NumPy's header changed its length. Received: {shape}")
