"""Data that fits a type of the API description, made from our models."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client.runtime.schema import Field, Node, fields_of, parse_text

_DEEPEST = 5

# Texts tried in turn where a field has a pattern or a length.
_TEXTS = (
    "text",
    "ab",
    "a long enough text",
    "name_1",
    "#00ff7f",
    "https://example.com/a",
    "2024-05",
    "a@example.com",
)


def of_type(text: str, *, full: bool, request: bool = False, files: bool = False) -> Any:
    """A value of a type as the operation table writes it.

    Args:
        full: With all fields rather than the required ones.
        request: By Python names and without read-only fields, as a caller passes it; otherwise by
            wire names, as a server sends it.
        files: With the fields that are files.
    """
    _, node = parse_text(text)
    return _Maker(full, request, files).value(node, 0)


def needs_files(text: str) -> bool:
    """Whether a model has a file, or a list of files, among its required fields."""
    _, node = parse_text(text)
    return node.kind == "model" and any(
        field.required and _is_file(field.node) for field in fields_of(node.cls).values()
    )


def is_flat(text: str) -> bool:
    """Whether a model can be a form: no field is an object or a list of objects."""
    _, node = parse_text(text)
    return node.kind == "model" and not any(
        (field.node.item or field.node).kind in ("model", "dict", "any")
        for field in fields_of(node.cls).values()
    )


def enum_values(cls: Any) -> list[str]:
    """The values of an enumeration; of a composed one those of all its members."""
    members = cls.members() if hasattr(cls, "members") else (cls,)
    values = [v for m in members for v in m.allowed_values[("value",)].values() if v != "null"]
    return values or ["null"]


def _is_file(node: Node) -> bool:
    return node.kind == "file" or (node.item is not None and node.item.kind == "file")


class _Maker:
    def __init__(self, full: bool, request: bool, files: bool) -> None:
        self.full = full
        self.request = request
        self.files = files

    def value(self, node: Node, depth: int) -> Any:
        limits = node.limits
        if node.kind == "model":
            return self._model(node.cls, depth)
        if node.kind == "list":
            assert node.item is not None
            shortest = (limits and limits.min_length) or 0
            count = max(shortest, 2 if self.full and depth < _DEEPEST else 0)
            return [self.value(node.item, depth + 1) for _ in range(count)]
        if node.kind == "dict":
            assert node.item is not None
            return {"key": self.value(node.item, depth + 1)} if self.full else {}
        if node.kind == "enum":
            return enum_values(node.cls)[0]
        if node.kind in ("int", "float"):
            usual: float = 7 if node.kind == "int" else 1.5
            least: float = limits.ge if limits and limits.ge is not None else usual
            most: float = limits.le if limits and limits.le is not None else usual
            number = min(max(usual, least), most)
            return int(number) if node.kind == "int" else float(number)
        if node.kind == "str":
            return self._text(limits)
        return {
            "any": "anything",
            "bool": True,
            "date": "2024-05-06",
            "datetime": "2024-05-06T07:08:09.123456Z",
            "file": {"$file": ["picture.png", "content"]},
        }[node.kind]

    def _text(self, limits: Any) -> str:
        if limits is None:
            return "text"
        import re

        for text in _TEXTS:
            if limits.pattern is not None and not re.search(limits.pattern, text):
                continue
            if limits.max_length is not None and len(text) > limits.max_length:
                continue
            if limits.min_length is not None and len(text) < limits.min_length:
                continue
            return text
        raise ValueError(f"no text fits {limits}")

    def _model(self, cls: Any, depth: int) -> dict[str, Any]:
        return {
            (field.name if self.request else field.wire): self.value(field.node, depth + 1)
            for field in fields_of(cls).values()
            if self._is_wanted(cls, field, depth)
        }

    def _is_wanted(self, cls: Any, field: Field, depth: int) -> bool:
        if self.request and field.name in cls._read_only:
            return False
        if field.required:
            return True
        if _is_file(field.node):
            return self.files
        # Models that hold themselves would never end.
        return self.full and depth < _DEEPEST
