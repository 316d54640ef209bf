import io
import sys
import types

import IPython.display
import pytest

from vae_utils import status


@pytest.fixture
def shown(monkeypatch):
    """Records what a notebook shows: the data of each output, updated in place."""
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
        """Returns the visible lines; a carriage return moves back, erasing nothing."""
        lines, column = [[]], 0
        for character in self.getvalue():
            if character == "\n":
                lines.append([])
            elif character != "\r":
                lines[-1][column : column + 1] = character
            column = 0 if character in "\r\n" else column + 1
        return ["".join(line).rstrip() for line in lines]


def test_notebook_shows_one_output(shown, capsys):
    line = status.Status()
    line.update("one")
    assert shown == [{"text/plain": "one"}]
    line.update("two")
    assert shown == [{"text/plain": "two"}]
    line.finish("table", "<table>")
    assert shown == [{"text/plain": "table", "text/html": "<table>"}]
    status.Status().finish("only text")
    assert shown[1:] == [{"text/plain": "only text"}]
    assert capsys.readouterr() == ("", "")


class Figure:
    """Records calls that draw and show it."""

    def __init__(self, windows=None):
        self.calls = []
        self.canvas = types.SimpleNamespace(
            required_interactive_framework=windows,
            draw_idle=lambda: self.calls.append("draw"),
            flush_events=lambda: self.calls.append("flush"),
        )

    def show(self):
        self.calls.append("show")


def test_notebook_shows_one_figure(shown):
    line, figures = status.Status(), [Figure(), Figure("tk")]
    for figure in figures:
        line.show(figure)
        assert shown == [figure]
        assert figure.calls == []


@pytest.mark.parametrize(
    ("windows", "calls"), [(None, []), ("tk", ["show", "draw", "flush"])]
)
def test_figure_opens_a_window_if_there_is_one(windows, calls):
    figure = Figure(windows)
    status.Status().show(figure)
    assert figure.calls == calls


def test_terminal_line_is_overwritten_completely(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    line = status.Status()
    for text in ("a long text", "short", "a longer text than that", "", "x"):
        line.update(text)
        assert terminal.lines() == [text]
    line.update("another long text")
    line.finish("a table\nof two lines")
    assert terminal.lines() == ["a table", "of two lines", ""]


def test_terminal_shows_a_final_text_without_updates(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    status.Status().finish("done", html="<b>done</b>")
    assert terminal.lines() == ["done", ""]


def test_log_gets_only_the_final_text(capsys):
    line = status.Status()
    line.update("one")
    line.update("two")
    assert capsys.readouterr() == ("", "")
    line.finish("done", html="<b>done</b>")
    assert capsys.readouterr() == ("", "done\n")


def test_notebook_is_detected_by_its_kernel(monkeypatch):
    for shell, answer in (
        (None, False),
        (types.SimpleNamespace(), False),  # IPython in a terminal
        (types.SimpleNamespace(kernel=None), True),
    ):
        monkeypatch.setattr(IPython, "get_ipython", lambda shell=shell: shell)
        assert status._in_notebook() is answer
    monkeypatch.delitem(sys.modules, "IPython")
    assert status._in_notebook() is False
