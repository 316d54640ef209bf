"""Runs an exported script in Node.js, or in a browser without a window."""

import base64
import json
import re
import subprocess
from html import unescape
from pathlib import Path

import numpy as np

from vae_utils.export.formats import find_engine
from vae_utils.export.javascript.script import SCRIPT

READER = Path(__file__).with_name("reader.js")
PATIENCE = 600  # seconds, after which a process that hangs is ended
BROWSER = ("--headless", "--no-sandbox", "--disable-gpu", "--dump-dom")
PAGE = (
    '<!doctype html><meta charset="utf-8"><pre id="results"></pre>'
    "{scripts}<script>{reader}</script>"
)


def run(folder: Path, cases: dict, scratch: Path, engine: str | None = None) -> dict:
    """Runs the functions of an exported script in a process of its own.

    Args:
        folder: that holds the script.
        cases: (function, case) → name → array.
        scratch: folder for files.
        engine: path of Node.js or a browser; None for the one found here.

    Returns:
        (function, case) → name → array.

    Raises:
        subprocess.CalledProcessError: if the script fails.
    """
    engine = engine or find_engine()
    packed = json.dumps({"/".join(key): _pack(each) for key, each in cases.items()})
    model = (folder / SCRIPT).resolve()
    if Path(engine).name.startswith("node"):
        (scratch / "cases.json").write_text(packed)
        text = _start([engine, READER, model, scratch / "cases.json"])
    else:
        (scratch / "cases.js").write_text(f"globalThis.CASES = {packed};")
        sources = (
            f'<script src="{uri}"></script>' for uri in (model.as_uri(), "cases.js")
        )
        page = scratch / "page.html"
        page.write_text(
            PAGE.format(scripts="".join(sources), reader=READER.read_text())
        )
        shown = _start([engine, *BROWSER, page.as_uri()])
        text = unescape(re.search(r'<pre id="results">(.*?)</pre>', shown, re.S)[1])
    return _unpack(json.loads(text))


def _start(command):
    command = list(map(str, command))
    done = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
    return done.stdout.decode()


def _pack(inputs):
    return {
        name: {
            "dtype": str(value.dtype),
            "data": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode(),
        }
        for name, value in inputs.items()
    }


def _unpack(results):
    found = {}
    for key, result in results.items():
        name, case, output = key.split("/")
        values = np.array(result["data"], np.float32).reshape(result["shape"])
        found.setdefault((name, case), {})[output] = values
    return found
