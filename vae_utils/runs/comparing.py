"""Runs side by side: a table, and their losses in one picture."""

import csv
import io
from collections.abc import Sequence

import numpy as np

from vae_utils import plots
from vae_utils.runs import comparability, compared
from vae_utils.runs.folder import RunError

FACTS = ("epoch", "minutes")
#: What is drawn: title → names in the history, whose sum it is.
LOSSES = {
    "−ELBO of validation images": ("val_nll", "val_kl"),
    "reconstruction term of validation images": ("val_nll",),
    "cross-entropy of validation images": ("val_loss",),
}
KL = {"KL term of validation images": ("val_kl",)}


def make_rows(runs: Sequence, verdict: comparability.Verdict) -> list[dict]:
    """Makes a row for each run: the settings that differ, then numbers.

    Args:
        runs: `compared.Compared`.
        verdict: which metrics are shown.

    Returns:
        For each run name → value; numbers are numbers, and None where there is none.
    """
    differing = compared.list_differences(runs)
    facts = [name for name in FACTS if any(name in run.facts for run in runs)]
    return [
        {
            "run": run.name,
            **{name: compared.describe_setting(run, name) for name in differing},
            **{name: run.facts.get(name) for name in facts},
            **{name: run.metrics.get(name) for name in verdict.metrics},
        }
        for run in runs
    ]


def write_csv(rows: Sequence[dict]) -> bytes:
    """Writes rows as CSV, numbers in full precision."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def draw_losses(runs: Sequence, verdict: comparability.Verdict):
    """Draws the losses of all runs over epochs; returns Axes.

    −ELBO is drawn with β = 1, whatever a run was trained with. Where likelihoods cannot
    be compared, it is the KL term.

    Args:
        runs: `compared.Compared`.
        verdict: whether likelihoods can be compared.

    Raises:
        RunError: if there is nothing that all runs have.
    """
    title, terms = _choose_loss(runs, KL if verdict.reasons else LOSSES)
    names = compared.list_differences(runs)
    labels = [compared.label(run, names) for run in runs]
    if len(set(labels)) < len(labels):
        labels = [run.name for run in runs]
    curves = [np.sum([run.history[term] for term in terms], axis=0) for run in runs]
    return plots.plot_curves(
        dict(zip(labels, curves, strict=True)), title=title, unit="nats per image"
    )


def _choose_loss(runs, choices):
    """Returns title and terms of the first loss that all runs have."""
    for title, terms in choices.items():
        if all(set(terms) <= run.history.keys() for run in runs):
            return title, terms
    raise RunError(
        "These runs have no losses in common that can be compared. "
        f"Received: {', '.join(run.name for run in runs)}"
    )
