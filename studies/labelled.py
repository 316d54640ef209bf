"""The networks of `04_cvae`: one, both or none is conditioned on the label."""

import functools

from studies.continuing import run_all
from studies.label_protocol import describe_runs
from studies.label_runs import ALL, SEEDS, choose_run
from studies.recording import load, sum_minutes


def record(name, data_set):
    """Trains each configuration with each seed on a data set."""
    data = load(data_set)
    protocol = describe_runs(data, labels=True)
    wanted = [(configuration, seed) for seed in SEEDS for configuration in ALL]
    one = choose_run(name, data, labels=True)
    results = run_all(name, protocol, wanted, one)
    results.sort(key=lambda each: (ALL.index(each.configuration), each.seed))
    return {"protocol": protocol, "minutes": sum_minutes(results), "results": results}


NAMES = {"labelled": "mnist", "labelled_fashion": "fashion_mnist"}
STUDIES = {name: functools.partial(record, name, own) for name, own in NAMES.items()}
