"""Which recipe reaches the lowest validation NLL, of some that cost about the same.

    python -m studies.record_runs recipe_search        ten minutes on a GPU

The cost of a recipe is its number of weights, times its epochs. Networks are trained in
bare JAX, several learning rates side by side. No test image is looked at.
"""

import functools
from dataclasses import asdict, replace
from typing import NamedTuple

from studies.keeping import keep
from studies.protocol import IS_SAMPLES, describe
from studies.recording import SEED, load
from studies.time_to_nll import BEST, VALIDATION_NLL, choose_validation_images
from vae_utils import runs


class Group(NamedTuple):
    """Recipes that differ in learning rate and seed only.

    Args:
        recipe: all the rest.
        rates: first learning rates, each of which trains with each seed.
        seeds: of the initial weights.
    """

    recipe: object
    rates: tuple[float, ...]
    seeds: tuple[int, ...] = (SEED,)

    @property
    def pairs(self):
        """Learning rate and seed of each training."""
        return [(rate, seed) for rate in self.rates for seed in self.seeds]


def _vary(width, epochs, **changes):
    return replace(BEST, hidden=(width, width), epochs=epochs, **changes)


GROUPS = (
    Group(_vary(500, 400), (1e-3, 2e-3, 3e-3)),
    Group(_vary(500, 440, batch_size=256), (2e-3, 3e-3, 4e-3)),
    Group(_vary(500, 400, batch_size=256), (7e-4, 1e-3, 1.5e-3)),
    Group(_vary(500, 340, batch_size=64), (7e-4, 1e-3, 1.5e-3)),
    Group(_vary(300, 780), (7e-4, 1e-3, 1.5e-3)),
    Group(_vary(400, 540), (1e-3, 2e-3)),
    Group(_vary(400, 540), (5e-4, 7e-4), (1, 2)),
    Group(_vary(650, 280), (1e-3, 2e-3)),
    Group(_vary(800, 200), (1e-3, 2e-3)),
    Group(_vary(400, 380, decoder_hidden=(600, 600)), (1e-3, 2e-3)),
    Group(_vary(600, 380, decoder_hidden=(400, 400)), (7e-4, 1e-3)),
    Group(replace(BEST, hidden=(400, 400, 400), epochs=420), (1e-3, 2e-3)),
    Group(_vary(500, 400, latent_dim=20), (2e-3,)),
    Group(_vary(500, 400, activation="silu"), (5e-4, 7e-4, 1e-3, 2e-3)),
    Group(_vary(400, 540, activation="silu"), (7e-4, 1e-3), (1, 2)),
    Group(_vary(500, 400, activation="tanh"), (7e-4, 1e-3)),
)


def train_group(group, data):
    """Trains the recipes of a group; returns what `vmapped_vaes.find_nll` does."""
    from studies import vmapped_vaes  # JAX, which other studies do without

    validation = choose_validation_images(data)
    found = vmapped_vaes.find_nll(
        group.recipe, group.pairs, data.x_train, validation, IS_SAMPLES
    )
    print(f"{group.recipe}: {group.pairs}, {found['nll']} nats", flush=True)
    return found


def record():
    """Trains every group."""
    data, results, devices = load("mnist"), [], set()
    for index, group in enumerate(GROUPS):
        what = f"{group.pairs} {asdict(group.recipe)}"
        make = functools.partial(train_group, group, data)
        kept = keep(f"recipe_search_{index}", what, make)
        devices.add(kept["device"])
        for (rate, seed), nll in zip(group.pairs, kept["nll"], strict=True):
            result = runs.Result(
                configuration=replace(group.recipe, learning_rate=rate),
                seed=seed,
                images=len(data.x_train),
                minutes=kept["minutes"] / len(group.pairs),
                metrics={"validation NLL": nll},
                history={},
            )
            results.append(result)
    more = {
        "minutes": "of a group of networks that train side by side, and of their NLL, "
        "divided by their number; groups, too, may have trained side by side",
        "trained": "in bare JAX, in its default precision for matrix products",
        "devices": sorted(devices),
    }
    measured = {"validation NLL": f"{VALIDATION_NLL}; after the last epoch"}
    return {
        "protocol": describe(data, measured, **more),
        "minutes": sum(result.minutes for result in results),
        "results": results,
    }


STUDIES = {"recipe_search": record}
