"""One network with several likelihoods, on digits and on clothes.

    python -m studies.record_runs likelihoods likelihoods_fashion

A call that was interrupted goes on with the training run, or the measurement, where it
was.
"""

import functools
from dataclasses import replace

import numpy as np
from keras import ops

from studies.keeping import keep
from studies.protocol import describe
from studies.recording import SEED, SEEDS, load, load_classifier, measure, train
from vae_utils import evaluation, latent
from vae_utils.configurations import VAEConfiguration
from vae_utils.pixels import to_bytes

NETWORK = VAEConfiguration(latent_dim=10, epochs=15, decay=True, binarisation="none")
CONTINUOUS = replace(NETWORK, likelihood="continuous-bernoulli")
CLIPPED = replace(CONTINUOUS, clip_lambda=1e-4)
LEARNED = replace(NETWORK, likelihood="learned-gaussian")
LIKELIHOODS = {  # by the name in the arrays
    "binarised": replace(NETWORK, binarisation="dynamic"),
    "cross-entropy": NETWORK,  # of grey pixels
    "continuous Bernoulli": CONTINUOUS,
    "continuous Bernoulli, clipped": CLIPPED,
    "continuous Bernoulli, dequantised": replace(CONTINUOUS, dequantisation="uniform"),
    "continuous Bernoulli, clipped, dequantised": replace(
        CLIPPED, dequantisation="uniform"
    ),
    "squared error": replace(NETWORK, likelihood="gaussian"),  # sigma² = ½
    "sigma 0.1": replace(NETWORK, likelihood="gaussian", sigma=0.1),
    "learned sigma": LEARNED,
    "learned sigma, dequantised": replace(LEARNED, dequantisation="uniform"),
    "discretised logistic": replace(NETWORK, likelihood="discretised-logistic"),
}
SHOWN = 8  # images of each kind that are kept
LAMBDA = {  # of a continuous Bernoulli, whose authors show λ
    "rmse_lambda": "as rmse_mean, of λ instead of the decoder mean",
    "fdd_lambda": "as fdd, of λ instead of the decoder mean",
}


def record(name):
    """Trains the network with each likelihood, and keeps what it draws."""
    data, results, measured = load(name), [], {}
    arrays = {"input": data.x_test[:SHOWN]}
    pieces = [(kind, seed) for kind in LIKELIHOODS for seed in SEEDS]
    for number, (kind, seed) in enumerate(pieces, 1):
        trained = train(LIKELIHOODS[kind], data, seed)
        file = f"likelihoods_{name}_{kind}_{seed}".replace(", ", "_").replace(" ", "_")
        make = functools.partial(measure_all, trained, data)
        kept = keep(file, f"{LIKELIHOODS[kind]}, seed {seed}", make)
        measured[kind] = kept["measured"]
        results.append(trained.make_result(kept["metrics"], curves=["val_loss"]))
        if seed == SEED:
            drawn = draw(trained.model, arrays["input"])
            arrays |= {f"{kind} {key}": images for key, images in drawn.items()}
        minutes = sum(result.minutes for result in results)
        left = minutes / number * (len(pieces) - number)
        print(
            f"{number} of {len(pieces)}: {kind}, seed {seed}; {left:.0f} min left",
            flush=True,
        )
    prepared = "binarised or dequantised once, as training images are, or grey as they"
    return {
        "protocol": describe(data, measured, validation=f"{prepared} are"),
        "minutes": minutes,
        "results": results,
        "arrays": arrays,
    }


def measure_all(trained, data) -> dict:
    """Measures one training run: its metrics, and how each was measured."""
    configuration = trained.source.configuration
    metrics, how = measure(trained.model, configuration, data, is_samples=None)
    if configuration.likelihood == "continuous-bernoulli":
        own = measure_lambda(trained.model, data)
        metrics, how = metrics | own, how | {key: LAMBDA[key] for key in own}
    return {"metrics": metrics, "measured": how}


def measure_lambda(vae, data) -> dict:
    """Measures λ of a continuous Bernoulli as decoder means are measured."""
    z = latent.encode_mean(vae, data.x_test)
    numbers = {"rmse_lambda": evaluation.rmse(data.x_test, decode_lambda(vae, z))}
    if data.name == "mnist":
        z = latent.draw_codes(vae, len(data.x_test), seed=evaluation.PRIOR_SEED)
        images = decode_lambda(vae, z), data.x_test
        features = [evaluation.classify(load_classifier(), each)[1] for each in images]
        numbers["fdd_lambda"] = evaluation.frechet_digit_distance(*features)
    return numbers


def decode_lambda(vae, z) -> np.ndarray:
    """Decodes codes to λ, which is not the mean of a continuous Bernoulli."""
    logits = vae.likelihood.clip(latent.decode_logits(vae, z))
    return ops.convert_to_numpy(ops.sigmoid(logits))


def draw(vae, images) -> dict:
    """Reconstructs images; decodes codes from the prior to means, and to samples."""
    prior = latent.sample_prior(len(images), NETWORK.latent_dim, seed=SEED)
    drawn = {
        "reconstructions": latent.reconstruct(vae, images),
        "means": latent.decode(vae, prior),
        "samples": latent.decode_sample(vae, prior, seed=SEED).clip(0, 1),
    }
    if hasattr(vae.likelihood, "clip_lambda"):
        drawn["lambda"] = decode_lambda(vae, prior)
    return {name: to_bytes(values) for name, values in drawn.items()}


STUDIES = {
    "likelihoods": functools.partial(record, "mnist"),
    "likelihoods_fashion": functools.partial(record, "fashion_mnist"),
}
