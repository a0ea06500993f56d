"""From a caller's data to the body of a request, in the form that the Content-Type asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiException
from cvat_sdk.api_client.runtime import codec, texts
from cvat_sdk.api_client.runtime.model import Model
from cvat_sdk.api_client.runtime.multipart import (
    MULTIPART,
    URLENCODED,
    FileBody,
    MultipartBody,
    StreamedBody,
    form_fields,
)
from cvat_sdk.api_client.runtime.plain import to_json
from cvat_sdk.api_client.runtime.sources import as_file, is_file

BODILESS = frozenset({"GET", "HEAD"})
BODY_AND_FIELDS = "body and post_params cannot both be given"


def prepare(method: str, headers: dict[str, str], body: Any, post_params: Any) -> Any:
    """The body as urllib3 takes it.

    Args:
        method: HTTP method.
        headers: Changed in place: the headers that belong to the body are added.
        body: As `RESTClientObject.request` takes it.
        post_params: Fields of a form, as pairs or as a mapping. Without a Content-Type they are JSON, unless
            there are open files among them.

    Raises:
        ApiException: The body does not fit the Content-Type.
        ApiValueError: The body holds what cannot be sent in this form.
    """
    if method in BODILESS:
        return None
    if post_params:
        return _fields(headers, post_params)
    if body is None and header_of(headers, "Content-Type") == MULTIPART:
        return _streamed(headers, MultipartBody([]))
    if body is None:
        if method != "DELETE":
            _set_default(headers, "Content-Type", "application/json")
        return None
    if isinstance(body, StreamedBody):
        return _streamed(headers, body)
    content_type = header_of(headers, "Content-Type") or ""
    if not content_type:
        content_type = headers["Content-Type"] = "application/json"
    is_json = "json" in content_type.lower()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return body  # whoever has the bytes knows what they are
    if is_file(body):
        return _streamed(headers, FileBody(body))
    if isinstance(body, str) and not is_json:
        return texts.utf8(body, ("body",))
    if is_json:
        return _json(body)
    if isinstance(body, (Mapping, Model)) and content_type == MULTIPART:
        return _streamed(headers, MultipartBody(form_fields(body)))
    if isinstance(body, (Mapping, Model)) and content_type.startswith(URLENCODED):
        return urlencoded(form_fields(body))
    raise _unsendable(f"a body of type {type(body).__name__} cannot be sent as {content_type!r}")


def form_of(fields: Iterable[tuple[str, Any]], headers: Mapping[str, Any], *, named: bool) -> Any:
    """The body of `ApiClient.call_api` that is made of the fields of a form.

    Args:
        fields: Names and values.
        headers: Headers of the request; the Content-Type says in which form the fields are sent.
        named: As JSON, send an object rather than a list of pairs.

    Raises:
        ApiException: There are files among the fields, and the Content-Type has no place for them.
        ApiValueError: A value that cannot be sent in this form.
    """
    plain = [
        (name, to_json(value, read_files=False, _path=(name,)) if as_file(value) is None else value)
        for name, value in fields
    ]
    content_type = header_of(headers, "Content-Type") or ""
    if content_type == MULTIPART or (not content_type and _have_files(plain)):
        return MultipartBody(plain)
    if content_type.startswith(URLENCODED):
        return urlencoded(plain)
    return dict(plain) if named else plain


def urlencoded(fields: list[Any]) -> str:
    """Fields of a form as text.

    Raises:
        ApiException: There is a file among them.
    """
    for name, value in fields:
        if is_file(value):
            raise _unsendable(f"the file in {name!r} needs multipart/form-data")
    return texts.urlencoded(fields)


def pairs(fields: Any) -> list[Any]:
    """Fields of a form as pairs of name and value."""
    return list(fields.items() if isinstance(fields, Mapping) else fields)


def header_of(headers: Mapping[str, Any], name: str) -> Any:
    """The value of a header, whatever the case of its name."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def _fields(headers: dict[str, str], fields: Any) -> Any:
    content_type = header_of(headers, "Content-Type") or ""
    listed = pairs(fields)
    if content_type.startswith(URLENCODED):
        return urlencoded(listed)
    if content_type == MULTIPART or (not content_type and _have_files(listed)):
        return _streamed(headers, MultipartBody(listed))
    if content_type and "json" not in content_type.lower():
        raise _unsendable(f"form fields cannot be sent as {content_type!r}")
    _set_default(headers, "Content-Type", "application/json")
    return _json(dict(listed) if isinstance(fields, Mapping) else listed)


def _have_files(fields: list[Any]) -> bool:
    return any(isinstance(field, (tuple, list)) and is_file(field[-1]) for field in fields)


def _json(body: Any) -> bytes:
    """JSON in ASCII, so that no proxy or server has to guess the encoding."""
    data = codec.encode(body)
    return data if data.isascii() else codec.escape_to_ascii(data)


def _streamed(headers: dict[str, str], body: StreamedBody) -> StreamedBody:
    if body.content_type is None:
        _set_default(headers, "Content-Length", str(body.length))
        return body
    for name in [name for name in headers if name.lower() in ("content-type", "content-length")]:
        del headers[name]
    headers["Content-Type"] = body.content_type
    headers["Content-Length"] = str(body.length)
    return body


def _set_default(headers: dict[str, str], name: str, value: str) -> None:
    if header_of(headers, name) is None:
        headers[name] = value


def _unsendable(reason: str) -> ApiException:
    return ApiException(status=0, reason=f"The request was not sent: {reason}")
