"""A proxy on the loopback that passes requests on, and breaks some of them as a test says."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import urllib.parse
from collections.abc import Callable

Fault = Callable[[bytes, socket.socket], "bytes | int | None"]
"""Gets the head of a request and the connection to the client. Returns an answer to give in place of the server's, a
number of bytes after which the server's answer is cut off, or None to pass all on."""


class Between:
    """A proxy before one server; each connection carries one request."""

    def __init__(self, target: str) -> None:
        parts = urllib.parse.urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.faults: list[Fault] = []
        """Each is asked about each request; the first that has an answer decides."""
        self.heads: list[str] = []
        """Heads of the requests that came."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def count(self, beginning: str) -> int:
        """Requests whose first line begins so."""
        return sum(head.startswith(beginning) for head in list(self.heads))

    def once(self, beginning: str, answer: bytes | int, times: int = 1) -> None:
        """Break the next requests whose first line begins so."""
        left = [times]

        def fault(head: bytes, connection: socket.socket) -> bytes | int | None:
            if not head.startswith(beginning.encode()) or not left[0]:
                return None
            left[0] -= 1
            return answer

        self.faults.append(fault)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            self.heads.append(head.partition(b"\r\n\r\n")[0].decode("latin-1"))
            decision = next(
                (made for fault in self.faults if (made := fault(head, connection)) is not None),
                None,
            )
            if isinstance(decision, bytes):
                connection.sendall(decision)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(
                    65536
                ):  # an end without a reset lets the client read the answer
                    pass
                return
            self._pass_on(connection, head, decision)

    def _pass_on(self, connection: socket.socket, head: bytes, most: int | None) -> None:
        # One request a connection: its answer ends with it.
        once = re.sub(rb"\r\n", b"\r\nConnection: close\r\n", head, count=1)
        with socket.create_connection(self._target) as server:
            server.sendall(once)
            sender = threading.Thread(target=_copy, args=(connection, server), daemon=True)
            sender.start()
            _copy(server, connection, most)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            sender.join(10)


def _copy(source: socket.socket, target: socket.socket, most: int | None = None) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536 if most is None else min(65536, most)):
            target.sendall(piece)
            if most is not None:
                most -= len(piece)
                if not most:
                    return
