"""`animate`: animations of a run."""

from pathlib import Path

from vae_utils.cli.loading_data import check_outside, find_place
from vae_utils.cli.options import add_command, add_debug, add_figures_folder
from vae_utils.cli.reporting import print_paths
from vae_utils.cli.values import location, pixels, seconds

ANIMATIONS = ("scatter", "grid", "reconstructions")
FORMATS = ("gif", "mp4")
TIMES = ("linear", "log")


def add_parser(commands):
    """Adds the parser of `animate`."""
    parser = add_command(commands, "animate", "Animate how a model trained.")
    parser.add_argument("run", type=location, help="a run's folder, with snapshots")
    parser.add_argument(
        "--animation",
        nargs="+",
        choices=ANIMATIONS,
        metavar="NAME",
        help="%(choices)s; default all that there are snapshots for",
    )
    parser.add_argument(
        "--format",
        nargs="+",
        choices=FORMATS,
        metavar="NAME",
        help="%(choices)s; default gif; mp4 needs the package imageio-ffmpeg",
    )
    parser.add_argument(
        "--time",
        choices=TIMES,
        help="spacing of frames over the epochs; default linear for scatter, else log",
    )
    parser.add_argument(
        "--seconds",
        type=seconds,
        default=5.0,
        metavar="S",
        help="how long an animation lasts; default 5",
    )
    parser.add_argument(
        "--size",
        type=pixels,
        default=360,
        metavar="PIXELS",
        help="longer side of a frame; default 360",
    )
    add_figures_folder(parser)
    add_debug(parser)


def run(options):
    """Animates what a run kept after every epoch."""
    from vae_utils.cli import engine

    engine.start("cpu", debug=options.debug)
    from vae_utils.runs import RunFolder, animations, loading

    found = loading.find(options.run)
    check_outside(options.output_dir, find_place(found.settings), "--output-dir")
    request = animations.Request(
        names=tuple(options.animation or ()),
        formats=tuple(options.format or ("gif",)),
        seconds=options.seconds,
        size=options.size,
        time=options.time,
    )
    target = Path(options.output_dir or RunFolder(options.run).figures).expanduser()
    print_paths(animations.animate(found, request, target))
