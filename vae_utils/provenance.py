"""Versions, backend and hardware: what results depend on apart from the code."""

import os
import platform
import re
from importlib import metadata
from pathlib import Path

import keras

PACKAGES = ("tensorflow", "keras", "numpy")


def versions() -> dict[str, str]:
    """Returns the version of Python and of each package in `PACKAGES`, by name.

    If TensorFlow is not installed, the version of JAX is given instead.
    """
    packages = {package: _find_version(package) for package in PACKAGES}
    if packages["tensorflow"] is None:
        packages = {"jax": _find_version("jax")} | packages
    found = {name: version for name, version in packages.items() if version}
    return {"python": platform.python_version()} | found


def _find_version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def backend() -> str:
    """Returns the name of the Keras backend."""
    return keras.backend.backend()


def hardware() -> str:
    """Names the processor, the cores available, and any accelerators.

    An accelerator has the name its maker gave it on JAX, and Keras's elsewhere.
    """
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    name = model[1].strip() if model else platform.machine()
    cores = _count_cores()
    processor = f"{name}, {cores} core{'s' * (cores > 1)}"
    return ", ".join([processor, *_name_accelerators()])


def _name_accelerators():
    """Lists the names of all devices but processors."""
    if backend() != "jax":
        devices = keras.distribution.list_devices()
        return [device for device in devices if not device.startswith("cpu")]
    import jax

    return [each.device_kind for each in jax.devices() if each.platform != "cpu"]


def _count_cores():
    """Counts the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()
