"""Loads a page in headless Chromium on a slow line and measures what readers wait for.

Times depend on the machine that runs the browser; bytes and layout shifts hardly do.
"""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import find_browser
from selenium import webdriver

SCRIPT = Path(__file__).with_name("page_load.js").read_text()
QUIET_S = 2.0  # without a request, after which a page counts as loaded
LIMIT_S = 120.0
LONG_TASK_MS = 50  # what a task takes from that on blocks the page
SESSION_GAP_MS, SESSION_MS = 1000, 5000  # a layout shift score adds up a session's
EXPLORER = ".vae-explorer"


@dataclass(frozen=True)
class Device:
    """A screen, a line and a processor."""

    name: str
    width: int
    height: int
    latency_ms: float
    kilobits: float  # per second, downwards
    slowdown: float  # of the processor


# WebPageTest's "Cable": 5 Mbit/s and 28 ms.
DESK = Device("desk, cable", 1440, 900, 28, 5000, 1)
# "Slow 4G" as Lighthouse and DevTools apply it to requests: 1.6 Mbit/s × 0.9 and
# 150 ms × 3.75; Lighthouse's mid-range phone is 4 × slower than its machine.
PHONE = Device("phone, slow 4G, 4× CPU", 390, 844, 150 * 3.75, 1600 * 0.9, 4)


@dataclass
class Load:
    """What one page loaded, and when.

    Times are milliseconds after the first request, also where a page leads to another.
    """

    requests: int = 0
    raw: int = 0
    compressed: int = 0
    first: int = 0  # bytes compressed, before the reader scrolls
    lcp: float = 0.0
    blocked: float = 0.0
    shift: float = 0.0
    ready: float | None = None
    sizes: dict[str, int] = field(default_factory=dict)  # bytes compressed, by address
    details: dict = field(default_factory=dict)


def open_chromium():
    """Opens headless Chromium, which notes its requests."""
    found = find_browser.find()
    if not found:
        raise FileNotFoundError(
            "A browser with its driver is needed; `make test-tools` installs both"
        )
    options = webdriver.ChromeOptions()
    options.binary_location, driver = found
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    command = "Page.addScriptToEvaluateOnNewDocument"
    browser.execute_cdp_cmd(command, {"source": SCRIPT})
    return browser


def measure(browser, address: str, device: Device) -> Load:
    """Loads a page on a device, then scrolls through it.

    Args:
        browser: from `open_chromium`.
        address: of the page.
        device: what it is seen on.

    Returns:
        What was measured.
    """
    become(browser, device)
    browser.get("about:blank")
    browser.get_log("performance")
    requests = {}
    browser.get(address)
    wait_until_loaded(browser, requests)
    noted = browser.execute_script(
        "return {...pageLoad, start: performance.timeOrigin}"
    )
    wall = min(request["wall"] for request in requests.values()) * 1000
    late = max(0.0, noted["start"] - wall)
    load = Load(
        first=sum(request["wire"] for request in requests.values()),
        lcp=late + noted["lcp"],
        blocked=add_blocking(noted["tasks"]),
        shift=score_shifts(noted["shifts"]),
        ready=noted["ready"] and late + noted["ready"],
        details=noted,
    )
    scroll_through(browser, requests)
    load.requests = len(requests)
    load.raw = sum(request["raw"] for request in requests.values())
    load.compressed = sum(request["wire"] for request in requests.values())
    load.sizes = {request["url"]: request["wire"] for request in requests.values()}
    return load


def become(browser, device: Device):
    """Gives the browser a device's screen, line and processor."""
    screen = {"width": device.width, "height": device.height, "deviceScaleFactor": 1}
    mobile = {**screen, "mobile": device is PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", mobile)
    rate = {"rate": device.slowdown}
    browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", rate)
    set_line(browser, device.latency_ms, device.kilobits * 1000 / 8)


def set_line(browser, latency: float, throughput: float):
    """Slows the network down; a throughput of -1 lifts the limit."""
    line = {"offline": False, "latency": latency}
    line |= {"downloadThroughput": throughput, "uploadThroughput": throughput}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", line)


def wait_until_loaded(browser, requests: dict[str, dict]):
    """Waits until nothing travels any more and explorers work."""
    start = last = time.monotonic()
    script = (
        "return document.readyState === 'complete' &&"
        f" (!document.querySelector('{EXPLORER}') || pageLoad.ready !== null)"
    )
    while time.monotonic() - last < QUIET_S:
        busy = read_log(browser, requests) or not browser.execute_script(script)
        if busy:
            last = time.monotonic()
        if last - start > LIMIT_S:
            raise TimeoutError(f"The page did not load within {LIMIT_S:.0f} s")
        time.sleep(0.1)


def read_log(browser, requests: dict[str, dict]) -> bool:
    """Adds what the browser noted since the last call; tells whether data travel."""
    news = False
    for line in browser.get_log("performance"):
        message = json.loads(line["message"])["message"]
        method, event = message["method"], message["params"]
        name = event.get("requestId")
        if method == "Network.requestWillBeSent":
            url = event["request"]["url"]
            if url.startswith("http"):
                new = {"url": url, "wall": event["wallTime"], "raw": 0, "wire": 0}
                requests[name] = {**new, "open": True, "page": event["loaderId"]}
        elif name in requests and method == "Network.dataReceived":
            requests[name]["raw"] += event["dataLength"]
        elif name in requests and method == "Network.loadingFinished":
            requests[name] |= {"wire": event["encodedDataLength"], "open": False}
        elif name in requests and method == "Network.loadingFailed":
            requests[name]["open"] = False
        news |= method.startswith("Network.") and name in requests
    # What a page wanted that led to this one is over, without a note.
    page = max(requests.values(), key=lambda request: request["wall"], default={})
    return news or any(
        request["open"] and request["page"] == page["page"]
        for request in requests.values()
    )


def scroll_through(browser, requests: dict[str, dict]):
    """Scrolls to the end, screen by screen, on a fast line."""
    set_line(browser, 0, -1)
    browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})
    script = (
        "scrollBy({top: innerHeight, behavior: 'instant'});"
        "return scrollY + innerHeight >= document.documentElement.scrollHeight - 2"
    )
    while not browser.execute_script(script):
        time.sleep(0.02)
    wait_until_loaded(browser, requests)


def add_blocking(tasks) -> float:
    """Adds up how long tasks block a page: what each takes beyond 50 ms."""
    return sum(max(0.0, duration - LONG_TASK_MS) for _, duration in tasks)


def score_shifts(shifts) -> float:
    """Scores layout shifts: the largest sum of a session of at most 5 s."""
    best = total = begin = last = 0.0
    for shift in shifts:
        now = shift["time"]
        if now - last > SESSION_GAP_MS or now - begin > SESSION_MS:
            total, begin = 0.0, now
        total, last = total + shift["value"], now
        best = max(best, total)
    return best
