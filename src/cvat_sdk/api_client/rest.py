"""The seam to urllib3: one request in, one response out."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlparse

from cvat_sdk.api_client.exceptions import (
    ApiException,
    ApiValueError,
    ForbiddenException,
    NotFoundException,
    ServiceException,
    UnauthorizedException,
    exception_class,
)
from cvat_sdk.api_client.runtime import forking, lazy, types
from cvat_sdk.api_client.runtime.proxies import in_ipv4net, is_ipv4, should_bypass_proxies
from cvat_sdk.api_client.runtime.seams import unless_replaced
from cvat_sdk.api_client.runtime.timeouts import AS_CONFIGURED, of_call

if TYPE_CHECKING:
    import urllib3 as urllib3

    from cvat_sdk.api_client.runtime.debug import logger as logger
else:
    # Code that was written for the published package finds these names here as well.
    __getattr__ = lazy.getter(
        __name__,
        {"json": None, "urllib3": None, "cvat_sdk.api_client.runtime.debug": "logger"},
    )

__all__ = [
    "ApiException",
    "ApiValueError",
    "ForbiddenException",
    "NotFoundException",
    "RESTClientObject",
    "ServiceException",
    "UnauthorizedException",
    "in_ipv4net",
    "is_ipv4",
    "should_bypass_proxies",
    "urlencode",
    "urllib3",
    "urlparse",
]

# Kept for a host when the configuration says None.
_CONNECTIONS = 4

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class RESTClientObject:
    """Sends requests over a pool of kept-alive connections.

    Args:
        configuration: TLS, proxy, retry and pool settings are taken from it once.
        pools_size: Number of hosts whose connections are kept.
        maxsize: Connections kept for one host; default `Configuration.connection_pool_maxsize`.
    """

    # What a subclass has that makes its pools itself.
    _pool_manager: types.PoolManager | None = None
    _configuration: types.Configuration | None = None
    _raise_on_status = True
    _is_without_pools = False

    def __init__(
        self, configuration: types.Configuration, pools_size: int = 4, maxsize: int | None = None
    ) -> None:
        self._configuration = configuration
        self._settings = _pool_settings(configuration)
        self._settings["num_pools"] = pools_size
        if maxsize is not None:
            self._settings["maxsize"] = maxsize
        # True is what urllib3 means by an unset Retry, an int or None as well.
        self._raise_on_status = getattr(self._settings.get("retries"), "raise_on_status", True)
        self._lock = threading.Lock()
        forking.renew_after_fork(self)
        if self._settings["proxy"] or _pools_are_replaced():
            _ = self.pool_manager  # an address may be none; the class may be replaced for now

    @property
    def pool_manager(self) -> types.PoolManager:
        """The pools, made with the first request: until then a script need not wait for urllib3."""
        if self._pool_manager is None:
            if self._is_without_pools:
                raise AttributeError("pool_manager: it has been deleted")
            with self._lock:
                if self._pool_manager is None:
                    from cvat_sdk.api_client.runtime.transport import new_pool_manager

                    self._pool_manager = new_pool_manager(self._settings)
        return self._pool_manager

    @pool_manager.setter
    def pool_manager(self, value: types.PoolManager) -> None:
        self._pool_manager = value
        self._is_without_pools = False

    @pool_manager.deleter
    def pool_manager(self) -> None:
        # Not made anew when asked for: a patch that ends deletes, looks, and puts back what it has replaced.
        self._pool_manager = None
        self._is_without_pools = True

    def close(self) -> None:
        """Close the connections that are not in use. The next request opens new ones."""
        if self._pool_manager is not None:
            from cvat_sdk.api_client.runtime.pools import close_idle

            close_idle(self._pool_manager)

    def renew_after_fork(self) -> None:
        """Leave the connections to the parent process; called in a child."""
        self._lock = threading.Lock()
        if self._pool_manager is not None:
            from cvat_sdk.api_client.runtime.pools import leave_to_parent

            leave_to_parent(self._pool_manager, self._settings["num_pools"])

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
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """Send one request.

        Args:
            method: HTTP method.
            url: Absolute address.
            query_params: Added to the address.
            headers: Sent as they are.
            body: Bytes, text or an open file are sent as they are; other data as JSON.
            post_params: Fields of a form, sent by the Content-Type header.
            _parse_response: Read the body at once; otherwise the caller reads it.
            _request_timeout: Seconds in total, or (connect, read); None waits without limit. Default: that of
                the configuration.
            _check_status: Raise when the answer is not a success.

        Raises:
            ApiException: The answer is not a success; or with status 0, the body does not fit the
                Content-Type.
            urllib3.exceptions.HTTPError: No connection, a time-out and the like.
        """
        import logging

        from cvat_sdk.api_client.runtime import debug, payload, transport, unreachable

        limit = of_call(_request_timeout, self._configuration)
        method = method.upper()
        if method not in _METHODS:
            raise AssertionError(f"method: expected one of {sorted(_METHODS)}, got {method!r}")
        if body is not None and post_params:
            raise ApiValueError(payload.BODY_AND_FIELDS)
        try:
            response = transport.send(
                self.pool_manager,
                method,
                url,
                query_params,
                dict(headers or {}),
                body,
                post_params,
                preload=_parse_response,
                timeout=limit,
                raise_on_status=self._raise_on_status,
                most=getattr(self._configuration, "max_response_bytes", None),
            )
            logger = logging.getLogger("cvat_sdk.api_client")
            if logger.isEnabledFor(debug.SUMMARY):
                # Without the query, as below.
                debug.log_exchange(logger, method, url.partition("?")[0], headers or {}, response)
            if _check_status and not 200 <= response.status <= 299:
                raise exception_class(response.status)(http_resp=response)
        except ApiException as error:
            # Without the query: any part of a stranger's address may be its secret.
            error.set_request(method, url.partition("?")[0], headers or {})
            raise
        except Exception as error:
            proxy = getattr(self._pool_manager, "proxy", None)
            unreachable.explain(
                error,
                method,
                url,
                timeout=limit,
                proxy=proxy and str(proxy),
                pools=self.pool_manager,
            )
            raise
        return response

    def GET(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method GET."""
        return self.request(
            "GET",
            url,
            headers=headers,
            query_params=query_params,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
            _check_status=_check_status,
        )

    def HEAD(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method HEAD."""
        return self.request(
            "HEAD",
            url,
            headers=headers,
            query_params=query_params,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
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
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method OPTIONS."""
        return self.request(
            "OPTIONS",
            url,
            headers=headers,
            query_params=query_params,
            post_params=post_params,
            body=body,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
            _check_status=_check_status,
        )

    def DELETE(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        query_params: Any = None,
        body: Any = None,
        _parse_response: bool = True,
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method DELETE."""
        return self.request(
            "DELETE",
            url,
            headers=headers,
            query_params=query_params,
            body=body,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
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
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method POST."""
        return self.request(
            "POST",
            url,
            headers=headers,
            query_params=query_params,
            post_params=post_params,
            body=body,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
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
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method PUT."""
        return self.request(
            "PUT",
            url,
            headers=headers,
            query_params=query_params,
            post_params=post_params,
            body=body,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
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
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """`request` with the method PATCH."""
        return self.request(
            "PATCH",
            url,
            headers=headers,
            query_params=query_params,
            post_params=post_params,
            body=body,
            _parse_response=_parse_response,
            _request_timeout=of_call(_request_timeout, self._configuration),
            _check_status=_check_status,
        )


_has_own_methods = unless_replaced(
    RESTClientObject, "request", "GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"
)


def is_untouched(rest_client: Any) -> bool:
    """Whether nobody has put anything in the place of a client's requests, or of the pools below them."""
    return _has_own_methods(rest_client) and _pools().are_untouched(rest_client.pool_manager)


@functools.cache
def _pools() -> Any:
    from cvat_sdk.api_client.runtime import pools  # imports urllib3

    return pools


def _pools_are_replaced() -> bool:
    loaded = sys.modules.get("urllib3")
    return loaded is not None and loaded.PoolManager is not loaded.poolmanager.PoolManager


def _pool_settings(configuration: types.Configuration) -> dict[str, Any]:
    """What the pools are made of, as it stands in a configuration now."""
    bypass = should_bypass_proxies(configuration.host, no_proxy=configuration.no_proxy or "")
    settings: dict[str, Any] = {
        "maxsize": configuration.connection_pool_maxsize or _CONNECTIONS,
        "verify_ssl": configuration.verify_ssl,
        "ca_certs": configuration.ssl_ca_cert,
        "system_certificates": configuration.use_system_certificates,
        "cert_file": configuration.cert_file,
        "key_file": configuration.key_file,
        "proxy": configuration.proxy if configuration.proxy and not bypass else None,
        "proxy_headers": configuration.proxy_headers,
    }
    for name in ("assert_hostname", "socket_options"):
        value = getattr(configuration, name)
        if value is not None:
            settings[name] = value
    if configuration.has_retries:
        settings["retries"] = configuration.retries
    return settings
