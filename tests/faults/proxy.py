"""A proxy in a process of its own that plays faults between a client and a real server.

It listens on free ports of the loopback. Its doors are the addresses that a client may be given:

=================  ==========================================================================================
plain              HTTP; the faults of `tests.faults.faults` are played here
other              HTTP under another name of the host, without faults: where redirects to strangers lead
closed             a port that nobody listens on
tls of a stranger  TLS, with a certificate that only a client knows which is told of it
tls expired        TLS, with a certificate that has expired
https to plain     the address of `plain` as if it spoke TLS
http to tls        the address of `tls of a stranger` as if it spoke none
=================  ==========================================================================================

`FaultProxy` starts the process and talks to it in lines of JSON. It ends with whoever holds the other end of its
standard input, also when that one is killed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from tests.faults.faults import FAULTS, Fault, page
from tests.faults.wire import Answer, Request, Seen, ask, read_body, read_head, reset

ROOT = Path(__file__).parents[2]


class FaultProxy:
    """The process, seen from the tests.

    Args:
        upstream: Address of the server behind it.
        folder: Where it finds ``good.pem`` and ``expired.pem``, see `tests.unit.certificates`.
    """

    def __init__(self, upstream: str, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.proxy", upstream, str(folder)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.doors: dict[str, str] = self._read()
        """Addresses by the names of the doors."""

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def play(self, fault: str, on: str = "", first: int | None = None) -> None:
        """Play a fault from now on.

        Args:
            fault: Its name.
            on: Regular expression for method and path, such as ``GET /api/tasks``; requests that it is not found in
                go through.
            first: Number of requests that meet the fault; None: all.
        """
        if fault not in FAULTS:
            raise KeyError(fault)
        self._tell({"do": "play", "fault": fault, "on": on, "first": first})

    def finish(self) -> list[Seen]:
        """Let requests through again, wait for those that are on their way, and tell of all since `play`."""
        return [Seen(**entry) for entry in self._tell({"do": "finish"})]

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait(timeout=30)

    def _tell(self, command: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the fault proxy ended; what it wrote to standard error says why")
        return json.loads(line)

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


# -- the process -------------------------------------------------------------------------------------


@dataclass
class Rule:
    """A fault, whom it meets, and what has been seen since it is played."""

    fault: Fault | None = None
    on: str = ""
    left: float = float("inf")
    over: threading.Event = field(default_factory=threading.Event)
    seen: list[Seen] = field(default_factory=list)


class Proxy:
    """Listens, and plays what it is told."""

    def __init__(self, upstream: str, folder: Path) -> None:
        self.upstream = upstream
        self._rule = Rule()
        self._changed = threading.Condition()
        self._busy = 0
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))  # taken, so that nobody else listens there
        plain = self._listen("plain")
        secured = self._listen("tls", _context(folder / "good.pem"))
        expired = self._listen("tls", _context(folder / "expired.pem"))
        self.doors = {
            "plain": f"http://127.0.0.1:{plain}",
            "other": f"http://localhost:{self._listen('other')}",
            "closed": f"http://127.0.0.1:{self._closed.getsockname()[1]}",
            "tls of a stranger": f"https://localhost:{secured}",
            "tls expired": f"https://localhost:{expired}",
            "https to plain": f"https://127.0.0.1:{plain}",
            "http to tls": f"http://localhost:{secured}",
        }

    def play(self, fault: str, on: str, first: int | None) -> None:
        self.finish()
        with self._changed:
            self._rule = Rule(FAULTS[fault], on, float("inf") if first is None else first)

    def finish(self) -> list[dict[str, Any]]:
        with self._changed:
            rule, self._rule = self._rule, Rule()
            rule.over.set()
            self._changed.wait_for(lambda: not self._busy, timeout=60)
            return [dataclasses.asdict(entry) for entry in rule.seen]

    def _listen(self, door: str, context: ssl.SSLContext | None = None) -> int:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._accept, args=(listener, door, context), daemon=True).start()
        port: int = listener.getsockname()[1]
        return port

    def _accept(self, listener: socket.socket, door: str, context: ssl.SSLContext | None) -> None:
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            arguments = (connection, door, context)
            threading.Thread(target=self._serve, args=arguments, daemon=True).start()

    def _serve(self, connection: socket.socket, door: str, context: ssl.SSLContext | None) -> None:
        # The other end may break off at any moment: that is what many tests are about.
        with contextlib.suppress(OSError, EOFError, ValueError):
            if context is not None:
                connection.settimeout(10)  # whoever speaks no TLS may not say anything
                connection = context.wrap_socket(connection, server_side=True)
                connection.settimeout(None)
            with connection, connection.makefile("rb") as stream:
                try:
                    while (request := read_head(stream)) is not None:
                        if not self._answer(connection, stream, request, door):
                            return
                except ValueError:
                    connection.sendall(page(400, "Bad Request").whole)
        connection.close()

    def _answer(
        self, connection: socket.socket, stream: BinaryIO, request: Request, door: str
    ) -> bool:
        """Answer one request; whether the connection goes on."""
        with self._changed:
            rule = self._rule
            asked = f"{request.method} {request.target}"
            meets = rule.fault is not None and door != "other" and re.search(rule.on, asked)
            meets = bool(meets and rule.left > 0)
            rule.left -= meets
            seen = Seen(
                request.method,
                request.target,
                rule.fault.name if rule.fault and meets else None,
                door=door,
                headers=[name.lower() for name, _ in request.headers],
            )
            rule.seen.append(seen)
            self._busy += 1
        exchange = _Exchange(self, connection, stream, request, rule, seen)
        try:
            if not meets or rule.fault is None or rule.fault.play is None:
                exchange.send(exchange.forward().whole)
                return True
            rule.fault.play(exchange)
            return not rule.fault.closes
        finally:
            if meets and rule.fault is not None and rule.fault.closes:
                exchange.close()
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()


class _Exchange:
    """`tests.faults.faults.Exchange`."""

    def __init__(
        self,
        proxy: Proxy,
        connection: socket.socket,
        stream: BinaryIO,
        request: Request,
        rule: Rule,
        seen: Seen,
    ) -> None:
        self.other_host = proxy.doors["other"]
        self.target = request.target
        self._upstream = proxy.upstream
        self._connection = connection
        self._stream = stream
        self._request = request
        self._over = rule.over
        self._seen = seen
        self._is_read = False

    def read(self) -> None:
        if not self._is_read:
            self._is_read = True
            read_body(self._stream, self._request)

    def forward(self) -> Answer:
        self.read()
        self._seen.forwarded = True
        return ask(self._upstream, self._request)

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def pause(self, seconds: float) -> bool:
        return not self._over.wait(seconds)

    def reset(self) -> None:
        self._stream.close()  # it holds the socket open
        reset(self._connection)

    def close(self) -> None:
        """Say that nothing more comes, and take what was under way: to drop it would be a reset."""
        with contextlib.suppress(OSError, EOFError, ValueError):
            self._connection.shutdown(socket.SHUT_WR)
            self._connection.settimeout(1)
            self.read()


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def main(upstream: str, folder: str) -> None:
    """Serve until standard input ends."""
    proxy = Proxy(upstream, Path(folder))
    print(json.dumps(proxy.doors), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        if command.pop("do") == "play":
            proxy.play(**command)
            print("null", flush=True)
        else:
            print(json.dumps(proxy.finish()), flush=True)
    os._exit(0)  # threads may wait for clients that never speak


if __name__ == "__main__":
    main(*sys.argv[1:])
