"""Two tiny web servers that say who they are, so that the balancer has something to balance.

    python backends.py NAME=PORT [NAME=PORT ...]

Serves until it is terminated. `/healthz` answers 200; everything else answers the server's name.
"""

from __future__ import annotations

import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Greeter(BaseHTTPRequestHandler):
    """Answers every GET with the name of its server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        body = f"{self.server.greeting}\n".encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def serve(name: str, port: int) -> ThreadingHTTPServer:
    """A server called `name` on the loopback address, answering in a thread of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Greeter)
    server.greeting = name  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    """Serve every NAME=PORT of the command line."""
    for argument in sys.argv[1:]:
        name, _, port = argument.partition("=")
        try:
            serve(name, int(port))
        except OSError as error:
            sys.exit(f"{name}: port {port}: {error.strerror}")
    print("ready", flush=True)
    fall_silent()
    threading.Event().wait()


def fall_silent() -> None:
    """Let go of the pipes we were started with: whoever reads them waits for their end."""
    with open(os.devnull, "wb") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere.fileno(), stream.fileno())


if __name__ == "__main__":
    main()
