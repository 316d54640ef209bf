"""The registry: every model, prior and likelihood by name, and where its class is.

A new one is a file of its own and a line here. Whatever chooses among models (`build`,
the command line, checkpoints, the scoreboard, the tests that every model must pass)
reads this table. Classes are named, not imported, so that nothing here needs Keras.
"""

import dataclasses
import pkgutil
from typing import NamedTuple


class Model(NamedTuple):
    """A kind of model.

    Args:
        description: a phrase, for people.
        model: its class, `module:name`; a `models.base.Trainable`.
        configuration: the class of its configuration, `module:name`.
        first: the kind of model whose trained run it starts from, and whose codes it
            learns; None for a model that starts from nothing.
    """

    description: str
    model: str
    configuration: str
    first: str | None = None


class Prior(NamedTuple):
    """A prior p(z).

    Args:
        description: a phrase, for people.
        prior: its class, `module:name`.
        has_size: whether it takes a size, such as a number of components.
    """

    description: str
    prior: str
    has_size: bool = False


_CORE = "vae_utils.configurations.autoencoders"

MODELS = {
    "vae": Model(
        "variational autoencoder",
        "vae_utils.models.vae:VAE",
        f"{_CORE}:VAEConfiguration",
    ),
    "cvae": Model(
        "variational autoencoder conditioned on labels",
        "vae_utils.models.conditional:ConditionalVAE",
        f"{_CORE}:ConditionalVAEConfiguration",
    ),
    "iwae": Model(
        "importance-weighted autoencoder",
        "vae_utils.models.iwae:IWAE",
        "vae_utils.models.iwae:IWAEConfiguration",
    ),
    "ae": Model(
        "plain autoencoder",
        "vae_utils.models.autoencoder:Autoencoder",
        f"{_CORE}:AutoencoderConfiguration",
    ),
    "vq-vae": Model(
        "autoencoder whose codes are discrete",
        "vae_utils.models.vq_vae:VQVAE",
        "vae_utils.configurations.vq_vae:VQVAEConfiguration",
    ),
    "code-prior": Model(
        "prior over the codes of a trained vq-vae",
        "vae_utils.models.code_prior:CodePrior",
        "vae_utils.configurations.code_prior:CodePriorConfiguration",
        first="vq-vae",
    ),
    "discrete-vae": Model(
        "variational autoencoder with discrete codes",
        "vae_utils.models.discrete_vae:DiscreteVAE",
        "vae_utils.configurations.discrete_vae:DiscreteVAEConfiguration",
        first="code-prior",
    ),
    "classifier": Model(
        "classifier of images",
        "vae_utils.models.classifier:Classifier",
        "vae_utils.configurations.classifier:ClassifierConfiguration",
    ),
}

PRIORS = {
    "standard-normal": Prior(
        "N(0, I)", "vae_utils.distributions.standard_normal:StandardNormal"
    ),
    "gaussian-mixture": Prior(
        "mixture of normal distributions, trained with the model",
        "vae_utils.distributions.gaussian_mixture:GaussianMixture",
        has_size=True,
    ),
}

LIKELIHOODS = {
    "bernoulli": "vae_utils.likelihoods.bernoulli:Bernoulli",
    "continuous-bernoulli": "vae_utils.likelihoods.bernoulli:ContinuousBernoulli",
    "gaussian": "vae_utils.likelihoods.gaussian:Gaussian",
    "learned-gaussian": "vae_utils.likelihoods.gaussian:LearnedGaussian",
    "optimal-gaussian": "vae_utils.likelihoods.optimal_gaussian:OptimalGaussian",
    "discretised-logistic": (
        "vae_utils.likelihoods.discretised_logistic:DiscretisedLogistic"
    ),
}

#: Likelihoods that are densities of continuous pixels, not probabilities of levels.
DENSITIES = (
    "continuous-bernoulli",
    "gaussian",
    "learned-gaussian",
    "optimal-gaussian",
)

#: What has one scale of a discretised logistic; channel is all of its values.
SCALES = ("channel", "pixel")

#: Fields that had another name in runs of earlier versions, as (old, new).
RENAMED = (("labelled", "conditioned"),)


def configuration_class(model: str) -> type:
    """Returns the class of a model's configuration.

    Args:
        model: key of `MODELS`.

    Raises:
        ValueError: if there is no such model.
    """
    if model not in MODELS:
        raise ValueError(
            f"The models are {', '.join(MODELS)}. Received: model={model!r}"
        )
    return pkgutil.resolve_name(MODELS[model].configuration)


def model_class(model: str) -> type:
    """Returns the class of a model, by its key in `MODELS`; this imports Keras."""
    return pkgutil.resolve_name(MODELS[model].model)


def read(model: str, fields: dict):
    """Makes the configuration of a model from its fields, as JSON has them.

    Fields that are missing get their defaults, and names of earlier versions are
    translated, so that a saved configuration can always be read.

    Args:
        model: key of `MODELS`.
        fields: name → value.

    Returns:
        The configuration.

    Raises:
        ValueError: if a value, or the name of a field, is not one of the model's.
    """
    kind = configuration_class(model)
    known = {field.name for field in dataclasses.fields(kind)}
    fields = _translate(fields, known)
    if unknown := sorted(set(fields) - known):
        unknown = (name if name.isidentifier() else repr(name) for name in unknown)
        raise ValueError(
            f"The fields of a {model} are {', '.join(sorted(known))}. "
            f"Received: {', '.join(unknown)}"
        )
    return kind(**fields)


def _translate(fields, known):
    """Translates fields of earlier versions, when one class had those of all models."""
    fields = dict(fields)
    for old, new in RENAMED:
        if old in fields:
            fields[new] = fields.pop(old)
    if fields.pop("variational", True) is False:  # an autoencoder has no KL term
        fields.pop("beta", None)
    if "conditioned" not in known and fields.get("conditioned") == "none":
        del fields["conditioned"]
    return fields
