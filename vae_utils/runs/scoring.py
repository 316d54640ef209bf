"""Scores of images by a run's model, and which of them it finds too strange."""

import csv
import io
from typing import NamedTuple

import numpy as np

from vae_utils import evaluation
from vae_utils.configurations import MODELS, model_class
from vae_utils.evaluation import SCORES
from vae_utils.models.abilities import ABILITIES, missing
from vae_utils.runs.anomaly_labels import UNKNOWN
from vae_utils.runs.folder import SettingsError


class Request(NamedTuple):
    """How to score.

    Args:
        by: names of `evaluation.SCORES`.
        quantile: share of ordinary images that is not flagged.
        samples: codes drawn for each image; None for each score's own number.
        seed: int, of codes, binarisation and resampling.
    """

    by: tuple[str, ...]
    quantile: float = 0.95
    samples: int | None = None
    seed: int = 0


class Scored(NamedTuple):
    """One score of all images.

    Args:
        name: key of `evaluation.SCORES`.
        values: shape (n,).
        bits: the same in bits per dimension; None where there is no such number.
        threshold: larger values are flagged.
        detection: `evaluation.Detection`; None if nobody said what is an anomaly.
    """

    name: str
    values: np.ndarray
    bits: np.ndarray | None
    threshold: float
    detection: object = None

    @property
    def column(self) -> str:
        """The name of the number, in tables."""
        return SCORES[self.name].column

    @property
    def flagged(self) -> np.ndarray:
        """Whether each image is above the threshold, bools, shape (n,)."""
        return self.values > self.threshold


def choose_scores(run, asked=()) -> tuple[str, ...]:
    """Chooses scores that a run's model can give.

    Args:
        run: as `loading.find` returns it.
        asked: names of `evaluation.SCORES`; if there are none, all but the slow `is`.

    Returns:
        Names of `evaluation.SCORES`, each once.

    Raises:
        SettingsError: if the model cannot give one that was asked for, or none.
    """
    kind = run.configuration.model
    model = model_class(kind)
    wanted = tuple(dict.fromkeys(asked)) or ("mse", "elbo")
    lacking = {name: missing(model, SCORES[name].needs) for name in wanted}
    possible = tuple(name for name in wanted if not lacking[name])
    if asked and possible == wanted or not asked and possible:
        return possible
    name = next(name for name in wanted if lacking[name])
    description = MODELS[kind].description
    raise SettingsError(
        f"A {description} {ABILITIES[lacking[name][-1]]}. Received: --by {name}"
    )


def score(model, request: Request, images, labels, ordinary) -> list[Scored]:
    """Scores images, and finds thresholds.

    Args:
        model: as `loading.load` returns it.
        request: how.
        images: uint8, shape (n, height, width, channels).
        labels: ints, shape (n,), of a conditional model.
        ordinary: images and labels to take thresholds from; None for those that are
            scored.

    Returns:
        One `Scored` for each of `request.by`.
    """
    options = {"samples": request.samples, "seed": request.seed}
    found = []
    for name in request.by:
        values = evaluation.score_images(model, images, labels, by=name, **options)
        usual = values
        if ordinary is not None:
            usual = evaluation.score_images(model, *ordinary, by=name, **options)
        threshold = evaluation.find_threshold(usual, request.quantile)
        bits = None if name == "mse" else evaluation.bits_of(model, values)
        found.append(Scored(name, values, bits, threshold))
    return found


def detect(scored: list[Scored], anomalies, seed: int) -> list[Scored]:
    """Measures how well scores find anomalies.

    Args:
        scored: as `score` returns it.
        anomalies: 1, 0 or `anomaly_labels.UNKNOWN`, shape (n,).
        seed: int, of the resampling.

    Returns:
        The same, with `detection`.

    Raises:
        ValueError: if there are no anomalies, or only those.
    """
    known = anomalies != UNKNOWN
    return [
        each._replace(
            detection=evaluation.detect(
                each.values[known], anomalies[known], each.threshold, seed=seed
            )
        )
        for each in scored
    ]


def write_table(scored: list[Scored], names, anomalies=None) -> bytes:
    """Writes `scores.csv`: one line for each image.

    Args:
        scored: as `score` returns it.
        names: of the images.
        anomalies: 1, 0 or `anomaly_labels.UNKNOWN`, shape (n,); None for no column.
    """
    columns = {"file": list(names)}
    if anomalies is not None:
        columns["anomaly"] = ["" if y == UNKNOWN else int(y) for y in anomalies]
    for each in scored:
        columns[each.column] = [f"{value:.6g}" for value in each.values]
        if each.bits is not None:
            bits = [f"{value:.6g}" for value in each.bits]
            columns[f"{each.column}_bits_per_dim"] = bits
        flags = ["yes" if flag else "no" for flag in each.flagged]
        columns[f"{each.column}_flagged"] = flags
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("utf-8", "surrogateescape")


def summarise(scored: list[Scored]) -> list[dict]:
    """Lists for each score its threshold, what is flagged, and how well it detects."""
    rows = []
    for each in scored:
        flagged = each.flagged
        row = {
            "score": each.column,
            "threshold": f"{each.threshold:.4g}",
            "flagged": f"{flagged.mean():.1%} ({flagged.sum():,} of {len(flagged):,})",
        }
        if each.detection is not None:
            d = each.detection
            row["AUROC"] = f"{d.auroc:.3f} ± {d.auroc_error:.3f}"
            row |= {"FPR": f"{d.fpr:.3f}", "TPR": f"{d.tpr:.3f}"}
        rows.append(row)
    return rows
