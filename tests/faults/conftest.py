"""How hard the faults' tests look: quickly in `make test`, for long in `make faults`.

`FAULTS=long` tries many more inputs, and other ones each time (`--hypothesis-seed`
repeats them). At its end a table says what was tried.
"""

import os
import re
from pathlib import Path

import pytest
from tally import HEADINGS, LONG, Tally, add_up

# Before Hypothesis looks for its folder: one that is ignored and cleaned anyway.
STORAGE = Path(__file__).parents[2] / ".pytest_cache" / "hypothesis"
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(STORAGE))

from hypothesis import HealthCheck, settings  # noqa: E402
from tabulate import tabulate  # noqa: E402

OPTIONS = {
    "deadline": None,  # the first example compiles
    "database": None,
    # Examples share what fixtures made: folders that stay empty, counters.
    "suppress_health_check": (
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ),
}
SECONDS = 3600  # of one test in the long run
settings.register_profile("quick", derandomize=True, **OPTIONS)
settings.register_profile("long", print_blob=True, **OPTIONS)
settings.load_profile("long" if LONG else "quick")


def pytest_collection_modifyitems(items):
    if LONG:
        for item in items:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture
def tally(request):
    """Counts what a test tries; the table has the sums."""
    counts = Tally()
    yield counts
    request.node.user_properties.extend(counts.items())


@pytest.fixture(scope="session")
def fault_seed(request):
    """The seed of random moments and places; another one each time in the long run."""
    given = request.config.getoption("--hypothesis-seed", None)
    if given not in (None, "random"):
        return int(given)
    return int.from_bytes(os.urandom(4)) if LONG else 0


def pytest_terminal_summary(terminalreporter):
    if not LONG:
        return
    reports = [r for each in terminalreporter.stats.values() for r in each]
    rows = add_up(r for r in reports if isinstance(r, pytest.TestReport))
    terminalreporter.section("faults")
    table = tabulate(rows, HEADINGS, intfmt=",", floatfmt=".0f")
    terminalreporter.write_line(re.sub(r"\s+$", "", table, flags=re.M))
