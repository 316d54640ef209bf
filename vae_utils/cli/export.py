"""`export`: a trained model as files that load without this package."""

import warnings
from pathlib import Path

from vae_utils.cli.errors import UsageError
from vae_utils.cli.evaluate import remembered_folder
from vae_utils.cli.loading_data import check_outside, find_place, load_again
from vae_utils.cli.options import add_command, add_data_folder, add_debug, add_place
from vae_utils.cli.output import print_result
from vae_utils.cli.values import epoch, location, positive

FORMATS = ("keras", "savedmodel", "onnx", "litert", "js")
FUNCTIONS = (
    "encode",
    "decode",
    "reconstruct",
    "sample",
    "score",
    "find_codes",
    "decode_codes",
    "predict_codes",
    "classify",
)
PIXELS = ("uint8", "float32")


def add_parser(commands):
    """Adds the parser of `export`."""
    parser = add_command(
        commands, "export", "Export a trained model to files that load anywhere."
    )
    parser.add_argument(
        "run",
        type=location,
        help="a run's folder, or the name of a recorded run that has weights",
    )
    _add_choice_of_files(parser.add_argument_group("what"))
    _add_handling(parser.add_argument_group("how"))
    data = parser.add_argument_group("data, for pictures in the model card")
    add_place(data)
    add_data_folder(data)
    add_debug(parser)


def _add_choice_of_files(group):
    group.add_argument(
        "--format",
        nargs="+",
        choices=FORMATS,
        metavar="NAME",
        help="%(choices)s; default keras; each is loaded again in a fresh process and "
        "compared with the model",
    )
    group.add_argument(
        "--functions",
        nargs="+",
        choices=FUNCTIONS,
        metavar="NAME",
        help="%(choices)s; default all that the model has",
    )
    group.add_argument(
        "--pixels",
        choices=PIXELS,
        default="uint8",
        help="what images will be: uint8 for bytes from 0 to 255, float32 for numbers "
        "from 0 to 1; default uint8",
    )
    group.add_argument(
        "--batch-size",
        type=positive,
        metavar="N",
        help="fix the number of examples in a call; default any number",
    )


def _add_handling(group):
    group.add_argument(
        "--epoch",
        default="last",
        type=epoch,
        metavar="last|best|N",
        help="which checkpoint; default last",
    )
    group.add_argument(
        "--output-dir",
        type=location,
        metavar="DIR",
        help="where the files go; default export, in the run's folder",
    )
    group.add_argument(
        "--overwrite", action="store_true", help="replace an export in that folder"
    )


def run(options):
    """Exports a run's model, and prints how far the files are from it."""
    from vae_utils.cli import engine

    engine.start("cpu", debug=options.debug)
    from vae_utils.export import exporting, tables
    from vae_utils.runs import RunFolder, loading

    found = loading.find(options.run, options.epoch)
    place = find_place(found.settings, options)
    check_outside(options.output_dir, place, "--output-dir")
    folder = RunFolder(options.run)
    target = Path(options.output_dir or _default_target(folder, found)).expanduser()
    exporting.check_free(target, overwrite=options.overwrite)
    request = _make_request(options, found)
    differences = exporting.export(
        found,
        request,
        target,
        data=_load_data(options, found, folder),
        overwrite=options.overwrite,
    )
    print_result(tables.tabulate_differences(differences))
    for path in exporting.list_files(target):
        print_result(path)


def _make_request(options, found):
    """Makes the request, once it is known that the model can be exported so."""
    from vae_utils.export import exporting, formats

    request = exporting.Request(
        formats=tuple(dict.fromkeys(options.format or ("keras",))),
        functions=tuple(options.functions or ()),
        pixels=options.pixels,
        batch_size=options.batch_size,
    )
    try:
        exporting.check(found, request)
    except (formats.Unavailable, exporting.Lacking) as error:
        raise UsageError(str(error)) from error
    return request


def _load_data(options, found, folder):
    """Loads the data that a model was trained on; warns, and returns None, if not."""
    data_dir = options.data_dir or remembered_folder(folder)
    try:
        return load_again(found.settings, options, data_dir)
    except ValueError as error:
        if options.data:
            raise
        warnings.warn(
            f"The model card has no pictures of test images. Received: {error}",
            stacklevel=2,
        )
        return None


def _default_target(folder, found):
    return folder.export if folder.config.exists() else f"exports/{found.name}"
