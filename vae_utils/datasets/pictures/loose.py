"""Picture files named one by one, decoded as those of a data set were."""

import itertools
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vae_utils.datasets.pictures import pool
from vae_utils.datasets.pictures.options import Options, image_shape, read_colour
from vae_utils.memory import check_fits


def decode_files(
    paths: Sequence[Path], options: Options
) -> tuple[np.ndarray, dict[int, str]]:
    """Decodes files, wherever they are.

    Args:
        paths: absolute paths of the files.
        options: with `colour` `"grey"` or `"rgb"`.

    Returns:
        uint8 (n, size, size, channels), a row for each file, of zeros where it cannot
        be read; and the index of each of those → why.

    Raises:
        ValueError: if the images need more memory than is free.
        OSError: if the disk for temporary files is full.
    """
    shape = image_shape(options.size, options.colour)
    row = int(np.prod(shape))
    check_fits(2 * row * len(paths), "pictures", "score fewer at a time")
    unusable = {}
    with tempfile.TemporaryDirectory() as folder:
        array = Path(folder) / "images"
        with array.open("wb") as stream:
            stream.truncate(row * len(paths))
        settings = {
            "array": str(array),
            "colour": options.colour,
            "background": read_colour(options.background),
            **{name: getattr(options, name) for name in ("size", "fit", "max_pixels")},
        }
        first = 0  # all at once, but for files on several drives
        for _, group in itertools.groupby(paths, lambda path: path.anchor):
            group = list(group)
            root = os.path.commonpath([path.parent for path in group])
            names = [path.relative_to(root).as_posix() for path in group]
            own = {"root": root, "offset": first * row}
            for answer in pool.decode(settings | own, names):
                if "reason" in answer:
                    unusable[first + answer["row"]] = answer["reason"]
            first += len(group)
        images = np.fromfile(array, np.uint8).reshape(len(paths), *shape)
    return images.reshape(len(paths), options.size, options.size, -1), unusable
