"""Options made from the fields of configurations."""

import argparse
import dataclasses

from vae_utils import configurations
from vae_utils.cli import engine
from vae_utils.cli.values import integer, number, optional
from vae_utils.configurations.fields import describe_fields

KERAS_FREE = "vae_utils.configurations."  # modules here need no Keras
FEW = 4  # choices that the usage lists; more are in the help text
#: Field → the field that its default also depends on, in `choosing`, and how.
DEPENDENT = {
    "hidden": ("encoder", "with another --encoder what suits it"),
    "decoder_hidden": ("decoder", "with another --decoder what suits it"),
    "binarisation": ("likelihood", "none with a preset or another --likelihood"),
}


def add_fields(parser, arguments) -> dict[str, list[str]]:
    """Adds an option for every field of the models' configurations.

    Args:
        parser: of `train`.
        arguments: those to be parsed; help for a model named among them lists only its
            options.

    Returns:
        Name of a field → the models that have it.
    """
    named = _find_model(arguments)
    fields = {model: _describe_own(model) for model in _choose_models(named)}
    shown = {named: fields[named]} if named in fields else fields
    for title, descriptions in _group(shown).items():
        group = parser.add_argument_group(title)
        for name, description in descriptions.items():
            _add_option(group, name, description, _explain(name, description, shown))
    visible, owners = _list_owners(shown), _list_owners(fields)
    for name in owners.keys() - visible.keys():
        description = fields[owners[name][0]][name]
        _add_option(parser, name, description, argparse.SUPPRESS)
    return owners


def _describe_own(model):
    """Describes the fields that options set: a second stage has others from its run."""
    descriptions = describe_fields(configurations.configuration_class(model))
    inherited = configurations.list_inherited(model)
    return {n: each for n, each in descriptions.items() if n not in inherited}


def _find_model(arguments):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model")
    parser.exit_on_error = False
    try:
        return parser.parse_known_args(list(arguments))[0].model
    except argparse.ArgumentError:  # the real parser says what is wrong
        return None


def _choose_models(named):
    """Lists the models whose options a parser has.

    They are those whose configurations need no Keras, and the one that is named: its
    configuration may be in the file of the model, which imports Keras.
    """
    prepare_model(named)
    models = configurations.MODELS
    return [name for name in models if name == named or not _needs_keras(name)]


def prepare_model(name):
    """Imports Keras quietly, if the configuration of a model needs it."""
    if name in configurations.MODELS and _needs_keras(name):
        engine.import_quietly()


def _needs_keras(name):
    return not configurations.MODELS[name].configuration.startswith(KERAS_FREE)


def _list_owners(fields):
    """Returns name of a field → the models that have it."""
    names = dict.fromkeys(name for own in fields.values() for name in own)
    return {name: [m for m, own in fields.items() if name in own] for name in names}


def _group(fields):
    """Returns title → name → description: of training, then of most models first."""
    owners = _list_owners(fields)
    training = describe_fields(configurations.Schedule)
    groups = {"training": {n: each for n, each in training.items() if n in owners}}
    for name in sorted(owners, key=lambda name: -len(owners[name])):  # this is stable
        if name not in groups["training"]:
            title = f"model ({', '.join(owners[name])})"
            groups.setdefault(title, {})[name] = fields[owners[name][0]][name]
    return groups


def _explain(name, description, fields):
    """Returns the help text of an option: meaning, choices, defaults."""
    parts = [description.help, _describe_default(name, fields)]
    if len(description.choices) > FEW:
        parts.insert(1, f"one of {', '.join(description.choices)}")
    return "; ".join(parts).replace("%", "%%")


def _describe_default(name, fields):
    """Says the default of a field, and of which model it is another."""
    defaults = {
        model: own[name].describe_default(_read_default(model, name))
        for model, own in fields.items()
        if name in own
    }
    usual, *_ = defaults.values()
    having = {}  # value → the models whose default it is
    for model, value in defaults.items():
        having.setdefault(value, []).append(model)
    del having[usual]
    others = [f"{value} for {', '.join(models)}" for value, models in having.items()]
    leading, dependent = DEPENDENT.get(name, (None, None))
    if any(leading in own for own in fields.values()):
        others.append(dependent)
    return "; ".join([f"default {usual}", *others])


def _read_default(model, name):
    kind = configurations.configuration_class(model)
    return next(f.default for f in dataclasses.fields(kind) if f.name == name)


def _add_option(group, name, description, text):
    option = f"--{name.replace('_', '-')}"
    if description.kind == "flag":
        action = argparse.BooleanOptionalAction
        group.add_argument(option, action=action, help=text)
        return
    options = {"metavar": "N", "help": text}
    if description.kind == "choice":
        options["choices"] = description.choices
        options["metavar"] = "NAME" if len(description.choices) > FEW else None
    elif description.kind == "widths":
        nargs = "*" if description.may_be_empty else "+"
        options |= {"type": integer, "nargs": nargs, "metavar": "WIDTH"}
    else:
        read = integer if description.kind == "integer" else number
        word = description.none
        options["type"] = optional(read, word) if word else read
    group.add_argument(option, **options)
