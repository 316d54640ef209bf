"""What some tests need and an environment may lack: packages, and what runs scripts."""

import os

import pytest

from vae_utils.export import formats


def require_format(name):
    """Skips a test unless a format can be written and checked here; fails it in CI."""
    try:
        formats.check_available([name], "tensorflow")
    except formats.Unavailable as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))


def list_formats():
    """Lists the formats that can be written and checked here."""
    return [name for name in formats.FORMATS if is_available(name)]


def is_available(name):
    """Tells whether a format can be written and checked here."""
    try:
        formats.check_available([name], "tensorflow")
    except formats.Unavailable:
        return False
    return True
