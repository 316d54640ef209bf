"""What `evaluate` can draw and measure, and which of it a model can do."""

import pkgutil

from vae_utils.cli.errors import UsageError

ASPECTS = {
    "reconstruct": "test images and their reconstructions",
    "generate": "new images; from the prior, the encoder is not needed",
    "latent": "codes of test images; of two dimensions also what they decode to",
    "history": "curves of training",
    "metrics": "numbers, as a table and in metrics.json",
}
NEEDED = {"is_samples": "metrics", "around": "generate", "spread": "generate"}


def choose_aspects(options, found, request):
    """Chooses what to draw and measure, once it is known that the model can.

    Args:
        options: of the parser.
        found: as `loading.find` returns it.
        request: `pictures.Request`.

    Returns:
        Keys of `ASPECTS`: those asked for, or all that the model can do.

    Raises:
        UsageError: if the model cannot do what was asked for, or options do not go
            together.
    """
    from vae_utils.runs.pictures import ASPECTS, lacks

    asked = [aspect for aspect in ASPECTS if getattr(options, aspect)]
    for aspect in asked:
        if lacking := lacks(found, aspect, request):
            raise UsageError(f"{_explain(found, lacking)} Received: --{aspect}")
    aspects = asked or [a for a in ASPECTS if not lacks(found, a, request)]
    for name, needed in NEEDED.items():
        if getattr(options, name) is not None and needed not in aspects:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} needs --{needed}. Received: --{option} alone")
    if options.is_samples:
        _check_importance_sampling(found)
    if request.label is not None:
        _check_label(found, request)
    return aspects


def _explain(found, lacking):
    """Says in a sentence what a model lacks."""
    from vae_utils.configurations import MODELS
    from vae_utils.models.abilities import ABILITIES

    description = MODELS[found.configuration.model].description
    reason = ABILITIES[lacking[-1]]
    if lacking == ["sample"]:
        reason += "; --around class-means decodes each class's mean code"
    return f"A {description} {reason}."


def _check_importance_sampling(found):
    from vae_utils.configurations import LIKELIHOODS, MODELS, model_class
    from vae_utils.models.abilities import missing

    c = found.configuration
    kind = MODELS[c.model].description
    if not missing(model_class(c.model), ("log_weights",)):
        if pkgutil.resolve_name(LIKELIHOODS[c.likelihood]).is_probability:
            return
        kind += f" with likelihood {c.likelihood}"
    raise UsageError(
        "−log p(x) is estimated for VAEs whose likelihood is a probability: Bernoulli "
        "or discretised logistic. "
        f"Received: --is-samples for a {kind}"
    )


def _check_label(found, request):
    from vae_utils.configurations import model_class
    from vae_utils.models.abilities import missing

    model = model_class(found.configuration.model)
    from_prior = model.conditional and not missing(model, ("sample", "decode"))
    if not from_prior and request.around == "prior":
        raise UsageError(
            "Only a conditional VAE draws images of one class from the prior; --around "
            f"class-means works for others. Received: --label {request.label}"
        )
    classes = found.shape["classes"]
    if not 0 <= request.label < classes:
        raise UsageError(
            f"--label must be 0 … {classes - 1}. Received: --label {request.label}"
        )
