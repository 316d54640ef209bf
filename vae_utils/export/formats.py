"""The formats: what is written, with which packages, and how it is loaded again."""

import importlib.util
import pkgutil
import shutil
from typing import NamedTuple

#: Programs that run JavaScript, in the order in which they are looked for.
ENGINES = ("node", "chromium", "chromium-browser", "google-chrome", "chrome")


class Format(NamedTuple):
    """A format that models are exported to.

    Args:
        description: a phrase, for people.
        write: `module:function` that writes the files to a folder.
        packages: module → package for pip, of what writing and loading need.
        tensorflow: whether files are made from TensorFlow's graphs, so that Keras must
            run on TensorFlow.
    """

    description: str
    write: str
    packages: dict[str, str] = {}
    tensorflow: bool = False


_ONNX = {"onnx": "onnx", "onnxruntime": "onnxruntime", "tf2onnx": "tf2onnx"}

#: Name → format, which is also the name of its folder.
FORMATS = {
    "keras": Format(
        "Keras files, one per function", "vae_utils.export.keras_files:write"
    ),
    "savedmodel": Format(
        "a TensorFlow SavedModel with one signature per function",
        "vae_utils.export.saved_model:write",
        {"tensorflow": "tensorflow"},
        tensorflow=True,
    ),
    "onnx": Format(
        "ONNX files, one per function",
        "vae_utils.export.onnx_files:write",
        {"tensorflow": "tensorflow", **_ONNX},
        tensorflow=True,
    ),
    "litert": Format(
        "a LiteRT (TensorFlow Lite) file with one signature per function",
        "vae_utils.export.litert_file:write",
        {"tensorflow": "tensorflow", "ai_edge_litert": "ai-edge-litert"},
        tensorflow=True,
    ),
    "js": Format(
        "a script of plain JavaScript, and a page that uses it",
        "vae_utils.export.javascript.script:write",
    ),
}


class Unavailable(ValueError):
    """A format cannot be written here; the message says what is missing."""


def check_available(names, backend: str):
    """Raises Unavailable, naming all that is missing, unless formats can be written.

    Args:
        names: keys of `FORMATS`.
        backend: of Keras.
    """
    missing = {name: list(_find_missing(name)) for name in names}
    missing = {name: packages for name, packages in missing.items() if packages}
    if missing:
        needed = dict.fromkeys(p for packages in missing.values() for p in packages)
        received = "; ".join(f"{n} without {', '.join(p)}" for n, p in missing.items())
        raise Unavailable(
            "Packages are missing that formats need; install them: pip install "
            f"{' '.join(needed)}. Received: {received}"
        )
    if "js" in names and find_engine() is None:
        raise Unavailable(
            "A script is checked where it runs: install Node.js or Chromium. "
            "Received: js"
        )
    bound = [name for name in names if FORMATS[name].tensorflow]
    if bound and backend != "tensorflow":
        raise Unavailable(
            f"{', '.join(bound)} files are made from TensorFlow's graphs: set "
            "KERAS_BACKEND=tensorflow, also for a run that was trained on another "
            f"backend. Received: KERAS_BACKEND={backend}"
        )


def _find_missing(name):
    for module, package in FORMATS[name].packages.items():
        if importlib.util.find_spec(module) is None:
            yield package


def find_engine() -> str | None:
    """Finds the path of a program that runs JavaScript; None if there is none."""
    return next(filter(None, map(shutil.which, ENGINES)), None)


def write(name: str, functions: dict, metadata: dict, folder):
    """Writes the files of a format.

    Args:
        name: key of `FORMATS`.
        functions: name → Functional model.
        metadata: as `metadata.describe` returns it.
        folder: of the format; made here.
    """
    folder.mkdir(parents=True)
    pkgutil.resolve_name(FORMATS[name].write)(functions, metadata, folder)
