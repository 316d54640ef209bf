"""Which classes a picture of new images shows, however many there are."""

from types import SimpleNamespace

import numpy as np
import pytest

from vae_utils.runs import drawing


def take(classes, count=40, conditional=True, **options):
    model = SimpleNamespace(conditional=conditional, classes=classes)
    return drawing._take_turns(model, None, drawing.Request(count=count, **options))


@pytest.mark.parametrize(("classes", "columns"), [(1, 10), (4, 8), (9, 9), (10, 10)])
def test_each_code_is_decoded_for_every_class(classes, columns):
    turns = take(classes)
    assert turns.columns == columns
    np.testing.assert_array_equal(turns.labels, np.arange(40) % classes)
    np.testing.assert_array_equal(turns.codes, np.arange(40) // classes)


def test_up_to_twenty_classes_fill_a_row():
    turns = take(15)
    assert turns.columns == 15
    np.testing.assert_array_equal(turns.labels, np.arange(40) % 15)
    np.testing.assert_array_equal(turns.codes, np.arange(40) // 15)


def test_more_classes_take_turns():
    turns = take(300, count=700)
    assert turns.columns == 10 and set(turns.labels) == set(range(300))
    np.testing.assert_array_equal(turns.codes, np.arange(700) // 300)


def test_a_class_that_is_asked_for_has_a_code_for_each_image():
    turns = take(15, label=3)
    assert set(turns.labels) == {3} and len(set(turns.codes)) == 40
    turns = take(15, conditional=False)
    assert len(set(turns.codes)) == 40


def test_classes_without_training_images_have_no_mean_code():
    data = SimpleNamespace(y_train=np.array([0, 2, 2]), classes=4)
    model = SimpleNamespace(conditional=False, classes=None)
    request = drawing.Request(count=4, around="class-means")
    assert drawing._take_turns(model, data, request).labels.tolist() == [0, 2, 0, 2]
    with pytest.raises(ValueError, match="no training images.*Received: label=1"):
        drawing.draw_generated(model, data, request._replace(label=1))
