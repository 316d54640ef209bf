"""The book's explorer: recorded networks become scripts that a page can compute with.

A page opened from disk may not fetch files, so weights travel as base64 in classic
scripts; `book/_static/explorer/network.js` reads them.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_hex

from vae_utils import files, plots, pretrained
from vae_utils.architectures import IMAGE_SHAPE, LOG_VAR_BOUND
from vae_utils.configurations import Configuration, configuration_of

SCRIPTS = (  # of book/_static/explorer, in the order in which a page loads them
    "network.js",
    "pointer.js",
    "parts.js",
    "pad.js",
    "ground.js",
    "map.js",
    "view.js",
    "explorer.js",
)
ACTIVATIONS = {"linear", "relu", "tanh"}  # that network.js computes
PIXELS = IMAGE_SHAPE[0] * IMAGE_SHAPE[1]
CLASSES = 10
INSIDE = 0.995  # share of the codes that the map has room for
NARROWEST = 3.0  # the map reaches so far from the prior's mean, at least


class Network(NamedTuple):
    """A network that the explorer offers.

    Args:
        run: the recorded run that has its weights.
        title: on its button.
        about: a sentence or two, with `{kl}` and other metrics of the run.
    """

    run: str
    title: str
    about: str


NETWORKS = {
    "vae": Network(
        "explorer_vae",
        "VAE, β = 1",
        "The VAE of chapter 2, smaller. Codes are spread about as wide as the prior's "
        "circles, with gaps, and between the classes digits turn into each other.",
    ),
    "beta_4": Network(
        "explorer_beta_4",
        "β = 4",
        "The KL term weighs four times as much: {kl:.1f} nats of it are left. Codes "
        "keep less about their image; look how wide the ellipse of a digit becomes.",
    ),
    "beta_0.1": Network(
        "explorer_beta_0.1",
        "β = 0.1",
        "The KL term hardly counts, and has grown to {kl:.1f} nats. Ellipses are small "
        "and spread far beyond the prior's circles; what the prior draws, the decoder "
        "has rarely seen.",
    ),
    "ae": Network(
        "explorer_ae",
        "autoencoder",
        "No prior and no ellipses: each image is one point, anywhere. Walk between the "
        "classes, and look at what is drawn there.",
    ),
    "cvae": Network(
        "explorer_cvae",
        "conditional",
        "Encoder and decoder are told the digit; the plane is left for style: slant, "
        "width, thickness. One place gives one style in all ten digits, where codes of "
        "all ten are.",
    ),
}
FIRST = "vae"


def write_scripts(folder: str | Path) -> Iterator[Path]:
    """Writes `index.js`, and a script for every network.

    Args:
        folder: where to; made if missing.

    Yields:
        The path of each file written.

    Raises:
        ValueError: if a run is missing, damaged, or has another kind of network.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    scripts = {"index.js": make_index()}
    scripts |= {f"model_{name}.js": make_script(name) for name in NETWORKS}
    for name, text in scripts.items():
        files.write(folder / name, text.encode())
        yield folder / name


def make_index() -> str:
    """Makes the script that lists the networks, and has colours and test digits."""
    arrays = pretrained.load_arrays(NETWORKS[FIRST].run)
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
        ValueError: if the run is missing, damaged, or has another kind of network.
    """
    network = NETWORKS[name]
    run, arrays = pretrained.load_run(network.run), pretrained.load_arrays(network.run)
    settings = run.protocol["settings"]
    record = configuration_of(settings["model"], settings["configuration"])
    z_mean = arrays["z_mean"]
    packed = {
        "title": network.title,
        "about": network.about.format(**run.metrics),
        "average": {term: run.metrics.get(term) for term in ("nll", "kl")},
        "variational": record.variational,
        "labelled": record.labelled == "both",
        "logVarBound": LOG_VAR_BOUND,
        "limit": max(NARROWEST, float(np.quantile(np.abs(z_mean).max(axis=1), INSIDE))),
        **describe_layers(record),
        "weights": _base64(_join_weights(network.run)),
        "codes": _base64(z_mean.astype("<f2")),
        "labels": _base64(arrays["labels"].astype(np.uint8)),
    }
    return f"VAEBook.add({_json(name)}, {_json(packed)});\n"


def describe_layers(record: Configuration) -> dict:
    """Lists the dense layers of a network, in the order of its weights.

    Args:
        record: of the network.

    Returns:
        `encoder`, `heads` and `decoder`: for each layer inputs, units, activation.

    Raises:
        ValueError: if the network is not fully connected, or not of two dimensions.
    """
    activation = record.decoder_activation or record.activation
    simple = record.encoder == record.decoder == "fc" and record.latent_dim == 2
    computed = {record.activation, activation} <= ACTIVATIONS and record.hidden
    heard = record.labelled in ("none", "both")
    if not (simple and computed and heard and record.likelihood == "bernoulli"):
        raise ValueError(
            "The explorer takes fully connected networks with hidden layers, two "
            f"latent dimensions, {' or '.join(sorted(ACTIVATIONS))} between layers "
            f"and Bernoulli pixels. Received: {record}"
        )
    told = CLASSES if record.labelled == "both" else 0
    hidden, mirrored = record.hidden, (record.decoder_hidden or record.hidden)[::-1]
    head = {"inputs": hidden[-1], "units": record.latent_dim, "activation": "linear"}
    # Keras lists layers by their distance from the output: the log-variance, which is
    # bounded after its layer, comes first.
    names = ("z_log_var", "z_mean") if record.variational else ("z",)
    decoder = _stack((record.latent_dim + told, *mirrored, PIXELS), activation)
    decoder[-1]["activation"] = "linear"
    return {
        "encoder": _stack((PIXELS + told, *hidden), record.activation),
        "heads": [{"name": name, **head} for name in names],
        "decoder": decoder,
    }


def _join_weights(run):
    """Returns the weights of the encoder, then those of the decoder, in one row."""
    kept = pretrained.read_weights(run)
    ordered = sorted(kept, key=lambda name: (name.startswith("decoder"), name))
    return np.concatenate([kept[name].ravel() for name in ordered]).astype("<f2")


def _stack(widths, activation):
    return [
        {"inputs": inputs, "units": units, "activation": activation}
        for inputs, units in zip(widths, widths[1:], strict=False)
    ]


def _base64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _json(value):
    return json.dumps(value, ensure_ascii=False)
