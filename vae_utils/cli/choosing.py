"""From options to a record of what is trained."""

import dataclasses

from vae_utils import configurations
from vae_utils.architectures import ARCHITECTURES
from vae_utils.cli.errors import UsageError
from vae_utils.cli.values import ALL
from vae_utils.configurations import ClassifierConfiguration, Configuration

# Without a preset: variational-autoencoder's own defaults, on binarised images, since
# only there the loss bounds a probability.
DEFAULT = dataclasses.replace(
    configurations.PROJECTS["conormdurkan"], binarisation="dynamic"
)


def choose_configuration(options, settings=None):
    """Makes the record that options ask for.

    Args:
        options: of the parser; None where an option was not given.
        settings: of the run to go on with; a preset, if given, counts more.

    Returns:
        `configurations.Configuration` or `ClassifierConfiguration`.

    Raises:
        UsageError: if an option is out of range, or not one of this model's.
    """
    base = _base(options, settings or {})
    fields = {field.name for field in dataclasses.fields(base)}
    given = _given(options, base)
    if settings:  # a preset has its own number, which is not the run's
        given.setdefault("epochs", settings["configuration"]["epochs"])
    model = options.model or base.model
    foreign = [name for name in given if name not in fields]
    if model == "ae" and options.beta is not None:  # it has no KL term
        foreign.append("beta")
    if foreign:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in foreign)
        raise UsageError(f"A model {model} has no such option. Received: {named}")
    try:
        return dataclasses.replace(base, **given)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _base(options, settings):
    """Returns the record whose fields hold where no option is given."""
    if options.preset:
        base = (configurations.PROJECTS | configurations.CLASSIFIERS)[options.preset]
    elif settings:
        base = configurations.configuration_of(
            settings["model"], settings["configuration"]
        )
    elif options.model == "classifier":
        return ClassifierConfiguration()
    else:
        base = DEFAULT
    if options.model and (options.model == "classifier") != (
        base.model == "classifier"
    ):
        raise UsageError(
            f"This preset or run is a {base.model}. Received: --model {options.model}"
        )
    return base


def _given(options, base):
    """Returns the fields that options set; what follows from others included."""
    names = {
        field.name
        for kind in (Configuration, ClassifierConfiguration)
        for field in dataclasses.fields(kind)
    }
    asked = vars(options).items()
    given = {k: v for k, v in asked if k in names and v is not None}
    for name in ("hidden", "decoder_hidden", "filters"):
        if name in given:
            given[name] = tuple(given[name])
    if given.get("updates_per_epoch") == ALL:
        given["updates_per_epoch"] = None
    if not isinstance(base, Configuration):
        return given
    _follow_model(options.model or base.model, given, base)
    _follow_architecture(given, base)
    if given.get("likelihood", "bernoulli") != "bernoulli" == base.likelihood:
        given.setdefault("binarisation", "none")  # the others are densities
    return given


def _follow_model(model, given, base):
    if model == "cvae":
        if base.labelled == "none":
            given.setdefault("labelled", "both")
    elif "labelled" in given:
        raise UsageError(
            "Only a cvae is told labels (--model cvae). "
            f"Received: --labelled {given['labelled']}"
        )
    else:
        given["labelled"] = "none"
    given["variational"] = model != "ae"


def _follow_architecture(given, base):
    """Gives a network of another architecture the dense layers that suit it."""
    encoder = given.get("encoder", base.encoder)
    decoder = given.get("decoder", base.decoder)
    if encoder != base.encoder:
        given.setdefault("hidden", ARCHITECTURES[encoder].hidden)
    if (encoder, decoder) != (base.encoder, base.decoder) and decoder != encoder:
        given.setdefault("decoder_hidden", ARCHITECTURES[decoder].hidden)
