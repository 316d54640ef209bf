"""Checks a reader's answers: right, not answered yet, or a hint that fits the answer.

`check` looks at an answer, `check_function` at a function that the reader has written,
`check_subclass` at a class.
`close_to` and `react` make what `check` needs: the right answer with its tolerance, and
hints for likely mistakes. What an answer is made of, its shape and common slips (a
sign, a percentage, nats for bits) get sentences of their own.
"""

from vae_utils.exercises.answers import close_to, react
from vae_utils.exercises.classes import check_subclass
from vae_utils.exercises.functions import check_function
from vae_utils.exercises.verdicts import Verdict, check

__all__ = ["Verdict", "check", "check_function", "check_subclass", "close_to", "react"]
