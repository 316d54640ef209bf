"""Opens the playground in a headless browser, and takes pictures of it.

Everything comes from this repository and its packages: the page's scripts, the book's
theme, light, and the digits. Training depends on the seed and on steps only, so each
picture shows the same at each call and on each machine; letters look as the fonts of
the machine do.
"""

import base64
import contextlib
import io
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import find_browser
from PIL import Image
from selenium import webdriver

from vae_utils.playground.scripts import write_scripts

TOOLS = Path(__file__).resolve().parent
STATIC = TOOLS.parent / "book" / "_static"
THEME = "theme/pydata_sphinx_theme/static/styles/pydata-sphinx-theme.css"
FLAGS = (
    "headless=new",
    "no-sandbox",
    "hide-scrollbars",
    "allow-file-access-from-files",
)
PATIENCE = 100  # seconds for a call; the driver's own connection waits for 120
PAGE = (
    '<!doctype html><html lang="en" data-theme="light" data-mode="light"'
    ' data-content_root="./"><head><meta charset="utf-8"><title>playground</title>'
    "{styles}</head>"
    '<body><div class="vae-widget vae-playground vp-page" id="playground"></div>'
    "{scripts}</body></html>"
)


class Stage:
    """An open playground.

    Args:
        browser: that has it.
        scale: pixels of a picture for one of the page.
    """

    def __init__(self, browser, scale: float):
        self.browser = browser
        self.scale = scale

    def call(self, name: str, *arguments):
        """Calls a function of playground_film.js, and waits for what it returns.

        Raises:
            RuntimeError: if it throws an error.
        """
        value, error = self.browser.execute_async_script(
            "const [name, given, done] = arguments;"
            "(async () => window.film[name](...given))().then("
            " (value) => done([value, null]), (error) => done([null, `${error}`]))",
            name,
            arguments,
        )
        if error:
            raise RuntimeError(f"The page failed in {name}: {error}")
        return value

    def take(self, first: str, last: str | None = None) -> Image.Image:
        """Takes a picture from the top of one element to the end of it, or of another.

        Args:
            first: selector of an element, which is as wide as the picture.
            last: selector of an element below.
        """
        x, y, width, height = self.browser.execute_script(
            "const [first, last] = [...arguments].map((selector) =>"
            " document.querySelector(selector).getBoundingClientRect());"
            "return [first.x, first.y, first.width, last.bottom - first.y]",
            first,
            last or first,
        )
        clip = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
        options = {"captureBeyondViewport": True, "clip": clip}
        taken = self.browser.execute_cdp_cmd("Page.captureScreenshot", options)
        stream = io.BytesIO(base64.b64decode(taken["data"]))
        return Image.open(stream).convert("RGB")


@contextlib.contextmanager
def open_stage(folder: Path, width: int, scale: float) -> Iterator[Stage]:
    """Writes the playground into a folder and opens it; closes it in the end.

    Args:
        folder: where to, an empty one.
        width: of the page's window, in its pixels.
        scale: pixels of a picture for one of the page.

    Yields:
        The stage, at the first step.
    """
    page = write_page(folder)
    browser = start_browser()
    try:
        screen = {"width": width, "height": 900, "deviceScaleFactor": scale}
        screen["mobile"] = False
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.set_script_timeout(PATIENCE)
        browser.get(page.as_uri())
        stage = Stage(browser, scale)
        stage.call("open")
        yield stage
    finally:
        browser.quit()


def write_page(folder: Path) -> Path:
    """Writes a page with nothing but the playground; returns its path."""
    written = list(write_scripts(folder))
    theme = Path(str(resources.files("pydata_sphinx_theme") / THEME))
    sheets = [theme, STATIC / "fonts.css", STATIC / "book.css"]
    sheets += [path for path in written if path.suffix == ".css"]
    sheets += [TOOLS / "playground_film.css"]
    scripts = [folder / "playground.js", TOOLS / "playground_film.js"]
    page = folder / "page.html"
    text = PAGE.format(
        styles="".join(f'<link rel="stylesheet" href="{p.as_uri()}">' for p in sheets),
        scripts="".join(f'<script src="{p.as_uri()}"></script>' for p in scripts),
    )
    page.write_text(text, encoding="utf-8")
    return page


def start_browser():
    """Starts the browser that tests use, without a window.

    Raises:
        RuntimeError: if there is none.
    """
    found = find_browser.find()
    if not found:
        raise RuntimeError("There is no browser here: 'make test-tools' installs one.")
    program, driver = found
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in FLAGS:
        options.add_argument(f"--{flag}")
    service = webdriver.ChromeService(executable_path=driver)
    return webdriver.Chrome(options=options, service=service)
