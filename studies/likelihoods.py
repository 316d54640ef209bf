"""One network with several likelihoods, on digits and on clothes."""

import functools
from dataclasses import replace

from studies.protocol import describe
from studies.recording import SEED, SEEDS, load, measure, sum_minutes, train
from vae_utils import latent
from vae_utils.configurations import VAEConfiguration
from vae_utils.pixels import to_bytes

NETWORK = VAEConfiguration(latent_dim=10, epochs=15, decay=True, binarisation="none")
LIKELIHOODS = {  # by the name in the arrays
    "binarised": replace(NETWORK, binarisation="dynamic"),
    "cross-entropy": NETWORK,  # of grey pixels
    "continuous Bernoulli": replace(NETWORK, likelihood="continuous-bernoulli"),
    "squared error": replace(NETWORK, likelihood="gaussian"),  # sigma² = ½
    "sigma 0.1": replace(NETWORK, likelihood="gaussian", sigma=0.1),
    "learned sigma": replace(NETWORK, likelihood="learned-gaussian"),
}
SHOWN = 8  # images of each kind that are kept


def record(name):
    """Trains the network with each likelihood, and keeps what it draws."""
    data, results, measured = load(name), [], {}
    arrays = {"input": data.x_test[:SHOWN]}
    for kind, configuration in LIKELIHOODS.items():
        for seed in SEEDS:
            trained = train(configuration, data, seed)
            metrics, how = measure(trained.model, configuration, data, is_samples=None)
            measured[configuration.likelihood] = how
            results.append(trained.make_result(metrics, curves=["val_loss"]))
            if seed == SEED:
                drawn = draw(trained.model, arrays["input"])
                arrays |= {f"{kind} {key}": images for key, images in drawn.items()}
    validation = "binarised once as training images are, or grey where they are"
    return {
        "protocol": describe(data, measured, validation=validation),
        "minutes": sum_minutes(results),
        "results": results,
        "arrays": arrays,
    }


def draw(vae, images):
    """Reconstructs images; decodes codes from the prior to means, and to samples."""
    prior = latent.sample_prior(len(images), NETWORK.latent_dim, seed=SEED)
    drawn = {
        "reconstructions": latent.reconstruct(vae, images),
        "means": latent.decode(vae, prior),
        "samples": latent.decode_sample(vae, prior, seed=SEED).clip(0, 1),
    }
    return {name: to_bytes(values) for name, values in drawn.items()}


STUDIES = {
    "likelihoods": functools.partial(record, "mnist"),
    "likelihoods_fashion": functools.partial(record, "fashion_mnist"),
}
