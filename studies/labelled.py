"""The networks of `04_cvae`: one, both or none is conditioned on the label."""

import functools

from studies import resident
from studies.continuing import run_all
from studies.label_protocol import describe_runs
from studies.label_runs import ALL, SEEDS, run, run_resident
from studies.recording import load, sum_minutes


def record(name, data_set):
    """Trains each configuration with each seed on a data set."""
    data = load(data_set)
    protocol = describe_runs(data, labels=True)
    if resident.is_available():
        results = run_resident(name, data, ALL, SEEDS, labels=True)
    else:
        wanted = [(configuration, seed) for seed in SEEDS for configuration in ALL]
        results = run_all(name, protocol, wanted, functools.partial(run, data))
    results.sort(key=lambda each: (ALL.index(each.configuration), each.seed))
    return {"protocol": protocol, "minutes": sum_minutes(results), "results": results}


NAMES = {"labelled": "mnist", "labelled_fashion": "fashion_mnist"}
STUDIES = {name: functools.partial(record, name, own) for name, own in NAMES.items()}
