"""The faults, each a function that plays it with one request.

The worst case each: where a server may have done what was asked before things went wrong, the request goes through to
it first, so that whoever repeats it blindly does it twice.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal, Protocol

from tests.faults.wire import Answer


class Exchange(Protocol):
    """One request that meets a fault."""

    other_host: str
    """Another host that leads to the proxy as well."""
    target: str

    def forward(self) -> Answer:
        """Have the server answer; the body of the request is read for that."""

    def read(self) -> None:
        """Read the body of the request, for an answer that the server has no part in."""

    def send(self, data: bytes) -> None:
        """Send bytes to the client."""

    def reset(self) -> None:
        """Break the connection off."""

    def pause(self, seconds: float) -> bool:
        """Wait; False when the fault is over, or the client has gone."""


Play = Callable[[Exchange], object]
Harm = Literal["none", "undone", "lost", "lasting"]
"""What a client has to make of a fault that only its first request meets:

none     the answer is right: every call succeeds, also when all requests meet it
undone   the server says that it did nothing: every call succeeds with a second attempt
lost     nobody knows what the server did: calls that may be repeated succeed with a second attempt
lasting  nothing of that: the call may be an error
"""


@dataclass(frozen=True)
class Fault:
    """A fault, and what has to be known of it to judge how a client takes it."""

    name: str
    play: Play | None
    door: str = "plain"
    """Which of the addresses of the proxy a client is given, see `tests.faults.proxy`."""
    ends: bool = True
    """False: no answer comes to its end, so that only a limit ends the call."""
    harm: Harm = "lasting"
    closes: bool = True
    """Whether the proxy closes the connection afterwards."""
    lies: bool = False
    """The answer is complete and holds other content, which only a reader that knows its form can tell."""

    @property
    def modes(self) -> tuple[str, ...]:
        """Whether it can be had for the first request alone, or always only."""
        return ("once", "always") if self.play else ("always",)


FAULTS: dict[str, Fault] = {}


def fault(
    name: str,
    *,
    harm: Harm = "lasting",
    ends: bool = True,
    closes: bool = True,
    lies: bool = False,
) -> Callable[[Play], Play]:
    def keep(play: Play) -> Play:
        FAULTS[name] = Fault(name, play, harm=harm, ends=ends, closes=closes, lies=lies)
        return play

    return keep


for _name, _door in {
    "refuse": "closed",
    "unknown CA": "tls of a stranger",
    "expired certificate": "tls expired",
    "plain HTTP on a TLS port": "https to plain",
    "TLS on a plain port": "http to tls",
}.items():
    FAULTS[_name] = Fault(_name, None, door=_door)


@fault("none", harm="none", closes=False)
def _none(exchange: Exchange) -> None:
    """Shows that the calls succeed, if they may."""
    exchange.send(exchange.forward().whole)


# -- connections that break ------------------------------------------------------------------------


@fault("reset before the body is read", harm="lost")
def _reset_early(exchange: Exchange) -> None:
    exchange.reset()


@fault("reset before headers", harm="lost")
def _reset_before_headers(exchange: Exchange) -> None:
    exchange.forward()
    exchange.reset()


@fault("reset in headers", harm="lost")
def _reset_in_headers(exchange: Exchange) -> None:
    exchange.send(exchange.forward().head[:30])
    exchange.reset()


@fault("reset in body", harm="lost")
def _reset_in_body(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(answer.head + answer.body[: len(answer.body) // 2])
    exchange.reset()


@fault("close without an answer", harm="lost")
def _close(exchange: Exchange) -> None:
    exchange.forward()


@fault("truncate headers", harm="lost")
def _truncate_headers(exchange: Exchange) -> None:
    exchange.send(exchange.forward().head[:-10])


@fault("truncate body", harm="lost")
def _truncate(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(answer.head + answer.body[: len(answer.body) // 2])


@fault("truncate chunks", harm="lost")
def _truncate_chunks(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(_open_ended(answer, b"transfer-encoding: chunked"))
    exchange.send(_chunk(answer.body))


@fault("close a kept connection", harm="none")
def _close_kept(exchange: Exchange) -> None:
    """The answer is right; the connection that it seems to leave open is closed."""
    exchange.send(exchange.forward().whole)


# -- connections that are slow -----------------------------------------------------------------------


@fault("delay", harm="none")
def _delay(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.pause(0.1)
    exchange.send(answer.whole)


@fault("drip", harm="none")
def _drip(exchange: Exchange) -> None:
    """In 200 pieces: slow, and it ends."""
    whole = exchange.forward().whole
    size = len(whole) // 200 + 1
    for start in range(0, len(whole), size):
        exchange.send(whole[start : start + size])
        if not exchange.pause(0.0005):
            return


@fault("drip too slowly", ends=False)
def _drip_too_slowly(exchange: Exchange) -> None:
    """In 40 pieces, and two seconds: no wait for a byte is long."""
    whole = exchange.forward().whole
    size = len(whole) // 40 + 1
    for start in range(0, len(whole), size):
        exchange.send(whole[start : start + size])
        if not exchange.pause(0.05):
            return


@fault("stall before the body is read", ends=False)
def _stall_early(exchange: Exchange) -> None:
    _stall(exchange)


@fault("stall before headers", ends=False)
def _stall_before_headers(exchange: Exchange) -> None:
    exchange.forward()
    _stall(exchange)


@fault("stall in headers", ends=False)
def _stall_in_headers(exchange: Exchange) -> None:
    exchange.send(exchange.forward().head[:30])
    _stall(exchange)


@fault("stall in body", ends=False)
def _stall_in_body(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(answer.head + answer.body[: len(answer.body) // 2])
    _stall(exchange)


@fault("endless headers", ends=False)
def _endless_headers(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    while exchange.pause(0.001):
        exchange.send(b"X-More: and more\r\n")


@fault("endless header", ends=False)
def _endless_header(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while exchange.pause(0.001):
        exchange.send(b"x" * 4096)


@fault("endless informational answers", ends=False)
def _endless_continue(exchange: Exchange) -> None:
    exchange.forward()
    while exchange.pause(0.001):
        exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")


@fault("endless body", ends=False)
def _endless_body(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(_open_ended(answer, b"connection: close") + answer.body)
    while exchange.pause(0.01):
        exchange.send(b" " * 65536)


@fault("endless chunks", ends=False)
def _endless_chunks(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(_open_ended(answer, b"transfer-encoding: chunked"))
    exchange.send(_chunk(answer.body))
    while exchange.pause(0.01):
        exchange.send(_chunk(b" " * 65536))


def _stall(exchange: Exchange) -> None:
    while exchange.pause(60):
        pass


def _open_ended(answer: Answer, framing: bytes) -> bytes:
    """The head of an answer without a length."""
    lines = [line for line in answer.head.split(b"\r\n") if line]
    kept = [line for line in lines if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*kept, framing]) + b"\r\n\r\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


# -- answers in place of the right one -----------------------------------------------------------------


def page(status: int, text: str) -> Answer:
    """What a proxy in between answers."""
    body = f"<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>"
    return Answer(status, (("content-type", "text/html"),), body.encode())


def _refuse_with(name: str, answer: Callable[[], Answer], harm: Harm = "undone") -> None:
    """A server that says it did nothing."""

    @fault(name, harm=harm, closes=False)
    def play(exchange: Exchange) -> None:
        exchange.read()
        exchange.send(answer().whole)


def _too_many(**headers: str) -> Answer:
    return page(429, "Too Many Requests").having(**headers)


_refuse_with("429, no Retry-After", _too_many)
_refuse_with("429, seconds", lambda: _too_many(retry_after="0"))
_refuse_with("429, a date", lambda: _too_many(retry_after=formatdate(0, usegmt=True)))
_refuse_with("429, nonsense", lambda: _too_many(retry_after="soon"))
_refuse_with("429, huge", lambda: _too_many(retry_after="9" * 30), "lasting")
_refuse_with(
    "429, a far date", lambda: _too_many(retry_after="Fri, 31 Dec 9999 23:59:59 GMT"), "lasting"
)
_refuse_with("429, negative", lambda: _too_many(retry_after="-1"))
_refuse_with("503, seconds", lambda: page(503, "Busy").having(retry_after="0"))


def _fail_with(status: int, text: str, harm: Harm = "lost") -> None:
    """A proxy that lost the answer of the server behind it."""

    @fault(f"{status} as HTML", harm=harm, closes=False)
    def play(exchange: Exchange) -> None:
        exchange.forward()
        exchange.send(page(status, text).whole)


_fail_with(500, "Internal Server Error", "lasting")
_fail_with(502, "Bad Gateway")
_fail_with(503, "Service Unavailable")
_fail_with(504, "Gateway Time-out")


@fault("413 before the body is read")
def _too_large(exchange: Exchange) -> None:
    exchange.send(page(413, "Request Entity Too Large").whole)


@fault("duplicate answer", harm="none", closes=False)
def _duplicate(exchange: Exchange) -> None:
    exchange.send(exchange.forward().whole * 2)


@fault("length too long", harm="lost")
def _too_long(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(Answer(answer.status, answer.headers, answer.body, len(answer.body) + 10).whole)


@fault("length too short", lies=True)
def _too_short(exchange: Exchange) -> None:
    answer = exchange.forward()
    length = max(len(answer.body) - 10, 0)
    exchange.send(Answer(answer.status, answer.headers, answer.body, length).whole)


@fault("length that is no number", harm="none", lies=True)
def _no_length(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(_open_ended(answer, b"content-length: many") + answer.body)


@fault("two lengths", lies=True)
def _two_lengths(exchange: Exchange) -> None:
    answer = exchange.forward()
    lengths = b"content-length: %d\r\ncontent-length: 3" % len(answer.body)
    exchange.send(_open_ended(answer, lengths) + answer.body)


def _packed(answer: Answer, body: bytes) -> bytes:
    return Answer(answer.status, answer.headers, body).having(content_encoding="gzip").whole


@fault("cut gzip", closes=False)
def _cut_gzip(exchange: Exchange) -> None:
    answer = exchange.forward()
    packed = gzip.compress(answer.body)
    exchange.send(_packed(answer, packed[: len(packed) // 2]))


@fault("bad gzip", closes=False)
def _bad_gzip(exchange: Exchange) -> None:
    answer = exchange.forward()
    exchange.send(_packed(answer, b"not gzip at all " + answer.body))


@fault("gzip with a wrong checksum", closes=False)
def _wrong_gzip(exchange: Exchange) -> None:
    answer = exchange.forward()
    packed = gzip.compress(answer.body)
    exchange.send(_packed(answer, packed[:-8] + bytes(4) + packed[-4:]))


BOMB = 50_000_000
"""Bytes that are left of the bomb when it is unpacked."""


@fault("gzip bomb", closes=False, lies=True)
def _bomb(exchange: Exchange) -> None:
    answer = exchange.forward()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(answer.body)
    for _ in range(BOMB // 1_000_000):
        packed += packer.compress(b" " * 1_000_000)
    exchange.send(_packed(answer, packed + packer.flush()))


@fault("redirect loop", harm="undone", closes=False)
def _loop(exchange: Exchange) -> None:
    exchange.read()
    exchange.send(Answer(307, (("location", exchange.target),)).whole)


@fault("redirect to another host", closes=False)
def _elsewhere(exchange: Exchange) -> None:
    exchange.read()
    exchange.send(Answer(307, (("location", exchange.other_host + exchange.target),)).whole)


def _replace_with(name: str, content_type: str, body: bytes) -> None:
    """An answer of 200 that holds something else."""

    @fault(name, closes=False, lies=True)
    def play(exchange: Exchange) -> None:
        exchange.forward()
        exchange.send(Answer(200, (("content-type", content_type),), body).whole)


_replace_with("not JSON", "text/html", page(200, "Sign in").body)
_replace_with("not JSON, though it says so", "application/vnd.cvat+json", b'{"id": 1, "name": ')
_replace_with("bytes in place of JSON", "application/vnd.cvat+json", bytes(range(256)))
_replace_with("empty 200", "application/vnd.cvat+json", b"")
_replace_with("deep JSON", "application/vnd.cvat+json", b"[" * 100_000 + b"]" * 100_000)


@fault("not HTTP", harm="lost")
def _not_http(exchange: Exchange) -> None:
    exchange.forward()
    exchange.send(b"220 mail.example.com ESMTP\r\n")
