"""Commands that train a configuration."""

import dataclasses

from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.options import PROGRAM, make_parser
from vae_utils.cli.values import ALL

__all__ = ["PROGRAM", "write_options"]
LEADING = ("encoder", "decoder", "likelihood")  # others follow from these


def write_options(configuration, preset: str | None = None) -> list[str]:
    """Writes the options of `train` that ask for a configuration, and no more.

    Args:
        configuration: what is to be trained.
        preset: project that the options start from.

    Raises:
        ValueError: if no options ask for it.
    """
    start = ["--preset", preset] if preset else _name_model(configuration.model)
    base = parse(start)
    fields = [field.name for field in dataclasses.fields(configuration)]
    wanted = {name: getattr(configuration, name) for name in fields}
    leading = {
        name: wanted[name]
        for name in LEADING
        if name in wanted and wanted[name] != getattr(base, name)
    }
    base = parse(start + [text for each in leading.items() for text in _write(*each)])
    options = start + [
        text
        for name in fields
        if name in leading or wanted[name] != getattr(base, name)
        for text in _write(name, wanted[name])
    ]
    if parse(options) != configuration:
        raise ValueError(f"No options ask for this. Received: {configuration}")
    return options


def parse(options: list[str]):
    """Returns the configuration that options of `train` ask for."""
    return choose_configuration(make_parser().parse_args(["train", *options]))


def _name_model(model):
    return [] if model == "vae" else ["--model", model]


def _write(field, value):
    name = field.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{'' if value else 'no-'}{name}"]
    if value is None and field == "updates_per_epoch":
        return [f"--{name}", ALL]
    values = value if isinstance(value, tuple) else (value,)
    return [f"--{name}", *map(str, values)]
