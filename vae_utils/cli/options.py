"""What can be asked for: the parsers of all commands."""

import argparse

from vae_utils.architectures import ACTIVATIONS, ARCHITECTURES, LABELLED
from vae_utils.configurations import CLASSIFIERS, LIKELIHOODS, PROJECTS
from vae_utils.datasets.catalog import NAMES
from vae_utils.pixels import BINARISATIONS

PROGRAM = "python -m vae_utils"
PRESETS = (*PROJECTS, *CLASSIFIERS)
MODELS = ("vae", "cvae", "ae", "classifier")
DEVICES = ("auto", "cpu", "gpu")
ALL = "all"  # an epoch is one pass over all images

EXIT_CODES = """\
exit codes: 0 done, 1 an error (one sentence on stderr), 2 an option that does not
exist or is out of range, 3 the training diverged, 130 interrupted, 143 terminated"""


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, without repeating the usage."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def make_parser() -> Parser:
    """Makes the parser of all commands.

    Options that were not given are None, so that presets and runs can have their say.
    """
    parser = Parser(
        prog=PROGRAM,
        description="Trains and evaluates the models of the VAE book.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(commands)
    _add_evaluate(commands)
    _add_data(commands)
    return parser


def _add_command(commands, name, text, **options):
    return commands.add_parser(
        name,
        help=text[0].lower() + text[1:].rstrip("."),
        description=text,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **options,
    )


def _add_train(commands):
    parser = _add_command(commands, "train", "Train a model in a folder of its own.")
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        metavar="PROJECT",
        help="defaults of a project: %(choices)s; without, the defaults are "
        "variational-autoencoder's on binarised images",
    )
    _add_model_options(parser.add_argument_group("model"))
    _add_schedule_options(parser.add_argument_group("training"))
    _add_data_options(parser.add_argument_group("data"))
    _add_run_options(parser.add_argument_group("run"))
    _add_surroundings(parser.add_argument_group("surroundings"))


def _add_model_options(group):
    group.add_argument("--model", choices=MODELS, help="default vae")
    names = ", ".join(ARCHITECTURES)
    for part in ("encoder", "decoder"):
        group.add_argument(
            f"--{part}",
            choices=ARCHITECTURES,
            metavar="NAME",
            help=f"architecture, one of {names}; default fc",
        )
    for part, whose in (("", "encoder's"), ("decoder-", "decoder's")):
        group.add_argument(
            f"--{part}hidden",
            nargs="*",
            type=_integer,
            metavar="WIDTH",
            help=f"widths of the {whose} dense layers, from the image inwards; "
            "default: what suits the architecture",
        )
        group.add_argument(
            f"--{part}activation",
            choices=ACTIVATIONS,
            metavar="NAME",
            help=f"of the {whose} layers, such as relu",
        )
    group.add_argument("--latent-dim", type=_integer, metavar="N", help="default 2")
    group.add_argument(
        "--labelled",
        choices=[name for name in LABELLED if name != "none"],
        help="which networks of a cvae are told the label; default both",
    )
    group.add_argument(
        "--likelihood", choices=LIKELIHOODS, help="of a pixel; default bernoulli"
    )
    group.add_argument(
        "--sigma",
        type=_number,
        help="standard deviation of a Gaussian pixel; default √½ (squared error)",
    )
    group.add_argument("--beta", type=_number, help="weight of the KL term; default 1")
    group.add_argument("--filters", nargs="+", type=_integer, help="of a classifier")
    group.add_argument("--kernel", type=_integer, help="of a classifier")
    group.add_argument("--dropout", type=_number, help="of a classifier")


def _add_schedule_options(group):
    group.add_argument("--batch-size", type=_integer, metavar="N", help="default 128")
    group.add_argument("--epochs", type=_integer, metavar="N", help="default 100")
    group.add_argument(
        "--updates-per-epoch",
        type=_number_or_all,
        metavar="N",
        help="batches of an epoch, or all for one pass over the images; default 100",
    )
    group.add_argument("--learning-rate", type=_number, help="of Adam; default 2e-4")
    group.add_argument(
        "--decay",
        action=argparse.BooleanOptionalAction,
        help="whether the learning rate falls to zero along a cosine; default no",
    )
    group.add_argument(
        "--clip-norm", type=_number, help="largest norm of the gradient; default any"
    )
    group.add_argument(
        "--binarisation",
        choices=BINARISATIONS,
        help="of training images; default dynamic, of presets and Gaussians none",
    )
    group.add_argument("--seed", type=_seed, help="default 1")


def _add_data_options(group, *, several=False):
    group.add_argument(
        "--data",
        choices=NAMES,
        **({"nargs": "+", "default": NAMES} if several else {}),
        help="data set; default both" if several else "data set; default mnist",
    )
    group.add_argument(
        "--data-dir",
        metavar="DIR",
        help="folder with the IDX files as published, raw or .gz; missing ones are "
        "downloaded into it",
    )
    group.add_argument(
        "--no-download",
        action="store_true",
        help="ask neither the web nor package clients",
    )
    group.add_argument(
        "--sample",
        action="store_true",
        help="use the sample that comes with the package",
    )


