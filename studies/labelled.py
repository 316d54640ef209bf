"""The networks of `04_cvae`: one, both or none is conditioned on the label."""

import functools

from studies.label_protocol import describe_runs
from studies.label_runs import ALL, SEEDS, run_all
from studies.recording import load, sum_minutes


def record(name):
    """Trains each configuration with each seed on a data set."""
    data = load(name)
    wanted = [(configuration, seed) for seed in SEEDS for configuration in ALL]
    results = run_all(wanted, data)
    results.sort(key=lambda each: (ALL.index(each.configuration), each.seed))
    return {
        "protocol": describe_runs(data, labels=True),
        "minutes": sum_minutes(results),
        "results": results,
    }


STUDIES = {
    "labelled": functools.partial(record, "mnist"),
    "labelled_fashion": functools.partial(record, "fashion_mnist"),
}
