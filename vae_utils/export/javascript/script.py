"""Writes the script with code, description and weights, and the page that uses it."""

import base64
import json
from html import escape
from pathlib import Path

import numpy as np

from vae_utils.export.javascript.graph import Weights, describe

FOLDER = Path(__file__).parent
#: The code of the script, in its order.
PARTS = ("tensors.js", "operations.js", "layers.js", "network.js", "model.js")
SCRIPT, PAGE = "model.js", "index.html"
LITTLE_ENDIAN = {"float32": "<f4", "float16": "<f2"}
LARGEST_HALF = float(np.finfo(np.float16).max)


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
    described, packed = pack(functions)
    contents = {**described, "metadata": metadata}
    return (
        "/* A model in plain JavaScript, which needs nothing else. */\n"
        f'(function (root) {{\n"use strict";\n{read_code()}\n'
        f"const DESCRIPTION = {json.dumps(contents, ensure_ascii=False)};\n"
        f'const model = makeModel(DESCRIPTION, "{packed}");\n'
        'if (typeof module === "object" && module.exports) module.exports = model;\n'
        "else root.VAEModel = model;\n})(globalThis);\n"
    )


def read_code() -> str:
    """Reads the code of the script, whose `makeModel` takes what `pack` returns."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in PARTS)


def pack(functions: dict, floats: str = "float32") -> tuple[dict, str]:
    """Packs functions for `makeModel`.

    Args:
        functions: name → Functional model.
        floats: how weights travel, float32 or float16, which has half the bytes and
            three digits.

    Returns:
        The description, and the weights in base64.

    Raises:
        ValueError: if a network has a layer that JavaScript lacks, or a weight is too
            large for float16.
    """
    weights = Weights()
    described = {name: describe(f, weights) for name, f in functions.items()}
    values = weights.join()
    if floats == "float16" and (largest := abs(values).max(initial=0)) > LARGEST_HALF:
        raise ValueError(
            f"Weights in float16 must be at most {LARGEST_HALF:,.0f} in size; pack "
            f"them as float32. Received: {largest:,.0f}"
        )
    packed = base64.b64encode(values.astype(LITTLE_ENDIAN[floats]).tobytes()).decode()
    contents = {"functions": described}
    if floats != "float32":
        contents["floats"] = floats
    return contents, packed
