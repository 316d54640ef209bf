import keras
import numpy as np
import pytest
from keras import ops

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
    guess = "the sum or the mean of these 2, or one of them?"
    shape = f"This has shape (2,); one number is wanted: {guess} {HINT}"
    for answer, text in ((2.001, "Half."), (8, "Twice."), (5, HINT), ([2, 2], shape)):
        verdict = exercises.check(answer, exercises.close_to(4, tolerance=0.1), hint)
        assert verdict.right is False
        assert verdict.text == f"Not yet. {text}"
    assert exercises.check(4, exercises.close_to(4, tolerance=0.1), hint).right


def test_hint_that_cannot_be_made_of_an_answer_is_left_out():
    verdict = exercises.check("four", lambda answer: answer / 2 == 2, lambda a: a / 3)
    assert verdict.right is False
    assert verdict.text.startswith("The check could not use this answer (TypeError")
    assert verdict.text.endswith(").")


@pytest.mark.parametrize(
    ("answer", "expected", "text"),
    [
        ("4", 4, "The check wants one number, without quotes. Received: '4'"),
        (["1", "2"], [1, 2], "The check wants numbers of shape (2,), without quotes."),
        (None, 4, "The answer is None, as print and a function without return give."),
        (True, 1, "The check wants one number, not True or False. Received: True"),
        ([True, False], [1, 0], "wants numbers of shape (2,), not True or False."),
        (np.mean, 4, "The check wants one number, and mean is a function: call it"),
        (dict, 4, "The check wants one number, and dict is a class: call it"),
        ({"a": 4}, 4, "The check wants one number. Received: {'a': 4}"),
        (4j, 4, "The check wants one number. Received: 4j"),
        ([[1], [2, 3]], [1, 2], "differ in length. Received: [[1], [2, 3]]"),
        ([1, None], [1, 2], "The check wants numbers of shape (2,). Received: [1, N"),
    ],
)
def test_what_is_no_number_gets_a_sentence_of_its_own(answer, expected, text):
    for hint in (HINT, exercises.react({4: "Four."}, HINT, tolerance=1)):
        right = exercises.close_to(expected, tolerance=0.1)
        verdict = exercises.check(answer, right, hint)
        assert verdict.right is False
        assert text in verdict.text and HINT not in verdict.text


def test_a_symbolic_tensor_is_no_number():
    right = exercises.close_to(4, tolerance=0.1)
    verdict = exercises.check(keras.Input((2,)), right, HINT)
    assert verdict.right is False and "has no values" in verdict.text


def test_true_and_false_count_where_they_are_wanted():
    right = exercises.close_to([True, False], tolerance=0)
    assert exercises.check([True, False], right, HINT).right
    assert exercises.check([1, 1], right, HINT).right is False


SUM = "Sum or average there?"
GONE = "Was it summed or averaged, or is this only a part?"


