"""Measures folders of pictures: decoding, a second start, a check, and training.

    python -m benchmarks.pictures_speed [COUNT] [FOLDER]

COUNT pictures of 64 × 64 are drawn (10,000 by default), or those of FOLDER are taken.
Each step runs in a program of its own, with an empty cache at first; its memory is the
most that it had, and the most of one of the processes that decode, each. Then a network
trains on the images in memory and on the same images mapped from a file, an epoch each
in turns, in one process: only the ratio means anything.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from tabulate import tabulate

STEPS = {
    "first load": "datasets.from_folder(path, labels=None)",
    "second start": "datasets.from_folder(path, labels=None)",
    "check of new files": "datasets.check_folder(path, size=48).table()",
    "check of known files": "datasets.check_folder(path).table()",
}
PROGRAM = (
    "import resource, sys, time; began = time.perf_counter(); "
    "from vae_utils import datasets; path = sys.argv[1]; "
    "ready = time.perf_counter(); {code}; done = time.perf_counter(); "
    "used = [resource.getrusage(who).ru_maxrss for who in "
    "(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]; "
    "print(ready - began, done - ready, *used)"
)
ROUNDS = 6  # epochs of each; the first, which compiles, is left out


def draw_pictures(folder: Path, count: int, size: int = 64):
    """Writes PNGs of soft shapes with noise, as large as photographs of that size."""
    rng = np.random.default_rng(0)
    for i in range(count):
        coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), np.uint8))
        soft = np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC))
        noisy = soft + rng.normal(0, 6, soft.shape)
        image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
        image.save(folder / f"{i:06}.png")


def run_steps(folder):
    """Yields a row for each step: seconds, processor seconds, memory."""
    for name, code in STEPS.items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-c", PROGRAM.format(code=code), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = sum(
            getattr(after, kind) - getattr(before, kind)
            for kind in ("ru_utime", "ru_stime")
        )
        imports, seconds, own, child = map(float, done.stdout.split())
        yield [name, imports, seconds, processor, own / 1024, child / 1024]


def compare_training(folder):
    """Yields a row for images in memory, and one for images mapped from a file."""
    from benchmarks.interleaved import train_one_epoch
    from vae_utils import configurations, datasets, training
    from vae_utils.datasets.pictures import arranging

    kinds, share = {}, arranging.SHARE
    for kind, arranging.SHARE in (("in memory", share), ("mapped", 0.0)):
        data = datasets.from_folder(folder, labels=None)
        configuration = configurations.VAEConfiguration(
            hidden=(64,), latent_dim=16, binarisation="none"
        )
        kinds[kind] = training.prepare(configuration, data, seed=1).model, data, []
    for epoch in range(ROUNDS):
        for model, data, measured in kinds.values():
            measured.append(train_one_epoch(model, data, epoch, 128))
    for kind, (_, _, measured) in kinds.items():
        seconds, processor, losses = np.array(measured[1:]).T
        yield [kind, np.median(seconds), np.median(processor), losses[-1]]


def main(count=10_000, folder=None):
    """Prints both tables."""
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["VAE_UTILS_CACHE_DIR"] = f"{temporary}/cache"
        if folder is None:
            folder = Path(temporary) / "pictures"
            folder.mkdir()
            began = time.perf_counter()
            draw_pictures(folder, int(count))
            print(f"drawn in {time.perf_counter() - began:.0f} s", flush=True)
        headers = ["", "imports, s", "then, s", "processor, s", "MB", "MB of a process"]
        print(tabulate(run_steps(folder), headers, floatfmt=".2f"), flush=True)
        headers = ["training on images", "epoch, s", "processor, s", "loss"]
        print(tabulate(compare_training(folder), headers, floatfmt=".3f"))


if __name__ == "__main__":
    main(*sys.argv[1:])
