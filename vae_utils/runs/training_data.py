"""The data that a run was trained on, and no other."""

from os import PathLike
from pathlib import Path

from vae_utils import datasets, paths

FOLDERS = (None, "folders")  # labels that are in no file


def load_data(
    settings: dict,
    *,
    data_dir: str | PathLike | None = None,
    download: bool = True,
    path: str | PathLike | None = None,
    labels: str | PathLike | None = None,
) -> datasets.Dataset:
    """Loads the data that a run was trained on: the complete data, or the sample.

    Data of one's own are loaded as they were, and must have the same contents.

    Args:
        settings: of the run, as `configurations.describe` lists them.
        data_dir: as for `datasets.load`.
        download: as for `datasets.load`.
        path: where own data are now, if they were moved.
        labels: where the CSV file of their labels is now, if it was moved; one that
            was in the folder of the pictures is looked for there.

    Raises:
        ValueError: if it was the complete data, and no source has it; or if own data
            cannot be found, or have changed.
    """
    if recipe := settings.get("recipe"):
        moved = _move_labels(recipe, path, labels)
        return datasets.load_again(moved, settings["content"], path=path)
    name = settings["data"]
    if settings["complete"]:
        return datasets.load_complete(name, data_dir=data_dir, download=download)
    return datasets.load(name, sample=True)


def _move_labels(recipe, path, labels):
    """Returns a recipe whose CSV file is where it is now."""
    if recipe.get("labels") in FOLDERS or (path is None and labels is None):
        return recipe
    if labels is None:
        try:
            inside = Path(recipe["labels"]).relative_to(recipe["path"])
        except ValueError:
            return recipe
        labels = Path(path) / inside
    return recipe | {"labels": str(paths.absolute(labels))}
