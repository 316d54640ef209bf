"""`train --sweep`: one training run for each combination of settings."""

import dataclasses

from vae_utils.cli import train
from vae_utils.cli.compare import compare
from vae_utils.cli.errors import UsageError
from vae_utils.cli.output import log
from vae_utils.cli.planning import command, load_data, make_plan
from vae_utils.cli.sweep_points import make_points
from vae_utils.cli.training import train_and_report
from vae_utils.errors import Diverged
from vae_utils.runs import sweeps
from vae_utils.runs.folder import RunError, RunFolder

DEFAULT = "sweep"  # folder in runs


def run(options):
    """Trains all combinations, one after another, and compares them.

    Everything is checked before the first one starts. One that diverges is reported,
    and the others are still trained.
    """
    root = RunFolder(options.output_dir or f"{train.RUNS}/{DEFAULT}")
    points = make_points(options, root)
    names = [point.name for point in points]
    how = {"resume": options.resume, "overwrite": options.overwrite}
    sweeps.check_root(root, names, **how)
    prepared = [(point, train.check(point.options)) for point in points]

    from vae_utils.cli import engine

    engine.start(options.device or "auto", debug=options.debug)
    plans = _make_plans(prepared, options)
    diverged = _train_all(points, plans, options)
    _compare(root, plans)
    if diverged:
        raise Diverged(
            f"{len(diverged)} of {len(points)} runs diverged; the others are finished. "
            f"Received: {', '.join(diverged)}"
        )


def _make_plans(prepared, options):
    """Makes the plan of each run, and builds its model once, to see that it can be."""
    plans = []
    for point, checked in prepared:
        data = load_data(point.options, *checked[1:])
        if plans and _have_same_data(data, plans[0].data):
            data = plans[0].data
        plan = make_plan(point.options, *checked[:3], data)
        _check(plan)
        plans.append(dataclasses.replace(plan, progress=not options.quiet))
    for data in {id(plan.data): plan.data for plan in plans}.values():
        if not options.quiet:
            log(data.provenance)
    return plans


def _compare(root, plans):
    """Compares all runs; if they cannot be drawn together, that is a warning."""
    finished = [plan.folder.path for plan in plans if plan.folder.config.exists()]
    try:
        compare(finished, root.path / sweeps.TABLE, root.path / sweeps.PICTURE)
    except RunError as error:
        log(f"warning: {error}")


def _have_same_data(one, other):
    """Tells whether two data sets hold the same; then one of them is enough."""
    same = (one.provenance, one.content) == (other.provenance, other.content)
    return same and one.name == other.name


def _check(plan):
    """Raises UsageError if a configuration does not suit the data."""
    import keras

    from vae_utils import training

    try:
        prepared = training.prepare(plan.configuration, plan.data, seed=plan.seed)
        if plan.weights is not None:
            plan.weights.set(prepared.model)
    except ValueError as error:
        raise UsageError(f"{error} (for {plan.folder.path.name})") from error
    finally:
        keras.backend.clear_session()


def _train_all(points, plans, options):
    """Trains what is not finished; returns the names of runs that diverged."""
    diverged = []
    for number, (point, plan) in enumerate(zip(points, plans, strict=True), start=1):
        where = f"{number} of {len(plans)}: {point.name}"
        point.options.arguments = options.arguments  # what resumes all of them
        try:
            _train(where, plan, point.options)
        except Diverged as error:
            log(f"warning: {error}")
            diverged.append(point.name)
        except KeyboardInterrupt as error:
            raise type(error)(_how_to_resume(where, plan, options)) from error
    return diverged


def _train(where, plan, options):
    """Trains one run, unless it is finished."""
    import keras

    if sweeps.is_finished(plan.folder, plan.configuration):
        return log(f"{where} is finished")
    log(where)
    train_and_report(plan, options)
    keras.backend.clear_session()


def _how_to_resume(where, plan, options):
    if not any(plan.folder.path.parent.glob("*/config.json")):
        return "Interrupted. Training had not started."
    again = [a for a in options.arguments if a not in ("--overwrite", "--resume")]
    return f"Interrupted at {where}. To resume:\n  {command([*again, '--resume'])}"
