"""What the JSON of a recorded run says about each of its models.

A run of several models puts a prefix before the names of their numbers: `d=10 elbo`,
`both elbo`, `fc | conv elbo`, `fc | fc 500 elbo`.
"""

import functools
import random
import re

from vae_utils import networks
from vae_utils.architectures import LABELLED
from vae_utils.configurations import Configuration, configuration_of
from vae_utils.pretrained import Run
from vae_utils.scoreboard.measured import Measured, measured

EVERY_MODEL_HAS = "rmse_mean"  # and no classifier
KINDS = {"fc": "fully connected", "conv": "convolutional"}


def prefixes(run: Run) -> list[str]:
    """Lists the prefixes of a run's models, in the order in which they were trained."""
    ending = re.compile(rf"(.* )?{EVERY_MODEL_HAS}")
    found = [ending.fullmatch(key) for key in run.metrics]
    return [(match[1] or "").strip() for match in found if match]


def configuration_in(run: Run, prefix: str) -> Configuration:
    """Makes the record of one of a run's models.

    Args:
        run: recorded run.
        prefix: of the model.

    Returns:
        The record; of a run that says otherwise how long it trained, `epochs` and
        `decay` are not to be used.

    Raises:
        ValueError: if the prefix is none that recorded runs have.
    """
    fields = run.protocol["configuration"]
    pair = re.fullmatch(r"(.+ \| \w+)( \d+)?", prefix)
    if size := re.fullmatch(r"d=(\d+)", prefix):
        fields = fields | {"latent_dim": int(size[1])}
    elif prefix in LABELLED:
        fields = fields | {"labelled": prefix}
    elif prefix in fields:
        fields = fields[prefix]
    elif pair and pair[1] in fields:
        fields = fields[pair[1]]
    elif prefix:
        raise ValueError(
            "A prefix names latent dimensions, who is told the label, or a pair of "
            f"networks. Received: prefix={prefix!r} in run {run.name!r}"
        )
    return configuration_of("vae", fields)


def name_model(run: Run, configuration: Configuration, images: int) -> str:
    """Names a model for a reader, such as `fully connected, d = 10`."""
    c = configuration
    kinds = [
        KINDS.get(part, f"convolutional ({part})") for part in (c.encoder, c.decoder)
    ]
    parts = [" → ".join(dict.fromkeys(kinds)), f"d = {c.latent_dim}"]
    if not c.variational:
        parts.insert(0, "autoencoder")
    if c.labelled != "none":
        told = "both networks" if c.labelled == "both" else f"the {c.labelled}"
        parts.append(f"label to {told}")
    if c.likelihood != "bernoulli":
        sigma = f" with σ = {c.sigma}" if c.sigma else ""
        parts.append(f"{c.likelihood.replace('-', ' ')}{sigma}")
    if c.beta != 1:
        parts.append(f"β = {c.beta:g}")
    if images != run.protocol["split"]["train"]:
        parts.append(f"{images:,} images")
    project = run.name.removeprefix("project_")
    return f"{project}: " * (project != run.name) + ", ".join(parts)


def training_images(run: Run, prefix: str) -> int:
    """Reads how many images a model was trained on."""
    few = re.fullmatch(r".+ \| \w+ (\d+)", prefix)
    return int(few[1]) if few else run.protocol["split"]["train"]


def minutes_of(run: Run, prefix: str) -> tuple[Measured, str]:
    """Reads the minutes of one training, and by which clock.

    Where a run recorded only the minutes of all its trainings, this is the average of
    them, whatever the model.

    Returns:
        Minutes, and `processor` (of all threads together) or `wall`.
    """
    seconds = measured(run.metrics, f"{prefix} seconds".strip())
    if seconds is not None:
        return Measured(tuple(value / 60 for value in seconds.values)), "processor"
    trainings = len(prefixes(run)) * len(run.protocol["seeds"])
    return Measured((run.minutes / trainings,)), "wall"


def commands_of(run: Run, prefix: str) -> tuple[str, ...]:
    """Lists the commands that repeat a model's trainings and measure them.

    They stand in the protocol in the order of models and, within, of seeds. A run that
    no single command repeats has the one that records it.
    """
    all_commands = run.protocol.get("commands")
    if not all_commands:
        return (f"python benchmarks/record_runs.py {run.name}",)
    models = prefixes(run)
    each, index = len(all_commands) // len(models), models.index(prefix)
    return tuple(all_commands[index * each : (index + 1) * each])


@functools.cache
def count_parameters(configuration: Configuration) -> int:
    """Counts the weights of encoder and decoder, by building both.

    Keras draws initial weights from seeds of Python's generator, which is put back.
    """
    c = configuration
    state = random.getstate()
    head = networks.gaussian_head if c.variational else networks.code_head
    encoder = networks.build_encoder(
        c.encoder, c.latent_dim, c.hidden, head=head, labelled=c.labelled
    )
    hidden = c.hidden if c.decoder_hidden is None else c.decoder_hidden
    decoder = networks.build_decoder(
        c.decoder, c.latent_dim, hidden, labelled=c.labelled
    )
    random.setstate(state)
    return encoder.count_params() + decoder.count_params()
