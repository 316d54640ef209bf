"""The rows of the scoreboard: what was trained, how it was measured, what came out."""

import dataclasses

from vae_utils import pretrained
from vae_utils.scoreboard import recorded
from vae_utils.scoreboard.measured import Measured, measured

NUMBERS = ("is_nll", "elbo", "elbo_same_images", "nll", "kl", "rmse_mean", "fdd")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """A model of a recorded run. What was not measured is None.

    Args:
        name: for a reader, such as `fully connected, d = 10`.
        run: name of the recorded run.
        prefix: of the model's numbers in the run; empty if it has one model.
        data: name of the data set.
        train_images: number of images trained on.
        binarisation: of training images, `dynamic`, `static` or `none` (grey).
        likelihood: of a pixel given z.
        quantity: what elbo and is_nll are bounds on, `p(x)` or `p(x|y)`, or `density`
            where pixels are continuous; None of a plain autoencoder, which bounds
            nothing.
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
        fdd: Fréchet digit distance, of this book's classifier's features. It is no
            FID, which takes another network's.
        minutes: of one training.
        clock: of `minutes`, `wall` or `processor`.
        hardware: that it was trained on.
        seeds: of its trainings.
        epochs: of one training.
        commands: that make it again.
    """

    name: str
    run: str
    prefix: str
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


def rows(names=None, folder=pretrained.FOLDER) -> list[Row]:
    """Makes the rows of recorded runs.

    Args:
        names: of runs; None for every run that has such a model.
        folder: of the runs.

    Returns:
        One row for each model, in the order of the runs' names. A row whose trainings
        are some of another's is left out.

    Raises:
        ValueError: if there is no such run, or it cannot be read.
    """
    names = pretrained.list_runs(folder) if names is None else names
    runs = [pretrained.load_run(name, folder) for name in names]
    made = [_make_row(run, prefix) for run in runs for prefix in recorded.prefixes(run)]
    return [row for row in made if not any(_is_part(row, other) for other in made)]


def _is_part(row, other):
    """Whether the trainings of a row are some of another's, which has more.

    Two trainings with the same ELBO to the last digit are one.
    """
    if row.elbo is None or other.elbo is None:
        return False
    return set(row.elbo.values) < set(other.elbo.values)


def _make_row(run, prefix):
    configuration = recorded.configuration_in(run, prefix)
    images = recorded.training_images(run, prefix)
    numbers = {key: measured(run.metrics, f"{prefix} {key}".strip()) for key in NUMBERS}
    sampling = run.protocol["importance_sampling"] if numbers["is_nll"] else {}
    minutes, clock = recorded.minutes_of(run, prefix)
    return Row(
        name=recorded.name_model(run, configuration, images),
        run=run.name,
        prefix=prefix,
        data=run.protocol["data"].split(",")[0],
        train_images=images,
        is_samples=sampling.get("samples"),
        is_images=sampling.get("images"),
        minutes=minutes,
        clock=clock,
        hardware=run.hardware,
        seeds=tuple(run.protocol["seeds"]),
        epochs=_epochs(run, prefix),
        commands=recorded.commands_of(run, prefix),
        **_describe(run, prefix, configuration),
        **numbers,
    )


def _describe(run, prefix, configuration):
    c = configuration
    bounded = "p(x|y)" if c.labelled in ("both", "decoder") else "p(x)"
    bounded = bounded if c.likelihood == "bernoulli" else "density"
    counted = measured(run.metrics, f"{prefix} parameters".strip())
    same = c.encoder == c.decoder
    return {
        "binarisation": c.binarisation,
        "likelihood": c.likelihood,
        "quantity": bounded if c.variational else None,
        "beta": c.beta,
        "network": c.encoder_layers + ("" if same else f", decoder {c.decoder}"),
        "latent_dim": c.latent_dim,
        "parameters": int(counted.mean) if counted else recorded.count_parameters(c),
    }


def _epochs(run, prefix):
    counted = measured(run.metrics, f"{prefix} epochs".strip())
    return counted or Measured((float(run.protocol["epochs"]),))
