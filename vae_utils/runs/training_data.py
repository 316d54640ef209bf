"""The data that a run was trained on, and no other."""

from os import PathLike

from vae_utils import datasets


def load_data(
    settings: dict, *, data_dir: str | PathLike | None = None, download: bool = True
) -> datasets.Dataset:
    """Loads the data that a run was trained on: the complete data, or the sample.

    Args:
        settings: of the run, as `configurations.describe` lists them.
        data_dir: as for `datasets.load`.
        download: as for `datasets.load`.

    Raises:
        ValueError: if it was the complete data, and no source has it.
    """
    name = settings["data"]
    if settings["complete"]:
        return datasets.load_complete(name, data_dir=data_dir, download=download)
    return datasets.load(name, sample=True)
