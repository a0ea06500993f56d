"""JSON bytes to models and back.

Both ways have a fast road in C and a slow road in Python that is taken only when the fast one gives up:
for a response that differs from the API description, or a model that carries additional fields.
"""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.model import Extra, Model, dec_hook, items, rebuild
from cvat_sdk.api_client.runtime.plain import to_json
from cvat_sdk.api_client.runtime.schema import Node, fields_of, parse_text

Mode = Literal["lenient", "strict"]

_ROOT = ("received_data",)


@functools.cache
def _decoder(type_text: str, package: str) -> tuple[msgspec.json.Decoder[Any], Node]:
    annotation, node = parse_text(type_text, package)
    return msgspec.json.Decoder(annotation, dec_hook=dec_hook), node


def decode(
    data: bytes | str,
    type_text: str,
    *,
    mode: Mode = "lenient",
    package: str = "cvat_sdk.api_client",
) -> Any:
    """Decode a JSON body.

    Args:
        data: The body; bytes are UTF-8.
        type_text: Expected type, as in the operation table (``"PaginatedTaskReadList"``).
        mode: What happens when the body differs from the type: ``"lenient"`` keeps everything as it
            came, ``"strict"`` raises.
        package: Package whose models the type names.

    Raises:
        ApiTypeError: The body is not JSON and the type is not ``str``; in strict mode also a value of
            the wrong type or a missing field.
        ApiValueError: In strict mode, an unknown value of an enumeration.
    """
    decoder, node = _decoder(type_text, package)
    try:
        return decoder.decode(data)
    except msgspec.ValidationError:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        if node.kind == "str":
            return text
        raise ApiTypeError(
            f"Expected {node.text} as JSON, got a body of {len(data)} bytes that is not JSON: {error}",
            _ROOT,
            (node.text,),
        ) from None
    rules = convert.STRICT if mode == "strict" else convert.LENIENT
    return convert.walk(raw, node, rules, _ROOT)


def decode_shallow(
    data: bytes | str, type_text: str, *, package: str = "cvat_sdk.api_client"
) -> Any:
    """Decode a JSON body to its model, and leave everything below its top level as JSON gives it."""
    _, node = parse_text(type_text, package)
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return decode(data, type_text, package=package)  # text, or the error that tells
    if node.kind == "model" and isinstance(raw, dict):
        names = {field.wire: field.name for field in fields_of(node.cls).values()}
        values = {names.get(str(key), str(key)): value for key, value in raw.items()}
        return rebuild(node.cls, values)
    return raw


class _NeedsSlowRoad(Exception):
    """Raised inside the C encoder to get out of it."""


def _enc_hook(value: Any) -> Any:
    if isinstance(value, Extra):
        raise _NeedsSlowRoad
    if isinstance(value, io.IOBase):
        raise ApiValueError(
            "An open file cannot be sent as JSON; pass _content_type='multipart/form-data'"
        )
    raise ApiValueError(f"A value of type {type(value).__name__} cannot be sent as JSON")


_encoder = msgspec.json.Encoder(enc_hook=_enc_hook)


def encode(obj: Any) -> bytes:
    """Encode models, dicts, lists, dates and scalars as JSON in UTF-8.

    Raises:
        ApiValueError: A file, a number that is not finite, or an object that has no JSON form.
    """
    try:
        data = _encoder.encode(obj)
    except (_NeedsSlowRoad, AttributeError):
        # AttributeError: a required field that the server left out (see model.assemble).
        _refuse_files(obj)
        data = _encoder.encode(to_json(obj, read_files=False))
    except (TypeError, UnicodeEncodeError, OverflowError) as error:
        raise ApiValueError(f"The data has no JSON form: {error}") from None
    # The encoder writes NaN and infinities as null, which would lose them without a word.
    if b"null" in data:
        _refuse_not_finite(obj, ())
    return data


def _refuse_files(obj: Any) -> None:
    if isinstance(obj, io.IOBase):
        _enc_hook(obj)
    for _, value in _children(obj):
        _refuse_files(value)


def _refuse_not_finite(obj: Any, path: tuple[str | int, ...]) -> None:
    if isinstance(obj, float) and not math.isfinite(obj):
        raise ApiValueError(f"Expected a finite number, got {obj}", path)
    for key, value in _children(obj):
        _refuse_not_finite(value, (*path, key))


def _children(obj: Any) -> Any:
    if isinstance(obj, Model):
        return items(obj)
    if isinstance(obj, (list, tuple)):
        return enumerate(obj)
    if isinstance(obj, Mapping):
        return obj.items()
    return ()
