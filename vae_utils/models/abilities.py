"""What a model can do: figures, metrics and commands ask for abilities, not classes."""

ABILITIES = {
    "encode": "encodes no images",
    "decode": "draws no images",
    "sample": "has no prior to draw codes from",
    "log_weights": "does not bound the probability of an image",
    "classify": "does not classify images",
    "find_codes": "has no codebook",
    "weigh_codes": "is certain of its codes",
    "predict_codes": "predicts no codes from those before them",
    "from_noise": "draws no codes from noise in one step",
}


def missing(model, abilities) -> list[str]:
    """Lists the abilities that a model lacks.

    Args:
        model: a model, or its class.
        abilities: keys of `ABILITIES`.
    """
    return [ability for ability in abilities if not hasattr(model, ability)]


def need(model, *abilities):
    """Raises ValueError, naming the ability, unless a model has all of them.

    Args:
        model: a model, or its class.
        *abilities: keys of `ABILITIES`.

    Raises:
        ValueError: if one is missing.
    """
    for ability in missing(model, abilities):
        kind = model if isinstance(model, type) else type(model)
        raise ValueError(
            f"A model of class {kind.__name__} {ABILITIES[ability]}. "
            f"Received: a model without {ability}"
        )
