"""One updating line, or picture, for long work: in a terminal, a notebook or a log."""

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

    def show(self, figure):
        """Shows a figure in place of the last one.

        In a notebook it is one output, updated in place; elsewhere a window, if
        Matplotlib has one, and nothing otherwise.

        Args:
            figure: Matplotlib figure; the same one, redrawn, at every call.
        """
        if not _in_notebook():
            if _has_windows():
                figure.canvas.draw_idle()
                figure.canvas.flush_events()
                figure.show()
            return
        from IPython.display import display

        if self._handle is None:
            self._handle = display(figure, display_id=True)
        else:
            self._handle.update(figure)

    @staticmethod
    def _write(text):
        sys.stderr.write(text)
        sys.stderr.flush()


def _has_windows() -> bool:
    import matplotlib
    from matplotlib.backends import BackendFilter, backend_registry

    interactive = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return matplotlib.get_backend().lower() in interactive


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