def _add_run_options(group):
    group.add_argument(
        "--output-dir",
        metavar="DIR",
        help="the run's folder; default runs/PRESET or runs/MODEL",
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--resume",
        action="store_true",
        help="go on with the run in that folder; its settings need not be repeated",
    )
    either.add_argument(
        "--overwrite", action="store_true", help="remove the run in that folder first"
    )
    group.add_argument(
        "--load-weights",
        metavar="PATH",
        help="begin with the weights of a run's folder, a checkpoint, or a recorded "
        "run",
    )
    group.add_argument(
        "--part", choices=("encoder", "decoder"), help="load the weights of one only"
    )
    group.add_argument(
        "--keep-every",
        type=_positive,
        metavar="N",
        help="keep each Nth checkpoint beside the last two and the best",
    )
    group.add_argument(
        "--log-dir", metavar="DIR", help="write TensorBoard's runs train and val there"
    )
    group.add_argument(
        "--viz",
        action=argparse.BooleanOptionalAction,
        help="keep snapshots of every epoch and draw figures at the end; default yes",
    )
    group.add_argument(
        "--live",
        action="store_true",
        help="show reconstructions in a window after every epoch",
    )


def _add_surroundings(group):
    group.add_argument(
        "--device",
        choices=DEVICES,
        default="auto",
        help="default a GPU if there is one",
    )
    group.add_argument("--quiet", action="store_true", help="show no progress")
    _add_debug(group)


def _add_debug(group):
    group.add_argument(
        "--debug", action="store_true", help="show where an error comes from"
    )


def _add_evaluate(commands):
    parser = _add_command(
        commands, "evaluate", "Draw what a trained model does, and measure it."
    )
    parser.add_argument(
        "run", help="a run's folder, or the name of a recorded run that has weights"
    )
    what = parser.add_argument_group("what (default: all of it)")
    for name, text in (
        (
            "reconstruct",
            "test images beside their reconstructions",
        ),
        ("generate", "new images; from the prior, the decoder alone is needed"),
        ("latent", "codes of test images; of two dimensions also what they decode to"),
        ("history", "curves of the training"),
        ("metrics", "numbers, as a table and in metrics.json"),
    ):
        what.add_argument(f"--{name}", action="store_true", help=text)
    how = parser.add_argument_group("how")
    how.add_argument(
        "--epoch",
        default="last",
        type=_epoch,
        metavar="last|best|N",
        help="which checkpoint; default last",
    )
    how.add_argument(
        "--num-gen",
        type=_positive,
        default=100,
        metavar="N",
        help="images, or pairs, to draw; default 100",
    )
    how.add_argument(
        "--around",
        choices=("prior", "average"),
        default="prior",
        help="draw new images around the prior's mean, or each class's mean code",
    )
    how.add_argument(
        "--spread",
        type=_spread,
        metavar="S",
        help="standard deviation around it; default 1 around the prior's mean, else 0",
    )
    how.add_argument(
        "--digit", type=_integer, choices=range(10), metavar="0…9", help="class to draw"
    )
    how.add_argument(
        "--is-samples",
        type=_positive,
        metavar="K",
        help="also estimate −log p(x) by importance sampling, with K samples",
    )
    how.add_argument(
        "--batch-size",
        type=_positive,
        default=1000,
        metavar="N",
        help="images handled at a time; default 1000",
    )
    how.add_argument("--seed", type=_seed, default=0, help="of drawn codes; default 0")
    how.add_argument(
        "--output-dir", metavar="DIR", help="default: figures, in the run's folder"
    )
    _add_data_source(parser.add_argument_group("data"))
    _add_surroundings(parser.add_argument_group("surroundings"))


def _add_data_source(group):
    group.add_argument("--data-dir", metavar="DIR", help="as for train")
    group.add_argument("--no-download", action="store_true", help="as for train")


def _add_data(commands):
    parser = _add_command(
        commands, "data", "Download data sets, verify them, and print what is in them."
    )
    _add_data_options(parser, several=True)
    _add_debug(parser)
    actions = parser.add_subparsers(dest="action", metavar="import DIR")
    importing = _add_command(
        actions, "import", "Verify IDX files, raw or .gz, and put them into the cache."
    )
    importing.add_argument("folder", metavar="DIR", help="where they are")
    _add_debug(importing)


def _number_or_all(text):
    return ALL if text == ALL else _integer(text)


def _epoch(text):
    return text if text in ("last", "best") else str(_positive(text))


def _integer(text):
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a whole number. Received: {text}"
        ) from None


def _positive(text):
    number = _integer(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more. Received: {text}")
    return number


def _seed(text):
    number = _integer(text)
    if not 0 <= number < 2**31:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 0 to {2**31 - 1}. Received: {text}"
        )
    return number


def _number(text):
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a number. Received: {text}"
        ) from None


def _spread(text):
    number = _number(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be 0 or more. Received: {text}")
    return number
