"""A loopback server that keeps every byte of each request and plays prepared answers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from differential.answers import Answer, answer
from differential.requests import Request

_DEFAULT = answer(json={})
_IDLE_SECONDS = 30


class RecordingServer:
    """Listens on two ports of 127.0.0.1; use it as a context manager.

    Between `begin` and `end` it keeps the requests that arrive and answers the first with the first
    answer, the second with the second and so on; the last answer serves all further requests.
    """

    def __init__(self) -> None:
        self._sockets: dict[str, socket.socket] = {}
        self._lock = threading.Lock()
        self._answers: Sequence[Answer] = ()
        self._requests: list[Request] = []
        for name in ("main", "other"):
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            self._sockets[name] = listener
            threading.Thread(target=self._listen, args=(name, listener), daemon=True).start()

    def __enter__(self) -> RecordingServer:
        return self

    def __exit__(self, *exc: object) -> None:
        for listener in self._sockets.values():
            # Closing alone would leave accept() waiting in its thread.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    @property
    def addresses(self) -> dict[str, str]:
        """``http://127.0.0.1:<port>`` by the name of the port."""
        return {
            name: f"http://127.0.0.1:{listener.getsockname()[1]}"
            for name, listener in self._sockets.items()
        }

    def begin(self, answers: Sequence[Answer]) -> None:
        with self._lock:
            self._answers = answers or (_DEFAULT,)
            self._requests = []

    def end(self) -> list[Request]:
        with self._lock:
            requests, self._requests = self._requests, []
            return requests

    def _listen(self, name: str, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(name, connection), daemon=True).start()

    def _serve(self, name: str, connection: socket.socket) -> None:
        connection.settimeout(_IDLE_SECONDS)
        with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError):
            while True:
                request = Request.read(stream, name)
                if request is None:
                    return
                with self._lock:
                    index = min(len(self._requests), len(self._answers) - 1)
                    chosen = self._answers[index]
                    self._requests.append(request)
                pieces: Any = chosen.pieces(self.addresses, head_only=request.method == "HEAD")
                for piece in pieces:
                    if isinstance(piece, float):
                        time.sleep(piece)
                    else:
                        connection.sendall(piece)
                if chosen.ends_connection:
                    return
