"""JSON bytes to models and back.

Both ways have a fast road in C and a slow road in Python that is taken only when the fast one gives up:
for a response that differs from the API description, or a model that carries additional fields.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.choice import in_order
from cvat_sdk.api_client.runtime.collector import PAUSE
from cvat_sdk.api_client.runtime.decoders import decoder_of
from cvat_sdk.api_client.runtime.described import nodes_of
from cvat_sdk.api_client.runtime.doubtful import is_doubtful
from cvat_sdk.api_client.runtime.enums import MET
from cvat_sdk.api_client.runtime.model import Model, items, rebuild, tables_are_changed
from cvat_sdk.api_client.runtime.plain import to_json, too_deep, without_models
from cvat_sdk.api_client.runtime.rules import LENIENT, STRICT
from cvat_sdk.api_client.runtime.schema import (
    Node,
    may_hold_null_number,
    parse_text,
    wire_fields_of,
)
from cvat_sdk.api_client.runtime.skew import VersionSkew
from cvat_sdk.api_client.runtime.sources import is_file

Mode = Literal["lenient", "strict"]

ROOT = ("received_data",)
TOO_DEEP = "nested too deeply to be read"
"""What the error of a body says that is JSON, but more than anything can read."""
# Bytes; for a smaller body a pause costs what it saves, since one collection becomes due at its end. The plain
# data that a drifted body becomes first is gone by then.
_LARGE = 5_000_000
_LARGE_DRIFTED = 100_000
# Bytes; a larger body of models is not searched for numbers that are not finite: it takes a tenth of the encoding.
_SEARCHED = 100_000
# Characters of a surprise by which it is known again.
_SIGN = 200
_NO_PAUSE = contextlib.nullcontext()


@functools.cache
def _decoder(type_text: str, package: str) -> tuple[msgspec.json.Decoder[Any], Node]:
    annotation, node = parse_text(type_text, package)
    return decoder_of(annotation), node


def decode(
    data: bytes | str,
    type_text: str,
    *,
    mode: Mode = "lenient",
    package: str = "cvat_sdk.api_client",
    skew: VersionSkew | None = None,
) -> Any:
    """Decode a JSON body.

    Args:
        data: The body; bytes are UTF-8.
        type_text: Expected type, as in the operation table (``"PaginatedTaskReadList"``).
        mode: What happens when the body differs from the type: ``"lenient"`` keeps everything as it
            came, ``"strict"`` raises.
        package: Package whose models the type names.
        skew: Is told in what the body differs, unless that raises.

    Raises:
        ApiTypeError: The body is not JSON and the type is not ``str``; in strict mode also a value of
            the wrong type, a missing field or an unknown one.
        ApiValueError: In strict mode, an unknown value of an enumeration.
    """
    decoder, node = _decoder(type_text, package)
    try:
        if mode == "strict":
            # The fast road keeps unknown values of enumerations.
            return convert.walk(_raw(data, node), node, STRICT, ROOT)
        try:
            with PAUSE if len(data) >= _LARGE else _NO_PAUSE:
                decoded = decoder.decode(data)
            if skew is not None and MET.values:
                _tell_of_values(data, node, skew)
            return decoded
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            # Its traceback holds this frame, which holds it: a cycle that would keep the body for long.
            surprise = error.with_traceback(None)
        with PAUSE if len(data) >= _LARGE_DRIFTED else _NO_PAUSE:
            decoded = _drifted(data, node, type_text, package, surprise, skew)
        MET.values = ()  # told already
        return decoded
    except RecursionError:
        raise _too_deep(data, node) from None


def _tell_of_values(data: bytes | str, node: Node, skew: VersionSkew) -> None:
    """Tell of enumerations whose values the fast road has kept without a word."""
    met, MET.values = MET.values, ()
    if skew.are_new(node, met):
        skew.look(_raw(data, node), node)


def _drifted(
    data: bytes | str,
    node: Node,
    type_text: str,
    package: str,
    surprise: Exception,
    skew: VersionSkew | None,
) -> Any:
    """Models of a body that differs from the API description."""
    if not isinstance(surprise, msgspec.ValidationError):
        readable = _in_utf_8(data)
        if readable is not data:
            return decode(readable, type_text, package=package, skew=skew)
    raw = _raw(data, node)
    if skew is not None:
        skew.look(raw, node, closely=skew.are_new(node, [(str(surprise)[:_SIGN],)]))
    if isinstance(surprise, msgspec.ValidationError):
        from cvat_sdk.api_client.runtime import drift

        try:
            return drift.build(raw, type_text, package, surprise)
        except drift.Unfit:
            pass
    return convert.walk(raw, node, LENIENT, ROOT)


def _raw(data: bytes | str, node: Node) -> Any:
    """A body as plain data, or as text where ``str`` is expected."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass  # the standard library also reads NaN and lone surrogates
    except RecursionError:
        raise _too_deep(data, node) from None
    data = _in_utf_8(data)
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except RecursionError:
        raise _too_deep(data, node) from None
    except ValueError as error:
        if node.kind == "str":
            return text
        raise ApiTypeError(
            f"Expected {node.text} as JSON, got a body of {len(data)} bytes that is not JSON: {error}",
            ROOT,
            (node.text,),
        ) from None


