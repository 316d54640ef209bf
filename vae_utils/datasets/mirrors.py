"""Downloads over HTTP, in memory, within a bounded time."""

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

TIMEOUT = 5.0  # seconds without an answer, or at too slow a pace, to give up after
PATIENCE = 20.0  # seconds that failing downloads may take, all of them together
SLOWEST = 50_000  # bytes a second, on average, that are worth waiting for


def from_mirrors(
    files: Iterable[File], mirrors: Iterable[str]
) -> Iterator[tuple[File, bytes]]:
    """Yields each file with its verified bytes, from the first mirror that has it.

    Args:
        files: the files wanted.
        mirrors: addresses of folders with gzip-compressed IDX files. One that fails
            is asked last from then on.

    Raises:
        Unavailable: once a file cannot be had from any mirror.
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
            raise Unavailable("; ".join(failures) or "no address known")


def _download(url: str, limit: int, patience: float) -> bytes:
    """Returns what is at `url`, cut off somewhere beyond `limit` bytes.

    A download may take as long as it needs while it brings `SLOWEST` bytes a second on
    average; after `patience` seconds, one that does not is given up. Time-outs of HTTP
    libraries cannot do this, as one byte now and then is enough for them; hence the
    thread, which is left behind when it is too slow.

    Raises:
        OSError: if nothing can be downloaded, or not in time.
    """
    if patience <= 0:
        raise TimeoutError(f"not asked, as {PATIENCE:g} seconds had passed")
    received, errors = io.BytesIO(), []
    arguments = url, received, errors
    thread = threading.Thread(target=_fetch, args=arguments, daemon=True)
    started, status = time.monotonic(), Status()
    with received:  # a thread left behind ends when it writes into what is closed
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
    with contextlib.ExitStack() as stack:

        def close_at_the_end(response, **_):
            stack.callback(response.close)

        downloader = pooch.HTTPDownloader(
            timeout=TIMEOUT, chunk_size=2**16, hooks={"response": close_at_the_end}
        )
        try:
            downloader(url, received, None)
        except Exception as error:  # for the thread that waits to raise
            errors.append(error)


def _reason(error):
    response = getattr(error, "response", None)
    return type(error).__name__ if response is None else f"HTTP {response.status_code}"
