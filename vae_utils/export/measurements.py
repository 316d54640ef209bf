"""The numbers of a run, as they were measured when it was evaluated."""

import json

from vae_utils.export.metadata import hide_folders
from vae_utils.runs import RunFolder, recorded
from vae_utils.runs.restated import restate


def collect(run) -> dict:
    """Collects a run's numbers, and how each was measured; measures nothing.

    Args:
        run: as `runs.loading.find` returns it.

    Returns:
        `metrics`, name → number; `measured`, name → text; `note`, a sentence.
    """
    if run.folder is None:
        study = recorded.load_study(run.name)
        measured = restate(study.protocol.get("measured", {}))
        texts = {name: text for name, text in measured.items() if isinstance(text, str)}
        metrics = {n: v for n, v in study.one.metrics.items() if _is_number(v)}
        note = f"On {study.protocol.get('data', run.data)}"
        return {"metrics": metrics, "measured": texts, "note": note}
    path = RunFolder(run.folder).metrics
    if not path.exists():
        note = "Not measured: `python -m vae_utils evaluate RUN --metrics` does that."
        return {"metrics": {}, "measured": {}, "note": note}
    kept = json.loads(path.read_text(encoding="utf-8"))
    note = hide_folders(run, kept["data"])
    if kept["epoch"] != run.epoch:
        note += (
            f" Measured after epoch {kept['epoch']}; what is exported is epoch "
            f"{run.epoch}."
        )
    measured = restate(kept["measured"])
    return {"metrics": kept["metrics"], "measured": measured, "note": note}


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
