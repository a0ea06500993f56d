"""Why there was no answer: urllib3's errors keep their class and attributes, and get a first line for people."""

from __future__ import annotations

import errno
import functools
import os
import re
import ssl
from collections.abc import Iterator
from http.client import BadStatusLine, RemoteDisconnected
from http.client import IncompleteRead as ShortBody
from pathlib import Path
from typing import Any, SupportsFloat

from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    LocationValueError,
    MaxRetryError,
    NameResolutionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from cvat_sdk.api_client.exceptions import OpenApiException
from cvat_sdk.api_client.runtime.explain import address, one_line

_TLS_RECORDS = ("\x14\x03", "\x15\x03", "\x16\x03")
"""How alerts and handshakes of TLS begin."""
_PLAIN_HTTP = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
)
"""What OpenSSL calls an answer that is not TLS."""
_CERTIFICATE_FILES = {
    "ssl_ca_cert": "ca_certs",
    "cert_file": "cert_file",
    "key_file": "key_file",
}
"""Keywords of urllib3's pools by the settings of a configuration."""
_LARGEST_FILE = 10_000_000


def explain(
    error: Exception,
    method: str,
    url: str,
    *,
    timeout: Any = None,
    proxy: str | None = None,
    pools: Any = None,
) -> None:
    """Make the text of an error of urllib3 begin with what was tried and the likely cause, in place.

    The error stays an instance of its class; its own text follows, without the query of the address.
    Other errors stay as they are.

    Args:
        error: What was raised.
        method: HTTP method of the request.
        url: Address of the request.
        timeout: The limit of the request, as `RESTClientObject.request` takes it.
        proxy: Address of the proxy in between.
        pools: Where the connection came from; its settings name the files of certificates.
    """
    if not isinstance(error, HTTPError) or isinstance(error, (Explained, OpenApiException)):
        return
    cause = cause_of(error, method, url, timeout, proxy, pools)
    line = f"{method.upper()} {address(url, query=False)}: {cause}"
    _scrub(error, url)
    kind: Any = type(error)
    error.__dict__["explanation"] = f"{line}\n{error}"
    error.__class__ = _explained(kind)


class Explained:
    """Mixed into the class of an error that has been explained."""

    explanation: str

    def __str__(self) -> str:
        return self.explanation

    def __reduce__(self) -> tuple[Any, ...]:
        # urllib3's errors leave their texts behind, and connections cannot be copied.
        state = {
            name: None if name in ("pool", "conn") else value for name, value in vars(self).items()
        }
        return _restored, (type(self).__mro__[2], self.args, state)  # type: ignore[attr-defined]


