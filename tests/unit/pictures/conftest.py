"""Each test has a cache of its own, and folders that nothing may be written to."""

import pytest
from picture_files import list_all


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Provides an empty cache, and a working folder that must stay empty."""
    for name in ("VAE_BOOK_PROFILE", "VAE_UTILS_DATA_DIR", "VAE_UTILS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    yield tmp_path / "cache" / "pictures"
    assert not list_all(tmp_path / "here")


@pytest.fixture
def own(tmp_path):
    """The user's folder, in which a test writes pictures."""
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


@pytest.fixture
def untouched(own):
    """A function that remembers the user's folder, which is compared at the end."""
    before = []
    yield lambda: before.append(list_all(own))
    assert before and list_all(own) == before[-1]
