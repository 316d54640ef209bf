"""Studies recorded on an accelerator: networks that train with all images resident.

Nothing here imports JAX before it is needed: `resident_training` does.
"""

import keras

from studies.commands import write_options
from studies.keeping import keep
from studies.recording import FOLDER
from vae_utils import runs


def is_available() -> bool:
    """Tells whether Keras runs on JAX, and JAX on an accelerator."""
    if keras.backend.backend() != "jax":
        return False
    import jax

    return jax.default_backend() != "cpu"


def record_seeds(study, configuration, data, seeds, measure, at_once=1) -> list:
    """Trains and measures a configuration with each seed, or reads what has been kept.

    Args:
        study: name of the study that the results are for.
        configuration: what to train, as for `resident_training.train_seeds`.
        data: what to train on.
        seeds: of the networks.
        measure: function of a network and its seed to metrics and whatever else shall
            be kept: `{"metrics": …, …}`.
        at_once: as there.

    Returns:
        For each seed what has been kept: `metrics`, `minutes`, `history`, ….
    """
    names = {seed: name_piece(study, configuration, data, seed) for seed in seeds}
    left = [seed for seed in seeds if not (FOLDER / f"{names[seed]}.json").exists()]
    for each in _train(configuration, data, left, at_once):
        made = measure(each.model, each.seed) | {
            "minutes": each.minutes,
            "history": {"val_loss": each.val_loss},
        }
        keep(names[each.seed], names[each.seed], lambda made=made: made)
        print(f"{names[each.seed]} is done", flush=True)
    return [keep(name, name, dict) for name in names.values()]


def name_piece(study, configuration, data, seed) -> str:
    """Names the file that keeps one network's numbers."""
    options = write_options(configuration) + [data.name, str(seed)]
    return f"{study}_" + "_".join(option.strip("-") for option in options)


def make_result(configuration, data, seed, kept) -> runs.Result:
    """Makes the result of a network from what `record_seeds` has kept."""
    return runs.Result(
        configuration=configuration,
        seed=seed,
        images=len(data.x_train),
        minutes=kept["minutes"],
        metrics=kept["metrics"],
        history=kept["history"],
    )


def _train(configuration, data, seeds, at_once):
    """Trains the seeds that are left, if any."""
    if not seeds:
        return ()
    from studies import resident_training

    return resident_training.train_seeds(configuration, data, seeds, at_once=at_once)
