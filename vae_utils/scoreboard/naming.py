"""Names of models for a reader, such as `fully connected, d = 10`."""

from vae_utils.configurations import MODELS
from vae_utils.runs.studies import Study

KINDS = {"vae": "VAE", "cvae": "VAE", "ae": "autoencoder"}
NETWORKS = {
    "fc": "fully connected",
    "conv": "convolutional",
    "residual": "residual",
}
LIKELIHOODS = {
    "bernoulli": "Bernoulli",
    "continuous-bernoulli": "continuous Bernoulli",
    "gaussian": "Gaussian",
    "learned-gaussian": "Gaussian with learned σ",
    "optimal-gaussian": "Gaussian with optimal σ",
    "discretised-logistic": "discretised logistic",
}
USUAL = {
    "kind": "VAE",
    "conditioned": "unconditional",
    "likelihood": "Bernoulli",
    "prior": "standard normal prior",
    "beta": "β = 1",
    "augmentation": "not augmented",
}
#: Field → phrase, of what tells models apart that are alike in everything else.
MORE = {"epochs": "{} epochs", "activation": "activation {}"}


def name_models(models: list[Study]) -> list[str]:
    """Names each model of a study.

    Args:
        models: of one study, as `Study.models` lists them.

    Returns:
        What each is, and in which ways it is not an ordinary VAE; for the network of a
        project, also the name of the project.
    """
    return [
        _name_model(study, aspects)
        for study, aspects in zip(models, _describe_all(models), strict=True)
    ]


def name_variants(models: list[Study]) -> list[str]:
    """Names each model of a study by what tells it apart from the others.

    Args:
        models: of one study, as `Study.models` lists them.

    Returns:
        For each model a name such as `d = 10`; empty if there is only one model.
    """
    described = _describe_all(models)
    telling = [
        aspect
        for aspect in described[0]
        if len({each[aspect] for each in described}) > 1
    ]
    names = [", ".join(each[aspect] for aspect in telling) for each in described]
    labels = [model.results[0].label for model in models]
    return [", ".join(filter(None, pair)) for pair in zip(names, labels, strict=True)]


def _name_model(study, aspects):
    usual = USUAL | {"images": f"{study.protocol['split']['train']:,} images"}
    del aspects["binarisation"]  # a column of its own
    parts = [text for name, text in aspects.items() if text != usual.get(name)]
    project = study.name.removeprefix("project_")
    return f"{project}: " * (project != study.name) + ", ".join(parts)


def _describe_all(models):
    """Describes each model of a study, and what tells apart those that are alike."""
    described = [_describe(model) for model in models]
    for name, phrase in MORE.items():
        if len({tuple(each.values()) for each in described}) == len(models):
            break
        values = [getattr(m.results[0].configuration, name, None) for m in models]
        if len(set(values)) > 1:
            for each, value in zip(described, values, strict=True):
                each[name] = phrase.format(value)
    return described


def _describe(study):
    """Returns aspect → phrase of a model."""
    result = study.results[0]
    c = result.configuration
    kinds = [
        NETWORKS.get(part, f"convolutional ({part})") for part in (c.encoder, c.decoder)
    ]
    conditioned = getattr(c, "conditioned", None)
    networks = "both networks" if conditioned == "both" else conditioned
    prior = getattr(c, "prior", "standard-normal").replace("-", " ")
    augmentation = getattr(c, "augmentation", "none")
    return {
        "kind": KINDS.get(c.model) or MODELS[c.model].description,
        "network": " → ".join(dict.fromkeys(kinds)),
        "latent_dim": f"d = {c.latent_dim}",
        "conditioned": f"conditioned: {networks}" if networks else "unconditional",
        "likelihood": _name_likelihood(c),
        "prior": f"{prior} prior",
        "beta": f"β = {getattr(c, 'beta', 1):g}",
        "images": f"{result.images:,} images",
        "augmentation": USUAL["augmentation"]
        if augmentation == "none"
        else f"augmented: {augmentation.replace('-', ' ')}",
        "binarisation": "grey" if c.binarisation == "none" else "binarised",
    }


def _name_likelihood(configuration):
    name = LIKELIHOODS.get(configuration.likelihood, configuration.likelihood)
    if configuration.sigma:
        name += f" with σ = {configuration.sigma}"
    if configuration.clip_lambda:
        name += f" with λ clipped at {configuration.clip_lambda:g}"
    dequantised = configuration.dequantisation != "none"
    return name + " of dequantised images" * dequantised
