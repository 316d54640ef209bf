"""Picture files named one by one, decoded as those of a data set were."""

import itertools
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
        # Each folder has processes of its own: files of one follow each other.
        for root, group in itertools.groupby(enumerate(paths), lambda p: p[1].parent):
            rows = list(group)
            own = {"root": str(root), "offset": rows[0][0] * row}
            for answer in pool.decode(settings | own, [path.name for _, path in rows]):
                if "reason" in answer:
                    unusable[rows[answer["row"]][0]] = answer["reason"]
        images = np.fromfile(array, np.uint8).reshape(len(paths), *shape)
    return images.reshape(len(paths), options.size, options.size, -1), unusable
