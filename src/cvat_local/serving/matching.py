"""Which operation a path belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from cvat_local.serving.routing import ExtraRoute, Handlers, Registered
from cvat_sdk.api_client.runtime.operation import Operation

_LARGEST_ID = 2**63 - 1
"""No table has a larger one, and databases refuse to look for it."""

_SLASH_OPTIONAL = ("/annotations/", "/data/", "/dataset/", "/backup/")
"""Ends of the paths that are answered with and without their last slash."""


@dataclass(frozen=True)
class Target:
    """What a method of a path leads to."""

    name: str
    """Name for logs, such as ``tasks.create``."""
    operation: Operation | None
    """None for a route outside the API description."""
    registered: Registered | None
    """None while nobody has written the handler."""


@dataclass
class Resource:
    """Everything that can be done at one path."""

    template: str
    methods: dict[str, Target] = field(default_factory=dict)

    @property
    def allow(self) -> str:
        """Value of the Allow header."""
        methods = list(self.methods)
        if "GET" in self.methods and "HEAD" not in self.methods:
            methods.append("HEAD")
        if "OPTIONS" not in self.methods:
            methods.append("OPTIONS")
        return ", ".join(methods)

    def target(self, method: str) -> Target | None:
        """What ``method`` leads to; HEAD is answered like GET."""
        found = self.methods.get(method)
        return self.methods.get("GET") if found is None and method == "HEAD" else found


class Match(NamedTuple):
    """A resource and the values of the parameters in its path."""

    resource: Resource
    parameters: dict[str, Any]


@dataclass
class _Node:
    """One segment of the paths."""

    resource: Resource | None = None
    literals: dict[str, _Node] = field(default_factory=dict)
    parameters: dict[tuple[str, bool], _Node] = field(default_factory=dict)
    """By name and whether the parameter is an id (digits)."""


class PathTable:
    """All paths of the server.

    Args:
        operations: Every operation of the API description.
        handlers: The handlers that the resource folders declare.

    Raises:
        ValueError: A handler is for an operation that does not exist or has one already.
    """

    def __init__(self, operations: Iterable[Operation], handlers: Iterable[Handlers]) -> None:
        self._root = _Node()
        self.targets: list[Target] = []
        registered: dict[str, Registered] = {}
        extra: list[ExtraRoute] = []
        for group in handlers:
            extra.extend(group.routes)
            for name, one in group.operations.items():
                if f"{group.tag}.{name}" in registered:
                    raise ValueError(f"two handlers for {group.tag}.{name}")
                registered[f"{group.tag}.{name}"] = one
        for operation in operations:
            target = Target(operation.id, operation, registered.pop(operation.id, None))
            ids = {p.wire for p in operation.parameters if p.location == "path" and p.type == "int"}
            self._add(operation.method, operation.path, ids, target)
            self.targets.append(target)
        if registered:
            raise ValueError(f"handlers without an operation: {', '.join(sorted(registered))}")
        for route in extra:
            self._add(route.method, route.path, set(), Target(route.name, None, route.registered))

    def match(self, raw_path: str) -> Match | None:
        """The resource at a path whose segments are still percent-encoded."""
        segments = raw_path.split("/")[1:]
        values: dict[str, Any] = {}
        resource = _find(self._root, segments, 0, values)
        return None if resource is None else Match(resource, values)

    def _add(self, method: str, path: str, ids: set[str], target: Target) -> None:
        self._add_path(method, path, ids, target)
        if path.endswith(_SLASH_OPTIONAL):
            self._add_path(method, path.removesuffix("/"), ids, target)

    def _add_path(self, method: str, path: str, ids: set[str], target: Target) -> None:
        node = self._root
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                name, _, kind = segment[1:-1].partition(":")
                key = (name, kind == "int" or name in ids)
                node = node.parameters.setdefault(key, _Node())
            else:
                node = node.literals.setdefault(segment, _Node())
        if node.resource is None:
            node.resource = Resource(path)
        if method in node.resource.methods:
            raise ValueError(f"two answers to {method} {path}")
        node.resource.methods[method] = target


def _find(node: _Node, segments: list[str], index: int, values: dict[str, Any]) -> Resource | None:
    """The resource below ``node``; a literal segment goes before a parameter."""
    if index == len(segments):
        return node.resource
    segment = segments[index]
    literal = node.literals.get(segment)
    if literal is not None:
        found = _find(literal, segments, index + 1, values)
        if found is not None:
            return found
    for (name, is_id), child in node.parameters.items():
        value = _id(segment) if is_id else unquote(segment) or None
        if value is None:
            continue
        found = _find(child, segments, index + 1, values)
        if found is not None:
            values[name] = value
            return found
    return None


def _id(segment: str) -> int | None:
    if not (segment.isascii() and segment.isdecimal()):
        return None
    number = int(segment) if len(segment) < 100 else _LARGEST_ID + 1
    return number if number <= _LARGEST_ID else None
