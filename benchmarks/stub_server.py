"""A server that costs next to nothing: what is measured against it is the client.

It answers with bytes that are made once, throws away what it is sent, and runs in a process of its own.
It prints its address, and ends when its standard input does.
"""

from __future__ import annotations

import json
import random
import re
import socket
import sys
import threading
from pathlib import Path

PAGE_SIZE = 20
_BUFFER = 1 << 20
_TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class StubServer:
    """Answers tasks, pages of tasks, uploads and downloads on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        from benchmarks import data

        self._task = _answer(data.task(random.Random(data.SEED), 7, self.url))
        self._pages: dict[tuple[int, int], bytes] = {}
        self._accepted = _answer({"rq_id": "action=create&target=task&id=1"}, "202 Accepted")
        about = {
            "name": "CVAT",
            "description": "",
            "version": "2.80.0",
            "logo_url": "",
            "subtitle": "",
        }
        self._about = _answer(about)
        self._documents: dict[int, bytes] = {}
        self._make_annotations = data.task_annotations
        self._zeros = bytes(_BUFFER)
        self._make_page = data.task_page

    def serve(self) -> None:
        """Accept connections, each in a thread of its own."""
        while True:
            connection, _ = self._listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        buffer = bytearray(_BUFFER)
        received = b""
        with connection:
            while True:
                while b"\r\n\r\n" not in received:
                    part = connection.recv(65536)
                    if not part:
                        return
                    received += part
                head, _, received = received.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
                left = (int(length.group(1)) if length else 0) - len(received)
                while left > 0:
                    count = connection.recv_into(buffer, min(left, _BUFFER))
                    if not count:
                        return
                    left -= count
                received = b""
                self._reply(connection, head)

    def _reply(self, connection: socket.socket, head: bytes) -> None:
        target = head.split(b" ", 2)[1].decode()
        if b"upload-multiple" in head.lower():
            connection.sendall(_TAKEN)
        elif target.startswith("/api/tasks?"):
            connection.sendall(self._page(target))
        elif target == "/api/server/about":
            connection.sendall(self._about)
        elif target.endswith("/annotations/"):
            connection.sendall(self._annotations(int(target.split("/")[3])))
        elif target.endswith("/data/"):
            connection.sendall(self._accepted)
        elif target.startswith("/api/tasks/"):
            connection.sendall(self._task)
        else:  # /file/<size>, or the same as the data of a report
            self._send_zeros(connection, int(re.findall(r"\d+", target)[0]))

    def _annotations(self, shapes: int) -> bytes:
        """Those of a task, whose id is their number."""
        if shapes not in self._documents:
            self._documents[shapes] = _answer(self._make_annotations(shapes))
        return self._documents[shapes]

    def _page(self, target: str) -> bytes:
        number = int(re.findall(r"[?&]page=(\d+)", target)[0])
        pages = int(re.findall(r"[?&]search=(\d+)", target)[0])
        if (number, pages) not in self._pages:
            page = self._make_page(PAGE_SIZE, count=pages * PAGE_SIZE, number=number, host=self.url)
            self._pages[number, pages] = _answer(page)
        return self._pages[number, pages]

    def _send_zeros(self, connection: socket.socket, size: int) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"
            b'Content-Disposition: attachment; filename="export.zip"\r\n'
            b"Content-Length: %d\r\n\r\n" % size
        )
        for _ in range(size // _BUFFER):
            connection.sendall(self._zeros)
        connection.sendall(self._zeros[: size % _BUFFER])


def _answer(value: object, status: str = "200 OK") -> bytes:
    body = json.dumps(value, separators=(",", ":")).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/vnd.cvat+json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def main() -> None:
    """Serve until the standard input ends."""
    server = StubServer()
    print(server.url, flush=True)
    threading.Thread(target=server.serve, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])
    main()
