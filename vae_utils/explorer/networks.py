"""The networks that the explorer offers, and what it says about each."""

from typing import NamedTuple


class Network(NamedTuple):
    """A network that the explorer offers.

    Args:
        study: the recorded run that has its weights.
        title: on its button.
        text: a sentence or two, with `{kl}` and other metrics of the study.
    """

    study: str
    title: str
    text: str


NETWORKS = {
    "vae": Network(
        "explorer_vae",
        "VAE, β = 1",
        "A smaller VAE than chapter 2’s. The codes lie where the prior draws, "
        "with a few gaps; between two classes, one digit turns into the other.",
    ),
    "beta_4": Network(
        "explorer_beta_4",
        "β = 4",
        "The KL term is weighted by 4, and training has reduced it to {kl:.1f} nats. "
        "Codes keep less about their image: look how wide the ellipse of a digit is.",
    ),
    "beta_0.1": Network(
        "explorer_beta_0.1",
        "β = 0.1",
        "The KL term is weighted by 0.1, and has grown to {kl:.1f} nats. Ellipses are "
        "small, and codes lie far beyond the prior’s circles: in training, the decoder "
        "has rarely seen codes like those that the prior draws.",
    ),
    "ae": Network(
        "explorer_ae",
        "autoencoder",
        "There is no prior, and the code of an image is a point without an ellipse. "
        "Move between the classes, and look at what is drawn there.",
    ),
    "cvae": Network(
        "explorer_cvae",
        "conditional",
        "Encoder and decoder are conditioned on the digit, so the plane describes only "
        "style: slant, width, thickness. A point gives all ten digits the same style, "
        "as long as all ten have codes near it.",
    ),
}
FIRST = "vae"
