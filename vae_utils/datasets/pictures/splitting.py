"""Which pictures are for training, validation and test.

The split depends on the contents of the pictures, their classes and a seed, never on
names or on their order: whoever has the same pictures gets the same split. Pictures of
one group (`likeness`) stay together, and classes have their share of each split.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

SPLITS = ("train", "val", "test")
TRAIN, VAL, TEST, FREE = 0, 1, 2, -1


def split(ranks, labels, groups, *, validation, test, given=None) -> np.ndarray:
    """Splits pictures.

    Args:
        ranks: of each image, as `rank` returns them.
        labels: class of each image, ints, shape (n,).
        groups: group of each image, ints, shape (n,).
        validation: share of the images that are free.
        test: share of the images that are free.
        given: what is known of each image, `TRAIN`, `VAL`, `TEST` or `FREE`; None
            where nothing is. If test images are given, the others are for training and
            validation, and if validation images are, for training and test.

    Returns:
        `TRAIN`, `VAL` or `TEST` for each image, shape (n,).

    Raises:
        ValueError: if there are too few groups for three splits.
    """
    found = np.full(len(ranks), FREE) if given is None else np.array(given)
    free = np.flatnonzero(found == FREE)
    shares = {VAL: validation, TEST: test}
    wanted = {s: share for s, share in shares.items() if not (found == s).any()}
    bundles = _bundle(free, ranks, labels, groups)
    needed = len(wanted) + (not (found == TRAIN).any())
    if len(bundles) < needed:
        raise ValueError(
            f"The pictures to split must look different in {needed} cases at least, "
            "one for each split: copies, and pictures that look alike, stay together. "
            f"Received: {len(free)} pictures, {len(bundles)} different"
        )
    for which, share in wanted.items():
        _choose(found, bundles, which, share * len(free))
    found[found == FREE] = TRAIN
    return found


def rank(digests: Sequence[str], seed: int) -> list[str]:
    """Gives each image a number at random, which depends on nothing but it and a seed.

    Returns:
        Hexadecimal numbers; equal images have equal ones.
    """
    start = hashlib.sha256(f"{seed} ".encode())
    ranks = []
    for digest in digests:
        mixed = start.copy()
        mixed.update(digest.encode())
        ranks.append(mixed.hexdigest())
    return ranks


def _bundle(free, ranks, labels, groups):
    """Lists the groups at random, each as its class and its members.

    The member that comes first gives a group its place and its class.
    """
    members = {}
    for i in sorted(free.tolist(), key=lambda i: (ranks[i], labels[i])):
        members.setdefault(groups[i], []).append(i)
    return [(int(labels[indices[0]]), indices) for indices in members.values()]


def _choose(found, bundles, which, total):
    """Assigns groups to a split, until each class has its share of the total."""
    left = [bundle for bundle in bundles if found[bundle[1][0]] == FREE]
    shares = _apportion(left, total)
    for label, indices in left:
        if len(indices) <= shares[label]:
            found[indices] = which
            shares[label] -= len(indices)
    if not (found == which).any():  # every group is too large: take a small one
        _, indices = min(left, key=lambda bundle: len(bundle[1]))
        found[indices] = which


def _apportion(bundles, total):
    """Divides a number of pictures among classes; each keeps one group at least.

    Each class gets the whole part of its share, and those with the largest rest one
    more, until the total is reached. The order of the groups decides between equals.
    """
    sizes, smallest = {}, {}
    for label, indices in bundles:
        sizes[label] = sizes.get(label, 0) + len(indices)
        smallest[label] = min(smallest.get(label, len(indices)), len(indices))
    per_picture = total / max(1, sum(sizes.values()))
    exact = {label: per_picture * size for label, size in sizes.items()}
    most = {label: sizes[label] - smallest[label] for label in sizes}
    shares = {label: min(int(exact[label]), most[label]) for label in sizes}
    by_rest = sorted(sizes, key=lambda label: int(exact[label]) - exact[label])
    left = max(1, round(total)) - sum(shares.values())
    for label in by_rest[: max(0, left)]:
        shares[label] = min(shares[label] + 1, most[label])
    return shares
