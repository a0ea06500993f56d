"""One request through the pools of urllib3: what it imports is needed with the first client only."""

from __future__ import annotations

import json
import ssl
import urllib.parse
from collections.abc import Iterable, Mapping
from http.client import responses
from typing import Any

import urllib3
from urllib3 import HTTPResponse, ProxyManager, Timeout
from urllib3.exceptions import SSLError
from urllib3.poolmanager import PoolManager

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError
from cvat_sdk.api_client.runtime import codec, unreachable
from cvat_sdk.api_client.runtime.multipart import MULTIPART, URLENCODED, MultipartBody, in_memory
from cvat_sdk.api_client.runtime.pools import Pools, are_untouched
from cvat_sdk.api_client.runtime.retry import default_retries, pool_retries, raise_when_exhausted

_BODILESS = frozenset({"GET", "HEAD"})


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

    Raises:
        ApiException: The body cannot be sent, or TLS failed.
        urllib3.exceptions.HTTPError: No connection, a time-out and the like.
    """
    address = url + ("&" if "?" in url else "?") + query_of(query_params) if query_params else url
    payload: Any = None
    try:
        limits = timeout_of(timeout)
        response: HTTPResponse
        if are_untouched(pools):
            payload = _payload(method, headers, body, post_params)
            if limits is not None and isinstance(payload, MultipartBody):
                payload.send_small_chunks()
            response = pools.urlopen(  # type: ignore[assignment]  # a pool's responses are these
                method,
                address,
                body=payload,
                headers=headers,
                preload_content=preload,
                timeout=limits,
            )
        else:
            if method in _BODILESS:
                address, options = url, {"fields": query_params}
            else:
                options = _body_options(method, headers, body, post_params)
            response = pools.request(  # type: ignore[assignment]  # the same
                method, address, **options, preload_content=preload, timeout=limits, headers=headers
            )
    except SSLError as error:
        cause = unreachable.cause_of(error, method, url)
        raise ApiException(status=0, reason=f"{type(error).__name__}: {cause} ({error})") from error
    finally:
        for form in (body, payload):
            if isinstance(form, MultipartBody):
                form.close_files()
    if not isinstance(response, HTTPResponse):
        return response  # whoever has replaced the pools says what an answer is
    # urllib3 leaves it empty; documented scripts show it when a status is not the expected one.
    phrase = response.reason or responses.get(response.status, f"HTTP status {response.status}")
    response.msg = phrase  # type: ignore[assignment]  # declared for headers
    raise_when_exhausted(response, method, address, raise_on_status)
    return response


def query_of(params: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> str:
    """The query of an address, without its question mark."""
    return urllib.parse.urlencode(list(_flat(params)))


def _payload(method: str, headers: dict[str, str], body: Any, post_params: Any) -> Any:
    """The body as urllib3 takes it; sets the headers that belong to it."""
    if body is None and not post_params and method in _BODILESS:
        return None
    content_type = _header(headers, "Content-Type") or ""
    if isinstance(body, MultipartBody):
        return _multipart(headers, body)
    if post_params:
        if content_type.startswith(URLENCODED):
            return _urlencoded(post_params)
        if "json" in content_type.lower():
            return _json(list(_flat(post_params)))
        if content_type not in ("", MULTIPART):
            raise _unsendable(f"form fields cannot be sent as {content_type!r}")
        return _multipart(headers, MultipartBody(_flat(post_params)))
    if method in _BODILESS:
        return None
    if body is None:
        if method != "DELETE":
            _set_default(headers, "Content-Type", "application/json")
        return None
    if not content_type:
        content_type = headers["Content-Type"] = "application/json"
    is_json = "json" in content_type.lower()
    if isinstance(body, (bytes, bytearray, memoryview)) or hasattr(body, "read"):
        return body  # whoever has the bytes knows what they are
    if isinstance(body, str) and not is_json:
        return body.encode()
    if is_json:
        return _json(body)
    if content_type.startswith(URLENCODED) and isinstance(body, (Mapping, list)):
        return _urlencoded(body)
    raise _unsendable(f"a body of type {type(body).__name__} cannot be sent as {content_type!r}")


def _body_options(
    method: str, headers: dict[str, str], body: Any, post_params: Any
) -> dict[str, Any]:
    """What ``request`` of pools that somebody has replaced is told of the body: as the published package says it."""
    content_type = _header(headers, "Content-Type") or ""
    if post_params and content_type == MULTIPART:
        for name in [name for name in headers if name.lower() == "content-type"]:
            del headers[name]
        fields = [(name, in_memory(name, value)) for name, value in _flat(post_params)]
        return {"fields": fields, "encode_multipart": True}
    if post_params and content_type.startswith(URLENCODED):
        return {"fields": post_params, "encode_multipart": False}
    payload = _payload(method, headers, body, post_params)
    if isinstance(body, str) and "json" not in content_type.lower():
        payload = body
    elif isinstance(payload, bytes) and not isinstance(body, bytes):
        # As text, in the spelling of the standard library.
        payload = json.dumps(json.loads(payload))
    return {"body": payload}


def _json(body: Any) -> bytes:
    """JSON in ASCII, so that no proxy or server has to guess the encoding."""
    data = codec.encode(body)
    return data if data.isascii() else codec.escape_to_ascii(data)


def _urlencoded(fields: Any) -> str:
    pairs = list(_flat(fields))
    for name, value in pairs:
        if hasattr(value, "read"):
            raise _unsendable(f"the file in {name!r} needs multipart/form-data")
    return urllib.parse.urlencode(pairs)


def _multipart(headers: dict[str, str], body: MultipartBody) -> MultipartBody:
    for name in [name for name in headers if name.lower() == "content-type"]:
        del headers[name]
    headers["Content-Type"] = body.content_type
    if body.length is not None:
        headers["Content-Length"] = str(body.length)
    else:
        headers["Transfer-Encoding"] = "chunked"
    return body


def _flat(post_params: Any) -> Iterable[tuple[str, Any]]:
    return post_params.items() if isinstance(post_params, Mapping) else post_params


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def _set_default(headers: dict[str, str], name: str, value: str) -> None:
    if _header(headers, name) is None:
        headers[name] = value


def _unsendable(reason: str) -> ApiException:
    return ApiException(status=0, reason=f"The request was not sent: {reason}")


def timeout_of(value: Any) -> Any:
    """A `urllib3.Timeout` from seconds in total or a (connect, read) pair; None and 0 mean no limit.

    Raises:
        ApiTypeError: Something else was given.
    """

    if value is None:
        return None

    def is_number(entry: Any) -> bool:
        return isinstance(entry, (int, float)) and not isinstance(entry, bool)

    if is_number(value) and value == 0:
        return None
    if is_number(value):
        return Timeout(total=value)
    if isinstance(value, (tuple, list)) and len(value) == 2 and all(map(is_number, value)):
        return Timeout(connect=value[0], read=value[1])
    raise ApiTypeError(
        f"Expected seconds or a pair (connect, read), got a value of type {type(value).__name__}",
        ("_request_timeout",),
        (int, float, tuple),
    )


def new_pool_manager(settings: Mapping[str, Any]) -> PoolManager:
    """The pools of a client, directly or through a proxy.

    Args:
        settings: Keywords of `urllib3.PoolManager`; and ``verify_ssl``, ``proxy`` and ``proxy_headers`` as
            a configuration has them. Without ``retries`` there are the default ones.
    """
    options = dict(settings)
    proxy, proxy_headers = options.pop("proxy"), options.pop("proxy_headers")
    options["cert_reqs"] = ssl.CERT_REQUIRED if options.pop("verify_ssl") else ssl.CERT_NONE
    retries = options["retries"] if "retries" in options else default_retries()
    options["retries"] = pool_retries(retries)
    if urllib3.PoolManager is not PoolManager:
        replaced: PoolManager = urllib3.PoolManager(**options)  # for the time of a test
        return replaced
    if proxy:
        return ProxyManager(proxy, proxy_headers=proxy_headers, **options)
    return Pools(**options)
