"""What makes two trainings the same one."""

import dataclasses
import json


def describe(configuration, data, seed: int, **more) -> dict:
    """Lists all that the outcome of a training depends on, as JSON has it.

    Args:
        configuration: a record.
        data: `datasets.Dataset`.
        seed: int, of weights, noise, order and binarisation.
        **more: name → value, whatever else the training depends on.

    Returns:
        Name → value; those of the configuration under `configuration`.
    """
    settings = {
        "model": configuration.model,
        "data": data.name,
        "complete": data.complete,
        "seed": seed,
        **more,
        "configuration": dataclasses.asdict(configuration),
    }
    return json.loads(json.dumps(settings))


def check_same(saved: dict, wanted: dict):
    """Raises ValueError, naming each difference, unless one training continues another.

    Only `epochs` may differ, and only where nothing before depends on them: a learning
    rate that decays falls to zero at the last one.

    Args:
        saved: what `describe` returned for the training that was begun.
        wanted: what it returns for the one that is to go on.

    Raises:
        ValueError: if they differ.
    """
    old, new = _flat(saved), _flat(wanted)
    free = set() if old.get("decay") else {"epochs"}
    names = [
        name
        for name in dict.fromkeys([*old, *new])
        if name not in free and old.get(name) != new.get(name)
    ]
    if names:
        differences = ", ".join(
            f"{name}={new.get(name)!r}, not {old.get(name)!r}" for name in names
        )
        why = "a rate that decays falls to zero at the last epoch; " * (
            "epochs" in names
        )
        raise ValueError(
            "A training goes on only with the settings it was begun with; "
            f"{why}for others, begin another one. Received: {differences}"
        )


def _flat(settings):
    """Puts the fields of the configuration beside the rest, as JSON has them."""
    flat = {name: value for name, value in settings.items() if name != "configuration"}
    return json.loads(json.dumps(flat | settings["configuration"]))
