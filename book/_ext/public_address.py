"""Decides where the book is published, on which every absolute address depends.

`_config.yml` names the address as `html: baseurl`, which `make repository` writes.
While its host ends in `.invalid`, the pages name no address at all. The variable
VAE_BOOK_SITE replaces it for one build, since CI knows where it publishes.
"""

import os
from urllib.parse import urlsplit

from sphinx.errors import ConfigError

VARIABLE = "VAE_BOOK_SITE"


def setup(app):
    """Registers the extension with Sphinx."""
    # Before the extensions that read the address.
    app.connect("config-inited", choose, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def choose(app, config):
    """Puts the address of the site into `html_baseurl`, or nothing without one."""
    config.html_baseurl = normalise(os.environ.get(VARIABLE) or config.html_baseurl)


def normalise(address: str) -> str:
    """Returns an address with a slash at its end; without a public host, nothing.

    Raises:
        ConfigError: if a browser cannot open the address.
    """
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            f"The address of the site (html: baseurl in _config.yml, or {VARIABLE}) "
            f"must be of the form https://HOST/PATH/. Received: {address!r}"
        )
    return "" if parts.hostname.endswith(".invalid") else address.rstrip("/") + "/"
