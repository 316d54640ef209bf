"""What an exported model computes: functions of images, labels, codes and noise.

Each is written once. Called with arrays it computes what is expected of the exported
files; called with symbolic tensors it becomes a plain Functional model, without any
class of this package. Nothing is random: noise, where there is any, is an input.
"""

from collections.abc import Callable
from typing import NamedTuple

import keras
from keras import ops

from vae_utils.distributions import kl_divergence
from vae_utils.models.abilities import missing
from vae_utils.models.batches import scale
from vae_utils.noise import asked_from
from vae_utils.precision import pinned

PIXELS = ("uint8", "float32")  # what images can be


class Function(NamedTuple):
    """A function that an exported model can have.

    Args:
        compute: function of a model and of tensors by name; returns name → tensor.
        inputs: their names, in order. Labels, `y`, are an input of conditional models
            only, and `eps` of models whose codes are drawn.
        needs: abilities that the model must have.
        text: what it does, for people.
    """

    compute: Callable
    inputs: tuple[str, ...]
    needs: tuple[str, ...]
    text: str


def encode(model, x, y=None):
    """Encodes images to the parameters of q(z|x), or to codes."""
    q = model.encode(scale(x), y)
    names = ["z"] if len(q) == 1 else [f"z_{name}" for name in q._fields]
    return dict(zip(names, q, strict=True))


def decode(model, z, y=None):
    """Decodes codes to mean images."""
    return {"x_mean": model.decode(z, y)}


def reconstruct(model, x, y=None):
    """Decodes the mean code of each image."""
    return {"x_mean": model.decode(model.encode(scale(x), y).mean, y)}


def sample(model, noise, y=None):
    """Turns standard normal noise into codes of the prior, and decodes them."""
    return {"x_mean": model.decode(model.from_noise(noise), y)}


def score(model, x, y=None, eps=None):
    """Computes the terms of −ELBO at the code that the noise chooses."""
    x = scale(x)
    q = model.encode(x, y)
    with asked_from(lambda request: eps):
        z = q.mean if eps is None else q.sample(seed=0)
    logits = model.logits(z, y)
    nll = model.likelihood.negative_log_likelihood(x, logits)
    errors = ops.square(x - model.likelihood.mean(logits))
    terms = {"nll": nll, "mse": ops.mean(errors, axis=(1, 2, 3))}
    if eps is None:
        return terms
    kl = kl_divergence(q, model.prior, z)
    return {"neg_elbo": nll + kl, "nll": nll, "kl": kl, "mse": terms["mse"]}


def classify(model, x):
    """Computes the probability of each class, and its logit."""
    logits = model.classify(scale(x))
    return {"probabilities": ops.softmax(logits), "logits": logits}


def find_codes(model, x):
    """Finds the codes that images are encoded to."""
    return {"codes": model.find_codes(scale(x))}


def decode_codes(model, codes):
    """Decodes grids of codes to mean images."""
    return {"x_mean": model.decode(model.take_codes(codes))}


def predict_codes(model, codes):
    """Predicts each code from those before it."""
    return {"logits": model.predict_codes(codes)}


#: Name → function; an exported model has those whose abilities it has.
FUNCTIONS = {
    "encode": Function(
        encode, ("x", "y"), ("encode",), "encodes images to codes, or to q(z|x)"
    ),
    "decode": Function(decode, ("z", "y"), ("decode",), "decodes codes to mean images"),
    "reconstruct": Function(
        reconstruct,
        ("x", "y"),
        ("encode", "decode"),
        "decodes the mean code of each image to a mean image",
    ),
    "sample": Function(
        sample,
        ("noise", "y"),
        ("sample", "from_noise", "decode"),
        "turns standard normal noise into codes of the prior, and decodes them to "
        "mean images",
    ),
    "score": Function(
        score,
        ("x", "eps", "y"),
        ("encode", "decode"),
        "measures how well the model explains each image",
    ),
    "find_codes": Function(
        find_codes, ("x",), ("find_codes",), "finds the grid of codes of each image"
    ),
    "decode_codes": Function(
        decode_codes, ("codes",), ("find_codes",), "decodes grids of codes to images"
    ),
    "predict_codes": Function(
        predict_codes,
        ("codes",),
        ("predict_codes",),
        "predicts each code of a grid from those before it, row by row",
    ),
    "classify": Function(
        classify, ("x",), ("classify",), "computes the probability of each class"
    ),
}


def lacks(model, name: str) -> list[str]:
    """Lists the abilities that a model lacks for a function; none if it has all.

    Args:
        model: a model, or its class.
        name: key of `FUNCTIONS`.
    """
    return missing(model, FUNCTIONS[name].needs)


def list_inputs(model, name: str, pixels: str = "uint8") -> dict[str, tuple]:
    """Lists the inputs of a function in their order.

    Args:
        model: a `models.base.Trainable` that has the function's abilities.
        name: key of `FUNCTIONS`.
        pixels: dtype of images, one of `PIXELS`.

    Returns:
        Name → (shape of one example, dtype).
    """
    shapes = {"x": (model.image_shape, pixels)}
    if not missing(model, ("decode",)):
        shapes["z"] = model.latent_shape, "float32"
    if not missing(model, ("log_weights",)):
        shapes["eps"] = model.latent_shape, "float32"
    if not missing(model, ("find_codes",)):
        shapes["codes"] = model.grid, "int32"
    if name == "sample":
        shapes["noise"] = model.prior.noise_shape, "float32"
    if model.conditional:
        shapes["y"] = (), "int32"
    return {n: shapes[n] for n in FUNCTIONS[name].inputs if n in shapes}


def build_function(
    model, name: str, pixels: str = "uint8", batch_size: int | None = None
) -> keras.Model:
    """Builds a function as a plain Functional model that shares the model's weights.

    Args:
        model: a `models.base.Trainable` that has the function's abilities.
        name: key of `FUNCTIONS`.
        pixels: dtype of images, one of `PIXELS`; bytes are divided by 255 inside.
        batch_size: examples in a call; None for any number.

    Returns:
        A model from a list of inputs, in the order of `list_inputs`, or a dict of them
        by name, to a dict of outputs.
    """
    with pinned("float32"):
        inputs = {
            key: keras.Input(shape, batch_size, dtype, name=key)
            for key, (shape, dtype) in list_inputs(model, name, pixels).items()
        }
        outputs = FUNCTIONS[name].compute(model, **inputs)
        return keras.Model(list(inputs.values()), outputs, name=name)
