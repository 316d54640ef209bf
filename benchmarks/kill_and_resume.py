"""Kills a training at random moments, goes on, and compares with one never killed.

    python benchmarks/kill_and_resume.py [KILLS] [OPTIONS OF train ...]

Weights, what the optimiser remembers, seed generators, history and snapshots must be
the same to the last bit. It exits with 1 if they are not.
"""

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from vae_utils.training.checkpoint_file import list_epochs, path_of

OPTIONS = ["--epochs", "150", "--updates-per-epoch", "100", "--quiet"]
SECONDS = 25  # after which a process is killed at the latest


def start(folder, options, resume):
    """Starts a training in a process of its own."""
    command = [sys.executable, "-m", "vae_utils", "train", *options]
    command += ["--output-dir", str(folder), *(["--resume"] if resume else [])]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def train(folder, options, kills, rng):
    """Trains, killed as often as asked; returns the epochs that stood after each."""
    stood = []
    while True:
        process = start(folder, options, (folder / "config.json").exists())
        try:
            seconds = rng.uniform(0.5, SECONDS) if len(stood) < kills else None
            if process.wait(timeout=seconds):
                sys.exit(f"The training failed with {process.returncode}.")
            return stood
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            stood.append(max(list_epochs(folder / "checkpoints"), default=0))
            print(f"killed after {seconds:.1f} s: epoch {stood[-1]} stands", flush=True)


def digest(folder):
    """Hashes all that a run leaves, but how long it took."""
    hashes = {}
    last = list_epochs(folder / "checkpoints")[-1]
    files = {f"epoch {last}": path_of(folder / "checkpoints", last)}
    if (folder / "snapshots.npz").exists():
        files["snapshots"] = folder / "snapshots.npz"
    for name, path in files.items():
        total = hashlib.sha256()
        with np.load(path, allow_pickle=False) as saved:
            for key in sorted(set(saved.files) - {"about"}):
                total.update(key.encode() + saved[key].tobytes())
            if "about" in saved.files:
                about = json.loads(str(saved["about"])) | {"minutes": None}
                total.update(json.dumps(about, sort_keys=True).encode())
        hashes[name] = total.hexdigest()
    history = (folder / "history.csv").read_bytes()
    return hashes | {"history": hashlib.sha256(history).hexdigest()}


def main(arguments):
    """Compares one training with another that is killed again and again."""
    kills = int(arguments[0]) if arguments else 20
    options = arguments[1:] or OPTIONS
    with tempfile.TemporaryDirectory() as scratch:
        whole, killed = Path(scratch) / "whole", Path(scratch) / "killed"
        began = time.monotonic()
        train(whole, options, 0, random.Random(0))
        print(f"uninterrupted: {time.monotonic() - began:.0f} s", flush=True)
        stood = train(killed, options, kills, random.Random(1))
        print(f"{len(stood)} kills, at {len(set(stood))} different epochs")
        expected, found = digest(whole), digest(killed)
        for name in expected:
            same = "equal" if expected[name] == found[name] else "DIFFERENT"
            print(f"{name}: {expected[name][:16]} {found[name][:16]} {same}")
    sys.exit(expected != found)


if __name__ == "__main__":
    main(sys.argv[1:])
