"""One request through the pools of urllib3: what it imports is needed with the first client only."""

from __future__ import annotations

import json
import logging
import socket
import ssl
from collections.abc import Iterable, Mapping
from http.client import responses
from typing import Any

import urllib3
from urllib3 import HTTPResponse, Timeout
from urllib3.connection import HTTPConnection
from urllib3.exceptions import LocationParseError, SSLError
from urllib3.poolmanager import PoolManager

from cvat_sdk.api_client.exceptions import ApiException, ApiValueError
from cvat_sdk.api_client.runtime import encoded, payload, timeouts, unreachable
from cvat_sdk.api_client.runtime.deadlines import Deadline, current
from cvat_sdk.api_client.runtime.debug import HideSecrets
from cvat_sdk.api_client.runtime.headers import checked
from cvat_sdk.api_client.runtime.multipart import MULTIPART, URLENCODED, StreamedBody, in_memory
from cvat_sdk.api_client.runtime.pools import Pools, ProxyPools, are_untouched, sender_of
from cvat_sdk.api_client.runtime.proxies import address_and_headers
from cvat_sdk.api_client.runtime.retry import (
    DefaultRetry,
    PoolRetry,
    default_retries,
    pool_retries,
    raise_when_exhausted,
    settle_delete,
)
from cvat_sdk.api_client.runtime.texts import urlencoded


def send(
    pools: PoolManager,
    method: str,
    url: str,
    query_params: Any,
    headers: dict[str, str],
    body: Any,
    post_params: Any,
    *,
    preload: bool,
    timeout: Any,
    raise_on_status: bool,
    most: int | None = None,
) -> HTTPResponse:
    """Send one request and wait for the head of its answer.

    Args:
        pools: Where the connection comes from.
        method: HTTP method.
        url: Absolute address.
        query_params: Added to the address.
        headers: Changed in place: the headers that belong to the body are added.
        body: As `RESTClientObject.request` takes it.
        post_params: Fields of a form.
        preload: Read the body of the answer at once.
        timeout: See `timeout_of`.
        raise_on_status: Raise when the pool has asked in vain again and again.
        most: Bytes that a body may have that is read at once; None for any number.

    Raises:
        ApiException: The body cannot be sent, or TLS failed.
        urllib3.exceptions.HTTPError: No connection, a time-out and the like.
    """
    ask = send_over_own if are_untouched(pools) else _send_over_replaced
    return ask(
        pools,
        method,
        url,
        query_params,
        headers,
        body,
        post_params,
        preload=preload,
        timeout=timeout,
        raise_on_status=raise_on_status,
        most=most,
    )


def send_over_own(
    pools: PoolManager,
    method: str,
    url: str,
    query_params: Any,
    headers: dict[str, str],
    body: Any,
    post_params: Any,
    *,
    preload: bool,
    timeout: Any,
    raise_on_status: bool,
    most: int | None = None,
    finish: bool = True,
    repeatable: bool = False,
) -> HTTPResponse:
    """`send` where it is known that `are_untouched` holds for the pools.

    Args:
        finish: Close the files of the body at the end; False when it may have to be sent again.
        repeatable: To do what the request asks for twice is the same as to do it once, whatever its method.
    """
    if query_params:
        url += ("&" if "?" in url else "?") + query_of(query_params)
    content: Any = None
    try:
        limits = timeout_of(timeout)
        content = payload.prepare(method, headers, body, post_params)
        checked(headers)
        if limits is not None and isinstance(content, StreamedBody):
            content.send_small_chunks()
        options: dict[str, Any] = {
            "body": content,
            "headers": headers,
            "preload_content": preload,
            "decode_content": False,
            "timeout": limits,
        }
        current.most = most
        response: Any
        retries = pools.connection_pool_kw.get("retries")
        if repeatable and isinstance(retries, DefaultRetry):
            options["retries"] = retries = retries.for_repeatable()
        if isinstance(limits, Deadline):
            if isinstance(retries, PoolRetry):
                options["retries"] = retries.within(limits)
            with limits.watched(until_read=preload):
                response = sender_of(pools)(method, url, **options)
        else:
            response = sender_of(pools)(method, url, **options)
        response = encoded.unpacked(response, preloaded=preload, most=most)
    except LocationParseError as error:
        if "@" in url:
            error.args = ("Configuration.host, or the URL: not shown, for it holds credentials",)
            error.location = "<hidden>"
        raise
    except SSLError as error:
        raise _tls_failed(error, method, url, pools) from error
    finally:
        current.most = None
        if finish:
            for streamed in (body, content):
                if isinstance(streamed, StreamedBody):
                    streamed.finish()
    return _answered(response, method, url, raise_on_status)


