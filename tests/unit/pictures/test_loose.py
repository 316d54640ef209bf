"""Picture files named one by one, from several folders."""

import numpy as np
import picture_files
import pytest

from vae_utils.datasets.pictures.loose import decode_files
from vae_utils.datasets.pictures.options import Options


@pytest.mark.parametrize("colour", ["rgb", "grey"])
def test_each_row_is_the_picture_of_its_file(tmp_path, colour):
    names = "a/one.png", "two.png", "b/c/three.png"
    picture_files.write(tmp_path, *names)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    paths = [tmp_path / name for name in ("two.png", "broken.png", *names[::-2])]
    images, unusable = decode_files(paths, Options(size=20, colour=colour))
    assert images.shape == (4, 20, 20, 3 if colour == "rgb" else 1)
    for row, number in ((0, 1), (2, 2), (3, 0)):
        picture = picture_files.draw(number)
        picture = picture if colour == "rgb" else picture.convert("L")
        expected = np.asarray(picture).reshape(20, 20, -1)
        np.testing.assert_array_equal(images[row], expected)
    assert unusable == {1: "not a picture that Pillow reads"}
    assert not images[1].any()


def test_files_may_be_reached_through_a_folder_above(tmp_path):
    picture_files.write(tmp_path, "a.png", "b/c.png")
    paths = [tmp_path / "b" / ".." / "a.png", tmp_path / "b" / "c.png"]
    images, unusable = decode_files(paths, Options(size=20, colour="rgb"))
    np.testing.assert_array_equal(images[0], np.asarray(picture_files.draw(0)))
    assert not unusable
