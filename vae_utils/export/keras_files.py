"""Keras files: one Functional model a function, without any class of this package."""

import json
import zipfile
from pathlib import Path

METADATA = "vae_utils.json"  # in each file, which is a zip archive


def write(functions: dict, metadata: dict, folder: Path):
    """Writes `NAME.keras` for each function, with the metadata inside.

    Args:
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.
        folder: where to.
    """
    for name, function in functions.items():
        path = folder / f"{name}.keras"
        function.save(path)
        with zipfile.ZipFile(path, "a") as archive:  # Keras ignores what it lacks
            archive.writestr(METADATA, json.dumps(metadata, ensure_ascii=False))
