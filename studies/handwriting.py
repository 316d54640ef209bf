"""The network of the handwriting card, and how much of a hand it keeps.

A conditional VAE encodes a digit and decodes the same code with each of the ten labels.
With β = 1 and many dimensions some codes carry part of the label, so that another label
gives no clear digit; β = 2 with eight dimensions keeps the style and gives ten digits.
"""

import numpy as np

from studies.recording import SEED, load, load_classifier, record_one, train
from vae_utils import latent, pixels
from vae_utils.configurations import ConditionalVAEConfiguration
from vae_utils.runs import loading

CONFIGURATION = ConditionalVAEConfiguration(
    hidden=(128, 128), latent_dim=8, beta=2.0, epochs=60, decay=True
)
COMPARED = "explorer_cvae"  # two latent dimensions
FIRST, LAST = 20, 60  # of the test digits of each class whose hands are measured
HOW = (
    f"test digits {FIRST + 1} to {LAST} of each class, pixels from half grey on as "
    "ink, each decoded (mean) with all ten labels from the mean of q(z|x): correlation "
    "of the digit drawn with each of the nine others, over the digits of a class, mean "
    "over pairs of classes"
)


def record():
    """Trains the network, and measures what it keeps of a hand."""
    data = load("mnist")
    trained = train(CONFIGURATION, data, SEED, rounded=True)
    study = record_one(trained, data)
    study["results"][0].metrics.update(measure_hand(trained.model, data))
    study["protocol"]["measured"] |= {
        **{f"{name}_kept": HOW for name in describe(np.ones((1, 28, 28)))},
        "digits_recognised": "share of these 4,000 images that the classifier assigns "
        "to the label they were decoded with",
    }
    compared = measure_hand(loading.load(loading.find(COMPARED)), data)
    study["protocol"]["compared"] = {COMPARED: compared}
    return study


def measure_hand(model, data) -> dict[str, float]:
    """Measures what ten digits keep of the style of one, and if they are digits."""
    labels = range(data.classes)
    chosen = [np.flatnonzero(data.y_test == each)[FIRST:LAST] for each in labels]
    x, y = data.x_test[np.concatenate(chosen)], np.repeat(labels, LAST - FIRST)
    x = pixels.binarise(x, "static")
    z = latent.encode_mean(model, x, y)
    digits = [latent.decode(model, z, np.full(len(z), label)) for label in labels]
    found = [load_classifier().predict(d, verbose=0).argmax(axis=1) for d in digits]
    before, after = describe(x), [describe(each) for each in digits]
    kept = {
        f"{name}_kept": correlate(before[name], [each[name] for each in after], y)
        for name in before
    }
    right = np.mean([each == label for label, each in enumerate(found)])
    return kept | {"digits_recognised": float(right)}


def describe(images) -> dict[str, np.ndarray]:
    """Measures slant, thickness, width and height of digits, each of shape (n,)."""
    ink = images.reshape(-1, 28, 28).astype(float)
    mass = ink.sum(axis=(1, 2), keepdims=True) + 1e-6
    rows, columns = np.mgrid[:28, :28]
    down, across = (
        place - (ink * place).sum(axis=(1, 2), keepdims=True) / mass
        for place in (rows, columns)
    )

    def average(values):
        return (ink * values / mass).sum(axis=(1, 2))

    shear = average(across * down) / average(down**2)
    edges = sum(np.abs(np.diff(ink, axis=axis)).sum(axis=(1, 2)) for axis in (1, 2))
    return {
        "slant": -shear,
        "thickness": mass.ravel() / (edges + 1e-6),
        "width": np.sqrt(average((across - shear[:, None, None] * down) ** 2)),
        "height": np.sqrt(average(down**2)),
    }


def correlate(before, after, y) -> float:
    """Averages the correlation of one digit's style with that of the nine others."""
    found = [
        np.corrcoef(before[y == drawn], values[y == drawn])[0, 1]
        for label, values in enumerate(after)
        for drawn in range(len(after))
        if drawn != label
    ]
    return float(np.mean(found))


STUDIES = {"explorer_hand": record}
