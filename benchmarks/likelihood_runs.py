"""Recorded runs of one network under several likelihoods, on digits and on clothes."""

import functools
from dataclasses import asdict, replace

from recording import SEED, SEEDS, append_metrics, as_run, describe, load, train

from vae_utils import configurations, latent
from vae_utils.pixels import to_bytes
from vae_utils.runs import report

NETWORK = configurations.Configuration(
    latent_dim=10, epochs=15, decay=True, binarisation="none"
)
LIKELIHOODS = {
    "binarised": replace(NETWORK, binarisation="dynamic"),
    "cross-entropy": NETWORK,  # of grey pixels
    "continuous Bernoulli": replace(NETWORK, likelihood="continuous-bernoulli"),
    "squared error": replace(NETWORK, likelihood="gaussian"),  # sigma² = ½
    "sigma 0.1": replace(NETWORK, likelihood="gaussian", sigma=0.1),
    "learned sigma": replace(NETWORK, likelihood="learned-gaussian"),
}
SHOWN = 8  # images of each kind that are kept


def record(name):
    """Trains the network under each likelihood, and keeps what it draws."""
    data = load(name)
    metrics, histories, minutes, commands = {}, {}, 0.0, []
    arrays, how = {"input": data.x_test[:SHOWN]}, {}
    for kind, configuration in LIKELIHOODS.items():
        for seed in SEEDS:
            trained = train(configuration, data, seed)
            minutes += trained.minutes
            commands += trained.commands
            histories[f"{kind} seed {seed} val_loss"] = trained.history["val_loss"]
            numbers, how[kind] = report.measure(trained.model, configuration, data)
            append_metrics(metrics, {f"{kind} {key}": v for key, v in numbers.items()})
            if seed == SEED:
                drawn = draw(trained.model, arrays["input"])
                arrays |= {f"{kind} {key}": images for key, images in drawn.items()}
    about = describe(NETWORK, data, SEEDS, is_samples=None, commands=commands)
    about["likelihood"] = ", ".join(LIKELIHOODS)
    about["measured"] = how
    about["validation"] = (
        "binarised once as training images are, or grey where they are"
    )
    about["configuration"] = {k: asdict(each) for k, each in LIKELIHOODS.items()}
    return as_run(about, minutes, histories, metrics, arrays)


def draw(vae, images):
    """Reconstructs images; decodes codes from the prior to means, and to samples."""
    prior = latent.sample_prior(len(images), NETWORK.latent_dim, seed=SEED)
    drawn = {
        "reconstructions": latent.reconstruct(vae, images),
        "means": latent.decode(vae, prior),
        "samples": latent.decode_sample(vae, prior, seed=SEED).clip(0, 1),
    }
    return {name: to_bytes(values) for name, values in drawn.items()}


RUNS = {
    "likelihoods": functools.partial(record, "mnist"),
    "likelihoods_fashion": functools.partial(record, "fashion_mnist"),
}
