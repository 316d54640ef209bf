"""One updating line for long work: in a terminal, a notebook or a log."""

import shutil
import sys


class Status:
    """Shows a text that replaces the one before it.

    In a notebook it is one output, updated in place; in a terminal one line; in a log,
    where nothing can be taken back, only the last text appears.
    """

    def __init__(self):
        self._handle = None
        self._width = 0

    def update(self, text: str):
        """Shows `text` in place of the last one."""
        if _in_notebook():
            self._display({"text/plain": text})
        elif sys.stderr.isatty():
            text = text[
                : shutil.get_terminal_size().columns - 1
            ]  # one that wraps stays
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)

    def finish(self, text: str, html: str | None = None):
        """Shows the final `text`, or `html` where it can be rendered."""
        if _in_notebook():
            self._display({"text/plain": text} | ({"text/html": html} if html else {}))
        else:
            clear = "\r" + " " * self._width + "\r" if self._width else ""
            self._write(f"{clear}{text}\n")

    def _display(self, data):
        from IPython.display import display

        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    @staticmethod
    def _write(text):
        sys.stderr.write(text)
        sys.stderr.flush()


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
