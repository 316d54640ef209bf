"""Long studies that one call begins and others, on any machine, finish."""

import json
import time

from vae_utils import runs


def run_all(name, protocol, wanted, run_one) -> list[runs.Result]:
    """Runs each (configuration, seed) that the study does not have yet.

    Ctrl-C ends it early: only seeds that are complete are returned, and a later call,
    perhaps on another machine, adds the others.

    Args:
        name: of the study.
        protocol: of the study; results measured otherwise are made again.
        wanted: (configuration, seed), seed by seed.
        run_one: function of configuration and seed that returns a result.
    """
    recorded, results = read_recorded(name, protocol), []
    left, began = [pair for pair in wanted if pair not in recorded], time.monotonic()
    print(
        f"{name}: {len(wanted) - len(left)} of {len(wanted)} are recorded", flush=True
    )
    try:
        for done, (configuration, seed) in enumerate(left, 1):
            results.append(run_one(configuration, seed))
            each = (time.monotonic() - began) / done / 60
            more = f"{each:.2f} min each, {(len(left) - done) * each:.0f} min left"
            print(f"{name}: {done} of {len(left)}, seed {seed}, {more}", flush=True)
    except KeyboardInterrupt:
        print(f"{name}: interrupted; call it again for what is missing", flush=True)
    return select_complete([*recorded.values(), *results], wanted)


def read_recorded(name, protocol) -> dict:
    """Reads (configuration, seed) → result of the study, if it was measured equally."""
    if name not in runs.list_studies():
        return {}
    study = runs.load_study(name)
    measured = json.loads(json.dumps(protocol["measured"]))
    if study.protocol["measured"] != measured:
        return {}
    return {(result.configuration, result.seed): result for result in study.results}


def select_complete(results, wanted) -> list[runs.Result]:
    """Selects results of wanted pairs, of seeds that have all their configurations."""
    found = {(result.configuration, result.seed): result for result in results}
    missing = {
        seed for configuration, seed in wanted if (configuration, seed) not in found
    }
    return [found[pair] for pair in wanted if pair[1] not in missing]
