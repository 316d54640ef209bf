"""What is said about an exported model: in its files, and in `model.json`."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from vae_utils import datasets, provenance
from vae_utils.configurations import MODELS
from vae_utils.export.functions import FUNCTIONS, list_inputs

FORMAT = 1  # of these entries
PIXELS = {
    "uint8": "bytes from 0 to 255, which the model divides by 255",
    "float32": "numbers from 0 to 1",
}
UNKNOWN = "not recorded: ask the owner of the images"
MEANINGS = {
    "y": "labels, whole numbers from 0",
    "z": "codes",
    "eps": "noise of the code, drawn from N(0, I); zeros for the mean code",
    "noise": "noise, drawn from N(0, I): one row for each new image",
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
    return {
        "format": FORMAT,
        "name": run.name,
        "model": run.configuration.model,
        "description": MODELS[run.configuration.model].description,
        "functions": {
            name: _describe_function(name, function, model, pixels)
            for name, function in functions.items()
        },
        "batch_size": batch_size,
        "image_shape": list(model.image_shape),
        "pixels": PIXELS[pixels],
        "classes": list(name_classes(run, data)),
        **_describe_distributions(run.configuration, model),
        "seed": run.settings["seed"],
        "epoch": run.epoch,
        "data": {
            "name": Path(run.data).name,  # of a folder, not where it is
            "provenance": hide_folders(run, data.provenance if data else _name(run)),
            "licence": find_licence(run),
            **_find_preparation(run),
            **_find_hash(data),
        },
        "configuration": dataclasses.asdict(run.configuration),
        "versions": provenance.versions(),
    }


def _describe_distributions(configuration, model):
    """Describes likelihood, codes and prior, as far as a model has them."""
    names = "likelihood", "latent_dim", "prior"
    found = {n: getattr(configuration, n) for n in names if hasattr(configuration, n)}
    sigma = getattr(getattr(model, "likelihood", None), "sigma", None)
    if sigma is not None:
        found["sigma"] = float(sigma)
    if hasattr(model, "beta"):
        found["beta"] = float(model.beta)
    return found


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
    return run.class_names


def find_licence(run) -> str:
    """Returns the authors and the licence of a run's data, as far as it is known."""
    return getattr(_find_entry(run), "credit", None) or UNKNOWN


def _find_hash(data):
    """Returns the hash of own data, by which they are recognised; none of others."""
    content = getattr(data, "content", None)
    return {"content": content} if content else {}


def _find_entry(run):
    """Returns what is known of a named data set; None of others."""
    try:
        return datasets.describe(run.data)
    except ValueError:
        return None


def hide_folders(run, text: str) -> str:
    """Names the folder of own images in a text as others may know it: without its path.

    Args:
        run: as `runs.loading.find` returns it.
        text: such as the provenance of data.
    """
    for path in (_find_recipe(run).get("path", ""), run.data):
        if name := Path(path).name:
            text = text.replace(path, name)
    return text


def _find_preparation(run):
    """Returns how own pictures were prepared, as others must be; none of others."""
    names = ("fit", "background", "colour")
    recipe = _find_recipe(run)
    found = {name: recipe[name] for name in names if name in recipe}
    return {"preparation": found} if found else {}


def _find_recipe(run):
    return run.settings.get("recipe") or {}


def _name(run):
    entry = _find_entry(run)
    title = entry.title if entry else Path(run.data).name
    return f"{title}, not available while exporting."
