"""Lists and objects in paths, queries, headers and cookies, written in the styles of OpenAPI (those of RFC 6570)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.operation import Parameter
from cvat_sdk.api_client.runtime.plain import text_of, to_json
from cvat_sdk.api_client.runtime.sources import Path
from cvat_sdk.api_client.runtime.texts import quoted

# Between the values of a list, and the names and values of an object.
_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
_NO_HEADER = frozenset("\0\r\n")

Encode = Callable[[str], str]


def put(
    parameter: Parameter, value: Any, template: str, headers: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Puts the value of a parameter into a request.

    Args:
        parameter: It has a style, or is a cookie.
        value: The value; models, lists, mappings and scalars.
        template: Path of the request, perhaps with a query.
        headers: Headers of the request.

    Returns:
        The path and the headers with the value.

    Raises:
        ApiValueError: The value cannot be written so.
    """
    place = (parameter.name,)

    def encode(text: str) -> str:
        return quoted(text, "", place)

    if parameter.location == "header":
        written = _written(parameter, value, str)
        if written is not None and _NO_HEADER & set(written):
            raise ApiValueError("A header cannot hold a line break", place)
        return template, headers if written is None else {**headers, parameter.wire: written}
    written = _written(parameter, value, encode)
    if parameter.location == "path":
        if not written:
            raise ApiValueError("Expected at least one value, for it is part of the path", place)
        return template.replace(f"{{{parameter.wire}}}", written), headers
    if written is None:
        return template, headers
    if parameter.location == "cookie":
        before = headers.get("Cookie")
        return template, {**headers, "Cookie": f"{before}; {written}" if before else written}
    return f"{template}{'&' if '?' in template else '?'}{written}", headers


def _written(parameter: Parameter, value: Any, encode: Encode) -> str | None:
    """The text of a parameter, with its name where the style has one; None when there is nothing to say."""
    place = (parameter.name,)
    plain = to_json(value, _path=place)
    location, name = parameter.location, encode(parameter.wire)
    style = parameter.style or ("form" if location in ("query", "cookie") else "simple")
    if style == "json":
        text = encode(json.dumps(plain, separators=(",", ":")))
        return f"{name}={text}" if location in ("query", "cookie") else text
    if style == "deepObject":
        return _joined(
            "&",
            [f"{encode(f'{parameter.wire}[{k}]')}={v}" for k, v in _pairs(plain, encode, place)],
        )
    delimiter = _DELIMITERS.get(style, ",")
    if isinstance(plain, Mapping):
        pairs = _pairs(plain, encode, place)
        if parameter.explode:
            exploded = [f"{encode(k)}={v}" for k, v in pairs]
        else:
            flat = _joined(delimiter, [text for k, v in pairs for text in (encode(k), v)])
    elif isinstance(plain, list):
        values = [encode(_text(item, place)) for item in plain if item is not None]
        if parameter.explode:
            exploded = [f"{name}={v}" for v in values] if style != "simple" else values
            exploded = values if style == "label" else exploded
        else:
            flat = _joined(delimiter, values)
    else:
        return _named(style, name, encode(_text(plain, place)))
    if not parameter.explode:
        return None if flat is None else _named(style, name, flat)
    separator = {"simple": ",", "label": ".", "matrix": ";"}.get(style, "&")
    all_of_it = _joined(separator, exploded)
    if all_of_it is None or style in ("simple", "form", *_DELIMITERS):
        return all_of_it
    return separator + all_of_it


def _named(style: str, name: str, text: str) -> str:
    """One text in its style."""
    if style == "simple":
        return text
    if style == "label":
        return f".{text}"
    if style == "matrix":
        return f";{name}={text}" if text else f";{name}"
    return f"{name}={text}"


def _pairs(plain: Mapping[str, Any], encode: Encode, place: Path) -> list[tuple[str, str]]:
    return [
        (key, encode(_text(value, (*place, key))))
        for key, value in plain.items()
        if value is not None
    ]


def _text(value: Any, place: Path) -> str:
    """One value, as JSON writes it but for the quotes."""
    if isinstance(value, (list, Mapping)):
        kind = "list" if isinstance(value, list) else "object"
        raise ApiValueError(
            f"Expected a single value, got a {kind}, which cannot stand here", place
        )
    return str(value).lower() if isinstance(value, bool) else text_of(value)


def _joined(separator: str, texts: list[str]) -> str | None:
    return separator.join(texts) if texts else None
