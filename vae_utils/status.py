"""One updating line, or picture, for long work: in a terminal, a notebook or a log."""

import shutil
import sys


class Status:
    """Shows a text, or a figure, that replaces the one before it.

    In a notebook it is one output, updated in place; in a terminal one line; in a log,
    where nothing can be taken back, only the last text appears.
    """

    def __init__(self):
        self._handle = None
        self._width = 0

    def update(self, text: str):
        """Shows `text` in place of the last one."""
        if _in_notebook():
            self._display({"text/plain": text}, raw=True)
        elif sys.stderr.isatty():
            # A line that wraps could not be overwritten.
            text = text[: shutil.get_terminal_size().columns - 1]
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)

    def note(self, text: str):
        """Writes a line where nothing can be updated: to a log."""
        if not (_in_notebook() or sys.stderr.isatty()):
            self._write(f"{text}\n")

    def finish(self, text: str, html: str | None = None):
        """Shows the final `text`, or `html` where it can be rendered."""
        if _in_notebook():
            data = {"text/plain": text} | ({"text/html": html} if html else {})
            self._display(data, raw=True)
        else:
            clear = "\r" + " " * self._width + "\r" if self._width else ""
            self._write(f"{clear}{text}\n")

    def show(self, figure):
        """Shows a figure in place of the last one.

        In a notebook it is one output, updated in place; elsewhere a window, where
        Matplotlib has any, and nothing otherwise.

        Args:
            figure: Matplotlib figure; the same one, redrawn, at every call.
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

    @staticmethod
    def _write(text):
        sys.stderr.write(text)
        sys.stderr.flush()


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
