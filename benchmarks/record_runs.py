"""Trains again what chapters show as recorded runs, and writes it to the package.

    python benchmarks/record_runs.py            every run
    python benchmarks/record_runs.py fc_vae_seeds project_cryer

What each run is stands where it is made: `fc_runs.py`, `conv_runs.py`,
`conditional_runs.py`, `explorer_runs.py`, `likelihood_runs.py`, `recipe_choices.py`
and `time_to_nll.py`.
"""

import sys

import conditional_runs
import conv_runs
import explorer_runs
import fc_runs
import likelihood_runs
import recipe_choices
import time_to_nll

from vae_utils import pretrained

# In this order: the classifier scores what the others generate.
RUNS = (
    conditional_runs.CLASSIFIER
    | fc_runs.RUNS
    | conv_runs.RUNS
    | conditional_runs.RUNS
    | explorer_runs.RUNS
    | likelihood_runs.RUNS
    | recipe_choices.RUNS
    | time_to_nll.RUNS
)


def main(names):
    """Records the runs named, or all."""
    unknown = sorted(set(names) - set(RUNS))
    if unknown:
        sys.exit(f"The runs are {', '.join(RUNS)}. Received: {', '.join(unknown)}")
    for name in names or RUNS:
        print(name, flush=True)
        pretrained.save_run(name, **RUNS[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
