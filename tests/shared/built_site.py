"""The built site, for tests that look at it in a browser."""

from pathlib import Path

from selenium.webdriver.common.keys import Keys

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_quick" / "site" / "_build" / "html"
PAGES = sorted(
    path.relative_to(HTML).as_posix()
    for path in HTML.glob("**/*.html")
    if "_static" not in path.parts and "<main" in path.read_text()
)
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


def resize(browser, width, height):
    """Sets how much a browser shows, in CSS pixels."""
    screen = {"width": width, "height": height, "deviceScaleFactor": 1}
    command = "Emulation.setDeviceMetricsOverride"
    browser.execute_cdp_cmd(command, {**screen, "mobile": False})


def emulate(browser, **features):
    """Sets what the reader's system asks for, such as forced_colors="active"."""
    listed = [
        {"name": name.replace("_", "-"), "value": value}
        for name, value in features.items()
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})


def press(browser, selector, key=Keys.ENTER):
    """Presses a key on the first element that fits; returns that element."""
    element = browser.find_element("css selector", selector)
    element.send_keys(key)
    return element
