"""Reading an API description: YAML or JSON in, plain data with JSON pointers out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from cvat_codegen.problems import Problems

JsonObject = dict[str, Any]

_KEYWORDS = frozenset(
    [
        *("openapi", "info", "externalDocs", "servers", "security", "tags"),
        *("paths", "components"),
    ]
)


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]  # the class depends on how PyYAML was built
    """Keeps dates as text, as JSON would."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


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


def load(path: Path) -> JsonObject | Problems:
    """Reads a description from a ``.json`` file or, whatever else it is called, as YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Problems.at("", f"{path} cannot be read: {error}")
    try:
        # JSON is read as JSON: it is faster, and YAML 1.1 refuses tabs that JSON allows.
        document = json.loads(text) if path.suffix == ".json" else yaml.load(text, _Loader)  # noqa: S506 - _Loader is a safe loader
    except (ValueError, yaml.YAMLError) as error:
        return Problems.at("", f"{path} is neither YAML nor JSON: {error}")
    return check_outline(document)


def check_outline(document: Any) -> JsonObject | Problems:
    """Checks what every later step relies on."""
    if not isinstance(document, dict):
        return Problems.at("", "an API description is an object")
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith("3.0."):
        return Problems.at("/openapi", f"OpenAPI 3.0 is supported, not {version!r}")
    for key in document:
        if key not in _KEYWORDS and not str(key).startswith("x-"):
            return Problems.at(pointer(key), f"{key!r} is not supported here")
    for name, kind in (("info", dict), ("paths", dict), ("components", dict), ("tags", list)):
        if not isinstance(document.get(name, kind()), kind):
            return Problems.at(
                pointer(name), f"must be {'an object' if kind is dict else 'a list'}"
            )
    for key in ("title", "version"):
        if not isinstance(document.get("info", {}).get(key), str):
            return Problems.at(pointer("info", key), "must be text")
    return document


def find(document: Any, keys: list[str]) -> Any:
    """The value at a place. Raises `KeyError` when there is none."""
    for key in keys:
        if isinstance(document, dict):
            document = document[key]
        elif isinstance(document, list):
            if not key.isdigit() or int(key) >= len(document):
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
