"""A status line or figure that is updated in place while long work runs."""

import shutil
import sys

from vae_utils import streams


class Status:
    """Shows a text or figure that replaces the previous one.

    In a notebook it is one output, updated in place; in a terminal it is one line. A
    log cannot be updated, so only the final text is written to it.
    """

    def __init__(self):
        self._handle = None
        self._width = 0

    def update(self, text: str):
        """Shows `text` instead of the previous one."""
        if _in_notebook():
            self._display({"text/plain": text}, raw=True)
        elif streams.is_terminal(sys.stderr):
            # A line that wraps cannot be overwritten.
            text = text[: shutil.get_terminal_size().columns - 1]
            streams.write(sys.stderr, "\r" + text.ljust(self._width))
            self._width = len(text)

    def note(self, text: str):
        """Writes a line to a log; does nothing in a notebook or terminal."""
        if not (_in_notebook() or streams.is_terminal(sys.stderr)):
            streams.write(sys.stderr, f"{text}\n")

    def finish(self, text: str, html: str | None = None):
        """Shows the final `text`, or `html` if it can be rendered."""
        if _in_notebook():
            data = {"text/plain": text} | ({"text/html": html} if html else {})
            self._display(data, raw=True)
        else:
            clear = "\r" + " " * self._width + "\r" if self._width else ""
            streams.write(sys.stderr, f"{clear}{text}\n")

    def show(self, figure):
        """Shows a figure instead of the previous one.

        In a notebook it is one output, updated in place. Elsewhere it is a window if
        Matplotlib can open one; otherwise nothing is shown.

        Args:
            figure: Matplotlib figure; the same one at every call, redrawn.
        """
        if _in_notebook():
            self._display(figure)
        elif figure.canvas.required_interactive_framework is not None:
            figure.show()
            figure.canvas.draw_idle()
            figure.canvas.flush_events()

    def _display(self, data, **options):
        from IPython.display import display

        if self._handle is None:
            self._handle = display(data, display_id=True, **options)
        else:
            self._handle.update(data, **options)


def _in_notebook() -> bool:
    """Returns whether this code runs in a notebook's kernel."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
