"""Options made from the fields of configurations."""

import argparse
import dataclasses

from vae_utils import configurations
from vae_utils.cli import engine
from vae_utils.cli.values import integer, number, optional
from vae_utils.configurations.fields import describe_fields

KERAS_FREE = "vae_utils.configurations."  # modules here need no Keras
MANY = 5  # choices that are listed in the help text, not in the usage


def choose_models(arguments) -> list[str]:
    """Lists the models whose options a parser has.

    They are those whose configurations need no Keras, and the one that is named: its
    configuration may be in the file of the model, which imports Keras.
    """
    named = _find_model(arguments)
    prepare_model(named)
    models = configurations.MODELS
    return [name for name in models if name == named or not _needs_keras(name)]


def prepare_model(name):
    """Imports Keras quietly, if the configuration of a model needs it."""
    if name in configurations.MODELS and _needs_keras(name):
        engine.import_quietly()


def _needs_keras(name):
    return not configurations.MODELS[name].configuration.startswith(KERAS_FREE)


def _find_model(arguments):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model")
    parser.exit_on_error = False
    try:
        return parser.parse_known_args(list(arguments))[0].model
    except argparse.ArgumentError:  # the real parser says what is wrong
        return None


def add_fields(parser, models):
    """Adds an option for every field of the models' configurations.

    Args:
        parser: of `train`.
        models: keys of `configurations.MODELS`.
    """
    classes = {name: configurations.configuration_class(name) for name in models}
    groups = {"training": describe_fields(configurations.Schedule)}
    done = set(groups["training"])
    for model, kind in sorted(classes.items(), key=lambda item: len(item[1].__mro__)):
        own = {k: v for k, v in describe_fields(kind).items() if k not in done}
        groups[f"model {model}"] = own
        done |= set(own)
    for title, descriptions in groups.items():
        group = parser.add_argument_group(title)
        for name, description in descriptions.items():
            _add_option(group, name, description, _describe_default(name, classes))


def _add_option(group, name, description, default):
    option = f"--{name.replace('_', '-')}"
    kind, text = description.kind, f"{description.help}; {default}"
    if kind == "flag":
        action = argparse.BooleanOptionalAction
        group.add_argument(option, action=action, help=text)
    elif kind == "choice":
        choices = description.choices
        if len(choices) > MANY:
            text = f"{text}; one of {', '.join(choices)}"
        metavar = "NAME" if len(choices) >= MANY else None
        group.add_argument(option, choices=choices, metavar=metavar, help=text)
    elif kind == "widths":
        metavar = "WIDTH"
        group.add_argument(option, nargs="*", type=integer, metavar=metavar, help=text)
    else:
        read = integer if kind == "integer" else number
        if description.none:
            read = optional(read, description.none)
            text = f"{text}; {description.none} for that"
        group.add_argument(option, type=read, metavar="N", help=text)


def _describe_default(name, classes):
    """Says the default of a field, and of which model it is another."""
    defaults = {
        model: field.default
        for model, kind in classes.items()
        for field in dataclasses.fields(kind)
        if field.name == name
    }
    shared = next(iter(defaults.values()))
    text = f"default {_write(shared)}"
    others = [
        f"{_write(value)} of a {model}"
        for model, value in defaults.items()
        if value != shared
    ]
    return ", ".join([text, *others])


def _write(value):
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
