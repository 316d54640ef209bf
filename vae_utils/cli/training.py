"""What `train` does once all is known: it trains, measures and draws."""

from vae_utils import interruption, signals
from vae_utils.cli.errors import UsageError
from vae_utils.cli.output import log
from vae_utils.cli.planning import command
from vae_utils.errors import Diverged
from vae_utils.runs.folder import RunError, SettingsError


def train_and_report(plan, options):
    """Trains; whatever interrupts it is reported with how to resume.

    Args:
        plan: `runs.session.Plan`.
        options: of the command.
    """
    from vae_utils.runs import session

    try:
        with signals.in_order(), interruption.recognised():
            history = session.train(
                plan, resume=options.resume, overwrite=options.overwrite
            )
            with plan.folder.locked():
                _report(plan, history)
    except KeyboardInterrupt as error:
        raise type(error)(f"Interrupted. {_how_to_resume(plan, options)}") from error
    except SettingsError as error:
        raise UsageError(str(error)) from error
    except Diverged as error:
        raise Diverged(f"{_last_checkpoint(plan)} {error}") from error
    except OSError as error:
        where = error.filename or plan.folder.path
        raise RunError(
            f"{where} could not be read or written. "
            f"Received: {error.strerror or error}. {_how_to_resume(plan, options)}"
        ) from error


def _choose_epoch(plan, history):
    """Chooses the epoch to report on: the last one, or the best if training looks back.

    With a patience, training continues after the best epoch, to see that it was best.
    """
    from vae_utils.training import find_best

    losses = history.get("val_loss", [])
    if plan.configuration.patience is None or not losses:
        return "last"
    best = find_best(losses)
    if plan.progress and best < len(losses):
        log(
            f"The validation loss was smallest after epoch {best} of {len(losses)}: "
            "the results below are those of this epoch (evaluate --epoch last: of the "
            "last one)."
        )
    return "best"


def _report(plan, history):
    """Measures, draws and animates an epoch, as the other commands do."""
    from vae_utils.cli.reporting import print_metrics, report
    from vae_utils.runs import loading, reports

    found = loading.find(str(plan.folder.path), _choose_epoch(plan, history))
    found = found._replace(history=history)  # also of the epochs after it
    report(
        lambda: print_metrics(reports.summarise(found, plan.data), plan.folder),
        _draw(plan, found) if plan.viz else (),
    )


def _draw(plan, found):
    """Yields iterators of what is drawn: pictures, then animations."""
    from vae_utils.runs import animations, pictures
    from vae_utils.training import read_snapshots

    request, target = pictures.Request(), plan.folder.figures
    aspects = [a for a in pictures.ASPECTS if not pictures.lacks(found, a, request)]
    yield pictures.draw(found, plan.data, aspects, request, target)
    possible = animations.list_animations(read_snapshots(plan.folder.path))
    if "grid" in possible:  # two latent dimensions
        request = animations.Request(names=("scatter", "grid"))
        yield animations.animate(found, request, target)


def _how_to_resume(plan, options):
    """Names the last checkpoint, and the command that resumes from it."""
    if not plan.folder.config.exists():
        return "Training had not started."
    again = [a for a in options.arguments if a not in ("--overwrite", "--resume")]
    return f"{_last_checkpoint(plan)} To resume:\n  {command([*again, '--resume'])}"


def _last_checkpoint(plan):
    from vae_utils.training.checkpoint_file import list_epochs

    epochs = list_epochs(plan.folder.checkpoints)
    return f"Last checkpoint: epoch {epochs[-1]}." if epochs else "No epoch completed."
