import io
import sys
import types

import IPython.display
import pytest

from vae_utils import status


@pytest.fixture
def shown(monkeypatch):
    """What a notebook shows: the data of each output, updated in place."""
    outputs = []

    def display(data, *, display_id, raw=False):
        assert raw == isinstance(data, dict)
        assert display_id is True
        outputs.append(data)
        place = len(outputs) - 1

        def update(data, *, raw=False):
            assert raw == isinstance(data, dict)
            outputs[place] = data

        return types.SimpleNamespace(update=update)

    monkeypatch.setattr(status, "_in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", display)
    return outputs


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def lines(self):
        """What is to be seen: a carriage return goes back, and erases nothing."""
        lines, column = [[]], 0
        for character in self.getvalue():
            if character == "\n":
                lines.append([])
            elif character != "\r":
                lines[-1][column : column + 1] = character
            column = 0 if character in "\r\n" else column + 1
        return ["".join(line).rstrip() for line in lines]


def test_a_notebook_shows_one_output(shown, capsys):
    line = status.Status()
    line.update("one")
    assert shown == [{"text/plain": "one"}]
    line.update("two")
    assert shown == [{"text/plain": "two"}]
    line.finish("table", "<table>")
    assert shown == [{"text/plain": "table", "text/html": "<table>"}]
    status.Status().finish("text alone")
    assert shown[1:] == [{"text/plain": "text alone"}]
    assert capsys.readouterr() == ("", "")


class Figure:
    """Remembers that it was drawn and shown."""

    def __init__(self, windows=None):
        self.calls = []
        self.canvas = types.SimpleNamespace(
            required_interactive_framework=windows,
            draw_idle=lambda: self.calls.append("draw"),
            flush_events=lambda: self.calls.append("flush"),
        )

    def show(self):
        self.calls.append("show")


def test_a_notebook_shows_one_figure(shown):
    line, figures = status.Status(), [Figure(), Figure("tk")]
    for figure in figures:
        line.show(figure)
        assert shown == [figure]
        assert figure.calls == []


@pytest.mark.parametrize(
    ("windows", "calls"), [(None, []), ("tk", ["show", "draw", "flush"])]
)
def test_elsewhere_a_figure_has_a_window_or_nothing(windows, calls):
    figure = Figure(windows)
    status.Status().show(figure)
    assert figure.calls == calls


def test_a_terminal_line_is_overwritten_completely(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    line = status.Status()
    for text in ("a long text", "short", "a longer text than that", "", "x"):
        line.update(text)
        assert terminal.lines() == [text]
    line.update("another long text")
    line.finish("a table\nof two lines")
    assert terminal.lines() == ["a table", "of two lines", ""]


def test_a_terminal_shows_a_final_text_alone(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    status.Status().finish("done", html="<b>done</b>")
    assert terminal.lines() == ["done", ""]


def test_a_log_gets_the_last_text_alone(capsys):
    line = status.Status()
    line.update("one")
    line.update("two")
    assert capsys.readouterr() == ("", "")
    line.finish("done", html="<b>done</b>")
    assert capsys.readouterr() == ("", "done\n")


def test_a_notebook_is_a_shell_with_a_kernel(monkeypatch):
    for shell, answer in (
        (None, False),
        (types.SimpleNamespace(), False),  # IPython in a terminal
        (types.SimpleNamespace(kernel=None), True),
    ):
        monkeypatch.setattr(IPython, "get_ipython", lambda shell=shell: shell)
        assert status._in_notebook() is answer
    monkeypatch.delitem(sys.modules, "IPython")
    assert status._in_notebook() is False
