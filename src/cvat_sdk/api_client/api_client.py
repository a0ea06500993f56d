"""The client: it holds the connections, the credentials and the cookies, and gives access to the APIs."""

from __future__ import annotations

import functools
import importlib
import os
import threading
import warnings
import weakref
from collections.abc import Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, ClassVar

from cvat_sdk.api_client import rest
from cvat_sdk.api_client.apis.attributes import ATTRIBUTES, ApiAttributes
from cvat_sdk.api_client.configuration import Configuration
from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import auth, forking, lazy, types
from cvat_sdk.api_client.runtime.seams import unless_replaced
from cvat_sdk.api_client.runtime.skew import VersionSkew
from cvat_sdk.api_client.runtime.timeouts import AS_CONFIGURED, of_call
from cvat_sdk.version import __version__

# What sends and decodes is imported when it is first needed: urllib3 and msgspec take longer to load
# than all the rest.
if TYPE_CHECKING:
    from datetime import date as date
    from datetime import datetime as datetime
    from http.cookies import SimpleCookie as SimpleCookie
    from multiprocessing.pool import ThreadPool as ThreadPool
    from urllib.parse import quote as quote

    from urllib3 import HTTPResponse as HTTPResponse
    from urllib3.fields import RequestField as RequestField
    from urllib3.util import parse_url as parse_url

    from cvat_sdk.api_client.model_utils import ModelComposed as ModelComposed
    from cvat_sdk.api_client.model_utils import ModelNormal as ModelNormal
    from cvat_sdk.api_client.model_utils import ModelSimple as ModelSimple
    from cvat_sdk.api_client.model_utils import check_allowed_values as check_allowed_values
    from cvat_sdk.api_client.model_utils import check_validations as check_validations
    from cvat_sdk.api_client.model_utils import deserialize_file as deserialize_file
    from cvat_sdk.api_client.model_utils import file_type as file_type
    from cvat_sdk.api_client.model_utils import (
        get_file_data_and_close_file as get_file_data_and_close_file,
    )
    from cvat_sdk.api_client.model_utils import model_to_dict as model_to_dict
    from cvat_sdk.api_client.model_utils import none_type as none_type
    from cvat_sdk.api_client.model_utils import to_json as to_json
    from cvat_sdk.api_client.model_utils import (
        validate_and_convert_types as validate_and_convert_types,
    )
    from cvat_sdk.api_client.runtime import threads
    from cvat_sdk.api_client.runtime.tables import Endpoint as Endpoint
else:
    # Code that was written for the published package finds these names here as well.
    __getattr__ = lazy.getter(
        __name__,
        {
            "cvat_sdk.api_client.model_utils": (
                "ModelComposed ModelNormal ModelSimple check_allowed_values check_validations"
                " deserialize_file file_type get_file_data_and_close_file model_to_dict none_type"
                " to_json validate_and_convert_types"
            ),
            "cvat_sdk.api_client.runtime.tables": "Endpoint",
            "datetime": "date datetime",
            "json": None,
            "http.cookies": "SimpleCookie",
            "multiprocessing.pool": "ThreadPool",
            "urllib.parse": "quote",
            "urllib3": "HTTPResponse",
            "urllib3.fields": "RequestField",
            "urllib3.util": "parse_url",
        },
    )

__all__ = [
    "ApiClient",
    "ApiException",
    "ApiTypeError",
    "ApiValueError",
    "Configuration",
    "Endpoint",
    "HTTPResponse",
    "ModelComposed",
    "ModelNormal",
    "ModelSimple",
    "RequestField",
    "SimpleCookie",
    "ThreadPool",
    "check_allowed_values",
    "check_validations",
    "date",
    "datetime",
    "deserialize_file",
    "file_type",
    "get_file_data_and_close_file",
    "model_to_dict",
    "none_type",
    "parse_url",
    "quote",
    "rest",
    "to_json",
    "validate_and_convert_types",
]

