"""One network with nine weights β: what it reconstructs, and what it generates."""

import dataclasses

import numpy as np

from studies.protocol import describe
from studies.recording import SEED, load, measure, sum_minutes, train
from vae_utils import latent
from vae_utils.configurations import VAEConfiguration
from vae_utils.pixels import binarise, to_bytes

NETWORK = VAEConfiguration(latent_dim=10, epochs=8, decay=True)
BETAS = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 784.0)
# What the calculator shows. Without an RMSE, the scoreboard leaves these networks out:
# they illustrate β, and nobody would choose most of them.
KEPT = ("elbo", "nll", "kl", "active_units")
SHOWN = 8  # test digits reconstructed, and digits generated, with each β


def record():
    """Trains the network with each β, and keeps what it draws."""
    data, results, drawn = load("mnist"), [], []
    for beta in BETAS:
        configuration = dataclasses.replace(NETWORK, beta=beta)
        trained = train(configuration, data, SEED)
        metrics, how = measure(trained.model, configuration, data, is_samples=None)
        metrics = {name: metrics[name] for name in KEPT}
        results.append(trained.make_result(metrics, curves=["val_loss"]))
        drawn.append(draw(trained.model, data.x_test[:SHOWN]))
    arrays = {name: np.stack([each[name] for each in drawn]) for name in drawn[0]}
    measured = {name: text for name, text in how.items() if name in KEPT}
    return {
        "protocol": describe(data, measured),
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": {"input": data.x_test[:SHOWN], "betas": np.array(BETAS), **arrays},
    }


def draw(vae, images):
    """Reconstructs binarised images, and decodes codes drawn from the prior."""
    codes = latent.sample_prior(len(images), NETWORK.latent_dim, seed=SEED)
    means = {
        "reconstructions": latent.reconstruct(vae, binarise(images)),
        "generated": latent.decode(vae, codes),
    }
    return {name: to_bytes(values) for name, values in means.items()}


STUDIES = {"beta_reconstructions": record}
