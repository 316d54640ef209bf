"""Finds a browser that Selenium can drive here, and the driver that fits it.

    python tools/find_browser.py

Prints both, or fails with a sentence. Machines may have several browsers, of which the
driver fits one: GitHub's have Chrome, another Chromium, and the driver of the former.
"""

import os
import re
import shutil
import subprocess
import sys

BROWSERS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
DRIVER = "chromedriver"
FOLDER = "CHROMEWEBDRIVER"  # the variable by which GitHub's machines name its folder


def find() -> tuple[str, str] | None:
    """Returns the paths of a browser and its driver, or None."""
    drivers = [shutil.which(DRIVER)]
    if folder := os.environ.get(FOLDER):
        drivers.append(shutil.which(DRIVER, path=folder))
    for driver in filter(None, drivers):
        for browser in filter(None, map(shutil.which, BROWSERS)):
            if read_version(browser) == read_version(driver) is not None:
                return browser, driver
    return None


def read_version(program: str) -> int | None:
    """Returns the major version of a program, or None if it does not run."""
    try:
        result = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(\d+)\.\d+\.\d+", result.stdout)
    return int(found[1]) if found and result.returncode == 0 else None


def main():
    """Prints what was found."""
    found = find()
    if not found:
        sys.exit(
            "There is no Chrome or Chromium here with a driver of the same version. "
            "On Debian, 'apt-get install chromium chromium-driver' brings both; "
            "elsewhere install Chrome and its chromedriver."
        )
    print(*found, sep="\n")


if __name__ == "__main__":
    main()
