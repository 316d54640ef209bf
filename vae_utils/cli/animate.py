"""`animate`: films of a training."""

from pathlib import Path

from vae_utils.cli.output import tell
from vae_utils.runs.folder import RunFolder


def run(options):
    """Films what a run kept after every epoch."""
    from vae_utils.cli import engine

    engine.start("cpu", debug=options.debug)
    from vae_utils.runs import films, loading

    source = loading.find(options.run)
    request = films.Request(
        names=tuple(options.film or ()),
        formats=tuple(options.format or ("gif",)),
        seconds=options.seconds,
        size=options.size,
        time=options.time,
    )
    target = Path(options.output_dir or RunFolder(options.run).figures).expanduser()
    for path in films.film(source, request, target):
        tell(path)
