"""Forms as OpenAPI has them: a list goes out as several fields of one name, truth values as ``true`` and ``false``.

CVAT numbers the fields of a list and writes truth values as Python does; those forms are made by
`multipart.form_fields`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError
from cvat_sdk.api_client.runtime.model import Model
from cvat_sdk.api_client.runtime.multipart import (
    MULTIPART,
    URLENCODED,
    MultipartBody,
    text_of_field,
)
from cvat_sdk.api_client.runtime.operation import Part
from cvat_sdk.api_client.runtime.plain import to_json, wire_items
from cvat_sdk.api_client.runtime.sources import ListedFile, Path, as_file, is_file, name_of
from cvat_sdk.api_client.runtime.texts import urlencoded

_PLAIN = Part()
_DELIMITERS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def is_form(content_type: str) -> bool:
    """Whether a body of a media type is a form."""
    return content_type == MULTIPART or content_type.startswith(URLENCODED)


def form(body: Any, parts: Mapping[str, Part], content_type: str) -> MultipartBody | str | None:
    """A form of the values of a body.

    Args:
        body: A model or a mapping; None: a form without values.
        parts: How its values are sent, by name; the others as is usual for their type.
        content_type: Media type of the form.

    Raises:
        ApiTypeError: The body is something else.
        ApiValueError: A value that such a form does not carry.
    """
    if body is None:
        return MultipartBody([]) if content_type == MULTIPART else None
    if not isinstance(body, (Mapping, Model)):
        raise ApiTypeError(
            f"Expected a model or a dict for a form, got a value of type {type(body).__name__}"
        )
    values = wire_items(body) if isinstance(body, Model) else body.items()
    described = ((name, value, parts.get(name, _PLAIN)) for name, value in values)
    if content_type == MULTIPART:
        return MultipartBody([field for one in described for field in _fields(*one)])
    return urlencoded([pair for one in described for pair in _pairs(*one)])


def _fields(name: str, value: Any, part: Part) -> Iterator[tuple[str, Any, Part]]:
    """Fields of a form of several parts."""
    is_single = not isinstance(value, (list, tuple)) or as_file(value) is not None
    if is_single or "json" in part.content_type:
        yield name, *_content(value, part, (name,))
        return
    for index, item in enumerate(value):
        content, described = _content(item, part, (name, index))
        # Without a name of its own, a file is called by its place among the others.
        if is_file(content) and name_of(content) is None:
            content = ListedFile(content, (name, index))
        yield name, content, described


def _content(value: Any, part: Part, path: Path) -> tuple[Any, Part]:
    """Content of a part, and how it is sent."""
    file = as_file(value, path)
    if file is not None:
        return file, part
    if isinstance(value, (Mapping, Model)) or "json" in part.content_type:
        text = json.dumps(to_json(value, _path=path), ensure_ascii=False)
        return text, part._replace(content_type=part.content_type or "application/json")
    return _text(value, path), part


def _pairs(name: str, value: Any, part: Part) -> Iterator[tuple[str, str]]:
    """Fields of a form that is text."""
    path = (name,)
    if value is None:
        return
    if "json" in part.content_type:
        yield name, json.dumps(to_json(value, _path=path), ensure_ascii=False)
        return
    plain = value if is_file(value) else to_json(value, _path=path)
    if isinstance(plain, Mapping):
        pairs = [(key, _text(item, (name, key))) for key, item in plain.items() if item is not None]
        if part.style == "deepObject":
            yield from ((f"{name}[{key}]", text) for key, text in pairs)
        elif part.explode:
            yield from pairs
        else:
            yield name, _joined([text for pair in pairs for text in pair], part)
    elif isinstance(plain, list):
        texts = [_text(item, (name, index)) for index, item in enumerate(plain)]
        if part.explode:
            yield from ((name, text) for text in texts)
        elif texts:
            yield name, _joined(texts, part)
    else:
        yield name, _text(plain, path)


def _joined(texts: list[str], part: Part) -> str:
    return _DELIMITERS.get(part.style, ",").join(texts)


def _text(value: Any, path: Path) -> str:
    return str(value).lower() if isinstance(value, bool) else text_of_field(value, path)