@pytest.mark.parametrize(
    ("shape", "wanted", "text"),
    [
        # No sum, a sum over one of several axes, and a sum that kept its axis.
        ((5, 2), (5,), f"the last axis is too many. {SUM}"),
        ((2, 5), (5,), f"the first axis is too many. {SUM}"),
        ((5, 2, 3), (5, 3), f"axis 1 is too many. {SUM}"),
        ((5, 2, 3), (5,), f"axes 1 and 2 are too many. {SUM}"),
        ((5, 5), (5,), f"one axis is too many. {SUM}"),
        ((5, 5, 5), (5,), f"2 axes are too many. {SUM}"),
        ((5, 1), (5,), "the last axis is too many."),
        ((1, 5), (5,), "the first axis is too many."),
        ((1, 5, 1), (5,), "axes 0 and 2 are too many."),
        # One number is wanted: of those that are left, nothing else is known.
        ((5,), (), "the sum or the mean of these 5, or one of them?"),
        ((5, 2), (), "the sum or the mean of these 10, or one of them?"),
        ((1, 1), (), "this is inside an array or a list."),
        ((0,), (), "this is empty."),
        # A sum over too many axes, or a part.
        ((), (5,), "was too much summed or averaged, or is this only one of them?"),
        ((5,), (5, 2), f"the last axis is missing. {GONE}"),
        ((2,), (5, 2), f"the first axis is missing. {GONE}"),
        ((5,), (5, 1), "the last axis is missing."),
        # A sum over another axis, fewer rows, other axes: the lengths do not fit.
        ((2,), (5,), ""),
        ((4,), (5,), ""),
        ((4, 2), (5,), ""),
        ((4,), (5, 2), ""),
        # Axes in another order.
        ((5, 2), (2, 5), "these are the same lengths in reverse order."),
        ((1, 5), (5, 1), "these are the same lengths in reverse order."),
        ((5, 2, 3), (5, 3, 2), "these are the same lengths in another order."),
    ],
)
def test_a_wrong_shape_is_named_with_what_it_tells(shape, wanted, text):
    given = f"This has shape {shape}" if shape else "This is one number"
    need = f"shape {wanted}" if wanted else "one number"
    text = f"Not yet. {given}; {need} is wanted{f': {text}' if text else '.'} {HINT}"
    right = exercises.close_to(np.ones(wanted), tolerance=0.1)
    verdict = exercises.check(np.full(shape, 2.0), right, HINT)
    assert verdict.right is False and verdict.text == text


@pytest.mark.parametrize("answer", [[2.0], (2.0,), [[2.0]]])
def test_right_values_in_a_wrong_shape_get_no_other_hint(answer):
    right = exercises.close_to(2.0, tolerance=0.1)
    verdict = exercises.check(answer, right, HINT)
    assert verdict.right is False and "inside" in verdict.text
    assert HINT not in verdict.text


def test_a_hint_for_this_very_answer_comes_before_its_shape():
    hint = exercises.react({7.0: "Seven."}, HINT, tolerance=0.1)
    verdict = exercises.check(7, exercises.close_to([1, 2], tolerance=0.1), hint)
    assert verdict.text == "Not yet. Seven."


@pytest.mark.parametrize(
    ("answer", "expected", "text"),
    [
        (-0.5, 0.5, "the sign is not"),
        (50.0, 0.5, "100 times too large"),
        (0.3466, 0.5, "a factor of ln 2"),
        (np.array([1.0, 2.0]) / np.log(2), [1, 2], "a factor of ln 2"),
        (np.nan, 0.5, "NaN or infinity"),
        ([7.0, 14.0], [1, 2], "Every number is 7 times the wanted one."),
    ],
)
def test_a_common_slip_is_named_before_the_hint(answer, expected, text):
    right = exercises.close_to(expected, tolerance=0.001)
    for hint in (HINT, exercises.react({9: "Nine."}, HINT, tolerance=0.1)):
        verdict = exercises.check(answer, right, hint)
        assert verdict.right is False
        assert text in verdict.text and verdict.text.endswith(HINT)
    verdict = exercises.check(answer, right, lambda answer: HINT)
    assert verdict.text == f"Not yet. {HINT}"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (7.0, 0.5),
        ([0.0, 0.0], [1.0, 2.0]),
        (0.1, 0.0),
        ([5.0, 7.0, 14.0], [0.0, 1.0, 2.0]),  # not every number is 7 times as large
    ],
)
def test_other_wrong_numbers_are_no_slip(answer, expected):
    right = exercises.close_to(expected, tolerance=0.001)
    assert exercises.check(answer, right, HINT).text == f"Not yet. {HINT}"


def kl(mean, log_var):
    return 0.5 * np.sum(mean**2 + np.exp(log_var) - log_var - 1, axis=-1)


CODES = np.random.default_rng(0).normal(size=(4, 5, 2))
CASES = [(CODES[0], CODES[1]), (CODES[2], CODES[3])]
MISTAKES = {
    "Average.": lambda mean, log_var: kl(mean, log_var) / 2,
    "Sum over the batch, too?": lambda mean, log_var: kl(mean, log_var).sum(),
}


