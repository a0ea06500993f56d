"""The seam to urllib3: one request in, one response out."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.exceptions import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    exception_class,
)

if TYPE_CHECKING:
    from urllib3 import HTTPResponse, PoolManager

    from cvat_sdk.api_client.configuration import Configuration
    from cvat_sdk.api_client.runtime.multipart import MultipartBody

__all__ = ["RESTClientObject", "is_ipv4", "in_ipv4net", "should_bypass_proxies"]

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_BODILESS = frozenset({"GET", "HEAD"})


class RESTClientObject:
    """Sends requests over a pool of kept-alive connections.

    Args:
        configuration: TLS, proxy, retry and pool settings are taken from it once.
        pools_size: Number of hosts whose connections are kept.
        maxsize: Connections kept for one host; default `Configuration.connection_pool_maxsize`.
    """

    def __init__(
        self, configuration: Configuration, pools_size: int = 4, maxsize: int | None = None
    ) -> None:
        retries = configuration.retries
        # True is what urllib3 means by an unset Retry, an int or None as well.
        self._raise_on_status: bool = getattr(retries, "raise_on_status", True)
        self.pool_manager = _pool_manager(configuration, pools_size, maxsize)

    def request(
        self,
        method: str,
        url: str,
        query_params: Iterable[tuple[str, Any]] | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Any = None,
        *,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """Send one request.

        Args:
            method: HTTP method.
            url: Absolute address.
            query_params: Added to the address.
            headers: Sent as they are.
            body: Bytes, text or an open file are sent as they are; other data as JSON.
            post_params: Fields of a form, sent by the Content-Type header.
            _parse_response: Read the body at once; otherwise the caller reads it.
            _request_timeout: Seconds in total, or (connect, read); None waits without limit.
            _check_status: Raise when the answer is not a success.

        Raises:
            ApiException: The answer is not a success; or with status 0, the body does not fit the
                Content-Type.
            urllib3.exceptions.HTTPError: No connection, a time-out and the like.
        """
        from urllib3.exceptions import SSLError

        from cvat_sdk.api_client.runtime.multipart import MultipartBody
        from cvat_sdk.api_client.runtime.retry import raise_when_exhausted

        method = method.upper()
        if method not in _METHODS:
            raise AssertionError(f"method: expected one of {sorted(_METHODS)}, got {method!r}")
        if body is not None and post_params:
            raise ApiValueError("body and post_params cannot both be given")
        if query_params:
            url += ("&" if "?" in url else "?") + _query(query_params)
        sent = dict(headers or {})
        payload: Any = None
        try:
            timeout = timeout_of(_request_timeout)
            payload = _payload(method, sent, body, post_params)
            response: HTTPResponse = self.pool_manager.request(  # type: ignore[assignment]  # a pool's responses are these
                method,
                url,
                body=payload,
                headers=sent,
                preload_content=_parse_response,
                timeout=timeout,
            )
        except SSLError as error:
            raise ApiException(status=0, reason=f"{type(error).__name__}: {error}") from error
        finally:
            for form in (body, payload):
                if isinstance(form, MultipartBody):
                    form.close_files()
        # urllib3 leaves it empty; documented scripts show it when a status is not the expected one.
        response.msg = response.reason or _phrase(response.status)  # type: ignore[assignment]  # declared for headers
        raise_when_exhausted(response, method, url, self._raise_on_status)
        if _check_status and not 200 <= response.status <= 299:
            raise exception_class(response.status)(http_resp=response)
        return response

    def GET(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method GET."""
        return self.request(
            "GET",
            url,
            query_params,
            headers,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    def HEAD(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method HEAD."""
        return self.request(
            "HEAD",
            url,
            query_params,
            headers,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    def OPTIONS(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        post_params: Any = None,
        body: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method OPTIONS."""
        return self.request(
            "OPTIONS",
            url,
            query_params,
            headers,
            body,
            post_params,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    def DELETE(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        body: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method DELETE."""
        return self.request(
            "DELETE",
            url,
            query_params,
            headers,
            body,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    def POST(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        post_params: Any = None,
        body: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method POST."""
        return self.request(
            "POST",
            url,
            query_params,
            headers,
            body,
            post_params,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    def PUT(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        post_params: Any = None,
        body: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method PUT."""
        return self.request(
            "PUT",
            url,
            query_params,
            headers,
            body,
            post_params,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    def PATCH(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        post_params: Any = None,
        body: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """`request` with the method PATCH."""
        return self.request(
            "PATCH",
            url,
            query_params,
            headers,
            body,
            post_params,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )


def _phrase(status: int) -> str:
    """What a status means, for servers that do not say."""
    from http.client import responses

    return responses.get(status, f"HTTP status {status}")


def _payload(method: str, headers: dict[str, str], body: Any, post_params: Any) -> Any:
    """The body as urllib3 takes it; sets the headers that belong to it."""
    from cvat_sdk.api_client.runtime.multipart import MULTIPART, URLENCODED, MultipartBody

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


def _json(body: Any) -> bytes:
    """JSON in ASCII, so that no proxy or server has to guess the encoding."""
    from cvat_sdk.api_client.runtime import codec

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


def _query(params: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> str:
    return urllib.parse.urlencode(list(_flat(params)))


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
    from urllib3 import Timeout

    def is_number(entry: Any) -> bool:
        return isinstance(entry, (int, float)) and not isinstance(entry, bool)

    if value is None or (is_number(value) and value == 0):
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


def _pool_manager(
    configuration: Configuration, pools_size: int, maxsize: int | None
) -> PoolManager:
    import ssl

    from urllib3 import PoolManager, ProxyManager

    from cvat_sdk.api_client.runtime.retry import pool_retries

    options: dict[str, Any] = {
        "num_pools": pools_size,
        "maxsize": configuration.connection_pool_maxsize if maxsize is None else maxsize,
        "cert_reqs": ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE,
        "ca_certs": configuration.ssl_ca_cert,
        "cert_file": configuration.cert_file,
        "key_file": configuration.key_file,
        "retries": pool_retries(configuration.retries),
    }
    if configuration.assert_hostname is not None:
        options["assert_hostname"] = configuration.assert_hostname
    if configuration.socket_options is not None:
        options["socket_options"] = configuration.socket_options
    if configuration.proxy and not should_bypass_proxies(
        configuration.host, no_proxy=configuration.no_proxy or ""
    ):
        return ProxyManager(
            configuration.proxy, proxy_headers=configuration.proxy_headers, **options
        )
    return PoolManager(**options)


def is_ipv4(target: str) -> bool:
    """Whether a text is an IPv4 address."""
    import ipaddress

    try:
        ipaddress.IPv4Address(target)
    except ValueError:
        return False
    return True


def in_ipv4net(target: str, net: str) -> bool:
    """Whether an IPv4 address lies in a network such as ``10.0.0.0/8``."""
    import ipaddress

    try:
        return ipaddress.IPv4Address(target) in ipaddress.IPv4Network(net, strict=False)
    except ValueError:
        return False


def should_bypass_proxies(url: str, no_proxy: str | None = None) -> bool:
    """Whether `no_proxy` (``*``, names, domain suffixes, IPv4 networks; comma-separated) covers an address."""
    host = urllib.parse.urlsplit(url).hostname
    if not host:
        return True
    entries = [entry.strip().lower() for entry in (no_proxy or "").split(",") if entry.strip()]
    if "*" in entries:
        return True
    if is_ipv4(host):
        return any(host == entry or in_ipv4net(host, entry) for entry in entries)
    return any(host == entry or host.endswith("." + entry.lstrip(".")) for entry in entries)