def _in_utf_8(data: bytes | str) -> bytes | str:
    """A body without a byte order mark, from UTF-16 or UTF-32 if it is in one; the body itself if it is in neither."""
    if isinstance(data, str):
        return data[1:] if data.startswith("\ufeff") else data
    encoding = json.detect_encoding(data)
    if encoding == "utf-8":
        return data
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data


def _too_deep(data: bytes | str, node: Node) -> ApiTypeError:
    return ApiTypeError(
        f"Expected {node.text}, got a body of {len(data)} bytes that is {TOO_DEEP}",
        ROOT,
        (node.text,),
    )


def plain(data: bytes | str, types: Sequence[Any]) -> Any:
    """A JSON body as plain data, or as text where the types allow a str.

    Raises:
        ApiTypeError: The body is not JSON, and a str is none of the types.
    """
    return _raw(data, Node("str") if str in types else nodes_of(types)[0])


def shallow(data: bytes | str, types: Sequence[Any]) -> Any:
    """Decode a JSON body to the first of some types that it fits, and leave what a model holds as JSON gives it."""
    raw = plain(data, types)
    nodes = in_order(types)
    for node in nodes:
        try:
            return _shallow(raw, node, "strict", ROOT)
        except (ApiTypeError, ApiValueError):
            continue
    return _shallow(raw, nodes[0], "lenient", ROOT)


def is_json(data: bytes | str) -> bool:
    """Whether a body is JSON."""
    try:
        json.loads(data)
    except ValueError:
        return False
    except RecursionError:
        pass  # JSON, but more than anything can read
    return True


@functools.cache
def may_be_file(type_text: str, package: str) -> bool:
    """Whether the API description allows a file."""
    _, node = parse_text(type_text, package)
    if node.kind == "model":
        return "file" in node.cls._composed.get("oneOf", ())
    return node.kind == "file" or any(option.kind == "file" for option in node.options)


def decode_shallow(
    data: bytes | str,
    type_text: str,
    *,
    mode: Mode = "lenient",
    package: str = "cvat_sdk.api_client",
) -> Any:
    """Decode a JSON body to its model or models, and leave what they hold as JSON gives it."""
    _, node = parse_text(type_text, package)
    return _shallow(_raw(data, node), node, mode, ROOT)


def _shallow(raw: Any, node: Node, mode: Mode, path: tuple[str | int, ...]) -> Any:
    if node.item is not None and node.kind == "list" and isinstance(raw, list):
        return [_shallow(entry, node.item, mode, (*path, i)) for i, entry in enumerate(raw)]
    if node.item is not None and node.kind == "dict" and isinstance(raw, dict):
        return {key: _shallow(entry, node.item, mode, (*path, key)) for key, entry in raw.items()}
    if node.kind != "model" or not isinstance(raw, dict):
        return convert.walk(raw, node, STRICT if mode == "strict" else LENIENT, path)
    fields = wire_fields_of(node.cls)
    values = {(fields[name].name if name in fields else name): value for name, value in raw.items()}
    if mode == "strict":
        convert.require(node.cls, values.keys(), path)
    return rebuild(node.cls, values)


class _NeedsSlowRoad(Exception):
    """Raised inside the C encoder to get out of it."""


_PLAIN: tuple[Any, ...] = (str, int, float, list, tuple, dict)


