"""What networks trained with several β reconstruct and generate, for the calculator."""

import numpy as np

from vae_utils import widgets
from vae_utils.runs import recorded

STUDY = "beta_reconstructions"
QUALITY = 60  # of the pictures; fine strokes matter here


def describe_networks() -> dict:
    """Describes the recorded networks, β ascending.

    Returns:
        `networks`, each with its `beta`, its `nll` and `kl` on the test images (nats
        per image) and its `active` latent dimensions; `latent_dim`, `epochs` and the
        number of test `images`; and `sheet`, a picture of rows of digits of equal size:
        test digits, then for each network reconstructions and generated digits.
    """
    study = recorded.load_study(STUDY)
    arrays = recorded.load_arrays(STUDY)
    results = sorted(study.results, key=lambda result: result.configuration.beta)
    if arrays["betas"].tolist() != [each.configuration.beta for each in results]:
        raise ValueError(
            "The pictures of the study are in another order than its results; record "
            f"it again. Received: betas={arrays['betas']}"
        )
    return {
        "networks": [_describe(result) for result in results],
        "latent_dim": results[0].configuration.latent_dim,
        "epochs": results[0].configuration.epochs,
        "images": study.protocol["split"]["test"],
        "count": len(arrays["input"]),
        "sheet": widgets.pack_picture(_make_sheet(arrays), quality=QUALITY),
    }


def _describe(result):
    metrics = result.metrics
    return {
        "beta": result.configuration.beta,
        "nll": metrics["nll"],
        "kl": metrics["kl"],
        "active": metrics["active_units"],
    }


def _make_sheet(arrays):
    pairs = zip(arrays["reconstructions"], arrays["generated"], strict=True)
    rows = [arrays["input"], *(row for pair in pairs for row in pair)]
    return np.concatenate([np.concatenate(row, axis=1) for row in rows])
