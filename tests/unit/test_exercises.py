import numpy as np
import pytest

from vae_utils import exercises

HINT = "Look at equation 3."


def check(answer, is_right=lambda answer: answer == 4):
    return exercises.check(answer, is_right, HINT)


def test_missing_answer_is_neither_right_nor_wrong():
    verdict = check(..., is_right=lambda answer: 1 / 0)
    assert verdict.right is None
    assert repr(verdict) == verdict.text
    assert verdict.text.startswith("Not answered yet")
    assert HINT not in verdict.text


def test_right_answer_gets_no_hint():
    verdict = check(4)
    assert verdict.right is True
    assert repr(verdict) == "Right."


def test_wrong_answer_gets_the_hint():
    verdict = check(5)
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
def test_answer_that_raises_is_wrong_and_shows_the_error(answer, reason):
    verdict = check(answer, is_right=lambda answer: answer(0) == 0)
    assert verdict.right is False
    assert reason in verdict.text
    assert verdict.text.endswith(HINT)


def test_interrupt_is_not_caught():
    def interrupt(answer):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(4, interrupt)


def test_numpy_bool_becomes_a_python_bool():
    assert check(4, lambda answer: np.True_).right is True
    assert check(4, lambda answer: np.False_).right is False


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ([1.0, 2.0], True),
        (np.float32([1.009, 1.991]), True),
        ([1.02, 2.0], False),
        ([1.0, np.nan], False),
        ([[1.0, 2.0]], False),  # broadcasts, but the shape is different
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
    assert check(answer, exercises.close_to(expected, tolerance=0.01)).right is right


def test_tolerance_is_absolute():
    is_close = exercises.close_to(1000, tolerance=0.5)
    assert is_close(1000.4)
    assert not is_close(1000.6)
    assert is_close(np.array(999.6))
    assert exercises.close_to(0.0, tolerance=0)(0)


def test_hint_reacts_to_the_answer():
    hint = exercises.react({2.0: "Half.", 8.0: "Twice."}, HINT, tolerance=0.01)
    for answer, text in ((2.001, "Half."), (8, "Twice."), (5, HINT), ([2, 2], HINT)):
        verdict = exercises.check(answer, exercises.close_to(4, tolerance=0.1), hint)
        assert verdict.right is False
        assert verdict.text == f"Not yet. {text}"
    assert exercises.check(4, exercises.close_to(4, tolerance=0.1), hint).right


def test_hint_that_cannot_be_made_of_an_answer_is_left_out():
    verdict = exercises.check("four", lambda answer: answer / 2 == 2, lambda a: a / 3)
    assert verdict.right is False
    assert verdict.text.startswith("The check could not use this answer (TypeError")
    assert verdict.text.endswith(").")
