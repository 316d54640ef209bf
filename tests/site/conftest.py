"""Fixtures of tests that look at the built site in a browser."""

import pytest
from built_site import HTML, SIZES, resize


@pytest.fixture(scope="module")
def browser(open_browser):
    """A browser that opens pages of the site from the disk."""
    return open_browser(*SIZES["desk"], "--allow-file-access-from-files")


@pytest.fixture
def visit(browser):
    """Opens a page at a size; what a test asks of the browser is undone after it."""

    def go(page, size="desk", anchor=""):
        resize(browser, *SIZES.get(size, size))
        browser.get("about:blank")
        browser.get((HTML / page).as_uri() + anchor)
        return browser

    yield go
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.execute_script("try { localStorage.clear() } catch {}")
    resize(browser, *SIZES["desk"])
