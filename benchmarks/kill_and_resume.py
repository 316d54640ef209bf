"""Kills a run at random moments, resumes it, and compares it with one never killed.

    python -m benchmarks.kill_and_resume [KILLS] [OPTIONS OF train ...]

Weights, optimiser state, seed generators, history and snapshots must be the same to the
last bit. It exits with 1 if they are not.
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
    """Starts a training run in a process of its own."""
    command = [sys.executable, "-m", "vae_utils", "train", *options]
    command += ["--output-dir", str(folder), *(["--resume"] if resume else [])]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def train(folder, options, kills, rng):
    """Trains, killed as often as asked; returns the last checkpoint after each kill."""
    last_epochs = []
    while True:
        process = start(folder, options, (folder / "config.json").exists())
        try:
            seconds = rng.uniform(0.5, SECONDS) if len(last_epochs) < kills else None
            if process.wait(timeout=seconds):
                sys.exit(f"Training failed. Received: exit code {process.returncode}")
            return last_epochs
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            last_epochs.append(max(list_epochs(folder / "checkpoints"), default=0))
            print(f"killed after {seconds:.1f} s: epoch {last_epochs[-1]}", flush=True)


def digest(folder):
    """Hashes everything that a run leaves, except how long it took."""
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
    """Compares one run with another that is killed again and again."""
    kills = int(arguments[0]) if arguments else 20
    options = arguments[1:] or OPTIONS
    with tempfile.TemporaryDirectory() as scratch:
        whole, killed = Path(scratch) / "whole", Path(scratch) / "killed"
        began = time.monotonic()
        train(whole, options, 0, random.Random(0))
        print(f"uninterrupted: {time.monotonic() - began:.0f} s", flush=True)
        last_epochs = train(killed, options, kills, random.Random(1))
        print(f"{len(last_epochs)} kills, at {len(set(last_epochs))} different epochs")
        expected, found = digest(whole), digest(killed)
        for name in expected:
            same = "equal" if expected[name] == found[name] else "DIFFERENT"
            print(f"{name}: {expected[name][:16]} {found[name][:16]} {same}")
    sys.exit(expected != found)


if __name__ == "__main__":
    main(sys.argv[1:])
