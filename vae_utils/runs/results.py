"""`Result`: what one recorded training run gave."""

import dataclasses

from vae_utils import configurations

OWN_KEYS = ("model", "seed", "images", "label")  # of a result, not of a configuration
OWN_NUMBERS = ("epochs", "minutes", "seconds")  # that may be used as a metric


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """What one training run gave.

    Args:
        configuration: of the model, one of the module `configurations`.
        seed: of weights, noise, order and binarisation.
        images: number of training images.
        epochs: that it trained for; by default those of the configuration.
        label: tells apart results that no field of the configuration tells apart.
        minutes: of training, by the clock.
        seconds: of training, on the processor, of all threads together.
        commands: that repeat it, and measure what came out.
        settings: as `configurations.describe` lists them; needed to load weights by
            the name of the study.
        metrics: name → final number.
        history: name → one number per epoch, or per measurement.
    """

    configuration: configurations.Schedule
    seed: int
    images: int
    epochs: int | None = None
    label: str | None = None
    minutes: float | None = None
    seconds: float | None = None
    commands: tuple[str, ...] = ()
    settings: dict | None = None
    metrics: dict
    history: dict

    def __post_init__(self):
        if self.epochs is None:
            object.__setattr__(self, "epochs", self.configuration.epochs)
        object.__setattr__(self, "commands", tuple(self.commands))

    @property
    def model(self) -> str:
        """The kind of model, a key of `configurations.MODELS`."""
        return self.configuration.model

    @property
    def fields(self) -> dict:
        """Name → value of everything that `Study.where` can ask for."""
        own = {name: getattr(self, name) for name in (*OWN_KEYS, "epochs")}
        return dataclasses.asdict(self.configuration) | own

    @property
    def numbers(self) -> dict:
        """The metrics by name, and what is known of `OWN_NUMBERS`."""
        own = {name: getattr(self, name) for name in OWN_NUMBERS}
        return {k: v for k, v in own.items() if v is not None} | self.metrics


def read_result(fields: dict) -> Result:
    """Makes a result from its fields, as JSON has them.

    Raises:
        ValueError: if the configuration is not one.
        KeyError: if there is none.
        TypeError: if a field is missing, or unknown.
    """
    configuration = dict(fields["configuration"])
    made = configurations.read(configuration.pop("model"), configuration)
    return Result(**fields | {"configuration": made})


def write_result(result: Result) -> dict:
    """Lists the fields of a result for JSON; what says nothing new is left out."""
    fields = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    configuration = dataclasses.asdict(result.configuration)
    fields["configuration"] = {"model": result.model} | configuration
    if result.epochs == result.configuration.epochs:
        del fields["epochs"]
    return {k: v for k, v in fields.items() if v is not None and v != ()}