def check_kl(function, **settings):
    settings = {"mistakes": MISTAKES, "otherwise": HINT, **settings}
    return exercises.check_function(function, CASES, kl, **settings)


@pytest.mark.parametrize(
    "function",
    [
        kl,
        lambda mean, log_var: ops.convert_to_tensor(kl(mean, log_var)),
        lambda mean, log_var: kl(mean, log_var).tolist(),
        lambda mean, log_var: np.float32(kl(mean, log_var)),
    ],
)
def test_a_right_function_is_right_in_all_cases(function):
    verdict = check_kl(function)
    assert verdict.right is True and verdict.text == "Right: 2 inputs tried."


def test_arguments_that_are_no_tuple_are_the_only_one():
    verdict = exercises.check_function(lambda x: x + 1, [1, 2.5], lambda x: x + 1)
    assert verdict.right is True
    assert exercises.check_function(abs, [-1.0], lambda x: -x).text == "Right."


def blank(mean, log_var):
    """Returns the KL of each code."""
    ...


def half_filled(mean, log_var):
    half = ...
    return half


def unfinished(mean, log_var):
    return mean**2 + ...


@pytest.mark.parametrize("function", [blank, half_filled, unfinished])
def test_a_function_with_dots_is_not_filled_in(function):
    verdict = check_kl(function)
    assert verdict.right is None
    assert verdict.text == "Not filled in yet: replace the ... and run again."


def test_an_answer_of_dots_is_not_answered():
    assert check_kl(...).right is None
    assert check_kl(...).text.startswith("Not answered yet")


def without_return(mean, log_var):
    kl(mean, log_var)


def with_print(mean, log_var):
    print(kl(mean, log_var))


def test_a_function_that_prints_hears_that_this_returns_nothing(capsys):
    verdict = check_kl(with_print)
    assert verdict.right is False
    assert verdict.text.endswith("end it with return. What it prints is not returned.")
    assert "prints" not in check_kl(without_return).text


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (without_return, "Your function returns None: end it with return."),
        (kl(*CASES[0]), "the function itself, without parentheses. Received: ndarray"),
        (lambda mean: mean, "Your function stopped with TypeError: "),
        (lambda *codes: codes[2], "IndexError: tuple index out of range. Its "
         "arguments had shapes (5, 2) and (5, 2)."),
        (lambda *codes: "0.5", "does not return numbers. The check wants numbers of "
         "shape (5,), without quotes."),
        (lambda *codes: kl, "and kl is a function: call it"),
        (lambda *codes: kl(*codes) / 2, "Not yet. Average."),
        (lambda *codes: kl(*codes).sum(), "Not yet. Sum over the batch, too?"),
        (lambda *codes: codes[0], "Not yet. This has shape (5, 2); shape (5,) is "
         "wanted: the last axis is too many. Sum or average there?"),
        (lambda *codes: kl(*codes)[:, None], "Not yet. This has shape (5, 1); shape "
         "(5,) is wanted: the last axis is too many. Look"),
        (lambda mean, log_var: kl(mean.T, log_var.T), "Not yet. This has shape (2,); "
         "shape (5,) is wanted. Look"),
        (lambda *codes: 3 * kl(*codes), "Not yet. Every number is 3 times the wanted"),
        (lambda *codes: -kl(*codes), "Not yet. The size is right, the sign is not. L"),
        (lambda *codes: kl(*codes) + 1, f"Not yet. {HINT} It gives "),
        (lambda *codes: kl(*codes) * np.nan, "Not yet. NaN or infinity: "),
    ],
)  # fmt: skip
def test_a_wrong_function_gets_a_hint_that_fits(function, text):
    verdict = check_kl(function)
    assert verdict.right is False
    assert text in verdict.text


