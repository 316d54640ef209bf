"""Pictures that cannot be drawn."""

import pytest

from vae_utils import interruption
from vae_utils.runs.attempts import NothingDrawn, draw_each


def fail():
    raise OSError("no font\nand more")


def test_one_that_fails_costs_no_other():
    with pytest.warns(UserWarning) as caught:
        drawn = list(draw_each([("a", fail), ("b", lambda: 2), ("c", fail)]))
    assert drawn == [("b", 2)]
    assert [str(each.message) for each in caught] == [
        f"A picture could not be drawn. Received: {name}: OSError: no font"
        for name in "ac"
    ]


def test_it_is_an_error_if_all_fail():
    words = "No picture could be drawn. Received: a: OSError: no font; b: OSError: no"
    with pytest.raises(NothingDrawn, match=words) as caught:
        list(draw_each([("a", fail), ("b", fail)]))
    assert "\n" not in str(caught.value)


def test_nothing_asked_for_is_no_error():
    assert list(draw_each([])) == []


def test_an_error_of_who_writes_is_no_failure_of_a_picture():
    with pytest.raises(OSError, match="full"):
        for _ in draw_each([("a", lambda: 1), ("b", lambda: 2)]):
            raise OSError("full")


def test_an_interruption_ends_the_drawing():
    def interrupted():
        try:
            interruption.request(KeyboardInterrupt())
        except KeyboardInterrupt as error:
            raise ValueError("what a library makes of it") from error

    try:
        with pytest.raises(KeyboardInterrupt):
            list(draw_each([("a", interrupted), ("b", lambda: 2)]))
    finally:
        interruption.forget()
