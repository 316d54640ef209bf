"""Which of Matplotlib's backends a command uses; each case is a process of its own."""

import json
import os
import subprocess
import sys

import pytest

CODE = """\
import json, os, warnings
warnings.simplefilter("error")
from vae_utils.cli import backend
backend.start()
import matplotlib.pyplot as plt
plt.close(plt.figure())
found = {"files": plt.get_backend(), "variable": os.environ.get("MPLBACKEND")}
found["reason"] = backend.open_windows()
plt.close(plt.figure())
print(json.dumps(found | {"then": plt.get_backend()}))
"""
INLINE = "module://matplotlib_inline.backend_inline"


@pytest.mark.parametrize(
    ("inherited", "line", "reason"),
    [
        (None, "", "opens no window"),
        ("module://missing", "", "No module named 'missing'"),
        ("nonsense", "", "nonsense"),
        (INLINE, "", "opens no window"),
        (None, "backend: module://missing", "No module named 'missing'"),
    ],
)
def test_any_inherited_backend_draws_files(inherited, line, reason, tmp_path):
    (tmp_path / "matplotlibrc").write_text(line)
    hidden = ("MPLBACKEND", "DISPLAY", "WAYLAND_DISPLAY")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env |= {"MATPLOTLIBRC": str(tmp_path), "MPLBACKEND": inherited or ""}
    if not inherited:
        del env["MPLBACKEND"]
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=env, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert reason in found.pop("reason")
    assert found == {"files": "agg", "variable": inherited, "then": "agg"}
