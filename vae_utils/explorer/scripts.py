"""Writes the scripts that carry networks, codes and test digits into a page."""

import base64
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np
from matplotlib.colors import to_hex

from vae_utils import files, plots
from vae_utils.explorer.layers import describe_layers
from vae_utils.explorer.networks import FIRST, NETWORKS
from vae_utils.networks.heads import LOG_VAR_BOUND
from vae_utils.runs import recorded
from vae_utils.widgets.assembly import ELEMENTS, POINTER, STYLE

FOLDER = resources.files("vae_utils.explorer")
STYLES = (STYLE, FOLDER / "explorer.css")
SCRIPTS = (  # in the order in which a page loads them
    ELEMENTS,
    POINTER,
    *(
        FOLDER / name
        for name in (
            "network.js",
            "parts.js",
            "pad.js",
            "ground.js",
            "labels.js",
            "chart.js",
            "grip.js",
            "map.js",
            "costs.js",
            "receipt.js",
            "link.js",
            "tour.js",
            "words.js",
            "view.js",
            "drawing.js",
            "places.js",
            "explorer.js",
        )
    ),
)
INSIDE = 0.995  # share of the codes that the map has room for
NARROWEST = 3.0  # smallest distance of the map's edge from the prior's mean


def write_scripts(folder: str | Path) -> Iterator[Path]:
    """Writes what a page of the site loads: style, scripts, and every network.

    Args:
        folder: where to; made if missing.

    Yields:
        The path of each file written.

    Raises:
        ValueError: if a study is missing, damaged, or has another kind of network.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"index.js": make_index()}
    texts |= {f"model_{name}.js": make_script(name) for name in NETWORKS}
    texts |= {file.name: file.read_text("utf-8") for file in (*STYLES, *SCRIPTS)}
    for name, text in texts.items():
        files.write(folder / name, text.encode())
        yield folder / name


def make_index() -> str:
    """Makes the script that lists the networks, and has colours and test digits."""
    arrays = recorded.load_arrays(NETWORKS[FIRST].study)
    index = [{"name": n, "title": network.title} for n, network in NETWORKS.items()]
    images = [_base64(image) for image in arrays["images"]]
    labels = arrays["image_labels"].tolist()
    return (
        f"VAEBook.index = {_json(index)};\n"
        f"VAEBook.classColours = {_json([to_hex(c) for c in plots.CLASS_COLORS])};\n"
        f"VAEBook.images = {_json(images)}.map(VAEBook.bytesOf);\n"
        f"VAEBook.imageLabels = {_json(labels)};\n"
    )


def make_script(name: str) -> str:
    """Makes the script of a network.

    Args:
        name: one of `NETWORKS`.

    Returns:
        JavaScript.

    Raises:
        ValueError: if the study is missing, damaged, or has another kind of network.
    """
    network = NETWORKS[name]
    result = recorded.load_study(network.study).one
    arrays = recorded.load_arrays(network.study)
    c, settings, z_mean = result.configuration, result.settings, arrays["z_mean"]
    reach = np.quantile(np.abs(z_mean).max(axis=1), INSIDE)
    packed = {
        "title": network.title,
        "about": network.text.format(**result.metrics),
        "average": {term: result.metrics.get(term) for term in ("nll", "kl")},
        "variational": c.model != "ae",
        "labelled": c.model == "cvae",
        "logVarBound": LOG_VAR_BOUND,
        "limit": max(NARROWEST, float(reach)),
        **describe_layers(c, settings["image_shape"], settings["classes"]),
        "weights": _base64(_join_weights(network.study)),
        "codes": _base64(z_mean.astype("<f2")),
        "labels": _base64(arrays["labels"].astype(np.uint8)),
    }
    return f"VAEBook.add({_json(name)}, {_json(packed)});\n"


def _join_weights(study):
    """Returns the weights of the encoder, then those of the decoder, in one row."""
    kept = recorded.read_weights(study)
    ordered = sorted(kept, key=lambda name: (name.startswith("decoder"), name))
    return np.concatenate([kept[name].ravel() for name in ordered]).astype("<f2")


def _base64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _json(value):
    return json.dumps(value, ensure_ascii=False)
