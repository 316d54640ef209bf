"""A page with nothing but the explorer, in a browser."""

import re

from vae_utils import explorer

SETTLED = "await new Promise((go) => setTimeout(go, 600))"  # longer than a pause
FRAMES = (
    "const frame = () => new Promise(requestAnimationFrame); await frame(); "
    "await frame(); await frame()"
)


def make_page(folder, body=None):
    """Writes what an explorer loads, and a page; returns its path."""
    list(explorer.write_scripts(folder))
    head = '<meta charset="utf-8"><title>Explorer</title>'
    for style in explorer.STYLES:
        head += f'<link rel="stylesheet" href="{style.name}">'
    for script in explorer.SCRIPTS:
        head += f'<script defer src="{script.name}"></script>'
    body = body or (
        '<div class="vae-widget vae-explorer" id="explorer" data-model="vae">'
        '<div class="vx-room"></div></div>'
    )
    page = folder / "index.html"
    page.write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    )
    return page


def show(browser, page, fragment="", motion="reduce"):
    """Opens a page, and waits for its explorer; by default without its tour."""
    wish = [{"name": "prefers-reduced-motion", "value": motion}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wish})
    browser.get("about:blank")  # or else another fragment would not load the page
    browser.get(page.as_uri() + fragment)
    assert wait(browser, "await VAEBook.ready; " + FRAMES) is None


def wait(browser, script, *arguments):
    """Runs a script that returns a promise, and waits for what it promises."""
    done = f"(async () => {{ {script} }})().then(done, (e) => done(String(e)))"
    names = "const done = arguments[arguments.length - 1];"
    return browser.execute_async_script(names + done, *arguments)


def click(browser, text):
    browser.find_element("xpath", f"//button[text()='{text}']").click()


def text_of(browser, selector):
    return browser.find_element("css selector", selector).text


def place(browser):
    """Returns the place whose decoded image is shown."""
    wait(browser, FRAMES)
    shown = text_of(browser, ".vx-where").replace("−", "-")
    return tuple(float(n) for n in re.findall(r"-?\d+\.\d+", shown))


def choose(browser, value):
    """Chooses a network or a digit, and waits until it is shown."""
    selector = f"input[value='{value}']"
    browser.execute_script(f'document.querySelector("{selector}").click()')
    if not value.isdigit():
        wait(browser, f"await VAEBook.load('{value}'); {FRAMES}")
    else:
        wait(browser, FRAMES)


def point(browser, kind, x, y, selector=".vx-plane", buttons=1):
    """Moves the mouse to shares of an element's box, as the browser does itself."""
    left, top = _find(browser, selector, x, y)
    pressed = (
        {"button": "left", "clickCount": 1} if kind != "mouseMoved" or buttons else {}
    )
    event = {"type": kind, "x": left, "y": top, "buttons": buttons, **pressed}
    browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)


def touch(browser, kind, *places, selector=".vx-plane"):
    """Touches shares of an element's box."""
    points = [_find(browser, selector, x, y) for x, y in places]
    points = [{"x": left, "y": top} for left, top in points]
    event = {"type": kind, "touchPoints": points}
    browser.execute_cdp_cmd("Input.dispatchTouchEvent", event)


def _find(browser, selector, x, y):
    return browser.execute_script(
        "const [selector, x, y] = arguments;"
        "const box = document.querySelector(selector).getBoundingClientRect();"
        "return [box.left + x * box.width, box.top + y * box.height]",
        selector,
        x,
        y,
    )