CLOSE_TIMEOUT = 60.0
"""Seconds that `ApiClient.close` waits for asynchronous calls."""

_SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}


class ClientBase:
    """A connection to a server, without the attributes that hold its APIs.

    Use it as a context manager, or call `close`. One client may be used from many threads.

    Args:
        configuration: Address and credentials; default: a copy of the default `Configuration`.
        headers: Sent with every call.
        cookies: Sent with every call; cookies of responses are added to them.
        pool_threads: Threads for calls with ``_async_call=True``.
    """

    # A generated package has a client of its own, with its own values of these.
    _package: ClassVar[str] = "cvat_sdk.api_client"
    _attributes: ClassVar[Mapping[str, str]] = {}
    _configuration_class: ClassVar[type[Configuration]] = Configuration

    def __init__(
        self,
        configuration: Configuration | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, Any] | None = None,
        pool_threads: int = 1,
    ) -> None:
        from http.cookies import SimpleCookie

        from cvat_sdk.api_client.runtime.cookies import as_jar

        if configuration and isinstance(configuration, (str, bytes, int, float, Mapping)):
            raise ApiTypeError(
                f"Expected a Configuration, got {type(configuration).__name__}; the address of a server "
                "is Configuration(host=...)",
                ("configuration",),
            )
        self.configuration: Configuration = (
            configuration or self._configuration_class.get_default_copy()
        )
        self.pool_threads = pool_threads
        self.default_headers: dict[str, str] = dict(headers or {})
        given = {name.lower() for name in self.default_headers}
        if "user-agent" not in given:
            self.default_headers["User-Agent"] = f"cvat_sdk/{__version__}"
        organization = self.configuration.organization
        if organization is not None and "x-organization" not in given:
            self.default_headers["X-Organization"] = organization
        if os.environ.get("CVAT_LOG"):
            from cvat_sdk.api_client.runtime.environment import show_log

            show_log(os.environ["CVAT_LOG"])
        # A jar of the caller's stays the caller's: it sees the cookies that responses set.
        self.cookies: types.SimpleCookie = (
            cookies if isinstance(cookies, SimpleCookie) else as_jar(cookies)
        )
        self.version_skew: VersionSkew = VersionSkew()
        self._connect()

    def _connect(self) -> None:
        """Set what belongs to this object alone, not to its copies."""
        self.rest_client: rest.RESTClientObject = rest.RESTClientObject(self.configuration)
        self.last_response: types.HTTPResponse | None = None
        """The last successful response."""
        self._pool: threads.ThreadPool | None = None
        self._lock = threading.Lock()
        forking.renew_after_fork(self)

    def renew_after_fork(self) -> None:
        """Leave the threads of asynchronous calls to the parent process; called in a child."""
        self._lock = threading.Lock()
        # Kept, so that nothing waits for threads that are not in this process when it is collected.
        self._pool_of_parent, self._pool = self._pool, None

    def __getstate__(self) -> dict[str, Any]:
        # Connections, threads and locks stay behind; a copy opens its own.
        own = ("configuration", "pool_threads", "default_headers", "cookies", "version_skew")
        return {name: self.__dict__[name] for name in own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._connect()

    def __enter__(self) -> types.Self:
        return self

    def __exit__(self, exc_type: object, exc_value: object, traceback: object) -> None:
        self.close()

    def close(self, timeout: float | None = CLOSE_TIMEOUT) -> None:
        """Stop the threads of asynchronous calls and close idle connections. Other calls remain possible.

        Args:
            timeout: Seconds to wait for asynchronous calls that are under way. Those that take longer go on in the
                background, with a `RuntimeWarning`, until the program ends; None waits for them without limit.
        """
        with self._lock:
            pool, self._pool = self._pool, None
        left = pool.finish(timeout) if pool is not None else 0
        self.rest_client.close()
        if left:
            warnings.warn(
                f"asynchronous calls that have not ended within {timeout:g} seconds are left to themselves: "
                f"{left}; _request_timeout limits how long a call may take",
                RuntimeWarning,
                stacklevel=2,
            )

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name in type(self)._attributes:
                apis = importlib.import_module(f"{self._package}.apis")
                self.__dict__[name] = api = getattr(apis, self._attributes[name])(self)
                return api
            from cvat_sdk.api_client.runtime.suggest import no_such_attribute

            raise AttributeError(no_such_attribute(self, name, dir(self)))

    def __dir__(self) -> Iterable[str]:
        return {*super().__dir__(), *self._attributes}

    @property
    def pool(self) -> types.ThreadPool:
        """Threads for asynchronous calls, started when first asked for."""
        with self._lock:
            if self._pool is None:
                import atexit

                from cvat_sdk.api_client.runtime import threads

                self._pool = threads.ThreadPool(self.pool_threads)
                atexit.register(_close_quietly, weakref.ref(self))
            return self._pool

    # -- headers and credentials ----------------------------------------------------------------

    @property
    def user_agent(self) -> str:
        """The User-Agent header."""
        return next(
            value for name, value in self.default_headers.items() if name.lower() == "user-agent"
        )

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        for name in [name for name in self.default_headers if name.lower() == "user-agent"]:
            del self.default_headers[name]
        self.default_headers["User-Agent"] = value

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Send a header with every later call."""
        self.default_headers[header_name] = header_value

    def get_common_headers(self) -> dict[str, str]:
        """The default headers and the cookies, as a new dict."""
        headers = dict(self.default_headers)
        if self.cookies:
            from cvat_sdk.api_client.runtime.cookies import header

            with self._lock:
                headers["Cookie"] = header(self.cookies) or ""
        return headers

    def keep_cookies(self, set_cookie_lines: Iterable[str]) -> None:
        """Take over the cookies of a response.

        Args:
            set_cookie_lines: Values of its Set-Cookie headers, one a cookie.
        """
        from cvat_sdk.api_client.runtime.cookies import store

        with self._lock:
            store(self.cookies, set_cookie_lines)

    def build_origin_header(self, request_host: str | None = None) -> str:
        """Value of the Origin header that goes with a CSRF token.

        Args:
            request_host: Address of the request; default: the configured host.
        """
        return auth.origin_of(request_host or self.configuration.host)

    def update_params_for_auth(
        self,
        headers: MutableMapping[str, Any],
        queries: list[tuple[str, Any]],
        auth_settings: Iterable[str] | None = None,
        resource_path: str | None = None,
        method: str = "GET",
        body: Any = None,
        request_host: str | None = None,
        request_auths: Iterable[Any] | None = None,
    ) -> None:
        """Add the configured credentials to the headers and query parameters of a request, in place.

        Args:
            headers: Headers of the request.
            queries: Query parameters of the request.
            auth_settings: Names of the schemes to use; None for all that are configured, empty for none.
            resource_path: Not used.
            method: Not used.
            body: Not used.
            request_host: Address for the Origin header; default: the configured host.
            request_auths: Credentials to use in place of the configured ones: dicts with ``in``, ``key``
                and ``value``. An empty list sends none.

        Raises:
            ApiValueError: A credential names an unknown place.
        """
        if request_auths is not None:
            for setting in request_auths:
                auth.put(setting, headers, queries)
            return
        host = request_host or self.configuration.host
        origin = functools.partial(self.build_origin_header, host)
        settings, schemes = self.configuration.auth_settings(), self.configuration._schemes
        auth.apply(settings, auth_settings, headers, queries, origin, schemes)

    # -- requests -------------------------------------------------------------------------------

    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: Mapping[str, Any] | None = None,
        query_params: Any = None,
        header_params: Mapping[str, Any] | None = None,
        body: Any = None,
        post_params: Any = None,
        files: Mapping[str, Any] | None = None,
        response_schema: Any = None,
        auth_settings: Iterable[str] | None = None,
        collection_formats: Mapping[str, str] | None = None,
        *,
        _async_call: bool | None = None,
        _parse_response: bool = True,
        _request_timeout: Any = AS_CONFIGURED,
        _host: str | None = None,
        _check_type: bool | None = None,
        _request_auths: Iterable[Any] | None = None,
        _check_status: bool = True,
    ) -> Any:
        """Call a path of the server with the client's headers, cookies and credentials.

        Args:
            resource_path: Path from the host, such as ``/api/tasks``; ``{name}`` is filled in.
            method: HTTP method.
            path_params: Values for the path.
            query_params: Values for the query: a dict or a list of pairs.
            header_params: Further headers; None as a value takes a default header away.
            body: Data to send, as JSON unless a Content-Type header says otherwise.
            post_params: Fields of a form.
            files: Open files of a form, by field.
            response_schema: Type to decode the answer to: a name such as ``"TaskRead"``, a class, or a
                tuple of one; None decodes nothing. The outermost object alone becomes a model, and what
                it holds stays as JSON gives it, unless ``_check_type`` is True.
            auth_settings: Names of the schemes to use; None for all that are configured.
            collection_formats: How to join lists, by name: csv, ssv, tsv, pipes or multi.

        Returns:
            The decoded body (None without `response_schema`) and the response; with ``_async_call`` a
            handle with ``get()``.

        Raises:
            ApiException: The server's answer is not a success.
        """
        from cvat_sdk.api_client.runtime import call_api

        request = call_api.Request(
            resource_path,
            method,
            path_params,
            query_params,
            header_params,
            body,
            post_params,
            files,
            response_schema,
            auth_settings,
            collection_formats,
            _parse_response,
            of_call(_request_timeout, self.configuration),
            _host,
            _check_type,
            _request_auths,
            _check_status,
        )
        whole = _has_own_steps(self) and rest.is_untouched(self.rest_client)
        send = call_api.in_one_stride if whole else call_api.step_by_step
        if _async_call:
            return self.pool.apply_async(send, (self, request))
        return send(self, request)

    def send(self, call: types.PreparedCall) -> tuple[Any, types.HTTPResponse]:
        """Send a prepared call and read its answer."""
        from cvat_sdk.api_client.runtime import calls

        return calls.send(self, call)

    def _takes_one_stride(self) -> bool:
        """Whether an operation may be sent at once: nothing on its way to the network has been replaced."""
        return _has_all_its_steps(self) and rest.is_untouched(self.rest_client)

    def request(
        self,
        method: str,
        url: str,
        query_params: Any = None,
        headers: Mapping[str, str] | None = None,
        post_params: Any = None,
        body: Any = None,
        *,
        _parse_response: bool = True,
        _request_timeout: Any = AS_CONFIGURED,
        _check_status: bool = True,
    ) -> types.HTTPResponse:
        """Send a request to an absolute address, with just the given headers.

        Raises:
            ApiValueError: An unknown method.
            ApiException: The answer is not a success.
        """
        from cvat_sdk.api_client.runtime.call_api import checked_method

        method = checked_method(method)
        options: dict[str, Any] = {
            "query_params": query_params,
            "headers": headers,
            "_parse_response": _parse_response,
            "_request_timeout": of_call(_request_timeout, self.configuration),
            "_check_status": _check_status,
        }
        if method not in ("GET", "HEAD"):
            options["body"] = body
            if method != "DELETE":
                options["post_params"] = post_params
        send = getattr(self.rest_client, method)
        response: types.HTTPResponse = send(url, **options)
        return response

    # -- pieces that tools use ------------------------------------------------------------------

    def deserialize(
        self, response: types.HTTPResponse, response_schema: Any, *, _check_type: bool | None = True
    ) -> Any:
        """Decode the body of a response.

        Args:
            response: A response whose body can be read.
            response_schema: As in `call_api`.
            _check_type: False decodes the outermost object only.
        """
        from cvat_sdk.api_client.runtime import calls

        schema = calls.schema_of(response_schema, self._package)
        if schema is None:
            return None
        check = bool(_check_type)
        return calls.read(self, response, schema, check=check, package=self._package)

    @staticmethod
    def sanitize_for_serialization(obj: Any, *, read_files: bool = True) -> Any:
        """`model_utils.to_json`."""
        from cvat_sdk.api_client.runtime.plain import to_json

        return to_json(obj, read_files=read_files)

    def parameters_to_tuples(
        self, params: Any, collection_formats: Mapping[str, str] | None = None
    ) -> list[tuple[str, Any]]:
        """Pairs of name and value, with lists joined as `collection_formats` says."""
        pairs = params.items() if isinstance(params, Mapping) else params
        formats = collection_formats or {}
        result: list[tuple[str, Any]] = []
        for name, value in pairs:
            form = formats.get(name)
            if form == "multi":
                result.extend((name, item) for item in value)
            elif form is not None:
                result.append((name, _SEPARATORS.get(form, ",").join(map(str, value))))
            else:
                result.append((name, value))
        return result

    def parameters_to_multipart(self, params: Any, collection_types: Any) -> list[Any]:
        """Pairs of name and value for a form; for values of `collection_types`, parts that hold JSON."""
        from cvat_sdk.api_client.runtime.multipart import json_field

        pairs = params.items() if isinstance(params, Mapping) else params
        return [
            json_field(name, value) if isinstance(value, collection_types) else (name, value)
            for name, value in pairs
        ]

    def files_parameters(self, files: Mapping[str, Any] | None = None) -> list[tuple[str, Any]]:
        """Pairs of field name and open file for a form."""
        from cvat_sdk.api_client.runtime.sources import ListedFile, as_file, is_file, name_of

        result: list[tuple[str, Any]] = []
        for name, value in (files or {}).items():
            several = isinstance(value, (list, tuple)) and as_file(value) is None
            for index, entry in enumerate(value if several else [value]):
                if entry is None:
                    continue
                if getattr(entry, "closed", False):
                    raise ApiValueError("The file is closed", (name,))
                file = as_file(entry, (name,)) or entry
                if several and is_file(file) and name_of(file) is None:
                    file = ListedFile(file, (name, index))
                result.append((name, file))
        return result

    def select_header_accept(self, accepts: list[str]) -> str | None:
        """The Accept header for a list of media types."""
        if not accepts:
            return None
        lowered = [media_type.lower() for media_type in accepts]
        return "application/json" if "application/json" in lowered else ", ".join(lowered)

    def select_header_content_type(
        self, content_types: list[str], method: str | None = None, body: Any = None
    ) -> str | None:
        """The Content-Type header for a list of media types."""
        if not content_types:
            return None
        lowered = [media_type.lower() for media_type in content_types]
        if "application/json" in lowered or "*/*" in lowered:
            return "application/json"
        return lowered[0]


class ApiClient(ClientBase, ApiAttributes):
    """A connection to a CVAT server.

    Use it as a context manager, or call `close`. One client may be used from many threads.

    Args:
        configuration: Address and credentials; default: a copy of the default `Configuration`.
        headers: Sent with every call.
        cookies: Sent with every call; cookies of responses are added to them.
        pool_threads: Threads for calls with ``_async_call=True``.
    """

    _attributes = ATTRIBUTES


# What `call_api` goes through step by step. The methods that are called alike in one stride are not among it.
_STEPS = (
    "deserialize",
    "files_parameters",
    "parameters_to_multipart",
    "parameters_to_tuples",
    "request",
    "sanitize_for_serialization",
    "update_params_for_auth",
)
_has_own_steps = unless_replaced(ClientBase, *_STEPS)
_has_all_its_steps = unless_replaced(
    ClientBase, "call_api", "select_header_accept", "select_header_content_type", *_STEPS
)


def _close_quietly(reference: weakref.ref[ClientBase]) -> None:
    client = reference()
    if client is not None:
        client.close()
