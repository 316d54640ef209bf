"""Matplotlib's backend: files only, and windows where they are asked for."""

import os
import sys

VARIABLE = "MPLBACKEND"  # Matplotlib reads it when it is imported


def start():
    """Imports Matplotlib with the backend that needs nothing and writes files.

    What a shell inherits from a notebook, or a matplotlibrc names, may not be installed
    here, or be no backend at all, and then nothing could be drawn. A program that has
    imported Matplotlib already keeps its backend.
    """
    if "matplotlib" in sys.modules:
        return
    inherited = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = "agg"
    try:
        import matplotlib  # noqa: F401
    finally:
        del os.environ[VARIABLE]
        if inherited is not None:
            os.environ[VARIABLE] = inherited


def open_windows() -> str:
    """Chooses the backend that a window needs: the user's own, or one found here.

    Returns:
        Why there can be no window; empty if there can.
    """
    import matplotlib
    import matplotlib.pyplot as plt

    wanted = os.environ.get(VARIABLE) or matplotlib.rcParamsOrig["backend"]
    try:
        plt.switch_backend(wanted)
        figure = plt.figure()
        plt.close(figure)
        if figure.canvas.required_interactive_framework is not None:
            return ""
        reason = f"backend {plt.get_backend()}, which opens no window"
    except Exception as error:  # whatever the import of a window system may raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    plt.switch_backend("agg")
    return reason
