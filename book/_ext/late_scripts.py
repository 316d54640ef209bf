"""Scripts that other scripts load, each at its time: what readers wait for comes first.

A slow line is shared by all that travels on it. Addresses are seen from the site's
root, which every page of Sphinx names.
"""

from sphinx.builders.html._assets import _JavaScript

ROOT = "document.documentElement.dataset.content_root"
LOAD = """
addEventListener("load", () => {
  const script = document.createElement("script");
  script.src = ROOT + "ADDRESS";
  document.head.append(script);
});
"""
FETCH = """
requestAnimationFrame(() => setTimeout(() => {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "script";
  link.fetchPriority = "low";
  link.href = ROOT + "ADDRESS";
  document.head.append(link);
}));
"""


def load(address: str) -> _JavaScript:
    """Makes an inline script that loads another once all else is there.

    Args:
        address: of the other, from the site's root.

    Returns:
        The inline script, for a page's `script_files`.
    """
    return _JavaScript(None, body=_write(LOAD, address))


def fetch(address: str) -> str:
    """Makes JavaScript that fetches a script after the first paint, and runs it not.

    Args:
        address: of the script, from the site's root; whoever needs it loads it.

    Returns:
        JavaScript.
    """
    return _write(FETCH, address)


def hurry(address: str) -> str:
    """Makes HTML that fetches a script before all else, and runs it not.

    Args:
        address: of the script, as seen from the page; whoever needs it loads it.

    Returns:
        HTML, for a page's `metatags`.
    """
    return f'\n<link rel="preload" as="script" href="{address}" />'


def _write(script, address):
    return script.replace("ROOT", ROOT).replace("ADDRESS", address)
