"""Exports a run: all files are written, loaded again and compared, or none is kept."""

import json
from pathlib import Path
from typing import NamedTuple

import keras

from vae_utils import configurations, files
from vae_utils.configurations import MODELS
from vae_utils.export import checking, formats, measurements, metadata
from vae_utils.export.card import write_card
from vae_utils.export.functions import FUNCTIONS, build_function, lacks
from vae_utils.export.standalone import without_own_layers
from vae_utils.models.abilities import ABILITIES
from vae_utils.runs import RunError, loading, pictures
from vae_utils.status import Status

DESCRIPTION, CARD, PICTURES = "model.json", "README.md", "pictures"
SHOWN = 50  # images, or pairs, in a picture


class Request(NamedTuple):
    """What to export.

    Args:
        formats: names, keys of `formats.FORMATS`.
        functions: names, keys of `functions.FUNCTIONS`; none for all that a model has.
        pixels: dtype of images, one of `functions.PIXELS`.
        batch_size: examples in a call; None for any number.
    """

    formats: tuple[str, ...] = ("keras",)
    functions: tuple[str, ...] = ()
    pixels: str = "uint8"
    batch_size: int | None = None


class Lacking(ValueError):
    """A function was asked for that the model does not have."""


def choose_functions(run, asked=()) -> list[str]:
    """Chooses the functions to export, in their order.

    Args:
        run: as `runs.loading.find` returns it.
        asked: names; none for all that the model has.

    Raises:
        Lacking: if the model lacks one of them.
    """
    kind = run.configuration.model
    model = configurations.model_class(kind)
    for name in asked:
        if lacking := lacks(model, name):
            raise Lacking(
                f"This model ({MODELS[kind].description}) {ABILITIES[lacking[0]]}. "
                f"Received: function {name}"
            )
    return [
        name
        for name in FUNCTIONS
        if name in asked or not asked and not lacks(model, name)
    ]


def export(run, request: Request, target: Path, *, data=None, overwrite=False) -> dict:
    """Exports the model of a run.

    Args:
        run: as `runs.loading.find` returns it.
        request: what to export.
        target: folder for the files.
        data: `datasets.Dataset` that the model was trained on, for pictures of test
            images; None leaves them out.
        overwrite: whether an export that is in the folder is replaced.

    Returns:
        Format → (function, output) → largest difference from the model in Keras.

    Raises:
        ValueError: if the folder is taken, a package is missing, the model lacks a
            function, or a file does not compute what the model does. Then nothing was
            written.
    """
    check_free(target, overwrite=overwrite)
    names = check(run, request)
    model = loading.load(in_float32(run))
    functions = {
        name: without_own_layers(
            build_function(model, name, request.pixels, request.batch_size)
        )
        for name in names
    }
    described = metadata.describe(
        run, model, functions, request.pixels, request.batch_size, data
    )
    cases = checking.make_cases(model, names, request.pixels, request.batch_size)
    expected = checking.compute(model, cases)
    with files.folder_written_whole(target) as folder:
        differences, status = {}, Status()
        for kind in request.formats:
            status.update(f"Writing and checking {kind} …")
            formats.write(kind, functions, described, folder / kind)
            found = checking.run(kind, folder / kind, cases)
            differences[kind] = checking.compare(kind, found, expected, model)
        status.finish(f"{', '.join(request.formats)}: written, and loaded again.")
        _write_texts(run, described, differences, data, folder)
    return differences


def check(run, request: Request) -> list[str]:
    """Checks that a run can be exported as asked; returns the names of the functions.

    Args:
        run: as `runs.loading.find` returns it.
        request: what to export.

    Raises:
        formats.Unavailable: if a format cannot be written here.
        Lacking: if the model lacks a function.
    """
    formats.check_available(request.formats, keras.backend.backend())
    return choose_functions(run, request.functions)


def list_files(target: Path) -> list[Path]:
    """Lists the card, the description and the folders of an export, the card first."""
    others = sorted(path for path in target.iterdir() if path.name != CARD)
    return [target / CARD, *others]


def check_free(target: Path, *, overwrite: bool = False):
    """Raises RunError unless an export can be written to a folder.

    Args:
        target: the folder.
        overwrite: whether an export that is there may be replaced; others never are.
    """
    if not target.exists() or target.is_dir() and not any(target.iterdir()):
        return
    if not (target / DESCRIPTION).is_file() or not (target / CARD).is_file():
        raise RunError(
            "An export needs a new or an empty folder; this one has other files, which "
            f"are not changed. Received: {target}"
        )
    if not overwrite:
        raise RunError(
            "There is an export already: replace it (--overwrite), or choose another "
            f"folder (--output-dir). Received: {target}"
        )


def in_float32(run):
    """Returns a run whose layers compute in float32, whatever they were trained in."""
    settings = run.settings
    configuration = settings["configuration"] | {"precision": "float32"}
    return run._replace(settings=settings | {"configuration": configuration})


def _write_texts(run, described, differences, data, folder):
    """Writes pictures, card, and the description, which makes the folder an export."""
    shown = list(_draw(run, data, folder / PICTURES))
    sizes = {kind: _count_bytes(folder / kind) for kind in differences}
    card = write_card(described, differences, measurements.collect(run), shown, sizes)
    (folder / CARD).write_text(card, encoding="utf-8")
    largest = {
        kind: {f"{name}/{output}": value for (name, output), value in found.items()}
        for kind, found in differences.items()
    }
    text = json.dumps(
        described | {"differences": largest}, indent=1, ensure_ascii=False
    )
    (folder / DESCRIPTION).write_text(f"{text}\n", encoding="utf-8")


def _count_bytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _draw(run, data, folder):
    """Draws what a model can draw; yields the names of the pictures."""
    request = pictures.Request(count=SHOWN)
    aspects = [
        aspect
        for aspect in ("reconstruct", "generate")
        if not pictures.lacks(run, aspect, request)
        and (data is not None or not pictures.needs_data(aspect, request))
    ]
    if aspects:
        plain = run._replace(folder=None)  # without pictures of its epochs
        for path in pictures.draw(plain, data, aspects, request, folder):
            yield path.stem
