"""`Dataset`: images and labels in three splits, in memory."""

from dataclasses import dataclass, field

import numpy as np

from vae_utils.checks import check_labels

N_VAL = 5_000  # validation images, or a tenth of the training images if that is fewer


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels, split into training, validation and test.

    Images are uint8 arrays, (n, height, width) if grey and (n, height, width, channels)
    in colour; labels are integers (n,). The arrays of a named data set are read-only.

    `x_val` and `y_val` are the last 5,000 training images in published order (the last
    tenth if that is fewer, so 500 of the sample); `x_train` and `y_train` are all those
    before. `x_test` and `y_test` are the published test images. `class_names[label]`
    is the name of a class; `complete` is False for the sample; `provenance` is one line
    to print.

    Rendered data sets, such as cats, have splits of their own, and `factors`: split →
    name of a factor → the index of its value in each image, shape (n,), as in
    `data.factors["train"]["eyes"]`. `describe(name).factors` names the values.

    Data of your own also have a `recipe`, all that loads them again, as JSON has it; a
    `content`, the SHA-256 of images, labels and split (`load_again` takes both); and,
    if they come from a folder of pictures, `files`, the names of each split's files.
    Without labels, all images are of one class.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_val: np.ndarray = field(repr=False)
    y_val: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    class_names: tuple[str, ...] = field(repr=False)
    complete: bool
    provenance: str
    factors: dict = field(default_factory=dict, repr=False)
    recipe: dict | None = field(default=None, repr=False)
    content: str | None = field(default=None, repr=False)
    files: dict[str, tuple[str, ...]] | None = field(default=None, repr=False)

    def __post_init__(self):
        """Raises ValueError unless images and labels of the splits fit together."""
        shapes = {}
        for split in ("train", "val", "test"):
            x, y = getattr(self, f"x_{split}"), getattr(self, f"y_{split}")
            check_labels(y, len(x), self.classes)
            shapes[split] = np.shape(x)[1:]
        if len(set(shapes.values())) > 1:
            raise ValueError(
                f"The images of all splits must have one shape. Received: {shapes}"
            )

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Shape of one image, (height, width, channels), with one channel if grey."""
        height, width, *channels = self.x_train.shape[1:]
        return height, width, *(channels or [1])

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)


def count_training(count: int) -> int:
    """Returns how many of `count` published training images are not for validation."""
    return count - min(N_VAL, count // 10)
