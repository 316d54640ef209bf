"""A web server on this machine that serves IDX files, well or badly."""

import contextlib
import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def flipped(data):
    """Returns the bytes with one bit changed, in the middle."""
    changed = bytearray(data)
    changed[len(data) // 2] ^= 1
    return bytes(changed)


class IdxServer(ThreadingHTTPServer):
    """Serves `/MANNER/NAME.gz`, where the manner is a method of `Handler`."""

    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files  # {name: raw bytes}
        self.asked = []
        self.closing = threading.Event()

    def mirror(self, manner):
        return f"http://127.0.0.1:{self.server_port}/{manner}/"

    def handle_error(self, request, client_address):
        """Says nothing when a client hangs up."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        _, manner, name = self.path.split("/")
        self.server.asked.append((manner, name))
        getattr(self, manner)(self.server.files[name.removesuffix(".gz")])

    def send(self, body, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def good(self, raw):
        self.send(gzip.compress(raw))

    def raw(self, raw):
        self.send(raw)

    def damaged_gzip(self, raw):
        self.send(flipped(gzip.compress(raw)))

    def wrong_bit(self, raw):
        self.send(gzip.compress(flipped(raw)))

    def wrong_magic(self, raw):
        self.send(gzip.compress(b"\x00\x00\x0d" + raw[3:]))

    def truncated_body(self, raw):
        body = gzip.compress(raw)
        self.send(body[: len(body) // 2], length=len(body))

    def truncated_gzip(self, raw):
        body = gzip.compress(raw)
        self.send(body[: len(body) // 2])

    def bomb(self, raw):
        self.send(gzip.compress(raw + bytes(10_000_000)))

    def endless(self, raw):
        self.send(b"", length=10**12)
        for _ in range(300):  # a client that does not stop waits for 6 seconds
            self.wfile.write(bytes(10**6))
            self.server.closing.wait(0.02)

    def forbidden(self, raw):
        self.send(b"no", status=403)

    def labels_only(self, raw):
        self.good(raw) if len(raw) < 1000 else self.forbidden(raw)

    def images_only(self, raw):
        self.forbidden(raw) if len(raw) < 1000 else self.good(raw)

    def slow(self, raw):
        self.server.closing.wait(0.2)
        self.good(raw)

    def stalled(self, raw):
        self.server.closing.wait(10)

    def trickling(self, raw):
        body = gzip.compress(raw)
        self.send(body[:1], length=len(body))
        for i in range(1, len(body)):
            if self.server.closing.wait(0.05):
                return
            self.wfile.write(body[i : i + 1])

    def trickling_header(self, raw):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.server.closing.wait(0.05):
            self.wfile.write(b"x")

    def log_message(self, *args):
        """Says nothing."""


@contextlib.contextmanager
def serving(files):
    """Yields a running server of `files`, raw bytes by name."""
    server = IdxServer(files)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
