"""Studies recorded on an accelerator: networks that train with all images resident.

Nothing here imports JAX before it is needed: `resident_training` does.
"""

import keras

from studies.commands import write_options
from studies.keeping import keep
from vae_utils import runs


def is_available() -> bool:
    """Tells whether Keras runs on JAX, and JAX on an accelerator."""
    if keras.backend.backend() != "jax":
        return False
    import jax

    return jax.default_backend() != "cpu"


def run(study, configuration, data, seed, measure) -> runs.Result:
    """Trains and measures a network, or reads what an earlier call has kept.

    Args:
        study: name of the study that the result is for.
        configuration: what to train, as for `resident_training.train`.
        data: what to train on.
        seed: of the network.
        measure: function of the network to metrics and whatever else shall be kept:
            `{"metrics": …, …}`.
    """

    def make():
        trained = _train(configuration, data, seed)
        more = {"minutes": trained.minutes, "history": {"val_loss": trained.val_loss}}
        return measure(trained.model) | more

    name = name_piece(study, configuration, data, seed)
    kept = keep(name, name, make)
    return runs.Result(
        configuration=configuration,
        seed=seed,
        images=len(data.x_train),
        **{key: kept[key] for key in ("minutes", "metrics", "history")},
    )


def name_piece(study, configuration, data, seed) -> str:
    """Names the file that keeps one network's numbers."""
    options = write_options(configuration) + [data.name, str(seed)]
    return f"{study}_" + "_".join(option.strip("-") for option in options)


def _train(configuration, data, seed):
    from studies import resident_training

    return resident_training.train(configuration, data, seed)
