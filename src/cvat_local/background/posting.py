"""One HTTP request to an address that a user chose: bounded in time, its answer bounded in size.

Redirects are not followed, proxies and cookies not used: what is sent goes to the address or nowhere.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, unquote, urlsplit

from cvat_sdk.version import __version__

TIMEOUT = 10.0
"""Seconds that a request with its answer may take in all."""
ANSWER_BYTES = 1024 * 1024
"""Largest answer that is kept."""
NO_ANSWER = 502
TOO_LATE = 504


@dataclass(frozen=True)
class Outcome:
    """What became of a request."""

    status: int
    """Status of the answer; `NO_ANSWER` or `TOO_LATE` when there was none."""
    text: str
    """Body of the answer; empty when it was too large."""
    milliseconds: int


def post(url: str, body: bytes, *, secret: str, verify: bool, private: bool) -> Outcome:
    """Send JSON to an address and wait for the answer. Never raises because of the other side.

    Args:
        url: An address that `check_url` lets pass.
        body: The JSON.
        secret: Key of the signature; empty: it is not signed.
        verify: Check the certificate of an https address.
        private: Also send to addresses that are not public. Which they are is decided by what the name
            stands for at the moment of the connection.
    """
    headers = {"User-Agent": f"CVAT/{__version__} cvat-local", "Content-Type": "application/json"}
    if secret:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Signature-256"] = f"sha256={digest}"
    started = time.monotonic()
    status, text = NO_ANSWER, ""
    try:
        status, text = _exchange(
            urlsplit(url), body, headers, verify=verify, private=private, until=started + TIMEOUT
        )
    except (OSError, HTTPException, ValueError):
        if time.monotonic() - started >= TIMEOUT:
            status = TOO_LATE
    return Outcome(status, text, round(1000 * (time.monotonic() - started)))


def check_url(url: str) -> None:
    """Make sure that something can be sent to an address.

    Raises:
        ValueError: With the reason.
    """
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("The address has characters that must be percent-encoded.")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("Expected an address that begins with http:// or https:// and a host.")
    # Reading it checks it.
    if parts.port == 0:
        raise ValueError("Port 0 cannot be reached.")


def _exchange(
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
    *,
    verify: bool,
    private: bool,
    until: float,
) -> tuple[int, str]:
    secure = parts.scheme == "https"
    host = parts.hostname or ""
    sock = _connect(host, parts.port or (443 if secure else 80), private, until)
    connection = HTTPConnection(host)
    try:
        if secure:
            context = ssl.create_default_context()
            if not verify:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        # The time limit of a socket begins anew with each byte; this one does not.
        alarm = threading.Timer(max(0.0, until - time.monotonic()), _cut, [sock])
        alarm.daemon = True
        alarm.start()
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection.sock = sock
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, {**_address_headers(parts), **headers})
            answer = connection.getresponse()
            data = answer.read(ANSWER_BYTES + 1)
            if time.monotonic() >= until:
                raise TimeoutError
        finally:
            alarm.cancel()
    finally:
        connection.close()
        sock.close()
    text = "" if len(data) > ANSWER_BYTES else data.decode("utf-8", "replace")
    # PostgreSQL cannot store the character.
    return answer.status, text.replace("\0", "")


def _address_headers(parts: SplitResult) -> dict[str, str]:
    headers = {"Host": parts.netloc.rpartition("@")[2]}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return headers


def _connect(host: str, port: int, private: bool, until: float) -> socket.socket:
    failure = OSError("the name stands for no address that may be used")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        if not private and not is_public(str(address[0])):
            continue
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(max(0.001, until - time.monotonic()))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet, not to a machine or network of one's own."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # Forms of IPv6 that hold an address of IPv4.
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


def _cut(sock: socket.socket) -> None:
    # Not the method of a TLS socket, which forgets its encryption first. It may be closed already.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
