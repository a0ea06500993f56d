"""A proxy on the loopback that makes a server distant: what passes it arrives later, and none of it is slower.

It runs in a process of its own, prints its address, and ends when its standard input does.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
import urllib.parse
from queue import SimpleQueue

ROUND_TRIP = 0.030
"""Seconds from a request to its answer, beside what the server takes."""

_Piece = tuple[float, bytes]


def _receive(source: socket.socket, on_the_way: SimpleQueue[_Piece]) -> None:
    while True:
        try:
            piece = source.recv(1 << 18)
        except OSError:
            piece = b""
        on_the_way.put((time.monotonic() + ROUND_TRIP / 2, piece))
        if not piece:
            return


def _send(target: socket.socket, on_the_way: SimpleQueue[_Piece]) -> None:
    while True:
        due, piece = on_the_way.get()
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            if not piece:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(piece)
        except OSError:  # the other side has gone
            return


def _join(client: socket.socket, address: tuple[str, int]) -> None:
    server = socket.create_connection(address)
    for source, target in ((client, server), (server, client)):
        source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        on_the_way: SimpleQueue[_Piece] = SimpleQueue()
        threading.Thread(target=_receive, args=(source, on_the_way), daemon=True).start()
        threading.Thread(target=_send, args=(target, on_the_way), daemon=True).start()


def _serve(listener: socket.socket, address: tuple[str, int]) -> None:
    while True:
        client, _ = listener.accept()
        _join(client, address)


def main() -> None:
    """Pass connections on to the server that the command line names, until the standard input ends."""
    target = urllib.parse.urlsplit(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    address = (str(target.hostname), int(target.port or 80))
    threading.Thread(target=_serve, args=(listener, address), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
