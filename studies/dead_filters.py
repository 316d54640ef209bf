"""Outliers among the seeds of `04_cvae`: dead filters, with three activations."""

from dataclasses import replace

from studies.continuing import run_all
from studies.label_protocol import describe_runs
from studies.label_runs import BOTH, choose_run
from studies.recording import load, sum_minutes

ACTIVATIONS = ("relu", "leaky_relu", "gelu")
SEEDS = tuple(range(1, 31))  # the same ones for each: equal weights, order and noise


def record():
    """Trains the network conditioned on the label with each activation and seed."""
    data = load("mnist")
    protocol = describe_runs(data, labels=False)
    networks = [replace(BOTH, activation=activation) for activation in ACTIVATIONS]
    wanted = [(network, seed) for seed in SEEDS for network in networks]
    one = choose_run("dead_filters", data, labels=False)
    results = run_all("dead_filters", protocol, wanted, one)
    order = {activation: i for i, activation in enumerate(ACTIVATIONS)}
    results.sort(key=lambda each: (order[each.configuration.activation], each.seed))
    return {"protocol": protocol, "minutes": sum_minutes(results), "results": results}


STUDIES = {"dead_filters": record}
