"""The client: it holds the connections, the credentials and the cookies, and gives access to the APIs."""

from __future__ import annotations

import atexit
import importlib
import re
import tempfile
import threading
import urllib.parse
from collections.abc import Iterable, Mapping, MutableMapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.configuration import Configuration
from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError, exception_class
from cvat_sdk.api_client.rest import RESTClientObject
from cvat_sdk.api_client.runtime import auth, codec, cookies
from cvat_sdk.api_client.runtime.endpoint import Endpoint, PreparedCall, text_of
from cvat_sdk.api_client.runtime.multipart import MultipartBody, form_fields
from cvat_sdk.api_client.runtime.plain import to_json
from cvat_sdk.version import __version__

if TYPE_CHECKING:
    from multiprocessing.pool import ThreadPool

    from urllib3 import HTTPResponse

__all__ = ["ApiClient", "Endpoint"]

_UNSET_OPTIONS: Mapping[str, Any] = {
    "_parse_response": True,
    "_request_timeout": None,
    "_validate_outputs": True,
    "_check_status": True,
    "_host_index": None,
    "_request_auths": None,
    "_async_call": False,
}
_SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}


class ApiClient:
    """A connection to a CVAT server.

    Use it as a context manager, or call `close`. One client may be used from many threads.

    Args:
        configuration: Address and credentials; default: a copy of the default `Configuration`.
        headers: Sent with every call.
        cookies: Sent with every call; cookies of responses are added to them.
        pool_threads: Threads for calls with ``_async_call=True``.
    """

    def __init__(
        self,
        configuration: Configuration | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, Any] | None = None,
        pool_threads: int = 1,
    ) -> None:
        self.configuration = configuration or Configuration.get_default_copy()
        self.pool_threads = pool_threads
        self.rest_client = RESTClientObject(self.configuration)
        self.default_headers: dict[str, str] = {"User-Agent": f"cvat_sdk/{__version__}"}
        self.default_headers.update(headers or {})
        self.cookies: SimpleCookie = _as_jar(cookies)
        self.last_response: HTTPResponse | None = None
        """The last successful response."""
        self._pool: ThreadPool | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, exc_type: object, exc_value: object, traceback: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the threads of asynchronous calls. Other calls remain possible."""
        if self._pool is not None:
            self._pool.close()
            self._pool.join()
            self._pool = None
            atexit.unregister(self.close)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name.endswith("_api"):
                apis = importlib.import_module("cvat_sdk.api_client.apis")
                cls = getattr(apis, _class_name(name), None)
                if cls is not None:
                    self.__dict__[name] = api = cls(self)
                    return api
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __dir__(self) -> Iterable[str]:
        operations = importlib.import_module("cvat_sdk.api_client.operations")
        return [*super().__dir__(), *(f"{tag}_api" for tag in operations.TAGS)]

    @property
    def pool(self) -> ThreadPool:
        """Threads for asynchronous calls, started when first asked for."""
        with self._lock:
            if self._pool is None:
                from multiprocessing.pool import ThreadPool

                self._pool = ThreadPool(self.pool_threads)
                atexit.register(self.close)
            return self._pool

    # -- headers and credentials ----------------------------------------------------------------

    @property
    def user_agent(self) -> str:
        """The User-Agent header."""
        return self.default_headers["User-Agent"]

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self.default_headers["User-Agent"] = value

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Send a header with every later call."""
        self.default_headers[header_name] = header_value

    def get_common_headers(self) -> dict[str, str]:
        """The default headers and the cookies, as a new dict."""
        headers = dict(self.default_headers)
        with self._lock:
            cookie = cookies.header(self.cookies)
        if cookie:
            headers["Cookie"] = cookie
        return headers

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
        origin = self.build_origin_header(request_host)
        auth.apply(self.configuration.auth_settings(), auth_settings, headers, queries, origin)

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
        _request_timeout: Any = None,
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
                tuple of one; None decodes nothing.
            auth_settings: Names of the schemes to use; None for all that are configured.
            collection_formats: How to join lists, by name: csv, ssv, tsv, pipes or multi.

        Returns:
            The decoded body (None without `response_schema`) and the response; with ``_async_call`` a
            handle with ``get()``.

        Raises:
            ApiException: The server's answer is not a success.
        """
        path = resource_path
        safe = self.configuration.safe_chars_for_path_param
        for name, value in self.parameters_to_tuples(path_params or {}, collection_formats):
            path = path.replace(f"{{{name}}}", urllib.parse.quote(str(value), safe=safe))
        queries = [
            (name, text_of(to_json(value)))
            for name, value in self.parameters_to_tuples(query_params or [], collection_formats)
        ]
        fields = self.parameters_to_tuples(post_params or [], collection_formats)
        fields += self.files_parameters(files)
        headers = {name: _header_text(value) for name, value in (header_params or {}).items()}
        payload: Any = body
        if fields:
            content_type = str(headers.get("Content-Type") or "")
            if content_type and not content_type.startswith("multipart/form-data"):
                payload = dict(form_fields(dict(fields)))
            else:
                payload = MultipartBody(fields)
        options = {
            **_UNSET_OPTIONS,
            "_parse_response": _parse_response,
            "_request_timeout": _request_timeout,
            "_validate_outputs": _check_type is not False,
            "_check_status": _check_status,
            "_request_auths": _request_auths,
            "_host": _host,
        }
        call = PreparedCall(
            method.upper(),
            path,
            queries,
            headers,
            payload,
            _schema_text(response_schema),
            "cvat_sdk.api_client",
            auth_settings,
            options,
        )
        if _async_call:
            return self.pool.apply_async(self.send, (call,))
        return self.send(call)

    def send(self, call: PreparedCall) -> tuple[Any, HTTPResponse]:
        """Send a prepared call and read its answer."""
        settings = call.settings
        host = settings.get("_host") or self.configuration.host
        if settings["_host_index"] not in (None, 0, -1):
            host = self.configuration.get_host_from_settings(settings["_host_index"])
        headers: dict[str, Any] = self.get_common_headers()
        headers.update(call.headers)
        queries = call.queries
        if call.auth is None or call.auth:
            queries = list(queries)
            self.update_params_for_auth(
                headers,
                queries,
                call.auth,
                request_host=host,
                request_auths=settings["_request_auths"],
            )
        response = self.rest_client.request(
            call.method,
            host + call.path,
            query_params=queries,
            headers={name: value for name, value in headers.items() if value is not None},
            body=call.body,
            _parse_response=settings["_parse_response"],
            _request_timeout=settings["_request_timeout"],
            _check_status=False,
        )
        success = 200 <= response.status <= 299
        if not success and settings["_check_status"]:
            error = exception_class(response.status)(http_resp=response)
            if isinstance(error.body, bytes):
                error.body = error.body.decode(_charset(response), "replace")
            raise error
        if not settings["_parse_response"]:
            return None, response
        if success:
            self.last_response = response
            lines = response.headers.getlist("set-cookie")
            if lines:
                with self._lock:
                    cookies.store(self.cookies, lines)
        if not success or call.response is None:
            return None, response
        return self._read(response, call.response, call.package, settings), response

    def _read(
        self, response: HTTPResponse, type_text: str, package: str, settings: Mapping[str, Any]
    ) -> Any:
        if type_text == "file":
            return self._save_file(response)
        data: bytes | str = response.data
        charset = _charset(response)
        if charset != "utf-8":
            data = response.data.decode(charset, "replace")
        if not settings["_validate_outputs"]:
            return codec.decode_shallow(data, type_text, package=package)
        mode: Any = self.configuration.response_validation
        return codec.decode(data, type_text, mode=mode, package=package)

    def _save_file(self, response: HTTPResponse) -> Any:
        """Write a body to a file of its own and open it for reading."""
        match = re.search(
            r"filename=\"?([^\";]+)", response.headers.get("Content-Disposition") or ""
        )
        name = re.split(r"[\\/]", match.group(1).strip())[-1] if match else ""
        if name in ("", ".", ".."):
            name = "download"
        # A folder of its own: the server chooses the name, not what it may overwrite.
        folder = Path(tempfile.mkdtemp(dir=self.configuration.temp_folder_path))
        path = folder / name
        path.write_bytes(response.data)
        return path.open("rb")

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
        _request_timeout: Any = None,
        _check_status: bool = True,
    ) -> HTTPResponse:
        """Send a request to an absolute address, with just the given headers.

        Raises:
            ApiValueError: An unknown method.
            ApiException: The answer is not a success.
        """
        if method.upper() not in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
            raise ApiValueError(
                f"method: expected GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE, got {method!r}"
            )
        return self.rest_client.request(
            method,
            url,
            query_params=query_params,
            headers=headers,
            body=body,
            post_params=post_params,
            _parse_response=_parse_response,
            _request_timeout=_request_timeout,
            _check_status=_check_status,
        )

    # -- pieces that tools use ------------------------------------------------------------------

    def deserialize(
        self, response: HTTPResponse, response_schema: Any, *, _check_type: bool | None = True
    ) -> Any:
        """Decode the body of a response.

        Args:
            response: A response whose body can be read.
            response_schema: As in `call_api`.
            _check_type: False decodes the outermost object only.
        """
        text = _schema_text(response_schema)
        if text is None:
            return None
        settings = {"_validate_outputs": _check_type is not False}
        return self._read(response, text, "cvat_sdk.api_client", settings)

    @classmethod
    def sanitize_for_serialization(cls, obj: Any, *, read_files: bool = True) -> Any:
        """`model_utils.to_json`."""
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

    def parameters_to_multipart(self, params: Any, collection_types: Any) -> list[tuple[str, Any]]:
        """Pairs of name and value for a form; values of `collection_types` as JSON text."""
        pairs = params.items() if isinstance(params, Mapping) else params
        return [
            (name, codec.encode(value).decode() if isinstance(value, collection_types) else value)
            for name, value in pairs
        ]

    def files_parameters(self, files: Mapping[str, Any] | None = None) -> list[tuple[str, Any]]:
        """Pairs of field name and open file for a form."""
        result: list[tuple[str, Any]] = []
        for name, value in (files or {}).items():
            for file in value if isinstance(value, (list, tuple)) else [value]:
                if file is None:
                    continue
                if getattr(file, "closed", False):
                    raise ApiValueError("The file is closed", (name,))
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


def _as_jar(given: Mapping[str, Any] | None) -> SimpleCookie:
    # A jar of the caller's stays the caller's: it sees the cookies that responses set.
    return given if isinstance(given, SimpleCookie) else cookies.as_jar(given)


def _class_name(attribute: str) -> str:
    return "".join(word.capitalize() for word in attribute.split("_"))


def _header_text(value: Any) -> Any:
    return None if value is None else text_of(value)


def _schema_text(schema: Any) -> str | None:
    """A type as the operation table writes it, from the forms that callers use."""
    if schema is None or isinstance(schema, str):
        return schema
    if isinstance(schema, tuple) and len(schema) == 1:
        return _schema_text(schema[0])
    if isinstance(schema, list) and len(schema) == 1:
        return f"list[{_schema_text(schema[0])}]"
    if isinstance(schema, type):
        return "file" if schema.__module__ == "io" else schema.__name__
    raise ApiTypeError(
        f"Expected a class, a type name or a tuple of one class, got {type(schema).__name__}",
        ("response_schema",),
    )


def _charset(response: HTTPResponse) -> str:
    match = re.search(r"charset=\"?([\w.:-]+)", response.headers.get("Content-Type") or "")
    if match is None:
        return "utf-8"
    name = match.group(1).lower()
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return "utf-8" if name == "utf8" else name
