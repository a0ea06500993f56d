"""A web server that webhooks send to."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_DEADLINE = 30.0


@dataclass
class Received:
    """A request that arrived."""

    path: str
    headers: dict[str, str]
    """By names in lower case."""
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class Receiver:
    """Answers each POST by what its path says: ``/200``, ``/500``, ``/302``, ``/large``, ``/slow``."""

    def __init__(self) -> None:
        self._arrived: list[Received] = []
        self._change = threading.Condition()
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.arrive(Received(self.path, headers, raw))
                word = self.path.rpartition("/")[2]
                if word == "slow":
                    outer.closing.wait(_DEADLINE)
                    return
                self.send_response(int(word) if word.isdecimal() else 200)
                self.send_header("Location", f"{outer.url}/followed")
                answer = b"x" * (1024 * 1024 + 1) if word == "large" else b"thanks"
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def arrive(self, received: Received) -> None:
        with self._change:
            self._arrived.append(received)
            self._change.notify_all()

    def got(self, path: str) -> list[Received]:
        """What has arrived at a path so far."""
        return [received for received in self._arrived if received.path == path]

    def wait(self, path: str, count: int = 1) -> list[Received]:
        """The first things that arrived at a path, as soon as there are so many."""
        until = time.monotonic() + _DEADLINE
        with self._change:
            while len(self.got(path)) < count:
                assert self._change.wait(until - time.monotonic()), (
                    f"{[received.body['event'] for received in self.got(path)]} at {path}"
                )
            return self.got(path)[:count]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
