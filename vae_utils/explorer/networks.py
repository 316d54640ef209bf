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
        "The VAE of chapter 2, smaller. Codes are spread about as wide as the prior’s "
        "circles, with gaps, and between the classes digits turn into each other.",
    ),
    "beta_4": Network(
        "explorer_beta_4",
        "β = 4",
        "The KL term weighs four times as much: {kl:.1f} nats of it are left. Codes "
        "keep less about their image; look how wide the ellipse of a digit becomes.",
    ),
    "beta_0.1": Network(
        "explorer_beta_0.1",
        "β = 0.1",
        "The KL term hardly counts, and has grown to {kl:.1f} nats. Ellipses are small "
        "and spread far beyond the prior’s circles; the decoder has rarely seen what "
        "the prior draws.",
    ),
    "ae": Network(
        "explorer_ae",
        "autoencoder",
        "No prior and no ellipses: each image is one point, anywhere. Walk between the "
        "classes, and look at what is drawn there.",
    ),
    "cvae": Network(
        "explorer_cvae",
        "conditional",
        "Encoder and decoder are conditioned on the digit; the plane is left for "
        "style: slant, width, thickness. One point gives one style in all ten digits, "
        "where all ten have codes.",
    ),
}
FIRST = "vae"
