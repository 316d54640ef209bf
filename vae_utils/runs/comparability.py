"""Which numbers of several runs can be compared, and why others cannot."""

import pkgutil
from collections.abc import Sequence
from typing import NamedTuple

from vae_utils.configurations import LIKELIHOODS
from vae_utils.dequantisation import LEVELS
from vae_utils.runs.compared import describe_setting

#: Metrics that mean the same under every likelihood.
FREE = (
    "rmse_mean",
    "rmse_sampled",
    "kl",
    "grey_kl",
    "active_units",
    "fdd",
    "conditional_accuracy",
    "val_accuracy",
    "test_accuracy",
    "sigma",
    "logistic_scale",
)
#: Those of bytes, whatever the likelihood is, if the images are the same.
BITS = ("bits_per_dim", "is_bits_per_dim", "bits_per_dim_dequantised")
FORM = ("likelihood", "sigma", "clip_lambda", "dequantisation")  # of a density
DATA = ("data", "complete", "image_shape", "content")  # settings that say which images


class Verdict(NamedTuple):
    """What can be compared.

    Args:
        reasons: why likelihoods cannot be, one phrase for each reason; empty if they
            can.
        metrics: names that can be, in the order in which runs have them.
        left_out: names that cannot be.
    """

    reasons: list[str]
    metrics: list[str]
    left_out: list[str]

    @property
    def sentence(self) -> str:
        """Says in a sentence what is left out, and why; empty if nothing is."""
        if self.reasons:
            names = f"; left out: {', '.join(self.left_out)}" * bool(self.left_out)
            return (
                "The likelihoods of these runs cannot be compared, only what does not "
                f"depend on them{names}. Received: {'; '.join(self.reasons)}"
            )
        if self.left_out:
            return (
                "Numbers that were measured in different ways cannot be compared, and "
                f"are left out: measure again (evaluate). Received: "
                f"{', '.join(self.left_out)}"
            )
        return ""


def check(runs: Sequence) -> Verdict:
    """Finds which metrics of runs can be compared.

    Args:
        runs: `compared.Compared`.
    """
    names = list(dict.fromkeys(name for run in runs for name in run.metrics))
    reasons, other_data = _list_reasons(runs), _differ(runs, DATA)
    kept = []
    for name in names:
        if name in FREE:
            kept.append(name)
        elif name in BITS:
            kept += [] if other_data else [name]
        elif not reasons and not _measured_otherwise(runs, name):
            kept.append(name)
    return Verdict(reasons, kept, [name for name in names if name not in kept])


def _list_reasons(runs):
    """Says which of the things that a likelihood depends on differ."""
    reasons = [
        f"{name}: {_join(describe_setting(run, name) for run in runs)}"
        for name in DATA
        if _differ(runs, [name])
    ]
    kinds = dict.fromkeys(map(_describe_kind, runs))
    if len(kinds) > 1:
        return [*reasons, _join(kinds)]
    kind = next(iter(kinds))
    if kind == BINARY and _differ(runs, ["binarisation"]):
        values = _join(run.settings["binarisation"] for run in runs)
        reasons.append(f"binarisation: {values}")
    if kind == DENSITY and _differ(runs, FORM):
        values = _join(map(_describe_density, runs))
        reasons.append(f"densities of different forms: {values}")
    return reasons


BINARY, BYTES = "a probability of binary images", f"a probability of {LEVELS} levels"
DENSITY, LABELS = "a density", "a probability of labels"


def _describe_kind(run):
    """Says what a run's likelihood is of."""
    if "likelihood" not in run.settings:
        return LABELS
    likelihood = pkgutil.resolve_name(LIKELIHOODS[run.settings["likelihood"]])
    if not likelihood.is_probability:
        return DENSITY
    return BYTES if getattr(likelihood, "levels", 2) == LEVELS else BINARY


def _describe_density(run):
    settings = run.settings
    named = {"sigma": settings.get("sigma"), "λ clipped at": settings["clip_lambda"]}
    parts = [f"{name} {value:g}" for name, value in named.items() if value]
    of = " of dequantised images" * (settings["dequantisation"] != "none")
    words = [settings["likelihood"], *(["with"] if parts else []), *parts]
    return " ".join(words) + of


def _differ(runs, names):
    first = [runs[0].settings.get(name) for name in names]
    return any([run.settings.get(name) for name in names] != first for run in runs)


def _measured_otherwise(runs, name):
    """Tells whether runs say different things about how a number was measured."""
    return len({run.measured[name] for run in runs if name in run.measured}) > 1


def _join(values):
    return " and ".join(dict.fromkeys(str(value) or "none" for value in values))
