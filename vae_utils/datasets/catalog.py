"""What each data set is: names, sizes, hashes and mirrors."""

import math
from typing import NamedTuple

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


class File(NamedTuple):
    """One IDX file: its name, the shape of its array, its decompressed SHA-256."""

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def size(self) -> int:
        """Number of bytes when decompressed: the header and one byte a value."""
        return 4 + 4 * len(self.shape) + math.prod(self.shape)


class Entry(NamedTuple):
    """One data set: images and labels for training, then the same for testing."""

    title: str
    class_names: tuple[str, ...]
    mirrors: tuple[str, ...]
    files: tuple[File, ...]
    sample: tuple[File, ...]


class Unavailable(Exception):
    """Says why a source cannot give all the files that it was asked for."""


def idx_files(
    train: int, test: int, hashes: tuple[str, ...], prefix: str = ""
) -> tuple[File, ...]:
    """Returns the four files of `train` and `test` images of 28 × 28 and their labels.

    Args:
        train: number of training images.
        test: number of test images.
        hashes: SHA-256 of train images, train labels, test images, test labels.
        prefix: what the names of the files begin with.
    """
    names_and_shapes = (
        ("train-images-idx3-ubyte", (train, 28, 28)),
        ("train-labels-idx1-ubyte", (train,)),
        ("t10k-images-idx3-ubyte", (test, 28, 28)),
        ("t10k-labels-idx1-ubyte", (test,)),
    )
    return tuple(
        File(prefix + name, shape, sha256)
        for (name, shape), sha256 in zip(names_and_shapes, hashes, strict=True)
    )


CATALOG = {
    "mnist": Entry(
        title="MNIST",
        class_names=DIGITS,
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        files=idx_files(
            60_000,
            10_000,
            (
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
        sample=idx_files(
            5_000,
            1_000,
            (
                "052e8ae45883d71a0ecfad2ffd8af33057051e9389418087df6ded726b3d5352",
                "e18e6fe44bbeb980f85a745210a0a269a8bb7b98201e0f223576115fd7d5dc6c",
                "aada3852da91eb175d7785946daf3796e785d54fddc5b6c41a67afb565c89591",
                "66e4c6deb5f2a061f7d8cd5ec53025fdb9dabb08265e449acb8cf64b8cd36cac",
            ),
            prefix="mnist-",
        ),
    ),
    "fashion_mnist": Entry(
        title="Fashion-MNIST",
        class_names=CLOTHES,
        mirrors=(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/"
            "data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        files=idx_files(
            60_000,
            10_000,
            (
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            ),
        ),
        sample=idx_files(
            5_000,
            1_000,
            (
                "1da05469b303a18ec0f566b0cc66db711113a8c132959d451df2fa1649a5dc43",
                "e18e6fe44bbeb980f85a745210a0a269a8bb7b98201e0f223576115fd7d5dc6c",
                "187bdc30aa8c2b6c23d2e4fad394f2177fbb585c3b979a0fa44e9365d3df4671",
                "66e4c6deb5f2a061f7d8cd5ec53025fdb9dabb08265e449acb8cf64b8cd36cac",
            ),
            prefix="fashion_mnist-",
        ),
    ),
}
NAMES = tuple(CATALOG)