def _send_over_replaced(
    pools: Any,
    method: str,
    url: str,
    query_params: Any,
    headers: dict[str, str],
    body: Any,
    post_params: Any,
    *,
    preload: bool,
    timeout: Any,
    raise_on_status: bool,
    most: int | None = None,
) -> HTTPResponse:
    """`send` by the call that the published package makes: mocks and overrides expect that."""
    is_bodiless = method in payload.BODILESS
    if query_params and ("?" in url or not is_bodiless):
        url += ("&" if "?" in url else "?") + query_of(query_params)
        query_params = None
    if is_bodiless:
        options: dict[str, Any] = {"fields": query_params}
    else:
        options = _body_options(method, headers, body, post_params)
    checked(headers)
    try:
        response: HTTPResponse = pools.request(
            method,
            url,
            **options,
            preload_content=preload,
            timeout=timeout_of(timeout),
            headers=headers,
        )
    except SSLError as error:
        raise _tls_failed(error, method, url, pools) from error
    finally:
        if isinstance(body, StreamedBody):
            body.finish()
    if not isinstance(response, HTTPResponse):
        return response  # whoever has replaced the pools says what an answer is
    return _answered(response, method, url, raise_on_status)


def _tls_failed(error: SSLError, method: str, url: str, pools: Any) -> ApiException:
    cause = unreachable.cause_of(error, method, url, pools=pools)
    return ApiException(status=0, reason=f"{type(error).__name__}: {cause} ({error})")


def _answered(response: HTTPResponse, method: str, url: str, raise_on_status: bool) -> HTTPResponse:
    settle_delete(response, method)
    # urllib3 leaves it empty; documented scripts show it when a status is not the expected one.
    phrase = response.reason or responses.get(response.status, f"HTTP status {response.status}")
    response.msg = phrase  # type: ignore[assignment]  # declared for headers
    raise_when_exhausted(response, method, url, raise_on_status)
    return response


def query_of(params: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> str:
    """The query of an address, without its question mark."""
    return urlencoded(payload.pairs(params))


def _body_options(
    method: str, headers: dict[str, str], body: Any, post_params: Any
) -> dict[str, Any]:
    """What ``request`` of pools that somebody has replaced is told of the body: as the published package says it."""
    content_type = payload.header_of(headers, "Content-Type") or ""
    if post_params and content_type == MULTIPART:
        for name in [name for name in headers if name.lower() == "content-type"]:
            del headers[name]
        fields = in_memory(payload.pairs(post_params))
        return {"fields": fields, "encode_multipart": True}
    if post_params and content_type.startswith(URLENCODED):
        return {"fields": post_params, "encode_multipart": False}
    content = payload.prepare(method, headers, body, post_params)
    if isinstance(body, str) and "json" not in content_type.lower():
        content = body
    elif isinstance(content, bytes) and not isinstance(body, bytes):
        # As text, in the spelling of the standard library.
        content = json.dumps(json.loads(content))
    return {"body": content}


def timeout_of(value: Any) -> Timeout | None:
    """A `urllib3.Timeout` from a limit as a caller gives it (see `runtime.timeouts`), or from one that is made already.

    Raises:
        ApiTypeError: Something else was given.
    """
    if isinstance(value, Timeout):
        return value
    limit = timeouts.read(value, "_request_timeout")
    if isinstance(limit, tuple):
        return Timeout(connect=limit[0], read=limit[1])
    return Deadline(limit) if limit else None


def _system_context() -> ssl.SSLContext:
    """A context that trusts what the operating system trusts."""
    try:
        import truststore
    except ImportError:
        raise ApiValueError(
            "Configuration.use_system_certificates needs truststore: install cvat-sdk[truststore]"
        ) from None
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


# Once for all clients of the process, which has one urllib3. A filter is of one logger, not of those below it.
for _name in ("connectionpool", "poolmanager", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(HideSecrets())


# Seconds without a byte until the first question whether the peer is still there, between two of them, and how many
# are left without an answer: a peer that is gone is noticed after two and a half minutes, without any time limit.
# The user time-out of TCP is none of it: on Linux it also ends the connection to a server that is busy and reads
# nothing for that long.
_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPALIVE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 6}


def _socket_options() -> list[tuple[int, int, int | bytes]]:
    """The options of urllib3, and the questions of TCP as far as this system has them."""
    alive = [
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in _ALIVE.items()
        if hasattr(socket, name)
    ]
    keep_alive = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return [*HTTPConnection.default_socket_options, keep_alive, *alive]


def new_pool_manager(settings: Mapping[str, Any]) -> PoolManager:
    """The pools of a client, directly or through a proxy.

    Args:
        settings: Keywords of `urllib3.PoolManager`; and ``verify_ssl``, ``system_certificates``, ``proxy`` and
            ``proxy_headers`` as a configuration has them. Without ``retries`` or ``socket_options`` there are the
            default ones.
    """
    options = {"socket_options": _socket_options(), **settings}
    proxy, proxy_headers = options.pop("proxy"), options.pop("proxy_headers")
    if options.pop("system_certificates", False) and options["verify_ssl"]:
        options["ssl_context"] = _system_context()
    options["cert_reqs"] = ssl.CERT_REQUIRED if options.pop("verify_ssl") else ssl.CERT_NONE
    retries = options["retries"] if "retries" in options else default_retries()
    options["retries"] = pool_retries(retries)
    if urllib3.PoolManager is not PoolManager:
        replaced: PoolManager = urllib3.PoolManager(**options)  # for the time of a test
        return replaced
    if proxy:
        proxy, proxy_headers = address_and_headers(proxy, proxy_headers)
        return ProxyPools(proxy, proxy_headers=proxy_headers, **options)
    return Pools(**options)
