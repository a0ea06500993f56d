"""What `ApiClient.call_api` does: all in one stride, or step by step where a step has been replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cvat_sdk.api_client.exceptions import ApiException, ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import calls, payload, types
from cvat_sdk.api_client.runtime.multipart import MULTIPART, StreamedBody, form_fields
from cvat_sdk.api_client.runtime.payload import BODILESS, BODY_AND_FIELDS
from cvat_sdk.api_client.runtime.plain import header_text, to_json
from cvat_sdk.api_client.runtime.texts import quoted

_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


class Request(NamedTuple):
    """The arguments of `ApiClient.call_api`."""

    resource_path: str
    method: str
    path_params: Mapping[str, Any] | None
    query_params: Any
    header_params: Mapping[str, Any] | None
    body: Any
    post_params: Any
    files: Mapping[str, Any] | None
    response_schema: Any
    auth_settings: Iterable[str] | None
    collection_formats: Mapping[str, str] | None
    parse_response: bool
    timeout: Any
    host: str | None
    check_type: bool | None
    request_auths: Iterable[Any] | None
    check_status: bool


def in_one_stride(client: types.ApiClient, request: Request) -> tuple[Any, types.HTTPResponse]:
    """Send a request and read its answer: files go out and come in as streams, models become JSON in C."""
    formats = request.collection_formats
    path = request.resource_path
    host = request.host or client.configuration.host
    if path and path[0] not in "/?#" and not host.endswith("/"):
        raise ApiValueError(
            f"Expected a path that begins with '/', got {path!r}", ("resource_path",)
        )
    safe = client.configuration.safe_chars_for_path_param
    for name, value in _plain_pairs(client, request.path_params, formats):
        path = path.replace(f"{{{name}}}", quoted(str(value), safe, (name,)))
    queries = [
        (name, str(value)) for name, value in _plain_pairs(client, request.query_params, formats)
    ]
    headers = {
        name: header_text(value)
        for name, value in _plain_pairs(client, request.header_params, formats)
    }
    fields = client.parameters_to_tuples(request.post_params or [], formats)
    fields += client.files_parameters(request.files)
    body = request.body
    if fields:
        if body is not None and request.method.upper() not in BODILESS:
            fields += _fields_of_body(body, headers)
        named = isinstance(request.post_params, Mapping)
        body = payload.form_of(fields, headers, named=named)
    settings = {
        "_parse_response": request.parse_response,
        "_request_timeout": request.timeout,
        "_validate_outputs": bool(request.check_type),
        "_check_status": request.check_status,
        "_request_auths": request.request_auths,
    }
    schema = calls.schema_of(request.response_schema, client._package)
    call = calls.PreparedCall(
        checked_method(request.method),
        path,
        queries,
        headers,
        body,
        schema,
        client._package,
        request.auth_settings,
        settings,
        request.host,
    )
    return client.send(call)


def _plain_pairs(
    client: types.ApiClient, params: Any, formats: Mapping[str, str] | None
) -> list[tuple[str, Any]]:
    """Parameters as pairs of name and scalar, list or dict, as `step_by_step` has them."""
    if not params:
        return []
    plain = [(name, to_json(value, _path=(name,))) for name, value in payload.pairs(params)]
    return client.parameters_to_tuples(plain, formats)


def _fields_of_body(body: Any, headers: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A body that is given beside fields: in a form of several parts there is room for both."""
    if not str(payload.header_of(headers, "Content-Type")).startswith(MULTIPART):
        raise ApiValueError(BODY_AND_FIELDS)
    return form_fields(body) if body else []


def checked_method(method: str) -> str:
    """An HTTP method in capitals.

    Raises:
        ApiValueError: It is none of those that a client sends.
    """
    if method.upper() not in _METHODS:
        raise ApiValueError(f"method: expected one of {', '.join(_METHODS)}, got {method!r}")
    return method.upper()


def step_by_step(client: types.ApiClient, request: Request) -> tuple[Any, types.HTTPResponse]:
    """Send a request and read its answer, each step by the method of the client that is there for it.

    The methods are called as the published package calls them: mocks and overrides expect that.
    """
    formats = request.collection_formats
    headers = calls.merge_headers(client.get_common_headers(), request.header_params or {})
    headers = {name: value for name, value in headers.items() if value is not None}
    if headers:
        sanitized = client.sanitize_for_serialization(headers)
        headers = dict(client.parameters_to_tuples(sanitized, formats))
    path = request.resource_path
    if request.path_params:
        sanitized = client.sanitize_for_serialization(request.path_params)
        safe = client.configuration.safe_chars_for_path_param
        for name, value in client.parameters_to_tuples(sanitized, formats):
            path = path.replace(f"{{{name}}}", quoted(str(value), safe, (name,)))
    queries = request.query_params
    if queries:
        sanitized = client.sanitize_for_serialization(queries)
        queries = client.parameters_to_tuples(sanitized, formats)
    elif request.request_auths:
        queries = []  # a credential may be a query parameter
    fields, body = _body(client, request, headers)
    host = request.host or client.configuration.host
    client.update_params_for_auth(
        headers,
        queries,
        request.auth_settings,
        path,
        request.method,
        body,
        request_host=host,
        request_auths=request.request_auths,
    )
    try:
        response = client.request(
            request.method,
            host + path,
            query_params=queries,
            headers=headers,
            post_params=fields,
            body=body,
            _parse_response=request.parse_response,
            _request_timeout=request.timeout,
            _check_status=request.check_status,
        )
    except ApiException as error:
        credentials = {setting["key"] for setting in request.request_auths or ()}
        calls.complete(error, request.method, host + path, queries, headers, credentials)
        raise
    return _answer(client, request, response, host + path)


def _body(
    client: types.ApiClient, request: Request, headers: Mapping[str, Any]
) -> tuple[list[Any], Any]:
    """The fields of a form and the body, of which one is empty."""
    fields: list[Any] = request.post_params or []
    if isinstance(request.body, StreamedBody):
        return fields, request.body  # made by the operation
    if fields or request.files:
        sanitized = client.sanitize_for_serialization(fields)
        fields = client.parameters_to_tuples(sanitized, request.collection_formats)
        fields.extend(client.files_parameters(request.files))
    body = request.body
    if str(headers.get("Content-Type", "")).startswith("multipart"):
        if body:
            values = client.sanitize_for_serialization(body, read_files=False)
            fields = [*fields, *form_fields(values)]
        body = None
        if fields:
            fields = client.parameters_to_multipart(fields, dict)
    elif body:
        body = client.sanitize_for_serialization(body)
    return fields, body


def _answer(
    client: types.ApiClient, request: Request, response: types.HTTPResponse, url: str
) -> tuple[Any, types.HTTPResponse]:
    client.last_response = response
    if not request.parse_response:
        return None, response
    client.keep_cookies(calls.set_cookie_lines(response))
    # What stands in the place of a request may answer with less than a response has.
    status = getattr(response, "status", 200)
    is_failure = isinstance(status, int) and not 200 <= status <= 299
    if is_failure or not request.response_schema:
        return None, response
    try:
        data = client.deserialize(response, request.response_schema, _check_type=request.check_type)
    except ApiTypeError as error:
        raise calls.of_body(error, response, request.method, url) from None
    return data, response
