"""A VAE and a conditional VAE of two latent dimensions, and their codes."""

import numpy as np

from studies.protocol import describe
from studies.recording import SEED, load, measure, sum_minutes, train
from vae_utils import latent
from vae_utils.configurations import ConditionalVAEConfiguration, VAEConfiguration

CONFIGURATIONS = {  # by the name in the arrays
    "none": VAEConfiguration(epochs=15, decay=True),
    "both": ConditionalVAEConfiguration(epochs=15, decay=True),
}
POINTS = 2000  # codes kept for figures


def record():
    """Trains both, and keeps codes of test images."""
    data, results, measured = load("mnist"), [], {}
    shown, labels = data.x_test[:POINTS], data.y_test[:POINTS]
    arrays = {"labels": labels}
    for name, configuration in CONFIGURATIONS.items():
        trained = train(configuration, data, SEED)
        model = trained.model
        codes = latent.encode_mean(model, shown, labels if model.conditional else None)
        arrays[f"{name} z_mean"] = codes.astype(np.float16)
        metrics, how = measure(model, configuration, data)
        measured |= how
        results.append(trained.make_result(metrics))
    return {
        "protocol": describe(data, measured),
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": arrays,
    }


STUDIES = {"cvae_planes": record}
