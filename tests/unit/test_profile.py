import os
from pathlib import Path

import pooch
import pytest

from vae_utils import paths, profile

# conftest.py removes every VAE_ variable.


def test_profile_is_full_by_default(monkeypatch):
    assert profile.name() == "full"
    for value, name in (("quick", "quick"), ("full", "full"), ("", "full")):
        monkeypatch.setenv("VAE_BOOK_PROFILE", value)
        assert profile.name() == name


@pytest.mark.parametrize("value", ["fast", "Full", " quick"])
def test_rejects_unknown_profile(monkeypatch, value):
    monkeypatch.setenv("VAE_BOOK_PROFILE", value)
    message = f"'full' or 'quick'. Received: VAE_BOOK_PROFILE={value!r}"
    for read in (
        profile.name,
        lambda: profile.choose(full=1, quick=2),
        lambda: profile.epochs(full=1, quick=2),
    ):
        with pytest.raises(ValueError, match=message):
            read()


def test_chooses_by_profile(monkeypatch):
    full, quick = object(), object()
    assert profile.choose(full=full, quick=quick) is full
    assert profile.epochs(full=30, quick=1) == 30
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    assert profile.choose(full=full, quick=quick) is quick
    assert profile.epochs(full=30, quick=1) == 1


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", None, True])
def test_rejects_invalid_epochs(count):
    with pytest.raises(
        ValueError, match=f"positive integer.*Received: epochs={count!r}"
    ):
        profile.epochs(full=count, quick=1)


def test_seed_defaults_to_that_of_the_chapter(monkeypatch):
    assert profile.seed(42) == 42
    for value, seed in (("7", 7), ("0", 0), ("2147483647", 2**31 - 1), ("", 42)):
        monkeypatch.setenv("VAE_BOOK_SEED", value)
        assert profile.seed(42) == seed


@pytest.mark.parametrize("value", ["-1", "1.5", "seed", " 7", "2147483648", "²", "٣"])
def test_rejects_invalid_seed(monkeypatch, value):
    monkeypatch.setenv("VAE_BOOK_SEED", value)
    with pytest.raises(ValueError, match=f"Received: VAE_BOOK_SEED={value!r}"):
        profile.seed(42)


def test_data_folder_is_none_by_default(monkeypatch):
    assert profile.data_dir() is None
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", "")
    assert profile.data_dir() is None
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", "~/idx")
    assert profile.data_dir() == Path.home() / "idx"


def test_cache_defaults_to_that_of_the_user(monkeypatch):
    users = Path(pooch.os_cache("vae_utils"))
    assert profile.cache_dir() == users
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", "")
    assert profile.cache_dir() == users
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", "~/kept")
    assert profile.cache_dir() == Path.home() / "kept"


@pytest.mark.parametrize(
    ("variable", "read"),
    [
        ("VAE_UTILS_DATA_DIR", profile.data_dir),
        ("VAE_UTILS_CACHE_DIR", profile.cache_dir),
    ],
)
def test_a_relative_folder_begins_where_the_process_started(
    variable, read, monkeypatch, tmp_path
):
    monkeypatch.setattr(paths, "START", tmp_path)
    monkeypatch.setenv(variable, "both")
    monkeypatch.chdir("/")
    assert read() == tmp_path / "both"
    profile.fix_folders()
    assert os.environ[variable] == str(tmp_path / "both")


def test_folders_that_no_variable_names_stay_so(monkeypatch):
    profile.fix_folders()
    assert not {"VAE_UTILS_DATA_DIR", "VAE_UTILS_CACHE_DIR"} & set(os.environ)


def test_without_a_home_folder_there_is_no_cache(monkeypatch):
    monkeypatch.setattr(pooch, "os_cache", lambda project: Path("~/.cache", project))
    assert profile.cache_dir() is None


def test_web_is_allowed_by_default(monkeypatch):
    assert profile.offline() is False
    for value, offline in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("VAE_UTILS_OFFLINE", value)
        assert profile.offline() is offline


@pytest.mark.parametrize("value", ["true", "yes", "2", " 1"])
def test_rejects_invalid_offline(monkeypatch, value):
    monkeypatch.setenv("VAE_UTILS_OFFLINE", value)
    with pytest.raises(ValueError, match=f"Received: VAE_UTILS_OFFLINE={value!r}"):
        profile.offline()


def test_docstring_names_every_variable():
    source = Path(profile.__file__).read_text(encoding="utf-8")
    code = source.partition('"""\n\nimport')[2]
    read = {word for word in code.split('"') if word.startswith("VAE_")}
    named = {word for word in profile.__doc__.split("`") if word.startswith("VAE_")}
    assert {word for word in read if " " not in word} == named
    assert len(named) == 5
