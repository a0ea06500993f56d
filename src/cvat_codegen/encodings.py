"""How the values of a form are sent: media types and headers of their parts, styles of lists and objects."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer, resolve
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas import Context
from cvat_codegen.vocabulary import FORM_TYPES, JSON, is_token, unknown_keys

_KEYWORDS = frozenset({"allowReserved", "contentType", "explode", "headers", "style"})
_STYLES: tuple[ir.Style, ...] = ("form", "spaceDelimited", "pipeDelimited", "deepObject")
_USUAL = ir.Part()


def build_parts(
    context: Context, content: dict[str, Any], place: str
) -> tuple[tuple[str, ir.Part], ...] | Problems | None:
    """What the forms among the media types of a body say of their values; None: fields as CVAT has them, or no form.

    A form that stands beside JSON and says nothing of its fields is that of Django REST framework, which CVAT is made
    with: it numbers the fields of a list.
    """
    forms = [entry for name, entry in content.items() if name in FORM_TYPES]
    if not forms or (
        JSON in content and not any(isinstance(e, dict) and "encoding" in e for e in forms)
    ):
        return None
    found: dict[str, ir.Part] = {}
    problems: list[Problem] = []
    for media_type in sorted(FORM_TYPES & content.keys()):
        entry = content[media_type]
        encodings = entry.get("encoding", {}) if isinstance(entry, dict) else {}
        where = place + pointer("content", media_type, "encoding")
        if not isinstance(encodings, dict):
            problems.append(Problem(where, "must be an object"))
            continue
        for name, encoding in encodings.items():
            built = _build(context, encoding, where + pointer(name))
            if isinstance(built, Problems):
                problems += built.items
            elif built != _USUAL:
                found[name] = built
    return Problems(tuple(problems)) if problems else tuple(found.items())


def _build(context: Context, encoding: Any, place: str) -> ir.Part | Problems:
    if not isinstance(encoding, dict):
        return Problems.at(place, "must be an object")
    problems = unknown_keys(encoding, _KEYWORDS, place)
    context.skip(encoding, ("allowReserved",), place)
    content_type, headers = encoding.get("contentType", ""), encoding.get("headers", {})
    if not isinstance(content_type, str) or not _is_line(content_type):
        problems.append(Problem(f"{place}/contentType", "must be text"))
    style = next((style for style in _STYLES if style == encoding.get("style", "form")), None)
    if style is None:
        message = f"style {encoding['style']!r} is not one of {', '.join(_STYLES)}"
        problems.append(Problem(f"{place}/style", message))
    explode = encoding.get("explode", style == "form")
    if not isinstance(explode, bool):
        problems.append(Problem(f"{place}/explode", "must be true or false"))
    if not isinstance(headers, dict):
        problems.append(Problem(f"{place}/headers", "must be an object"))
        headers = {}
    values: list[tuple[str, str]] = []
    for name, header in headers.items():
        where = f"{place}/headers" + pointer(name)
        value = _value(context, header, where)
        if not is_token(name):
            problems.append(Problem(where, f"{name!r} is no name of a header"))
        elif isinstance(value, Problems):
            problems += value.items
        elif name.lower() == "content-type":
            continue  # what `contentType` is for
        elif value is None:
            context.warn(where, "is left out: neither a default nor a single value is known")
        else:
            values.append((name, value))
    if problems or style is None:
        return Problems(tuple(problems))
    return ir.Part(content_type, tuple(values), style, bool(explode))


def _value(context: Context, header: Any, place: str) -> str | Problems | None:
    """The value that a header has whatever the caller passes; None: it is not known."""
    resolved = resolve(context.document, header, place)
    if isinstance(resolved, Problems):
        return resolved
    header, place = resolved
    if not isinstance(header, dict):
        return Problems.at(place, "must be an object")
    resolved = resolve(context.document, header.get("schema", {}), f"{place}/schema")
    if isinstance(resolved, Problems):
        return resolved
    schema = resolved[0]
    if not isinstance(schema, dict):
        return Problems.at(resolved[1], "a schema is an object")
    values = schema.get("enum")
    single = values[0] if isinstance(values, list) and len(values) == 1 else None
    value = schema.get("default", single)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    return value if isinstance(value, str) and _is_line(value) else None


def _is_line(text: str) -> bool:
    """Whether a header can hold a text."""
    return text.isascii() and (text.isprintable() or not text)
