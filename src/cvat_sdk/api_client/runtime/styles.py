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
# Between the parts of an exploded one; these two styles begin with it as well.
_SEPARATORS = {"simple": ",", "label": ".", "matrix": ";"}
_PREFIXED = frozenset({"label", "matrix"})
# Styles whose lists do not say the name with each value.
_NAMELESS = frozenset({"simple", "label"})
_NO_HEADER = frozenset("\0\r\n")

Encode = Callable[[str], str]


def put(
    parameter: Parameter, value: Any, template: str, headers: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Puts the value of a parameter into a request.

    Args:
        parameter: It has a style, or is a cookie.
        value: The value; models, lists, mappings and scalars. None: nothing is said, and a header is taken away.
        template: Path of the request, perhaps with a query.
        headers: Headers of the request.

    Returns:
        The path and the headers with the value.

    Raises:
        ApiValueError: The value cannot be written so.
    """
    if value is None:
        is_header = parameter.location == "header"
        return template, {**headers, parameter.wire: None} if is_header else headers
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
        fields = _pairs(plain, encode, place)
        return "&".join(f"{encode(f'{parameter.wire}[{key}]')}={v}" for key, v in fields) or None
    if isinstance(plain, Mapping):
        pairs = [(encode(key), text) for key, text in _pairs(plain, encode, place)]
        parts = (
            [f"{key}={text}" for key, text in pairs]
            if parameter.explode
            else [text for pair in pairs for text in pair]
        )
    elif isinstance(plain, list):
        parts = [encode(_text(item, place)) for item in plain if item is not None]
        if parameter.explode and style not in _NAMELESS:
            parts = [f"{name}={text}" for text in parts]
    else:
        return _named(style, name, encode(_text(plain, place)))
    if not parts:
        return None
    if not parameter.explode:
        return _named(style, name, _DELIMITERS.get(style, ",").join(parts))
    separator = _SEPARATORS.get(style, "&")
    text = separator.join(parts)
    return separator + text if style in _PREFIXED else text


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
