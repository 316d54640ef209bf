import numpy as np
import pytest

from vae_utils import exercises

HINT = "Look at equation 3."


def judge(answer, is_right=lambda answer: answer == 4):
    return exercises.check(answer, is_right, HINT)


def test_no_answer_yet_is_neither_right_nor_wrong():
    verdict = judge(..., is_right=lambda answer: 1 / 0)
    assert verdict.right is None
    assert repr(verdict) == verdict.text
    assert verdict.text.startswith("Not answered yet")
    assert HINT not in verdict.text


def test_a_right_answer_needs_no_hint():
    verdict = judge(4)
    assert verdict.right is True
    assert repr(verdict) == "Right."


def test_a_wrong_answer_gets_the_hint():
    verdict = judge(5)
    assert verdict.right is False
    assert repr(verdict) == f"Not yet. {HINT}"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda x: 1 / 0, "ZeroDivisionError: division by zero"),
        (None, "TypeError: 'NoneType' object is not callable"),
        (lambda x: np.zeros(3), "ValueError: The truth value"),
    ],
)
def test_an_answer_that_fails_is_wrong_and_says_why(answer, reason):
    verdict = judge(answer, is_right=lambda answer: answer(0) == 0)
    assert verdict.right is False
    assert reason in verdict.text
    assert verdict.text.endswith(HINT)


def test_an_interrupt_is_not_an_answer():
    def interrupt(answer):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(4, interrupt)


def test_a_numpy_truth_becomes_a_plain_one():
    assert judge(4, lambda answer: np.True_).right is True
    assert judge(4, lambda answer: np.False_).right is False


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ([1.0, 2.0], True),
        (np.float32([1.009, 1.991]), True),
        ([1.02, 2.0], False),
        ([1.0, np.nan], False),
        ([[1.0, 2.0]], False),  # another shape, though it broadcasts
        ([[1.0], [2.0]], False),
        ([1.0], False),
        (1.0, False),
        (None, False),
        ([1.0, None], False),
        (["one", "two"], False),
        ([[1.0], [2.0, 3.0]], False),
        (lambda x: x, False),
    ],
)
def test_close_to_compares_shape_and_every_number(answer, right):
    expected = np.array([1.0, 2.0])
    assert judge(answer, exercises.close_to(expected, tolerance=0.01)).right is right


def test_the_tolerance_is_absolute():
    is_close = exercises.close_to(1000, tolerance=0.5)
    assert is_close(1000.4)
    assert not is_close(1000.6)
    assert is_close(np.array(999.6))
    assert exercises.close_to(0.0, tolerance=0)(0)
