"""An API description as plain data: what every later step relies on, JSON pointers, and references."""

from __future__ import annotations

import re
from typing import Any

from cvat_codegen.problems import Problem, Problems

JsonObject = dict[str, Any]

_KEYWORDS = frozenset(
    [
        *("openapi", "info", "externalDocs", "servers", "security", "tags"),
        *("paths", "components", "webhooks", "jsonSchemaDialect"),
    ]
)
# Levels; deeper ones are no description, but a try to exhaust the reader.
_DEEPEST = 100
# Values, with those that a YAML file repeats by aliases; the largest known descriptions have a fifth of it.
_MOST = 2_000_000


def pointer(*parts: str | int) -> str:
    """JSON pointer to a place, from its keys."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def split_pointer(text: str) -> list[str] | None:
    """Keys of a JSON pointer; None when it is not one."""
    if text == "":
        return []
    if not text.startswith("/"):
        return None
    return [part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/")]


def plain(document: Any) -> Any | Problems:
    """A copy of what a reader made of a file: a tree of JSON values in which nothing stands twice."""
    return Copier().plain(document)


class Copier:
    """Makes such copies of several files; all together may hold as many values as one alone."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.count = 0

    def plain(self, document: Any) -> Any | Problems:
        """The same as `plain`."""
        self.problems = []
        copy = self._copy(document, "", 0)
        return Problems(tuple(self.problems)) if self.problems else copy

    def _copy(self, value: Any, place: str, depth: int) -> Any:
        self.count += 1
        if self.count >= _MOST or depth > _DEEPEST:
            if not self.problems or self.count == _MOST:
                message = (
                    "is nested too deeply or contains itself"
                    if depth > _DEEPEST
                    else "is too large"
                )
                self.problems.append(Problem(place, message))
            return None
        if isinstance(value, dict):
            entries = {}
            for key, entry in value.items():
                if not isinstance(key, str):
                    message = f"a key must be text, not {type(key).__name__}: {key!r}"
                    self.problems.append(Problem(place, message))
                elif self._is_text(key, place):
                    entries[key] = self._copy(entry, place + pointer(key), depth + 1)
            return entries
        if isinstance(value, list):
            return [
                self._copy(entry, f"{place}/{index}", depth + 1)
                for index, entry in enumerate(value)
            ]
        if isinstance(value, str):
            return value if self._is_text(value, place) else None
        if value is not None and not isinstance(value, (bool, int, float)):
            message = f"a value of type {type(value).__name__} is no JSON"
            self.problems.append(Problem(place, message))
        return value

    def _is_text(self, text: str, place: str) -> bool:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            message = (
                f"{text!r} is no Unicode text: it has half a character at position {error.start}"
            )
            self.problems.append(Problem(place.encode(errors="replace").decode(), message))
            return False
        return True


def check_outline(document: Any) -> JsonObject | Problems:
    """Checks what every later step relies on."""
    if not isinstance(document, dict):
        return Problems.at("", "an API description is an object")
    version = document.get("openapi")
    # YAML reads a version of two parts without quotes as a number.
    if not re.fullmatch(r"3\.[01](\.\S*)?", str(version)):
        return Problems.at("/openapi", f"OpenAPI 3.0 and 3.1 are supported, not {version!r}")
    problems = [
        Problem(pointer(key), f"{key!r} is not supported here")
        for key in document
        if key not in _KEYWORDS and not str(key).startswith("x-")
    ]
    for name, kind in (("info", dict), ("paths", dict), ("components", dict), ("tags", list)):
        if not isinstance(document.get(name, kind()), kind):
            message = f"must be {'an object' if kind is dict else 'a list'}"
            problems.append(Problem(pointer(name), message))
    for key in ("title", "version"):
        info = document.get("info", {})
        if isinstance(info, dict) and not isinstance(info.get(key), str):
            problems.append(Problem(pointer("info", key), "must be text"))
    components = document.get("components", {})
    for key in ("schemas", "securitySchemes"):
        if isinstance(components, dict) and not isinstance(components.get(key, {}), dict):
            problems.append(Problem(pointer("components", key), "must be an object"))
    return Problems(tuple(problems)) if problems else document


def find(document: Any, keys: list[str]) -> Any:
    """The value at a place. Raises `KeyError` when there is none."""
    for key in keys:
        if isinstance(document, dict):
            document = document[key]
        elif isinstance(document, list):
            if not (key.isascii() and key.isdigit()) or int(key) >= len(document):
                raise KeyError(key)
            document = document[int(key)]
        else:
            raise KeyError(key)
    return document


def resolve(document: JsonObject, value: Any, place: str) -> tuple[Any, str] | Problems:
    """Follows ``$ref`` until something else is found; gives that and its place."""
    seen = set()
    while isinstance(value, dict) and "$ref" in value:
        target = value["$ref"]
        keys = (
            split_pointer(target[1:])
            if isinstance(target, str) and target.startswith("#")
            else None
        )
        if keys is None:
            return Problems.at(place, f"$ref {target!r} does not point into this document")
        if target in seen:
            return Problems.at(place, f"$ref {target!r} leads back to itself")
        seen.add(target)
        try:
            value = find(document, keys)
        except KeyError:
            return Problems.at(place, f"$ref {target!r} points to nothing")
        place = target[1:]
    return value, place
