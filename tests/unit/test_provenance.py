from importlib import metadata
from types import SimpleNamespace

import keras
import pytest

from vae_utils import provenance


def test_versions_name_python_and_every_package():
    versions = provenance.versions()
    assert versions.keys() == {"python", *provenance.PACKAGES}
    assert versions["keras"] == keras.__version__


def test_versions_name_jax_where_tensorflow_is_missing(monkeypatch):
    def find(package):
        if package == "tensorflow":
            raise metadata.PackageNotFoundError
        return f"{package} 1"

    monkeypatch.setattr(metadata, "version", find)
    versions = provenance.versions()
    assert versions.keys() == {"python", "jax", "keras", "numpy"}
    assert versions["jax"] == "jax 1"


def test_backend_is_that_of_keras():
    assert provenance.backend() == keras.config.backend()


@pytest.mark.parametrize(("cores", "words"), [(1, "1 core"), (8, "8 cores")])
def test_hardware_names_cores_and_accelerators(monkeypatch, cores, words):
    devices = ["cpu:0", "gpu:0", "gpu:1"]
    monkeypatch.setattr(provenance, "_count_cores", lambda: cores)
    monkeypatch.setattr(provenance, "backend", lambda: "tensorflow")
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: devices)
    processor, *others = provenance.hardware().rsplit(", ", 3)
    assert processor
    assert others == [words, "gpu:0", "gpu:1"]


def test_hardware_has_the_names_that_makers_gave_accelerators(monkeypatch):
    jax = pytest.importorskip("jax")
    kinds = [("cpu", "cpu"), ("gpu", "NVIDIA H200")]
    devices = [SimpleNamespace(platform=p, device_kind=kind) for p, kind in kinds]
    monkeypatch.setattr(provenance, "backend", lambda: "jax")
    monkeypatch.setattr(jax, "devices", lambda: devices)
    assert provenance.hardware().endswith(", NVIDIA H200")
