"""Commands that train a configuration."""

from vae_utils.cli.options import PROGRAM
from vae_utils.cli.parser import parse_configuration
from vae_utils.configurations.fields import describe_fields

__all__ = ["PROGRAM", "write_options"]
LEADING = ("encoder", "decoder", "likelihood")  # others follow from these


def write_options(
    configuration, preset: str | None = None, codes_of: str | None = None
) -> list[str]:
    """Writes the options of `train` that ask for a configuration, and no more.

    Args:
        configuration: what is to be trained.
        preset: project that the options start from.
        codes_of: run of the first stage, if this is a second one.

    Raises:
        ValueError: if no options ask for it.
    """
    start = ["--preset", preset] if preset else _name_model(configuration.model)
    if codes_of:
        start += ["--codes-of", codes_of]
    base = parse_configuration(start)
    wanted = {
        name: (getattr(configuration, name), _write(name, configuration))
        for name in describe_fields(configuration)
    }
    leading = [n for n in LEADING if n in wanted and wanted[n][0] != getattr(base, n)]
    base = parse_configuration(start + [t for n in leading for t in wanted[n][1]])
    options = start + [
        text
        for name, (value, texts) in wanted.items()
        if name in leading or value != getattr(base, name)
        for text in texts
    ]
    if parse_configuration(options) != configuration:
        raise ValueError(f"No options ask for this. Received: {configuration}")
    return options


def _name_model(model):
    return [] if model == "vae" else ["--model", model]


def _write(field, configuration):
    name, value = field.replace("_", "-"), getattr(configuration, field)
    if isinstance(value, bool):
        return [f"--{'' if value else 'no-'}{name}"]
    if value is None:  # a field that no word sets to None has it by default
        return [f"--{name}", describe_fields(configuration)[field].none]
    values = value if isinstance(value, tuple) else (value,)
    return [f"--{name}", *map(str, values)]
