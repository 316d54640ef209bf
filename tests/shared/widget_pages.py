"""Pages with widgets on disk, and what tests do in them."""

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>widgets</title>'
    "</head><body>{}</body></html>"
)
SCRIPTS = "Emulation.setScriptExecutionDisabled"


def write_page(folder, *widgets):
    """Writes a page with widgets; returns its address."""
    file = folder / "a page.html"  # a name with a space
    file.write_text(PAGE.format("".join(widgets)), encoding="utf-8")
    return file.as_uri()


def open_without_scripts(browser, address):
    """Opens a page as a browser that runs no scripts, until the next page."""
    browser.execute_cdp_cmd(SCRIPTS, {"value": True})
    browser.get(address)


def allow_scripts(browser):
    browser.execute_cdp_cmd(SCRIPTS, {"value": False})


def wait_until(browser, condition, *arguments, seconds=10):
    """Waits until JavaScript returns something true, and returns it."""
    from selenium.webdriver.support.ui import WebDriverWait

    waiting = WebDriverWait(browser, seconds, poll_frequency=0.02)
    return waiting.until(lambda b: b.execute_script(condition, *arguments))


def overflow(browser):
    """Measures by how many pixels the page is wider than its window."""
    script = "return document.documentElement.scrollWidth - innerWidth"
    return browser.execute_script(script)
