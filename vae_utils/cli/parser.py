"""The parser of all commands."""

import argparse

from vae_utils.cli import (
    animate,
    compare,
    data,
    evaluate,
    export,
    first_stage,
    score,
    train,
)
from vae_utils.cli.choosing import choose_configuration
from vae_utils.cli.options import EXIT_CODES, PROGRAM
from vae_utils.cli.output import log, lost, print_result
from vae_utils.version import NAME, read_version


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, without repeating the usage.

    Whatever it prints is printed as results and messages of commands are.
    """

    def error(self, message):
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)")

    def print_help(self, file=None):
        print_result(self.format_help().rstrip())

    def exit(self, status=0, message=None):
        if sentence := lost():
            status, message = status or 1, message or f"{self.prog}: {sentence}"
        if message:
            log(message.rstrip())
        super().exit(status)


class ShowVersion(argparse.Action):
    """Prints the version, and ends the program."""

    def __call__(self, parser, namespace, values, option_string=None):
        print_result(f"{NAME} {read_version()}")
        parser.exit()


def make_parser(arguments=()) -> Parser:
    """Makes the parser of all commands.

    Options that were not given are None, so that presets and runs can set them.

    Args:
        arguments: those to be parsed; a model named among them adds its own options.
    """
    parser = Parser(
        prog=PROGRAM,
        description="Trains, evaluates and exports the models of the VAE book.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    text = "show the version of this package and exit"
    parser.add_argument("--version", action=ShowVersion, nargs=0, help=text)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train.add_parser(commands, arguments)
    for command in (evaluate, score, compare, animate, export, data):
        command.add_parser(commands)
    return parser


def parse_configuration(arguments):
    """Makes the configuration that arguments of `train` ask for."""
    arguments = ["train", *arguments]
    options = make_parser(arguments).parse_args(arguments)
    first = first_stage.find(options, options.model) if options.codes_of else None
    return choose_configuration(options, first=first)
