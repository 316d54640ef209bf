"""What numbers depend on beside the code, such as packages and hardware."""

import os
import platform
import re
from importlib import metadata
from pathlib import Path

import keras

PACKAGES = ("tensorflow", "keras", "numpy")


def versions() -> dict[str, str]:
    """Returns package → version, of what numbers depend on."""
    found = {package: metadata.version(package) for package in PACKAGES}
    return {"python": platform.python_version()} | found


def backend() -> str:
    """Returns the name of Keras's backend."""
    return keras.backend.backend()


def hardware() -> str:
    """Names the processor, its cores and, where there is one, the accelerator."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    name = model[1].strip() if model else platform.machine()
    devices = [d for d in keras.distribution.list_devices() if not d.startswith("cpu")]
    cores = _count_cores()
    return ", ".join([f"{name}, {cores} core{'s' * (cores > 1)}", *devices])


def _count_cores():
    """Counts the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()
