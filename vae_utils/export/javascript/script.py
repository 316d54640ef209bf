"""Writes the script with code, description and weights, and the page that uses it."""

import base64
import json
from html import escape
from pathlib import Path

from vae_utils.export.javascript.graph import Weights, describe

FOLDER = Path(__file__).parent
#: The code of the script, in its order.
PARTS = ("tensors.js", "operations.js", "layers.js", "network.js", "model.js")
SCRIPT, PAGE = "model.js", "index.html"


def write(functions: dict, metadata: dict, folder: Path):
    """Writes `model.js`, and `index.html`, which uses it.

    Args:
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.
        folder: where to.

    Raises:
        ValueError: if a network has a layer that JavaScript lacks.
    """
    (folder / SCRIPT).write_text(make_script(functions, metadata), encoding="utf-8")
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    page = page.replace("{{name}}", escape(metadata["name"]))
    (folder / PAGE).write_text(page, encoding="utf-8")


def make_script(functions: dict, metadata: dict) -> str:
    """Makes the script: `require` returns the model, a page has it as `VAEModel`.

    Args:
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.

    Raises:
        ValueError: if a network has a layer that JavaScript lacks.
    """
    weights = Weights()
    described = {name: describe(f, weights) for name, f in functions.items()}
    code = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in PARTS)
    packed = base64.b64encode(weights.join().astype("<f4").tobytes()).decode()
    contents = {"functions": described, "metadata": metadata}
    return (
        "/* A model in plain JavaScript, which needs nothing else. */\n"
        f'(function (root) {{\n"use strict";\n{code}\n'
        f"const DESCRIPTION = {json.dumps(contents, ensure_ascii=False)};\n"
        f'const model = makeModel(DESCRIPTION, "{packed}");\n'
        'if (typeof module === "object" && module.exports) module.exports = model;\n'
        "else root.VAEModel = model;\n})(globalThis);\n"
    )