def _enc_hook(value: Any) -> Any:
    for base in _PLAIN:
        # The encoder knows these classes only, not what derives from them; and as keys not all of them.
        if isinstance(value, base) and type(value) is not base:
            return base(value)
    raise _NeedsSlowRoad  # additional fields of a model, or a value that is told apart there


_encoder = msgspec.json.Encoder(enc_hook=_enc_hook)
_packer = msgspec.msgpack.Encoder(enc_hook=_enc_hook)


def encode(obj: Any) -> bytes:
    """Encode models, dicts, lists, dates and scalars as compact JSON in UTF-8.

    Numbers that are not finite are written as the standard library does (``NaN``); but as null in bodies
    above 100 kB, in a field of a model that cannot be null, where a server refuses the one like the other.

    Raises:
        ApiValueError: A file, an object that has no JSON form, or data that holds itself.
    """
    try:
        try:
            return _encode(obj)
        except UnicodeEncodeError:  # half a character, as in names of files that are no UTF-8
            return _escaped(obj)
    except RecursionError:
        raise too_deep() from None
    except ApiValueError:
        raise
    except (ValueError, OverflowError) as error:  # too many digits
        raise ApiValueError(f"The data has no JSON form: {error}") from None


def _encode(obj: Any) -> bytes:
    may_hide = not isinstance(obj, Model) or may_hold_null_number(type(obj))
    try:
        if Model._handed_out and tables_are_changed():
            raise _NeedsSlowRoad  # fields may have other names there
        data = _encoder.encode(obj)
        may_hide = may_hide or len(data) <= _SEARCHED
        if is_doubtful(obj):
            without_models(obj, _leaf)
    except (_NeedsSlowRoad, AttributeError, TypeError):
        # AttributeError: a required field that the server left out (see model.assemble). TypeError: a key.
        may_hide = True
        data = _encoder.encode(without_models(obj, _leaf))
    # The fast encoder writes NaN and infinities as null, which would change them without a word. Large
    # bodies of annotations are not searched for it.
    if may_hide and b"null" in data and _may_have_not_finite(obj) and _has_not_finite(obj):
        return json.dumps(to_json(obj), ensure_ascii=False, separators=(",", ":")).encode()
    return data


def _escaped(obj: Any) -> bytes:
    """JSON as the standard library writes it, which has escapes for halves of characters."""
    plain = without_models(obj, _leaf)
    return json.dumps(plain, separators=(",", ":"), default=_text_of_date).encode()


def _text_of_date(value: datetime.date) -> str:
    text: str = json.loads(_encoder.encode(value))
    return text


def _leaf(value: Any, path: tuple[str | int, ...]) -> Any:
    """Dates are left to the encoder, so that both roads write them alike."""
    if type(value) in (datetime.datetime, datetime.date):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if is_file(value):
        raise ApiValueError(
            "An open file cannot be sent as JSON; pass _content_type='multipart/form-data'", path
        )
    hint = f"; {type(value).__name__}.tolist() can" if hasattr(value, "tolist") else ""  # arrays
    raise ApiValueError(
        f"A value of type {type(value).__name__} cannot be sent as JSON{hint}", path
    )


def escape_to_ascii(data: bytes) -> bytes:
    """Write the characters of a JSON text that are not ASCII as escapes."""
    return re.sub(r"[^\x00-\x7f]+", _escape, data.decode()).encode("ascii")


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


# How MessagePack begins a double that is infinite or not a number: its type, then sign and exponent.
_NOT_FINITE = re.compile(rb"\xcb[\x7f\xff][\xf0\xf8]")


def _may_have_not_finite(obj: Any) -> bool:
    """Whether there may be such a number; a look at another encoding is faster than one at each value."""
    try:
        data = _packer.encode(obj)
    except (_NeedsSlowRoad, AttributeError, OverflowError):
        return True
    return _NOT_FINITE.search(data) is not None


def _has_not_finite(obj: Any) -> bool:
    if isinstance(obj, float):
        return not math.isfinite(obj)
    if isinstance(obj, (str, int)) or obj is None:
        return False
    return any(_has_not_finite(value) for _, value in _children(obj))


def _children(obj: Any) -> Any:
    if isinstance(obj, Model):
        return items(obj)
    if isinstance(obj, (list, tuple)):
        return enumerate(obj)
    if isinstance(obj, Mapping):
        return obj.items()
    return ()
