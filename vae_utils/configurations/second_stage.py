"""Models of a second stage: what they have from the run whose codes they learn."""

from vae_utils.configurations.fields import describe_fields
from vae_utils.configurations.registry import MODELS, configuration_class, read
from vae_utils.configurations.schedule import Schedule

#: Fields of training that the first stage decides: it has seen such images, no others.
IMAGES = ("binarisation", "dequantisation")


def list_inherited(model: str) -> list[str]:
    """Lists the fields of a model that are those of its first stage.

    Args:
        model: key of `MODELS`.

    Returns:
        Names of fields; none for a model that starts from nothing.
    """
    first = MODELS[model].first
    if first is None:
        return []
    own = set(describe_fields(Schedule)) - set(IMAGES)
    fields = describe_fields(configuration_class(first))
    return [name for name in fields if name not in own]


def continue_from(model: str, fields: dict):
    """Makes the default configuration of a second stage, on a run of the first.

    Args:
        model: key of `MODELS`, of the second stage.
        fields: of the first stage's configuration, as JSON has them.

    Returns:
        The configuration of the second stage.

    Raises:
        ValueError: if the fields are not those of the first stage.
    """
    first = read(MODELS[model].first, fields)
    inherited = {name: getattr(first, name) for name in list_inherited(model)}
    return configuration_class(model)(**inherited)
