"""Fixtures of tests of the playground's page."""

import pytest
from playground_site import do, show_run, write_page, write_site


@pytest.fixture(scope="session")
def playground_folder(tmp_path_factory):
    """A folder with the playground's page, and all that it loads."""
    made = write_site(tmp_path_factory.mktemp("a playground"))  # a path with a space
    write_page(made)
    return made


@pytest.fixture
def playground_address(playground_folder):
    return (playground_folder / "index.html").as_uri()


@pytest.fixture(scope="module")
def playground_browser(open_browser):
    return open_browser(1440, 1000)


@pytest.fixture
def compute(playground_browser, playground_address):
    """Runs JavaScript in a page whose first snapshot is there."""
    browser = playground_browser
    show_run(browser, playground_address)
    yield lambda script, *more: do(browser, script, *more)
    assert browser.get_log("browser") == []
