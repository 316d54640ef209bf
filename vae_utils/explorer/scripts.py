"""Writes the scripts that carry networks, codes and test digits into a page."""

import base64
import functools
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np
from matplotlib.colors import to_hex

from vae_utils import files, plots
from vae_utils.explorer import packing
from vae_utils.explorer.compression import compress
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
            "weights.js",
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


@functools.cache
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
    metrics = recorded.load_study(network.study).one.metrics
    arrays = recorded.load_arrays(network.study)
    z_mean = arrays["z_mean"].astype(np.float32)
    reach = np.quantile(np.abs(z_mean).max(axis=1), INSIDE)
    step = float(np.abs(z_mean).max()) / packing.FARTHEST
    return make_add(
        name,
        network.study,
        title=network.title,
        about=network.text.format(**metrics),
        average={term: metrics.get(term) for term in ("nll", "kl")},
        limit=max(NARROWEST, float(reach)),
        codes=packing.write_pairs(np.round(z_mean / step)),
        codeStep=step,
        labels="".join(map(str, arrays["labels"])),
    )


def make_add(
    name: str,
    study: str,
    dimensions: int | None = 2,
    coarseness: float = 1.0,
    **more,
) -> str:
    """Makes the script that adds the network of a study to a page.

    Args:
        name: of the network on the page.
        study: that has its weights.
        dimensions: number of latent dimensions that the page shows; None for any.
        coarseness: as for `compress`.
        **more: what else the page has to know about it.

    Returns:
        JavaScript.

    Raises:
        ValueError: as `make_script`.
    """
    result = recorded.load_study(study).one
    c, settings = result.configuration, result.settings
    sizes = settings["image_shape"], settings["classes"]
    packed = {
        "variational": c.model != "ae",
        "labelled": c.model == "cvae",
        "logVarBound": LOG_VAR_BOUND,
        **compress(
            describe_layers(c, *sizes, dimensions), _list_weights(study), coarseness
        ),
        **more,
    }
    return f"VAEBook.add({_json(name)}, {_json(packed)});\n"


def _list_weights(study):
    """Lists the weights of the encoder, then those of the decoder."""
    kept = recorded.read_weights(study)
    ordered = sorted(kept, key=lambda name: (name.startswith("decoder"), name))
    return [kept[name] for name in ordered]


def _base64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _json(value):
    return json.dumps(value, ensure_ascii=False)
