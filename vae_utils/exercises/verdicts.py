"""Whether an answer is right, and the sentence that the reader gets."""

import dataclasses
from collections.abc import Callable

from vae_utils.exercises.answers import Close, Reactions

UNANSWERED = "Not answered yet: replace the ... above and run again."


@dataclasses.dataclass(frozen=True, repr=False)
class Verdict:
    """States in one sentence whether an answer is right.

    Args:
        right: True or False; None if there is no answer yet.
        text: the sentence shown to the reader.
    """

    right: bool | None
    text: str

    def __repr__(self):
        return self.text


def check(answer, is_right: Callable, hint: str | Callable) -> Verdict:
    """Checks an answer.

    If `is_right` comes from `close_to`, answers of the wrong type or shape get a
    sentence that says so, and common slips are named before the hint.

    Args:
        answer: the reader's answer; `...` if there is none yet.
        is_right: function of the answer that returns whether it is right.
        hint: sentence shown if the answer is wrong, or a function that makes one of
            the answer, such as `react` returns.

    Returns:
        The verdict, which a notebook shows as text.
    """
    if answer is ...:
        return Verdict(None, UNANSWERED)
    if isinstance(is_right, Close) and (text := is_right.explain_type(answer)):
        return Verdict(False, text)
    try:
        right = bool(is_right(answer))
    except Exception as error:  # the reader's code may raise anything
        reason = f"{type(error).__name__}: {error}"
        text = f"The check could not use this answer ({reason}). {_read(hint, answer)}"
        return Verdict(False, text.strip())
    if right:
        return Verdict(True, "Right.")
    return Verdict(False, f"Not yet. {_choose(is_right, hint, answer)}")


def _choose(is_right, hint, answer):
    """Returns the hint for this very answer, or a general one and the rest."""
    if isinstance(hint, Reactions) and (text := hint.find(answer)):
        return text
    parts = [_read(hint, answer)]
    if isinstance(is_right, Close):
        text = is_right.explain_shape(answer)
        if text and is_right.holds_values(answer):
            return text
        if not text and isinstance(hint, str | Reactions):
            text = is_right.explain_slip(answer)
        parts.insert(0, text)
    return " ".join(filter(None, parts))


def _read(hint, answer):
    """Returns the hint for an answer; none if a function cannot make one of it."""
    if not callable(hint):
        return hint
    try:
        return hint(answer)
    except Exception:  # the reader's answer may be anything
        return ""
