"""The rows of the scoreboard: what was trained, how it was measured, what came out."""

import dataclasses

from vae_utils import configurations
from vae_utils.runs.recorded import list_studies, load_study
from vae_utils.scoreboard import naming, recorded
from vae_utils.scoreboard.measured import Measured, measured

NUMBERS = ("is_nll", "elbo", "elbo_same_images", "nll", "kl", "rmse_mean", "fdd")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """A model of a study. What was not measured is None.

    Args:
        name: for a reader, such as `fully connected, d = 10`.
        study: name of the study.
        variant: what tells the model apart from others of the study, such as `d = 10`;
            empty if it has one model.
        data: name of the data set.
        train_images: number of images trained on.
        binarisation: of training images, `dynamic`, `static` or `none` (grey).
        likelihood: of a pixel given z.
        quantity: what elbo and is_nll are bounds on, `p(x)` or `p(x|y)`, with `of
            bytes` where pixels have 256 levels, or `density` where they are continuous;
            None of a plain autoencoder, which bounds nothing.
        beta: weight of the KL term in training.
        network: layers of the encoder, and the decoder's kind where it is another.
        latent_dim: number of latent dimensions.
        parameters: weights of encoder and decoder.
        is_nll: importance-sampled NLL of `is_images` test images, nats.
        is_samples: K, samples of z for each of them.
        is_images: number of test images that `is_nll` is a mean over.
        elbo: of all test images, nats.
        elbo_same_images: of those of `is_nll`, nats.
        nll: reconstruction part of elbo, nats.
        kl: KL part of elbo, nats.
        rmse_mean: between grey test images and their decoder means, the code being the
            mean of q(z|x); grey levels in [0, 1].
        fdd: Fréchet digit distance, of the features of this book's classifier. It is no
            FID, which uses another network's features.
        minutes: of one training run.
        clock: of `minutes`, `wall` or `processor`.
        hardware: that it was trained on.
        seeds: of its training runs.
        epochs: of one training run.
        commands: that train and measure it again.
    """

    name: str
    study: str
    variant: str
    data: str
    train_images: int
    binarisation: str
    likelihood: str
    quantity: str | None
    beta: float
    network: str
    latent_dim: int
    parameters: int
    is_nll: Measured | None
    is_samples: int | None
    is_images: int | None
    elbo: Measured | None
    elbo_same_images: Measured | None
    nll: Measured | None
    kl: Measured | None
    rmse_mean: Measured | None
    fdd: Measured | None
    minutes: Measured
    clock: str
    hardware: str
    seeds: tuple[int, ...]
    epochs: Measured
    commands: tuple[str, ...]

    @property
    def is_vae(self) -> bool:
        """Whether the −ELBO of a probability was minimised, with β = 1."""
        return self.quantity in ("p(x)", "p(x|y)") and self.beta == 1


def rows(names=None, folder=None) -> list[Row]:
    """Makes the rows of recorded runs.

    Args:
        names: of studies; None for every study that has such a model.
        folder: of the studies; by default that of the package.

    Returns:
        One row for each model, in the order of the studies' names. A row whose training
        runs are some of another's is left out.

    Raises:
        ValueError: if there is no such study, or it cannot be read.
    """
    names = list_studies(folder) if names is None else names
    made = [row for name in names for row in _make_rows(load_study(name, folder))]
    return [row for row in made if not any(_is_part(row, other) for other in made)]


def _is_part(row, other):
    """Whether the training runs of a row are some of another's, which has more.

    Two training runs with the same ELBO to the last digit are one.
    """
    if row.elbo is None or other.elbo is None:
        return False
    return set(row.elbo.values) < set(other.elbo.values)


def _make_rows(study):
    models = recorded.list_models(study)
    if not models:
        return
    names = naming.name_models(models), naming.name_variants(models)
    for model, *named in zip(models, *names, strict=True):
        yield _make_row(study, model, *named)


def _make_row(study, model, name, variant):
    numbers = {name: measured(model, name) for name in NUMBERS}
    sampling = study.protocol["importance_sampling"] if numbers["is_nll"] else {}
    minutes, clock = recorded.minutes_of(study, model)
    return Row(
        name=name,
        study=study.name,
        variant=variant,
        data=study.protocol["data"].split(",")[0],
        train_images=model.results[0].images,
        is_samples=sampling.get("samples"),
        is_images=sampling.get("images"),
        minutes=minutes,
        clock=clock,
        hardware=study.hardware,
        seeds=tuple(result.seed for result in model.results),
        epochs=recorded.epochs_of(model),
        commands=recorded.commands_of(model),
        **_describe(model),
        **numbers,
    )


def _describe(model):
    c = model.results[0].configuration
    sizes = tuple(model.protocol["image_shape"]), model.protocol["classes"]
    layers = configurations.name_layers(c, *sizes)
    counted = measured(model, "parameters")
    return {
        "binarisation": c.binarisation,
        "likelihood": c.likelihood,
        "quantity": _name_quantity(c),
        "beta": getattr(c, "beta", 1.0),
        "network": layers + f", decoder {c.decoder}" * (c.encoder != c.decoder),
        "latent_dim": c.latent_dim,
        "parameters": int(counted.mean)
        if counted
        else recorded.count_parameters(c, *sizes),
    }


def _name_quantity(configuration):
    """Names what the ELBO of a model bounds; None if it has none."""
    if configuration.model == "ae":
        return None
    if configuration.likelihood not in ("bernoulli", "discretised-logistic"):
        return "density"
    conditioned = getattr(configuration, "conditioned", None)
    quantity = "p(x|y)" if conditioned in ("both", "decoder") else "p(x)"
    bytes_modelled = configuration.likelihood != "bernoulli"
    return f"{quantity} of bytes" if bytes_modelled else quantity
