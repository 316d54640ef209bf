"""Measures how the pages of a built site load, and prints one table.

    python tools/site_report.py _quick/site/_build/html [--pages PAGE ...] [--details]

Each page is opened in headless Chromium with an empty cache, on a desk with a cable and
on a phone with slow 4G and a slow processor (`page_load.py` has the numbers), from a
local server that compresses. The table shows kilobytes (1,000 bytes) raw and
compressed, in all and before the reader scrolls; the largest contentful paint; the
total blocking time; the cumulative layout shift; and when the explorer can be used.
"""

import argparse
from pathlib import Path

import page_load
import site_server
from tabulate import tabulate

PAGES = (
    "index.html",
    "book/explorer.html",
    "notebooks/01_theory.html",
    "notebooks/02_fc_vae.html",
    "notebooks/05_latent_space.html",
)
HEADERS = (
    "page",
    "device",
    "requests",
    "raw kB",
    "gz kB",
    "gz kB unscrolled",
    "LCP s",
    "TBT s",
    "CLS",
    "explorer s",
)
LARGEST = 12  # files that --details shows of a page


def make_row(page: str, device: page_load.Device, load: page_load.Load) -> list[str]:
    """Makes a row of the table."""
    seconds = [f"{load.lcp / 1000:.2f}", f"{load.blocked / 1000:.2f}"]
    kilobytes = [f"{n / 1000:,.0f}" for n in (load.raw, load.compressed, load.first)]
    ready = "" if load.ready is None else f"{load.ready / 1000:.2f}"
    return [
        page.removesuffix(".html"),
        device.name,
        load.requests,
        *kilobytes,
        *seconds,
        f"{load.shift:.3f}",
        ready,
    ]


def print_details(load: page_load.Load):
    """Prints a page's largest files, what was painted last, and what moved."""
    largest = sorted(load.sizes.items(), key=lambda item: -item[1])[:LARGEST]
    for url, size in largest:
        print(f"  {size / 1000:8,.1f} kB  {url}")
    print(f"  largest paint: {load.details['largest']}")
    for shift in load.details["shifts"]:
        print(
            f"  shift {shift['value']:.3f} at {shift['time']:.0f} ms", *shift["moved"]
        )


def main():
    """Reads the command line, measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path, help="folder of the built HTML")
    parser.add_argument("--pages", nargs="+", default=PAGES, metavar="PAGE")
    parser.add_argument("--details", action="store_true", help="show largest files")
    options = parser.parse_args()
    missing = [page for page in options.pages if not (options.site / page).is_file()]
    if missing:
        parser.error(f"{options.site} has no page {', '.join(missing)}")
    rows = []
    browser = page_load.open_chromium()
    try:
        with site_server.serve(options.site) as address:
            for page in options.pages:
                for device in (page_load.DESK, page_load.PHONE):
                    load = page_load.measure(browser, f"{address}/{page}", device)
                    rows.append(make_row(page, device, load))
                    if options.details:
                        print(*rows[-1])
                        print_details(load)
    finally:
        browser.quit()
    right = ("left", "left") + ("right",) * (len(HEADERS) - 2)
    print(tabulate(rows, HEADERS, colalign=right, disable_numparse=True))


if __name__ == "__main__":
    main()