def test_a_function_that_is_wrong_in_one_case_only_is_wrong():
    def positive(x):
        return x

    verdict = exercises.check_function(positive, [1.0, 2.0, -3.0], abs, {}, HINT)
    assert verdict.text == f"Not yet. {HINT} It gives -3 where 3 is wanted."


def test_a_short_body_without_return_is_not_taken_for_an_empty_one():
    def reorder(kernel, order):
        kernel[order]

    cases = [(np.eye(3), np.array([2, 0, 1]))]
    verdict = exercises.check_function(reorder, cases, lambda k, o: k[o], {}, HINT)
    assert verdict.text == "Your function returns None: end it with return."


def test_large_numbers_are_shown_without_an_exponent():
    verdict = exercises.check_function(abs, [35310.2], lambda x: x + 1, {}, HINT)
    assert verdict.text.endswith("It gives 35,310.2 where 35,311.2 is wanted.")


def test_a_function_cannot_change_the_arguments_of_the_check():
    def change(mean, log_var):
        mean += 1
        return kl(mean - 1, log_var)

    before = CASES[0][0].copy()
    assert check_kl(change).right is True
    np.testing.assert_array_equal(CASES[0][0], before)


def test_large_sums_are_compared_relatively():
    def half(x):
        return np.float32(x) / 2

    cases = [123456.789]
    assert exercises.check_function(half, cases, lambda x: x / 2).right is True
    assert exercises.check_function(half, cases, lambda x: x / 2 + 1).right is False


def test_a_mistake_that_is_none_stops_the_check_of_every_answer():
    for answer in (..., kl):
        with pytest.raises(ValueError, match=r"must differ.*Received: 'No mistake.'"):
            check_kl(answer, mistakes={"No mistake.": lambda *codes: kl(*codes)})


def test_interrupt_of_a_function_is_not_caught():
    def interrupt(*codes):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_kl(interrupt)


def test_the_error_of_a_layer_is_quoted_without_noise():
    network = keras.Sequential([keras.layers.Dense(4)])
    network(np.zeros((1, 2)))
    verdict = exercises.check_function(
        lambda x: network(x[:, :1]), [np.zeros((5, 2))], lambda x: x
    )
    assert "received input with shape (5, 1)" in verdict.text
    assert "\x1b" not in verdict.text
    assert "Arguments received" not in verdict.text


def test_a_function_that_returns_several_arrays_hears_how_many():
    verdict = exercises.check_function(
        lambda x: (x, x[0], x), [np.zeros((5, 2))], lambda x: x
    )
    assert (
        "a tuple of 3 things; the check wants numbers of shape (5, 2)" in verdict.text
    )


class Parent:
    def double(self, x):
        return 2 * x


class Child(Parent):
    def double(self, x):
        return 2 * x + 1


@pytest.mark.parametrize(
    ("answer", "right", "text"),
    [
        (..., None, "Not answered yet"),
        ("Child", False, "without parentheses or quotes. Received: str"),
        (Child(), False, "without parentheses or quotes. Received: Child"),
        (lambda x: 2 * x + 1, False, "The answer is a class"),
        (int, False, "does not inherit from Parent: class int(Parent)"),
        (Parent, False, "The one is missing."),
        (Child, True, "Right: 2 inputs tried."),
    ],
)
def test_a_class_is_checked_by_what_it_computes(answer, right, text):
    verdict = exercises.check_subclass(
        answer,
        Parent,
        lambda own_class, x: own_class().double(x),
        [3.0, 4.0],
        lambda x: 2 * x + 1,
        {"The one is missing.": lambda x: 2 * x},
    )
    assert verdict.right is right
    assert text in verdict.text


def test_a_decimal_comma_is_named():
    verdict = exercises.check(
        (2, 13), exercises.close_to(2.13, tolerance=0.01), "A hint."
    )
    assert verdict.right is False
    assert "2,13 are two numbers in Python: write 2.13." in verdict.text
