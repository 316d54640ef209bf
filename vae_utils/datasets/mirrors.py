"""Downloads over HTTP into memory, within a limited time."""

import contextlib
import io
import threading
import time
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pooch

from vae_utils.datasets import idx
from vae_utils.datasets.catalog import File, Unavailable
from vae_utils.status import Status

TIMEOUT = 5.0  # seconds after which a download with no or too little data fails
PATIENCE = 20.0  # seconds that all failing downloads together may take
SLOWEST = 50_000  # bytes a second, on average, below which a download is too slow


def from_mirrors(
    files: Iterable[File], mirrors: Iterable[str]
) -> Iterator[tuple[File, bytes]]:
    """Yields each file with its verified bytes, from the first mirror that has it.

    Args:
        files: the files to download.
        mirrors: addresses of folders with gzip-compressed IDX files. A mirror that
            fails is tried last from then on.

    Yields:
        Each file and its raw bytes.

    Raises:
        Unavailable: as soon as no mirror has a file.
    """
    order, patience = list(mirrors), PATIENCE
    for file in files:
        failures = []
        for mirror in tuple(order):
            started = time.monotonic()
            url = f"{mirror.rstrip('/')}/{file.name}.gz"
            try:
                data = _download(url, file.size + 1024, min(TIMEOUT, patience))
                raw = idx.verified(data, file)
            except (OSError, ValueError) as error:
                patience -= time.monotonic() - started
                failures.append(f"{urlsplit(url).hostname}: {error}")
                order.remove(mirror)
                order.append(mirror)
            else:
                yield file, raw
                break
        else:
            raise Unavailable("; ".join(failures) or "no mirrors are known")


def _download(url: str, limit: int, patience: float) -> bytes:
    """Downloads `url`, and stops somewhere beyond `limit` bytes.

    A download may take any time while it averages `SLOWEST` bytes a second; a slower
    one fails after `patience` seconds. The timeouts of HTTP libraries cannot do this,
    because an occasional byte resets them. So a thread downloads, and is abandoned if
    it is too slow.

    Raises:
        OSError: if the download fails or takes too long.
    """
    if patience <= 0:
        raise TimeoutError(f"not tried after {PATIENCE:g} seconds of failed downloads")
    received, errors = io.BytesIO(), []
    arguments = url, received, errors
    thread = threading.Thread(target=_fetch, args=arguments, daemon=True)
    started, status = time.monotonic(), Status()
    with received:  # an abandoned thread ends when it writes to the closed buffer
        thread.start()
        while thread.is_alive() and received.tell() <= limit:
            elapsed, size = time.monotonic() - started, received.tell()
            if elapsed > patience and size < SLOWEST * elapsed:
                raise TimeoutError(f"{size:,} bytes in {elapsed:.0f} seconds")
            status.update(f"Downloading {url}: {size / 1e6:.1f} MB")
            thread.join(0.05)
        if errors:
            raise OSError(_reason(errors[0])) from errors[0]
        status.finish(f"Downloaded {url}: {received.tell() / 1e6:.1f} MB")
        return received.getvalue()


def _fetch(url, received, errors):
    """Downloads `url` into `received`, or appends the exception to `errors`."""
    with contextlib.ExitStack() as stack:

        def close_at_the_end(response, **_):
            stack.callback(response.close)

        downloader = pooch.HTTPDownloader(
            timeout=TIMEOUT, chunk_size=2**16, hooks={"response": close_at_the_end}
        )
        try:
            downloader(url, received, None)
        except Exception as error:  # the waiting thread raises it
            errors.append(error)


def _reason(error):
    """Names an error: its HTTP status if it has one, otherwise its class."""
    response = getattr(error, "response", None)
    return type(error).__name__ if response is None else f"HTTP {response.status_code}"
