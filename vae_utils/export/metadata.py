"""What is said about an exported model: in its files, and in `model.json`."""

import dataclasses
from collections.abc import Iterable

from vae_utils import datasets, provenance
from vae_utils.configurations import MODELS
from vae_utils.export.functions import FUNCTIONS, list_inputs

FORMAT = 1  # of these entries
PIXELS = {
    "uint8": "bytes from 0 to 255, which the model divides by 255",
    "float32": "numbers from 0 to 1",
}
UNKNOWN = "not recorded: ask whoever the images belong to"
MEANINGS = {
    "y": "labels, whole numbers from 0",
    "z": "codes",
    "eps": "noise, drawn from N(0, I)",
    "z_mean": "means of q(z|x)",
    "z_log_var": "log-variances of q(z|x)",
    "x_mean": "means of p(x|z), from 0 to 1",
    "neg_elbo": "−ELBO estimated with one code, nll + kl, in nats",
    "nll": "−log p(x|z), in nats, summed over pixels",
    "kl": "KL divergence of q(z|x) from the prior, in nats",
    "mse": "mean squared error of the mean image, with pixels from 0 to 1",
    "probabilities": "probability of each class",
    "logits": "logit of each class",
}


def describe(run, model, functions: dict, pixels: str, batch_size, data=None) -> dict:
    """Describes an exported model, as JSON has it.

    Args:
        run: as `runs.loading.find` returns it.
        model: of the run.
        functions: name → Functional model.
        pixels: dtype of images.
        batch_size: examples in a call; None for any number.
        data: `datasets.Dataset` that the model was trained on; None if it is
            unavailable.

    Returns:
        Name → value.
    """
    c = run.configuration
    described = {
        "format": FORMAT,
        "name": run.name,
        "model": c.model,
        "description": MODELS[c.model].description,
        "functions": {
            name: _describe_function(name, function, model, pixels)
            for name, function in functions.items()
        },
        "batch_size": batch_size,
        "image_shape": list(model.image_shape),
        "pixels": PIXELS[pixels],
        "classes": list(name_classes(run, data)),
    }
    for name in ("likelihood", "latent_dim", "prior"):
        if hasattr(c, name):
            described[name] = getattr(c, name)
    if (
        sigma := getattr(getattr(model, "likelihood", None), "sigma", None)
    ) is not None:
        described["sigma"] = float(sigma)
    if hasattr(model, "beta"):
        described["beta"] = float(model.beta)
    return described | {
        "seed": run.settings["seed"],
        "epoch": run.epoch,
        "data": {
            "name": run.data,
            "provenance": data.provenance if data else _name_data(run),
            "licence": find_licence(run),
        },
        "configuration": dataclasses.asdict(c),
        "versions": provenance.versions(),
    }


def _describe_function(name, function, model, pixels):
    inputs = list_inputs(model, name, pixels)
    outputs = function.output
    return {
        "does": FUNCTIONS[name].text,
        "inputs": [
            {
                "name": key,
                "shape": list(shape),
                "dtype": dtype,
                "is": MEANINGS.get(key) or f"images, {PIXELS[pixels]}",
            }
            for key, (shape, dtype) in inputs.items()
        ],
        "outputs": [
            {
                "name": key,
                "shape": list(tensor.shape[1:]),
                "dtype": "float32",
                "is": MEANINGS[key],
            }
            for key, tensor in outputs.items()
        ],
    }


def name_classes(run, data=None) -> Iterable[str]:
    """Returns the names of the classes; their numbers if no names are known."""
    if data is not None:
        return data.class_names
    entry = _find_entry(run)
    return entry.class_names if entry else map(str, range(run.shape["classes"]))


def find_licence(run) -> str:
    """Returns the authors and the licence of a run's data, as far as it is known."""
    return getattr(_find_entry(run), "credit", None) or UNKNOWN


def _find_entry(run):
    """Returns what is known of a named data set; None of others."""
    try:
        return datasets.describe(run.data)
    except ValueError:
        return None


def _name_data(run):
    entry = _find_entry(run)
    return f"{entry.title if entry else run.data}, not available while exporting"
