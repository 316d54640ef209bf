"""What identifies data: a hash of images, labels and split."""

import hashlib
import json

import numpy as np

from vae_utils.datasets.pictures.splitting import SPLITS

FORMAT = "vae_utils pictures 1"


def digest_images(images: np.ndarray) -> list[str]:
    """Computes the SHA-256 of each image, in hexadecimal."""
    return [hashlib.sha256(np.ascontiguousarray(x)).hexdigest() for x in images]


def fingerprint(image_shape, class_names, splits) -> str:
    """Computes the SHA-256 of decoded images, labels, class names and split.

    Args:
        image_shape: of one array.
        class_names: name of each class.
        splits: for each of `SPLITS`, the digests of its images in their order, and
            their labels.

    Returns:
        In hexadecimal.
    """
    head = [FORMAT, list(image_shape), list(class_names)]
    total = hashlib.sha256(json.dumps(head).encode())
    for name, (digests, labels) in zip(SPLITS, splits, strict=True):
        total.update(f"\n{name} {len(digests)}\n".encode())
        total.update("".join(digests).encode())
        total.update(np.asarray(labels, "<i8").tobytes())
    return total.hexdigest()
