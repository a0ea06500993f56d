"""From a prepared call to its answer: send, check the status, keep the cookies, decode the body."""

from __future__ import annotations

import functools
import io
import re
import urllib.parse
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, exception_class
from cvat_sdk.api_client.runtime import codec, types
from cvat_sdk.api_client.runtime.described import nodes_of
from cvat_sdk.api_client.runtime.rules import LENIENT, STRICT
from cvat_sdk.api_client.runtime.schema import parse_text

PACKAGE = "cvat_sdk.api_client"

Schema = str | tuple[Any, ...]
"""Type of a response: as the operation table writes it, or a tuple of the classes that it may have."""

# The schema operation also answers in YAML when asked to.
_YAML_TYPES = frozenset({"application/vnd.oai.openapi", "application/yaml", "text/yaml"})


_LOGGED = 15  # debug.SUMMARY, without the import
# What an upload in several requests sends before its last one has no answer worth a body.
_UNANSWERED = ("Upload-Start", "Upload-Multiple")
_MAY_BE_EMPTY = (202, 204)
# The model of CVAT's answer that holds the server's version.
_TELLS_VERSION = "About"


class PreparedCall:
    """A request that is ready to be sent, with what is needed to read its answer."""

    __slots__ = (
        "auth",
        "body",
        "headers",
        "host",
        "method",
        "package",
        "path",
        "queries",
        "repeatable",
        "response",
        "settings",
    )

    def __init__(
        self,
        method: str,
        path: str,
        queries: list[tuple[str, Any]],
        headers: dict[str, Any],
        body: Any,
        response: Schema | None,
        package: str,
        auth: Iterable[str] | None,
        settings: Mapping[str, Any],
        host: str | None,
        *,
        repeatable: bool = False,
    ) -> None:
        self.method: str = method
        self.path: str = path
        self.queries: list[tuple[str, Any]] = queries
        self.headers: dict[str, Any] = headers
        self.body: Any = body
        self.response: Schema | None = response
        self.package: str = package
        self.auth: Iterable[str] | None = auth
        self.settings: Mapping[str, Any] = settings
        self.host: str | None = host
        self.repeatable: bool = repeatable


def send(client: types.ApiClient, call: PreparedCall) -> tuple[Any, types.HTTPResponse]:
    """Send a prepared call and read its answer, for a client of which no method has been replaced.

    Returns:
        The decoded body, or None when there is nothing to decode, and the response.

    Raises:
        ApiException: The answer is not a success, and the call asks for that check.
    """
    from cvat_sdk.api_client.runtime import multipart, payload, transport  # imports urllib3

    settings = call.settings
    configuration = client.configuration
    host = call.host or configuration.host  # which the API description leaves to the configuration
    headers = merge_headers(client.get_common_headers(), call.headers)
    queries = list(call.queries)
    client.update_params_for_auth(
        headers, queries, call.auth, request_host=host, request_auths=settings["_request_auths"]
    )
    # One for the whole call, which may ask more than once for a file.
    limits = transport.timeout_of(settings["_request_timeout"])
    parse = settings["_parse_response"]
    file_type = call.response if parse and isinstance(call.response, str) else None
    if file_type is not None and not codec.may_be_file(file_type, call.package):
        file_type = None
    sent = {name: value for name, value in headers.items() if value is not None}
    body = call.body
    try:
        if file_type is not None:  # what may be sent twice is made once
            body = payload.prepare(call.method, sent, body, None)
        request = functools.partial(
            transport.send_over_own,
            client.rest_client.pool_manager,
            call.method,
            host + call.path,
            queries,
            sent,
            body,
            None,
            preload=parse and file_type is None,
            timeout=limits,
            raise_on_status=client.rest_client._raise_on_status,
            most=configuration.max_response_bytes,
            finish=file_type is None,
            repeatable=call.repeatable,
        )
        response = request()
        if file_type is not None:
            from cvat_sdk.api_client.runtime import files

            response = files.receive(client, response, file_type, call.method, request)
        success = 200 <= response.status <= 299
        logger = configuration.logger["package_logger"]
        if logger.isEnabledFor(_LOGGED):
            from cvat_sdk.api_client.runtime import debug

            # What was added to the parameters of the call are credentials, and stays out of the log.
            address = _address(f"{host}{call.path}", call.queries)
            debug.log_exchange(logger, call.method, address, headers, response)
        if not success and settings["_check_status"]:
            raise exception_class(response.status)(http_resp=response)
    except ApiException as error:
        credentials = {name for name, _ in queries[len(call.queries) :]}
        credentials |= {setting["key"] for setting in settings["_request_auths"] or ()}
        complete(error, call.method, host + call.path, queries, headers, credentials)
        raise
    except Exception as error:
        from cvat_sdk.api_client.runtime import unreachable

        proxy = getattr(client.rest_client.pool_manager, "proxy", None)
        unreachable.explain(
            error,
            call.method,
            host + call.path,
            timeout=settings["_request_timeout"],
            proxy=proxy and str(proxy),
            pools=client.rest_client.pool_manager,
        )
        raise
    finally:
        if file_type is not None and isinstance(body, multipart.StreamedBody):
            body.finish()
    client.last_response = response
    if not parse:
        return None, response
    if "set-cookie" in response.headers:
        client.keep_cookies(response.headers.getlist("set-cookie"))
    if not success or call.response is None:
        return None, response
    if file_type == "file" and "html" not in str(headers.get("Accept")).lower():
        files.refuse_page(response, call.method, host + call.path)
    check = settings["_validate_outputs"]
    may_be_empty = "True" in map(call.headers.get, _UNANSWERED)
    try:
        data = read(
            client,
            response,
            call.response,
            check=check,
            package=call.package,
            may_be_empty=may_be_empty,
        )
        return data, response
    except ApiTypeError as error:
        raise of_body(error, response, call.method, host + call.path) from None


