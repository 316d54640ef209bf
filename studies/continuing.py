"""Long studies that one call begins and others, on any machine, finish."""

import json
import time

from vae_utils import runs


def find_seed(configuration, seed):
    """Returns the seed: results of one seed belong together."""
    return seed


def run_all(name, protocol, wanted, run_one, group=find_seed) -> list[runs.Result]:
    """Runs each (configuration, seed) that the study does not have yet.

    Ctrl-C ends it early: only groups that are complete are returned, and a later call,
    perhaps on another machine, adds the others.

    Args:
        name: of the study.
        protocol: of the study; results measured otherwise are made again.
        wanted: (configuration, seed), group by group.
        run_one: function of configuration and seed that returns a result.
        group: function of configuration and seed that names what belongs together.
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
    return select_complete([*recorded.values(), *results], wanted, group)


def read_recorded(name, protocol) -> dict:
    """Reads (configuration, seed) → result of the study, if it was measured equally."""
    if name not in runs.list_studies():
        return {}
    study = runs.load_study(name)
    measured = json.loads(json.dumps(protocol["measured"]))
    if study.protocol["measured"] != measured:
        return {}
    return {(result.configuration, result.seed): result for result in study.results}


def select_complete(results, wanted, group) -> list[runs.Result]:
    """Selects results of wanted pairs, of groups that have all of theirs."""
    found = {(result.configuration, result.seed): result for result in results}
    missing = {group(*pair) for pair in wanted if pair not in found}
    return [found[pair] for pair in wanted if group(*pair) not in missing]
