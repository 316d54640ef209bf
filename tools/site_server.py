"""Serves a built site from this machine as a web host does: compressed with gzip."""

import contextlib
import functools
import gzip
import http.server
import mimetypes
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMPRESSED = (".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".ttf")
LEVEL = 6  # what web servers use by default


@functools.lru_cache(maxsize=500)
def compress(file: Path) -> bytes:
    """Reads a file as it travels: with gzip, unless its format is compressed already.

    Args:
        file: a file of the site.

    Returns:
        The bytes of the response's body.
    """
    content = file.read_bytes()
    if file.suffix not in COMPRESSED:
        return content
    return gzip.compress(content, LEVEL, mtime=0)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET requests with files of the folder that the server names."""

    protocol_version = "HTTP/1.1"  # keeps connections open, as hosts do

    def do_GET(self):
        file = self.server.folder / unquote(urlsplit(self.path).path).lstrip("/")
        if file.is_dir():
            file /= "index.html"
        if not file.is_file():
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = compress(file)
        self.send_response(200)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if file.suffix in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the browser left the page
            self.wfile.write(body)

    def log_message(self, *arguments):
        """Keeps quiet."""


@contextlib.contextmanager
def serve(folder: str | Path) -> Iterator[str]:
    """Serves a folder on a free port.

    Args:
        folder: the built site.

    Yields:
        The address of the site, without a slash at its end.
    """
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.folder = Path(folder).resolve()
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
