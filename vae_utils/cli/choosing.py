"""From options to the configuration of what is trained."""

import dataclasses

from vae_utils import configurations
from vae_utils.cli.errors import UsageError
from vae_utils.cli.values import NONE
from vae_utils.configurations import ARCHITECTURES, MODELS, pictures

PRESETS = configurations.PROJECTS | configurations.CLASSIFIERS | configurations.PICTURES
DEFAULT = "vae"  # with the defaults of its configuration, this is the book's VAE


def choose_configuration(options, settings=None, first=None):
    """Makes the configuration that options ask for.

    Args:
        options: of the parser; None where an option was not given.
        settings: of the run to resume; a preset, if given, overrides them.
        first: `first_stage.FirstStage` of a new run that learns its codes.

    Returns:
        The configuration, one of the module `configurations`.

    Raises:
        UsageError: if an option is out of range, or not one of this model's.
    """
    base = _choose_base(options, settings or {}, first)
    given = _read_given(options, base)
    if settings:  # a preset has its own values, which are not the run's
        for name in ("epochs", *_list_adapted(options)):
            if name in settings["configuration"]:
                given.setdefault(name, settings["configuration"][name])
    try:
        return dataclasses.replace(base, **given)
    except ValueError as error:
        raise UsageError(str(error)) from error


def adapt_to_data(options, configuration, count: int):
    """Changes what a preset leaves to the number of training images.

    Args:
        options: of the parser; what they give is not changed.
        configuration: as `choose_configuration` returns it, of a new run.
        count: number of training images.

    Returns:
        The configuration.
    """
    names = [n for n in _list_adapted(options) if getattr(options, n) is None]
    if not names:
        return configuration
    changes = pictures.adapt(configuration, count)
    return dataclasses.replace(configuration, **{n: changes[n] for n in names})


def _list_adapted(options):
    """Lists the fields that the preset chooses when it knows the data."""
    return pictures.ADAPTED if options.preset in configurations.PICTURES else ()


def _choose_base(options, settings, first):
    """Returns the configuration whose fields hold where no option is given."""
    if first:
        return configurations.continue_from(
            options.model, first.settings["configuration"]
        )
    if options.preset:
        base = PRESETS[options.preset]
    elif settings:
        base = configurations.read(settings["model"], settings["configuration"])
    else:
        base = configurations.configuration_class(options.model or DEFAULT)()
    if options.model in (None, base.model):
        return base
    if "classifier" in (options.model, base.model):
        raise UsageError(
            f"This preset or run is a {MODELS[base.model].description}. "
            f"Received: --model {options.model}"
        )
    kind = configurations.configuration_class(options.model)
    shared = {field.name for field in dataclasses.fields(kind)}
    fields = dataclasses.asdict(base).items()
    return kind(**{name: value for name, value in fields if name in shared})


def _read_given(options, base):
    """Returns the fields that options set, and those that follow from others."""
    asked = {name: getattr(options, name) for name in options.fields}
    given = {name: value for name, value in asked.items() if value is not None}
    known = {field.name for field in dataclasses.fields(base)}
    known -= set(configurations.list_inherited(base.model))
    if foreign := [name for name in given if name not in known]:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in foreign)
        owners = ", ".join(options.fields[foreign[0]])
        raise UsageError(
            f"A {MODELS[base.model].description} has no such option; a model that has "
            f"it: {owners}. Received: {named}"
        )
    for name, value in given.items():
        if value is NONE:
            given[name] = None
        elif isinstance(value, list):
            given[name] = tuple(value)
    if "encoder" in known:
        _follow_architecture(given, base)
    if "likelihood" in known:
        if given.get("likelihood", "bernoulli") != "bernoulli" == base.likelihood:
            given.setdefault("binarisation", "none")  # others are not of bits
    return given


def _follow_architecture(given, base):
    """Gives a network of another architecture the dense layers that suit it.

    A decoder that mirrored the encoder, and whose architecture stays, keeps its layers.
    """
    encoder = given.get("encoder", base.encoder)
    decoder = given.get("decoder", base.decoder)
    if encoder != base.encoder:
        given.setdefault("hidden", ARCHITECTURES[encoder].hidden)
    if decoder == encoder:
        return
    if decoder != base.decoder:
        given.setdefault("decoder_hidden", ARCHITECTURES[decoder].hidden)
    elif encoder != base.encoder and base.decoder_hidden is None:
        given.setdefault("decoder_hidden", base.hidden)
