from pathlib import Path

import pooch
import pytest

from vae_utils import profile

# conftest.py has removed every VAE_ variable.


def test_the_profile_is_full_unless_it_is_quick(monkeypatch):
    assert profile.name() == "full"
    for value, name in (("quick", "quick"), ("full", "full"), ("", "full")):
        monkeypatch.setenv("VAE_BOOK_PROFILE", value)
        assert profile.name() == name


@pytest.mark.parametrize("value", ["fast", "Full", " quick"])
def test_an_unknown_profile_is_refused(monkeypatch, value):
    monkeypatch.setenv("VAE_BOOK_PROFILE", value)
    message = f"'full' or 'quick'. Received: VAE_BOOK_PROFILE={value!r}"
    for read in (
        profile.name,
        lambda: profile.choose(full=1, quick=2),
        lambda: profile.epochs(full=1, quick=2),
    ):
        with pytest.raises(ValueError, match=message):
            read()


def test_the_profile_chooses(monkeypatch):
    full, quick = object(), object()
    assert profile.choose(full=full, quick=quick) is full
    assert profile.epochs(full=30, quick=1) == 30
    monkeypatch.setenv("VAE_BOOK_PROFILE", "quick")
    assert profile.choose(full=full, quick=quick) is quick
    assert profile.epochs(full=30, quick=1) == 1


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", None, True])
def test_epochs_that_are_no_count_are_refused(count):
    with pytest.raises(
        ValueError, match=f"positive integer.*Received: epochs={count!r}"
    ):
        profile.epochs(full=count, quick=1)


def test_the_seed_is_the_chapters_own_unless_set(monkeypatch):
    assert profile.seed(42) == 42
    for value, seed in (("7", 7), ("0", 0), ("2147483647", 2**31 - 1), ("", 42)):
        monkeypatch.setenv("VAE_BOOK_SEED", value)
        assert profile.seed(42) == seed


@pytest.mark.parametrize("value", ["-1", "1.5", "seed", " 7", "2147483648", "²", "٣"])
def test_a_seed_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("VAE_BOOK_SEED", value)
    with pytest.raises(ValueError, match=f"Received: VAE_BOOK_SEED={value!r}"):
        profile.seed(42)


def test_the_data_folder_is_none_unless_set(monkeypatch):
    assert profile.data_dir() is None
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", "")
    assert profile.data_dir() is None
    monkeypatch.setenv("VAE_UTILS_DATA_DIR", "~/idx")
    assert profile.data_dir() == Path.home() / "idx"


def test_the_cache_is_the_users_unless_set(monkeypatch):
    users = Path(pooch.os_cache("vae_utils"))
    assert profile.cache_dir() == users
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", "")
    assert profile.cache_dir() == users
    monkeypatch.setenv("VAE_UTILS_CACHE_DIR", "~/kept")
    assert profile.cache_dir() == Path.home() / "kept"


def test_the_web_is_allowed_unless_forbidden(monkeypatch):
    assert profile.offline() is False
    for value, offline in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("VAE_UTILS_OFFLINE", value)
        assert profile.offline() is offline


@pytest.mark.parametrize("value", ["true", "yes", "2", " 1"])
def test_offline_is_one_or_zero(monkeypatch, value):
    monkeypatch.setenv("VAE_UTILS_OFFLINE", value)
    with pytest.raises(ValueError, match=f"Received: VAE_UTILS_OFFLINE={value!r}"):
        profile.offline()


def test_the_table_names_every_variable():
    source = Path(profile.__file__).read_text(encoding="utf-8")
    code = source.partition('"""\n\nimport')[2]
    read = {word for word in code.split('"') if word.startswith("VAE_")}
    named = {word for word in profile.__doc__.split("`") if word.startswith("VAE_")}
    assert {word for word in read if " " not in word} == named
    assert len(named) == 5