def _address(url: str, queries: list[tuple[str, Any]]) -> str:
    """An address with its query, a part of which it may have already."""
    if not queries:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urllib.parse.urlencode(queries)}"


def of_body(
    error: ApiTypeError, response: types.HTTPResponse, method: str, url: str
) -> ApiTypeError:
    """The error of a body that cannot be read as JSON with what came instead; any other error as it is."""
    if error.path_to_item != ["received_data"]:
        return error
    from cvat_sdk.api_client.runtime import explain

    if codec.is_json(response.data):
        if codec.TOO_DEEP not in error.msg:
            return error
        told = f"{error.msg.partition(' at received_data')[0]}, from {method} {explain.address(url, query=False)}"
        return ApiTypeError(told, error.path_to_item, error.valid_classes)
    expected = " or ".join(map(str, error.valid_classes or ("a value",)))
    told = explain.unexpected_body(
        f"{expected} as JSON",
        method=method,
        url=url,
        content_type=response.headers.get("Content-Type"),
        body=response.data,
        reason=error.msg.rpartition(" not JSON: ")[2],
    )
    return ApiTypeError(told, error.path_to_item, error.valid_classes)


def merge_headers(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Headers of `base` and `given`; where both have a name, in whatever case, `given` decides."""
    names = {name.lower() for name in given}
    return {**{name: base[name] for name in base if name.lower() not in names}, **given}


def read(
    client: types.ApiClient,
    response: types.HTTPResponse,
    schema: Schema,
    *,
    check: bool = True,
    package: str = PACKAGE,
    may_be_empty: bool = True,
) -> Any:
    """Decode the body of a response.

    Args:
        client: Its configuration says how strictly.
        response: A response whose body can be read.
        schema: Expected type, as `schema_of` gives it.
        check: False decodes the outermost object only.
        package: Package whose models the type names.
        may_be_empty: An empty body of what is a model or a file stands for an empty model, whatever the status.
    """
    if not isinstance(schema, str):
        return _read_any(client, response, schema, check)
    if codec.may_be_file(schema, package):
        from cvat_sdk.api_client.runtime import files

        if schema == "file" or isinstance(response, files.SavedResponse):
            return files.open_file(client, response)
        if not response.data:
            if may_be_empty or response.status in _MAY_BE_EMPTY:
                return codec.decode(b"{}", schema, package=package)
        elif not codec.is_json(response.data) and not _is_text(response):
            return files.open_file(client, response)
    data: bytes | str = response.data
    media_type, charset = content_type_of(response.headers.get("Content-Type") or "")
    if media_type in _YAML_TYPES:
        return _text(response.data, response.headers)
    if charset != "utf-8":
        data = _text(response.data, response.headers)
    configuration = client.configuration
    mode = configuration.decoding_mode
    if not check:
        return codec.decode_shallow(data, schema, mode=mode, package=package)
    skew = client.version_skew if configuration.tells_of_skew else None
    decoded = codec.decode(data, schema, mode=mode, package=package, skew=skew)
    if schema == _TELLS_VERSION:
        version = getattr(decoded, "version", None)  # the body may be anything
        client.version_skew.server_version = version if isinstance(version, str) else None
    return decoded


def _is_text(response: types.HTTPResponse) -> bool:
    """Whether an answer is JSON that has been cut, or a page of a proxy that wants a login: no file that was asked for."""
    from cvat_sdk.api_client.runtime import explain

    media_type = (response.headers.get("Content-Type") or "").lower()
    if "html" in media_type or "json" in media_type:
        return True
    return explain.looks_like_html(response.data[:5000].decode("utf-8", "replace"))


def schema_of(schema: Any, package: str) -> Schema | None:
    """A response type as the operation table writes it where that can say it, otherwise as a tuple of classes.

    Args:
        schema: What a caller gave.
        package: Package whose models it may name.

    Raises:
        ApiTypeError: None of the forms that `ApiClient.call_api` takes.
    """
    found = _schema_of(schema)
    try:
        if found and isinstance(found, str):
            parse_text(found, package)
        elif found:
            nodes_of(found)
    except (AttributeError, KeyError, TypeError):
        raise ApiTypeError(
            f"{schema!r} is not a type of responses; expected models, their names, or classes that JSON has",
            ("response_schema",),
        ) from None
    return found


def _schema_of(schema: Any) -> Schema | None:
    if schema is None or isinstance(schema, str):
        return schema
    classes = schema if isinstance(schema, tuple) else (schema,)
    if len(classes) == 1 and (text := _text_of_type(classes[0])):
        return text
    return classes or None


def _text_of_type(entry: Any) -> str | None:
    """One type as text; None for several types in one, and for a class that is not named by the package."""
    if isinstance(entry, (list, dict)):
        classes = entry if isinstance(entry, list) else entry.get(str, ())
        text = _text_of_type(classes[0]) if len(classes) == 1 else None
        if text is None:
            return None
        return f"list[{text}]" if isinstance(entry, list) else f"dict[str, {text}]"
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, type):
        raise ApiTypeError(
            f"Expected a class, a type name or a tuple of classes, got {type(entry).__name__}",
            ("response_schema",),
        )
    name: str = entry.__name__
    if entry.__module__.startswith(f"{PACKAGE}.model."):
        return name
    return _PLAIN_TYPES.get(entry)


_PLAIN_TYPES: dict[type, str] = {
    bool: "bool",
    date: "date",
    datetime: "datetime",
    dict: "dict[str, any]",
    float: "float",
    int: "int",
    io.IOBase: "file",
    list: "list[any]",
    str: "str",
}


def _read_any(
    client: types.ApiClient, response: types.HTTPResponse, classes: tuple[Any, ...], check: bool
) -> Any:
    """Decode a body whose type is one of several, or a class of the caller's."""
    from cvat_sdk.api_client.runtime import choice, files

    if io.IOBase in classes and not codec.is_json(response.data):
        return files.open_file(client, response)
    data = _text(response.data, response.headers)
    if not check:
        return codec.shallow(data, classes)
    strict = client.configuration.decoding_mode == "strict"
    rules = STRICT if strict else LENIENT
    return choice.convert_to_any(codec.plain(data, classes), classes, rules, codec.ROOT)


@functools.lru_cache(maxsize=64)
def content_type_of(value: str) -> tuple[str, str]:
    """Media type and character set of a Content-Type header; UTF-8 when it names none that is known."""
    media_type = value.partition(";")[0].strip().lower()
    match = re.search(r"charset=\"?([\w.:-]+)", value)
    charset = match.group(1).lower() if match else "utf-8"
    try:
        "".encode(charset)
    except LookupError:
        charset = "utf-8"
    return media_type, "utf-8" if charset == "utf8" else charset


def complete(
    error: ApiException,
    method: str,
    url: str,
    queries: Any,
    headers: Mapping[str, Any],
    credentials: set[str],
) -> None:
    """Tell an error what was asked, and make its body text: that of `ApiClient.request` is bytes.

    Args:
        error: An answer that is no success.
        method: HTTP method.
        url: Address without its query.
        queries: Query parameters.
        headers: Headers of the request.
        credentials: Names of query parameters, headers and cookies that are secret.
    """
    if isinstance(error.body, bytes):
        error.body = _text(error.body, error.headers or {})
    address = _address(url, queries)
    error.set_request(method, address, headers, credentials)


def set_cookie_lines(response: Any) -> list[str]:
    """The Set-Cookie headers of a response, whose headers may be a plain dict in a test."""
    headers = response.headers
    if hasattr(headers, "getlist"):
        return list(headers.getlist("Set-Cookie"))
    line = headers.get("Set-Cookie")
    return [line] if line else []


def _text(data: bytes, headers: Mapping[str, str]) -> str:
    """A body as text: by the charset that it announces, or as UTF-8 when that cannot be."""
    _, charset = content_type_of(headers.get("Content-Type") or "")
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
