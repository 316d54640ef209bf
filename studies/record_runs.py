"""Trains again what chapters show as recorded runs, and writes it to the package.

    python -m studies.record_runs            every study
    python -m studies.record_runs fc_vae_seeds project_cryer

Run it in the repository's folder. Each study is described in the module that makes it.
If a call is interrupted, call it again: runs that were started are resumed.
"""

import sys

from studies import (
    beta_reconstructions,
    classifier,
    classifier_recipes,
    classifier_spread,
    conv_few,
    conv_pairs,
    conv_vae_seeds,
    cvae_planes,
    dead_filters,
    discrete_codes,
    explorer_networks,
    fc_vae_fashion,
    fc_vae_long,
    fc_vae_seeds,
    fc_vae_sizes,
    first_vae_seeds,
    grey_bound,
    handwriting,
    importance_audit,
    importance_estimators,
    labelled,
    latent_walks,
    likelihoods,
    pictures,
    projects,
    ranked,
    recipe_choices,
    recipe_search,
    time_to_nll,
    training_film,
)
from vae_utils import runs

MODULES = (
    classifier,  # first: it scores what the others generate
    classifier_recipes,
    first_vae_seeds,
    fc_vae_seeds,
    fc_vae_long,
    fc_vae_sizes,
    fc_vae_fashion,
    projects,
    conv_few,
    conv_pairs,
    conv_vae_seeds,
    labelled,
    dead_filters,
    cvae_planes,
    latent_walks,
    explorer_networks,
    classifier_spread,  # it scores those of the projects, and of the explorer
    handwriting,  # it is compared with one of them
    grey_bound,  # it uses another
    likelihoods,
    beta_reconstructions,
    pictures,
    recipe_choices,
    recipe_search,
    time_to_nll,
    ranked,
    training_film,
    importance_audit,
    importance_estimators,
    discrete_codes,
)
STUDIES = {name: make for module in MODULES for name, make in module.STUDIES.items()}


def main(names):
    """Records the studies named, or all."""
    if unknown := sorted(set(names) - set(STUDIES)):
        sys.exit(
            f"The studies are {', '.join(STUDIES)}. Received: {', '.join(unknown)}"
        )
    for name in names or STUDIES:
        print(name, flush=True)
        runs.save_study(name, **STUDIES[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
