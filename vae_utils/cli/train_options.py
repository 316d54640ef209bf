"""The options of `train`."""

import argparse

from vae_utils.architectures import ACTIVATIONS, ARCHITECTURES, LABELLED
from vae_utils.cli.shared_options import (
    add_command,
    add_data_options,
    add_surroundings,
)
from vae_utils.cli.values import integer, number, number_or_all, positive, seed
from vae_utils.configurations import CLASSIFIERS, LIKELIHOODS, PROJECTS
from vae_utils.pixels import BINARISATIONS

PRESETS = (*PROJECTS, *CLASSIFIERS)
MODELS = ("vae", "cvae", "ae", "classifier")


def add_train(commands):
    """Adds the parser of `train`."""
    parser = add_command(commands, "train", "Train a model in a folder of its own.")
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        metavar="PROJECT",
        help="defaults of a project: %(choices)s; without, the defaults are "
        "variational-autoencoder's on binarised images",
    )
    _add_model_options(parser.add_argument_group("model"))
    _add_schedule_options(parser.add_argument_group("training"))
    add_data_options(parser.add_argument_group("data"))
    _add_run_options(parser.add_argument_group("run"))
    add_surroundings(parser.add_argument_group("surroundings"))


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
            type=integer,
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
    group.add_argument("--latent-dim", type=integer, metavar="N", help="default 2")
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
        type=number,
        help="standard deviation of a Gaussian pixel; default √½ (squared error)",
    )
    group.add_argument("--beta", type=number, help="weight of the KL term; default 1")
    group.add_argument("--filters", nargs="+", type=integer, help="of a classifier")
    group.add_argument("--kernel", type=integer, help="of a classifier")
    group.add_argument("--dropout", type=number, help="of a classifier")


def _add_schedule_options(group):
    group.add_argument("--batch-size", type=integer, metavar="N", help="default 128")
    group.add_argument("--epochs", type=integer, metavar="N", help="default 100")
    group.add_argument(
        "--updates-per-epoch",
        type=number_or_all,
        metavar="N",
        help="batches of an epoch, or all for one pass over the images; default 100",
    )
    group.add_argument("--learning-rate", type=number, help="of Adam; default 2e-4")
    group.add_argument(
        "--decay",
        action=argparse.BooleanOptionalAction,
        help="whether the learning rate falls to zero along a cosine; default no",
    )
    group.add_argument(
        "--clip-norm", type=number, help="largest norm of the gradient; default any"
    )
    group.add_argument(
        "--binarisation",
        choices=BINARISATIONS,
        help="of training images; default dynamic, of presets and densities none",
    )
    group.add_argument("--seed", type=seed, help="default 1")


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
        type=positive,
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
    group.add_argument("--quiet", action="store_true", help="show no progress")
    group.add_argument(
        "--live",
        action="store_true",
        help="show reconstructions in a window after every epoch",
    )
