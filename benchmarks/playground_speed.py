"""Measures how fast the playground trains in headless Chromium, and how smoothly.

    python -m benchmarks.playground_speed            digits of 14 × 14 and of 28 × 28
    python -m benchmarks.playground_speed 10         with ten seconds a measurement

Each network trains in three ways, in turns: steps alone, in the page; all that the
playground does, in a worker; and the same where no worker can start. "All" means that
1,000 training and 1,000 held-out images are scored after each epoch, and 1,000 codes
and all weights are sent up to ten times a second. Batches have 100 images.

Rates are medians of rounds. On a busy machine the browser gets part of a core: the
column of CPU seconds divides by what its processes used, painting included, so that it
is at most the rate of an idle core. Frames are the milliseconds from one to the next
while training, the median and the 99th percentile.
"""

import base64
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil
from tabulate import tabulate

from vae_utils import datasets
from vae_utils.playground import make_scripts

sys.path.append(str(Path(__file__).parents[1] / "tools"))

import page_load  # noqa: E402

ROUNDS = 3
TRAINED, HELD_OUT = 5000, 1000  # images
NETWORKS = {"196-64-2": (14, 64), "784-128-2": (28, 128)}
WAYS = ("steps alone", "all, in a worker", "all, in the page")

# Both make `window.train`, a function of seconds.
STEPS = """
const trainer = P.makeTrainer(settings, { ...data, heldOut: few });
for (let i = 0; i < 50; i++) trainer.train(); // until the compiler has seen it
window.train = async (seconds) => {
  const [begin, first] = [performance.now(), trainer.step];
  while (performance.now() < begin + 1000 * seconds) trainer.train();
  const time = performance.now() - begin;
  return { steps: trainer.step - first, time, frames: [] };
};
"""
ALL = """
if (!inWorker) window.Worker = undefined;
let last = null;
const runner = P.startRunner((message) => {
  if (message.type === "snapshot") last = message;
});
runner.post({ type: "configure", settings, data, codes: 1000, interval: 100 });
runner.post({ type: "play" });
const frames = [];
let drawn = performance.now();
const draw = (now) => { frames.push(now - drawn); drawn = now; turn(); };
const turn = () => requestAnimationFrame(draw);
turn();
while (!(last?.step > 50)) await rest(100); // until the compiler has seen it
window.train = async (seconds) => {
  const [begin, first] = [performance.now(), last.step];
  frames.length = 0;
  await rest(1000 * seconds);
  const time = performance.now() - begin;
  return { steps: last.step - first, time, frames };
};
"""
PREPARE = """
const [settings, pixels, inWorker, done] = arguments;
const P = VAEBook.playground;
const rest = (time) => new Promise((go) => setTimeout(go, time));
const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
const part = (from, count) => {
  const size = settings.inputs;
  return { count, values: bytes.slice(from * size, (from + count) * size) };
};
const data = { training: part(0, TRAINED), heldOut: part(TRAINED, HELD_OUT) };
const few = part(TRAINED, 1);
(async () => { BODY })().then(done, (error) => done(String(error)));
""".replace("TRAINED", str(TRAINED)).replace("HELD_OUT", str(HELD_OUT))
TRAIN = "train(arguments[0]).then(arguments[1])"


def load_pixels(side):
    """Loads digits as base64, 28 × 28 or averaged to 14 × 14."""
    x = datasets.load("mnist").x_train
    x = np.resize(x, (TRAINED + HELD_OUT, 28, 28))  # the sample has fewer: repeated
    if side == 14:
        x = x.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).astype(np.uint8)
    return base64.b64encode(np.ascontiguousarray(x).tobytes()).decode()


def count_seconds(browser):
    """Adds up the CPU seconds of the browser's processes."""
    driver = psutil.Process(browser.service.process.pid)
    times = [process.cpu_times() for process in driver.children(recursive=True)]
    return sum(each.user + each.system for each in times)


def measure(browser, address, way, settings, pixels, seconds):
    """Trains once; returns images a second, images a CPU second, and frames."""
    browser.get(address)
    prepare = PREPARE.replace("BODY", STEPS if way == WAYS[0] else ALL)
    in_worker = way == WAYS[1]
    if failure := browser.execute_async_script(prepare, settings, pixels, in_worker):
        raise RuntimeError(f"The page failed. Received: {failure}")
    before = count_seconds(browser)
    found = browser.execute_async_script(TRAIN, seconds)
    used = count_seconds(browser) - before
    images = 100 * found["steps"]
    return 1000 * images / found["time"], images / used, found["frames"]


def main(seconds=4.0):
    """Prints the table."""
    results = {(name, way): [] for name in NETWORKS for way in WAYS}
    digits = {side: load_pixels(side) for side, _ in NETWORKS.values()}
    browser = page_load.open_chromium()
    browser.set_script_timeout(60 + 10 * seconds)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(f"<title>speed</title><script>{make_scripts()}</script>")
        for _ in range(ROUNDS):
            for (name, way), measured in results.items():
                side, width = NETWORKS[name]
                settings = {"inputs": side * side, "hidden": [width]}
                given = settings, digits[side], float(seconds)
                measured.append(measure(browser, page.as_uri(), way, *given))
    browser.quit()
    rows = []
    for (name, way), measured in results.items():
        rates, per_cpu, _ = zip(*measured, strict=True)
        frames = np.concatenate([frames for *_, frames in measured])
        shown = np.percentile(frames, [50, 99]) if len(frames) else (None, None)
        rows.append([name, way, np.median(rates), np.median(per_cpu), *shown])
    headers = ["", "", "images/s", "images/CPU s", "frame, ms", "99 %, ms"]
    print(tabulate(rows, headers, floatfmt=".0f"))
    print(f"load of the last minute: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