def _restored(kind: Any, args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    error.__class__ = _explained(kind)
    return error


@functools.cache
def _explained(kind: Any) -> Any:
    # The name is what a traceback shows.
    names = {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
    return type(kind.__name__, (Explained, kind), names)


def _scrub(error: HTTPError, url: str) -> None:
    """Take the query and the user of the address out of the texts that the error holds."""
    queries = [
        mark + query
        for _, mark, query in (
            str(text).partition("?") for text in (url, getattr(error, "url", ""))
        )
        if query
    ]

    def scrubbed(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        for query in queries:
            text = text.replace(query, "")
        return re.sub(r"//[^/\s'\"]*@", "//", text)

    error.args = tuple(map(scrubbed, error.args))
    if isinstance(error, MaxRetryError) and isinstance(error.url, str):
        error.url = error.url.partition("?")[0]  # a credential may be in the query
    if hasattr(error, "_message"):
        error._message = scrubbed(error._message)


def cause_of(
    error: BaseException,
    method: str,
    url: str,
    timeout: Any = None,
    proxy: str | None = None,
    pools: Any = None,
) -> str:
    """What went wrong below HTTP, and what may be the reason; the arguments are those of `explain`."""
    redirected = getattr(error, "redirected_to", None)
    cause = _cause(error, method, redirected or url, timeout, proxy, pools)
    return f"redirected to {redirected}: {cause}" if redirected else cause


def _cause(
    error: BaseException, method: str, url: str, timeout: Any, proxy: str | None, pools: Any
) -> str:
    chain = list(_chain(error))
    if any(map(_is_about_a_file, chain)) and (fault := _file_fault(pools)):
        return fault
    origin = "/".join(address(url, query=False).split("/", 3)[:3])
    host = origin.rpartition("/")[2].rsplit(":", 1)[0]
    sends = method.upper() in ("POST", "PUT", "PATCH")
    proxied = next((link for link in chain if isinstance(link, ProxyError)), None)
    if proxied is not None:
        return _proxy_cause(chain, proxy)
    if isinstance(error, MaxRetryError) and "redirect" in str(error.reason):
        return f"redirected too often, at last to {address(error.url or '?', query=False)}"
    for link in chain:
        text = _cause_of_link(link, origin, host, timeout, sends)
        if text:
            return text
    return one_line(str(chain[-1]) or type(chain[-1]).__name__, 200)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it stands for, the outermost first."""
    seen: set[int] = set()
    while isinstance(error, BaseException) and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = getattr(error, "reason", None) or getattr(error, "original_error", None)
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in error.args if isinstance(arg, BaseException)), None)
        error = inner or error.__cause__


def _cause_of_link(link: BaseException, origin: str, host: str, timeout: Any, sends: bool) -> str:
    if isinstance(link, NameResolutionError):
        return (
            f"the name {host!r} was not found; is Configuration.host right, and is there a network?"
        )
    if isinstance(link, ConnectTimeoutError) and isinstance(
        link.__cause__, (TimeoutError, type(None))
    ):
        return f"no connection {_within(timeout, 0)}; is {origin} reachable from here?"
    if isinstance(link, ReadTimeoutError):
        return f"no answer {_within(timeout, 1)}; the server may still be at work on the request"
    if isinstance(link, ssl.SSLCertVerificationError):
        return _certificate_cause(link, host)
    if isinstance(link, (ssl.SSLError, SSLError)):
        return _tls_cause(link, origin)
    if isinstance(link, RemoteDisconnected):
        return f"the server closed the connection without an answer{_broken(origin, sends)}"
    if isinstance(link, BadStatusLine):
        line = str(link.args[0])
        if line.lstrip("'\"").startswith(_TLS_RECORDS):
            return f"the server speaks TLS at this port; write https:// in Configuration.host, not {origin}"
        if line.lstrip("'\"").startswith("HTTP/"):
            return f"the answer begins with a broken status line, {one_line(line, 60)!r}"
        return f"the answer is not HTTP, it begins with {one_line(line, 60)!r}{_or_tls(origin)}"
    if isinstance(link, ShortBody):
        missing = f", {link.expected:,} more were announced" if link.expected else ""
        count = link.partial if isinstance(link.partial, int) else len(link.partial)
        return f"the answer broke off after {count:,} bytes{missing}"
    if isinstance(link, DecodeError):
        return "the body of the answer is not compressed as its headers say, or is cut"
    if isinstance(link, LocationValueError):
        return "this is not an address that requests can be sent to; see Configuration.host"
    if isinstance(link, OSError):
        return _system_cause(link, origin, sends)
    return ""


def _system_cause(link: OSError, origin: str, sends: bool) -> str:
    if isinstance(link, ConnectionRefusedError):
        return f"connection refused; is the server running at {origin}?"
    if isinstance(link, (ConnectionResetError, BrokenPipeError)):
        return (
            f"the server, or a proxy in between, broke the connection off{_broken(origin, sends)}"
        )
    if link.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return (
            f"there is no way to {origin} from here; is the network up, is a VPN or a proxy needed?"
        )
    return ""


def _broken(origin: str, sends: bool) -> str:
    return ("; is the body larger than it takes?" if sends else "") + _or_tls(origin)


def _or_tls(origin: str) -> str:
    return (
        "; or does it expect https:// in Configuration.host?" if origin.startswith("http:") else ""
    )


def _certificate_cause(link: ssl.SSLCertVerificationError, host: str) -> str:
    reason = one_line(str(link.verify_message or link), 150)
    if link.verify_code in (62, 64):  # host name, address
        return f"the certificate is not for {host!r} ({reason}); is Configuration.host spelled as it names it?"
    if link.verify_code in (9, 10):  # not yet valid, expired
        return f"the certificate is not valid now ({reason}); is this machine's clock right?"
    return (
        f"the certificate cannot be verified ({reason}); set Configuration.ssl_ca_cert to a PEM file of "
        "the authority that issued it"
    )


def _is_about_a_file(link: BaseException) -> bool:
    if isinstance(link, ssl.SSLCertVerificationError):
        return False
    return isinstance(link, (ssl.SSLError, FileNotFoundError, PermissionError, IsADirectoryError))


def _file_fault(pools: Any) -> str:
    """What is wrong with a file of certificates or keys that a configuration names; empty when nothing is."""
    settings = getattr(pools, "connection_pool_kw", None)
    if not isinstance(settings, dict):
        return ""
    for setting, keyword in _CERTIFICATE_FILES.items():
        path = settings.get(keyword)
        if not isinstance(path, (str, bytes, os.PathLike)):
            continue
        named = f"Configuration.{setting}: {one_line(os.fsdecode(path), 300)!r}"
        try:
            with Path(os.fsdecode(path)).open("rb") as file:
                is_pem = b"-----BEGIN " in file.read(_LARGEST_FILE)
        except OSError as error:
            return f"{named} cannot be read ({error.strerror})"
        if not is_pem:
            return f"{named} is not a PEM file"
    return ""


def _tls_cause(link: BaseException, origin: str) -> str:
    text = str(link)
    if any(mark in text.upper() for mark in _PLAIN_HTTP):
        plain = "http://" + origin.partition("://")[2]
        return f"the server does not speak TLS at this port; is its address {plain}? (see Configuration.host)"
    if isinstance(link, ssl.SSLError):
        return f"TLS failed ({one_line(link.reason or text, 150)})"
    return "" if _inner(link) else f"TLS failed ({one_line(text, 150)})"


def _inner(link: BaseException) -> bool:
    return any(isinstance(arg, ssl.SSLError) for arg in (*link.args, link.__cause__))


def _proxy_cause(chain: list[BaseException], proxy: str | None) -> str:
    named = f"the proxy {address(proxy)}" if proxy else "the proxy"
    last = one_line(str(chain[-1]), 200)
    if "407" in last:
        return f"{named} asks for credentials ({last}); see Configuration.proxy_headers"
    if "Tunnel connection failed" in last:
        return f"{named} does not connect to this server ({last}); see Configuration.proxy and no_proxy"
    for link in chain:
        if isinstance(link, NameResolutionError):
            return f"the name of {named} was not found; see Configuration.proxy"
        if isinstance(link, ConnectionRefusedError):
            return f"{named} refused the connection; is it running? (see Configuration.proxy and no_proxy)"
    return f"{named} cannot be used ({last}); see Configuration.proxy and no_proxy"


def _within(timeout: Any, index: int) -> str:
    """The limit of a request, in words; `index` is 0 for connecting and 1 for reading."""
    if isinstance(timeout, (tuple, list)) and len(timeout) == 2 and timeout[index]:
        return (
            f"within {timeout[index]:g} s ({('connect', 'read')[index]} limit in _request_timeout)"
        )
    if isinstance(timeout, (int, float, SupportsFloat)) and timeout:
        timeout = float(timeout)
        return f"within {timeout:g} s (_request_timeout)"
    return "before the time limit of the system or the proxy"
