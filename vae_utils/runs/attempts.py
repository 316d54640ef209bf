"""Pictures tried one after another: one that cannot be drawn costs no other."""

import warnings
from collections.abc import Callable, Iterable, Iterator

from vae_utils import interruption
from vae_utils.runs.folder import RunError


class NothingDrawn(RunError):
    """No picture could be drawn; the message says why."""


def draw_each(drawings: Iterable[tuple[str, Callable]]) -> Iterator[tuple]:
    """Draws one picture after another; each that fails is a warning at the end.

    What a drawing does is to compute and to draw. Files are for the caller to write,
    whose errors are not of a picture: a disk that is full is full for all of them.

    Args:
        drawings: name of each picture, and function that draws it.

    Yields:
        The name of each picture, and what its function returned.

    Raises:
        NothingDrawn: if there are drawings, and all have failed.
    """
    failures, drawn = {}, 0
    for name, draw in drawings:
        try:
            with interruption.recognised():
                result = draw()
        except Exception as error:  # whatever Matplotlib or scikit-learn may raise
            failures[name] = error
            continue
        drawn += 1
        yield name, result
    if failures and not drawn:
        raise NothingDrawn(
            f"No picture could be drawn. Received: {_list(failures)}"
        ) from next(iter(failures.values()))
    for name, error in failures.items():
        warnings.warn(
            f"A picture could not be drawn. Received: {_list({name: error})}",
            stacklevel=2,
        )


def _list(failures):
    """Names each picture with the first line of its error."""
    return "; ".join(
        f"{name}: {type(error).__name__}: {_first_line(error)}"
        for name, error in failures.items()
    )


def _first_line(error):
    return (str(error).strip().splitlines() or ["without a message"])[0]
