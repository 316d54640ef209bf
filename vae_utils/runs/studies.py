"""Studies: the results of recorded training runs, as data that can be asked for.

A study is a list of results, each with its configuration, seed, number of training
images, history and metrics. `study.where(latent_dim=10)["elbo"]` has one number for
each of the results that match.
"""

import dataclasses
import json

import numpy as np

from vae_utils import configurations
from vae_utils.runs.results import OWN_KEYS, Result, read_result


@dataclasses.dataclass(frozen=True, kw_only=True)
class Study:
    """Results that were trained and measured under one protocol.

    Args:
        name: of the study and of its folder.
        protocol: how the numbers were measured: data, split, validation, ….
        versions: package → version.
        hardware: processor and number of cores.
        minutes: of all training runs together.
        results: one for each configuration, seed and number of images.
        files: name of each file next to the JSON → its SHA-256.
    """

    name: str
    protocol: dict
    versions: dict
    hardware: str
    minutes: float
    results: tuple[Result, ...]
    files: dict

    def __len__(self):
        return len(self.results)

    def where(self, **fields) -> "Study":
        """Selects results.

        Args:
            **fields: value of any field of a configuration, or of `model`, `seed`,
                `images` or `label`, such as `latent_dim=10`. A result whose
                configuration has no such field does not match.

        Returns:
            The study with the results that match; there may be none.

        Raises:
            ValueError: if no configuration has such a field.
        """
        _check_keys(fields)
        wanted = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
        results = tuple(each for each in self.results if _matches(each.fields, wanted))
        return dataclasses.replace(self, results=results)

    def __getitem__(self, name: str) -> np.ndarray:
        """Returns a metric, or `epochs`, `minutes` or `seconds`: one number a result.

        Raises:
            ValueError: if there is no result, or one without this number.
        """
        return np.array(self._read("numbers", name))

    def curves(self, name: str) -> list[list]:
        """Lists a curve of the history for each result.

        Args:
            name: of the curve, such as `val_loss`.

        Returns:
            Lists of numbers, which may differ in length.

        Raises:
            ValueError: if there is no result, or one without this curve.
        """
        return self._read("history", name)

    @property
    def one(self) -> Result:
        """The only result; ValueError if there is none, or more than one."""
        if len(self.results) != 1:
            raise ValueError(
                "The study must have exactly one result here: select it with where. "
                f"Received: {len(self.results)} results of {self.name}"
            )
        return self.results[0]

    def values(self, field: str) -> list:
        """Lists the distinct values of a field, in the order of the results.

        Args:
            field: as for `where`.

        Raises:
            ValueError: if no configuration has such a field.
        """
        _check_keys([field])
        found = (each.fields for each in self.results)
        return list(dict.fromkeys(each[field] for each in found if field in each))

    def models(self) -> list["Study"]:
        """Splits the study into one for each model; its results differ in the seed."""
        groups = {}
        for each in self.results:
            key = each.configuration, each.images, each.label
            groups.setdefault(key, []).append(each)
        return [dataclasses.replace(self, results=tuple(g)) for g in groups.values()]

    def _read(self, what, name):
        kept = [getattr(each, what) for each in self.results]
        if not kept:
            raise ValueError(
                f"There is no result of {self.name} to read. Received: name={name!r}"
            )
        shared = [key for key in kept[0] if all(key in each for each in kept)]
        if name not in shared:
            raise ValueError(
                f"What these results of {self.name} all have is {', '.join(shared)}. "
                f"Received: name={name!r}"
            )
        return [each[name] for each in kept]


def read_study(name: str, text: str | bytes) -> Study:
    """Makes a study from its JSON.

    Args:
        name: of the study, for the message.
        text: JSON.

    Raises:
        ValueError: if it is not a study.
    """
    try:
        fields = json.loads(text)
        results = tuple(map(read_result, fields.pop("results")))
        return Study(**fields, results=results)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(
            f"Its JSON is not a study ({error}). Received: name={name!r}"
        ) from error


def band(values, width: float = 6.0) -> tuple[float, float]:
    """Computes the band that another run of the same protocol should fall into.

    Args:
        values: one number per seed, at least two.
        width: standard deviations on either side of the mean.

    Returns:
        The ends of the band, lower first.

    Raises:
        ValueError: if there are fewer than two values.
    """
    if np.ndim(values) != 1 or len(values) < 2:
        raise ValueError(
            f"A band needs at least two values. Received: values={values!r}"
        )
    mean, deviation = np.mean(values), np.std(values, ddof=1)
    return float(mean - width * deviation), float(mean + width * deviation)


def _check_keys(names):
    classes = map(configurations.configuration_class, configurations.MODELS)
    fields = [field.name for each in classes for field in dataclasses.fields(each)]
    known = list(dict.fromkeys([*OWN_KEYS, *fields]))
    if unknown := [name for name in names if name not in known]:
        raise ValueError(
            f"Results are selected by {', '.join(known)}. "
            f"Received: {', '.join(unknown)}"
        )


def _matches(fields, wanted):
    return all(name in fields and fields[name] == wanted[name] for name in wanted)
