"""What can be asked for: the parsers of all commands."""

import argparse

from vae_utils.cli.shared_options import (
    EXIT_CODES,
    add_command,
    add_data_options,
    add_debug,
    add_surroundings,
)
from vae_utils.cli.train_options import add_train
from vae_utils.cli.values import (
    epoch,
    integer,
    pixels,
    positive,
    seconds,
    seed,
    spread,
)

PROGRAM = "python -m vae_utils"
FILMS = ("spread", "canvas", "reconstructions")
FORMATS = ("gif", "mp4")
TIMES = ("linear", "log")


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
        description="Trains, evaluates and films the models of the VAE book.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_train(commands)
    _add_evaluate(commands)
    _add_animate(commands)
    _add_data(commands)
    return parser


def _add_evaluate(commands):
    parser = add_command(
        commands, "evaluate", "Draw what a trained model does, and measure it."
    )
    parser.add_argument(
        "run", help="a run's folder, or the name of a recorded run that has weights"
    )
    _add_aspects(parser.add_argument_group("what (default: all of it)"))
    how = parser.add_argument_group("how")
    _add_choice_of_codes(how)
    _add_handling(how)
    _add_data_source(parser.add_argument_group("data"))
    add_surroundings(parser.add_argument_group("surroundings"))


def _add_aspects(group):
    for name, text in (
        ("reconstruct", "test images beside their reconstructions"),
        ("generate", "new images; from the prior, the decoder alone is needed"),
        ("latent", "codes of test images; of two dimensions also what they decode to"),
        ("history", "curves of the training"),
        ("metrics", "numbers, as a table and in metrics.json"),
    ):
        group.add_argument(f"--{name}", action="store_true", help=text)


def _add_choice_of_codes(group):
    group.add_argument(
        "--num-gen",
        type=positive,
        default=100,
        metavar="N",
        help="images, or pairs, to draw; default 100",
    )
    group.add_argument(
        "--around",
        choices=("prior", "average"),
        help="draw new images around the prior's mean, or each class's mean code",
    )
    group.add_argument(
        "--spread",
        type=spread,
        metavar="S",
        help="standard deviation around it; default 1 around the prior's mean, else 0",
    )
    group.add_argument(
        "--digit", type=integer, choices=range(10), metavar="0…9", help="class to draw"
    )
    group.add_argument("--seed", type=seed, default=0, help="of drawn codes; default 0")


def _add_handling(group):
    group.add_argument(
        "--epoch",
        default="last",
        type=epoch,
        metavar="last|best|N",
        help="which checkpoint; default last",
    )
    group.add_argument(
        "--is-samples",
        type=positive,
        metavar="K",
        help="metrics: also estimate −log p(x) by importance sampling, K samples",
    )
    group.add_argument(
        "--batch-size",
        type=positive,
        default=1000,
        metavar="N",
        help="images handled at a time for pictures; default 1000",
    )
    _add_figures_folder(group)


def _add_animate(commands):
    parser = add_command(commands, "animate", "Film how a model trained.")
    parser.add_argument("run", help="a run's folder, with snapshots")
    parser.add_argument(
        "--film",
        nargs="+",
        choices=FILMS,
        help="default: all that there are snapshots for",
    )
    parser.add_argument(
        "--format",
        nargs="+",
        choices=FORMATS,
        help="default gif; mp4 needs imageio-ffmpeg",
    )
    parser.add_argument(
        "--time",
        choices=TIMES,
        help="how epochs pass; default linear for spread, else log",
    )
    parser.add_argument(
        "--seconds",
        type=seconds,
        default=5.0,
        metavar="S",
        help="for which a film lasts; default 5",
    )
    parser.add_argument(
        "--size",
        type=pixels,
        default=360,
        metavar="PIXELS",
        help="of a frame's longer side; default 360",
    )
    _add_figures_folder(parser)
    add_debug(parser)


def _add_figures_folder(group):
    group.add_argument(
        "--output-dir", metavar="DIR", help="default: figures, in the run's folder"
    )


def _add_data_source(group):
    group.add_argument("--data-dir", metavar="DIR", help="as for train")
    group.add_argument("--no-download", action="store_true", help="as for train")


def _add_data(commands):
    parser = add_command(
        commands, "data", "Download data sets, verify them, and print what is in them."
    )
    add_data_options(parser, several=True)
    add_debug(parser)
    parser.usage = (
        f"{parser.prog} [-h] [--data NAME] [--data-dir DIR] [--no-download] [--sample] "
        f"[--debug]\n       {parser.prog} import DIR"
    )
    actions = parser.add_subparsers(
        dest="action", metavar="import DIR", prog=parser.prog
    )
    importing = add_command(
        actions, "import", "Verify IDX files, raw or .gz, and put them into the cache."
    )
    importing.add_argument("folder", metavar="DIR", help="where they are")
    importing.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="as above"
    )
