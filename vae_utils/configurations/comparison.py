"""What makes two training runs the same one."""

import dataclasses
import json

from vae_utils.configurations.registry import read


def describe(configuration, data, seed: int, **more) -> dict:
    """Lists everything that the result of a training run depends on, as JSON has it.

    Args:
        configuration: of the model.
        data: `datasets.Dataset`.
        seed: int, of weights, noise, order and binarisation.
        **more: name → value, whatever else the result depends on.

    Returns:
        Name → value; the fields of the configuration under `configuration`.
    """
    settings = {
        "model": configuration.model,
        "data": data.name,
        "complete": data.complete,
        "image_shape": data.image_shape,
        "classes": data.classes,
        **_describe_own(data),
        "seed": seed,
        **more,
        "configuration": dataclasses.asdict(configuration),
    }
    return json.loads(json.dumps(settings))


def _describe_own(data):
    """Lists what finds data of one's own again, and recognises them."""
    names = ("class_names", "content", "recipe") if data.recipe is not None else ()
    return {name: getattr(data, name) for name in names}


def check_same(saved: dict, wanted: dict):
    """Raises ValueError, naming each difference, unless one run continues another.

    `epochs` may differ where nothing before depends on it: a learning rate that decays
    falls to zero at the last epoch. So may `viz` and `patience`: what is drawn, and
    when training stops, change no weight. What the saved settings do not mention has
    today's default: a run of an earlier version is not refused for it. Own data are the
    same if their contents are, wherever they lie.

    Args:
        saved: what `describe` returned when the run started.
        wanted: what it returns for the run that is to be resumed.

    Raises:
        ValueError: if they differ.
    """
    old, new = _flatten(saved), _flatten(wanted)
    free = {"viz", "patience", "recipe"} | (set() if old.get("decay") else {"epochs"})
    if old.get("content") and old["content"] == new.get("content"):
        free.add("data")
    names = [name for name in old if name not in free and old[name] != new.get(name)]
    if names:
        differences = ", ".join(
            f"{name}={new.get(name)!r}, not {old[name]!r}" for name in names
        )
        why = " (a decaying learning rate reaches zero at the last epoch)" * (
            "epochs" in names
        )
        raise ValueError(
            f"A run can only be resumed with its original settings{why}; start a new "
            f"run to change them. Received: {differences}"
        )


def _flatten(settings):
    """Puts the fields of the configuration, as read today, among the other settings."""
    flat = {name: value for name, value in settings.items() if name != "configuration"}
    if "configuration" in settings:
        configuration = read(settings["model"], settings["configuration"])
        flat |= dataclasses.asdict(configuration)
    return json.loads(json.dumps(flat))
