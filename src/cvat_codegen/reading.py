"""Reading a description from a file: YAML or JSON in, plain data out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from cvat_codegen.document import JsonObject, check_outline
from cvat_codegen.problems import Problems

LARGEST = 100_000_000
"""Bytes of a file; the description of a CVAT server has half a megabyte."""

# As JSON and YAML 1.2 have it: `on` and `no` are texts, `010` and `12:30` are no numbers, dates are texts.
_TYPES = {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?(?:0|[1-9][0-9]*)",
    "float": r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    "merge": r"<<",
}


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]  # the class depends on how PyYAML was built
    """Reads a key as the text that stands there, and no key twice."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML wants it to be a plain attribute

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "no mapping", node.start_mark)
        written = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        self.flatten_mapping(node)
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be text", key.start_mark
                )
            if key.value in found and written.count(key.value) > 1:
                message = f"the key {key.value!r} stands twice"
                raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
            found[key.value] = self.construct_object(value, deep=deep)
        return found


for _name, _pattern in _TYPES.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"^(?:{_pattern})$"), None
    )


def load(path: Path) -> JsonObject | Problems:
    """Reads a description from a file."""
    found = load_part(path, str(path))
    return found if isinstance(found, Problems) else check_outline(found)


def parse(text: str, name: str) -> JsonObject | Problems:
    """Reads a description from text; `name` says in problems where it is from."""
    found = _data(text, name)
    return found if isinstance(found, Problems) else check_outline(found)


def load_part(path: Path, name: str) -> Any | Problems:
    """Reads a file that may hold a part of a description; `name` is its name in problems."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            return Problems.at("", f"{name} is larger than {LARGEST} bytes")
        return _data(data.decode("utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        return Problems.at("", f"{name} cannot be read: {error}")


def _data(text: str, name: str) -> Any | Problems:
    try:
        # JSON is read as JSON: it is faster, and YAML refuses tabs that JSON allows.
        read: Callable[[str], Any] = _json if text.lstrip().startswith(("{", "[")) else _yaml
        return read(text)
    except (ValueError, yaml.YAMLError) as error:
        return Problems.at("", f"{name} is neither YAML nor JSON: {error}")
    except RecursionError:
        return Problems.at("", f"{name} is nested too deeply")


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except _Twice:
        raise
    except ValueError:
        return _yaml(text)  # which may begin with a brace as well


def _yaml(text: str) -> Any:
    return yaml.load(text, _Loader)  # noqa: S506 - _Loader is a safe loader


class _Twice(ValueError):
    """A key stands twice in an object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Twice(f"the key {twice!r} stands twice in an object")
    return found
