"""From a prepared call to its answer: send, check the status, keep the cookies, decode the body."""

from __future__ import annotations

import functools
import re
import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, exception_class
from cvat_sdk.api_client.runtime import codec, types

PACKAGE = "cvat_sdk.api_client"

# The schema operation also answers in YAML when asked to.
_YAML_TYPES = frozenset({"application/vnd.oai.openapi", "application/yaml", "text/yaml"})


class PreparedCall:
    """A request that is ready to be sent, with what is needed to read its answer."""

    __slots__ = (
        "auth",
        "body",
        "headers",
        "method",
        "package",
        "path",
        "queries",
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
        response: str | None,
        package: str,
        auth: Iterable[str] | None,
        settings: Mapping[str, Any],
    ) -> None:
        self.method: str = method
        self.path: str = path
        self.queries: list[tuple[str, Any]] = queries
        self.headers: dict[str, Any] = headers
        self.body: Any = body
        self.response: str | None = response
        self.package: str = package
        self.auth: Iterable[str] | None = auth
        self.settings: Mapping[str, Any] = settings


def send(client: types.ApiClient, call: PreparedCall) -> tuple[Any, types.HTTPResponse]:
    """Send a prepared call and read its answer.

    Returns:
        The decoded body, or None when there is nothing to decode, and the response.

    Raises:
        ApiException: The answer is not a success, and the call asks for that check.
    """
    settings = call.settings
    configuration = client.configuration
    host = settings.get("_host") or configuration.host
    if settings["_host_index"] not in (None, 0, -1):
        host = configuration.get_host_from_settings(settings["_host_index"])
    headers = merge_headers(client.get_common_headers(), call.headers)
    queries = list(call.queries)
    client.update_params_for_auth(
        headers, queries, call.auth, request_host=host, request_auths=settings["_request_auths"]
    )
    parse = settings["_parse_response"]
    file_type = call.response if parse else None
    if file_type is not None and not codec.may_be_file(file_type, call.package):
        file_type = None
    request = functools.partial(
        client.request,
        call.method,
        host + call.path,
        query_params=queries,
        headers={name: value for name, value in headers.items() if value is not None},
        body=call.body,
        _parse_response=parse and file_type is None,
        _request_timeout=settings["_request_timeout"],
        _check_status=False,
    )
    try:
        response = request()
        if file_type is not None:
            from cvat_sdk.api_client.runtime import files

            response = files.receive(client, response, file_type, call.method, request)
        success = 200 <= response.status <= 299
        # Neither headers nor bodies: they carry credentials.
        configuration.logger["package_logger"].debug(
            "%s %s -> %s", call.method, call.path, response.status
        )
        if not success and settings["_check_status"]:
            raise exception_class(response.status)(http_resp=response)
    except ApiException as error:
        if isinstance(error.body, bytes):
            error.body = _text(error.body, error.headers or {})
        credentials = {name for name, _ in queries[len(call.queries) :]}
        address = (
            f"{host}{call.path}?{urllib.parse.urlencode(queries)}" if queries else host + call.path
        )
        error.set_request(call.method, address, headers, credentials)
        raise
    if not parse:
        return None, response
    client.last_response = response
    lines = response.headers.getlist("set-cookie")
    if lines:
        client.keep_cookies(lines)
    if not success or call.response is None:
        return None, response
    check = settings["_validate_outputs"]
    return read(client, response, call.response, check=check, package=call.package), response


def merge_headers(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Headers of `base` and `given`; where both have a name, in whatever case, `given` decides."""
    names = {name.lower() for name in given}
    return {**{name: base[name] for name in base if name.lower() not in names}, **given}


def read(
    client: types.ApiClient,
    response: types.HTTPResponse,
    type_text: str,
    *,
    check: bool = True,
    package: str = PACKAGE,
) -> Any:
    """Decode the body of a response.

    Args:
        client: Its configuration says how strictly.
        response: A response whose body can be read.
        type_text: Expected type, as in the operation table.
        check: False decodes the outermost object only.
        package: Package whose models the type names.
    """
    if codec.may_be_file(type_text, package):
        from cvat_sdk.api_client.runtime import files

        if type_text == "file" or isinstance(response, files.SavedResponse):
            return files.open_file(client, response)
        if not response.data:
            return codec.decode(b"{}", type_text, package=package)
        if not codec.is_json(response.data):
            return files.open_file(client, response)
    data: bytes | str = response.data
    media_type, charset = content_type_of(response.headers.get("Content-Type") or "")
    if media_type in _YAML_TYPES:
        return _text(response.data, response.headers)
    if charset != "utf-8":
        data = _text(response.data, response.headers)
    mode = client.configuration.decoding_mode
    if not check:
        return codec.decode_shallow(data, type_text, mode=mode, package=package)
    return codec.decode(data, type_text, mode=mode, package=package)


def schema_text(schema: Any) -> str | None:
    """A response type as the operation table writes it, from the forms that callers use.

    Raises:
        ApiTypeError: None of these forms.
    """
    if schema is None or isinstance(schema, str):
        return schema
    if isinstance(schema, tuple) and len(schema) == 1:
        return schema_text(schema[0])
    if isinstance(schema, list) and len(schema) == 1:
        return f"list[{schema_text(schema[0])}]"
    if isinstance(schema, dict) and len(schema) == 1:
        item = schema.get(str)
        # A tuple of several types stands for "anything".
        return f"dict[str, {'any' if isinstance(item, tuple) and len(item) > 1 else schema_text(item)}]"
    if schema in (dict, list):
        return "dict[str, any]" if schema is dict else "list[any]"
    if isinstance(schema, type):
        return "file" if schema.__module__ == "io" else schema.__name__
    raise ApiTypeError(
        f"Expected a class, a type name or a tuple of one class, got {type(schema).__name__}",
        ("response_schema",),
    )


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


def _text(data: bytes, headers: Mapping[str, str]) -> str:
    """A body as text: by the charset that it announces, or as UTF-8 when that cannot be."""
    _, charset = content_type_of(headers.get("Content-Type") or "")
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
