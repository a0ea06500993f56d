"""Every field of every model that an answer can hold: left out, null, of another type, or with another one beside it.

Nothing raises and nothing is lost; in strict mode each is an error with the whole path to it.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.api_client.runtime.differences import differences
from cvat_sdk.api_client.runtime.schema import Node, parse_text, wire_fields_of

PACKAGE = "cvat_sdk.api_client"

_SCALARS: dict[str, Any] = {
    "any": {"a": [1]},
    "bool": True,
    "date": "2024-05-01",
    "datetime": "2024-05-01T10:00:00.500000Z",
    "float": 1.5,
    "int": 3,
    "str": "text",
}
_OTHERS: dict[str, tuple[Any, ...]] = {
    "bool": ("yes", 1),
    "date": ("soon", 5),
    "datetime": ("soon", 5),
    "dict": (5,),
    "enum": (5, "never heard of"),
    "float": ("a lot", [1.5]),
    "int": ("one", 1.5),
    "list": (5, {"a": 1}),
    "model": (5, [1]),
    "str": (5, {"a": 1}),
    "union": ((),),
    "values": ("never heard of",),
}


class Place(NamedTuple):
    """Where a model stands in an answer."""

    response: str
    """Type of the answer."""
    path: tuple[str | int, ...]
    model: Any


def response_types() -> Iterator[str]:
    with ApiClient(Configuration()) as client:
        for name in client._attributes:
            api = getattr(client, name)
            for attribute in dir(api):
                operation = getattr(getattr(api, attribute, None), "operation", None)
                if attribute.endswith("_endpoint") and operation and operation.response:
                    yield operation.response


@functools.cache
def places() -> dict[str, Place]:
    """A place of each model that an answer can hold, the nearest to the top."""
    found: dict[str, Place] = {}
    waiting: list[tuple[str, tuple[str | int, ...], Node]] = [
        (text, (), parse_text(text, PACKAGE)[1]) for text in dict.fromkeys(response_types())
    ]
    while waiting:
        text, path, node = waiting.pop(0)
        if node.kind == "model" and node.cls.__name__ not in found:
            found[node.cls.__name__] = Place(text, path, node.cls)
            waiting += [
                (text, (*path, wire), field.node)
                for wire, field in wire_fields_of(node.cls).items()
            ]
        elif node.kind == "list" and node.item is not None:
            waiting.append((text, (*path, 0), node.item))
        elif node.kind == "dict" and node.item is not None:
            waiting.append((text, (*path, "key"), node.item))
    return found


def sample(node: Node, path: tuple[str | int, ...]) -> Any:
    """A value of a type: with all fields on the way along a path, and at its end; the required ones elsewhere."""
    if node.kind == "list" and node.item is not None:
        return [sample(node.item, path[1:])]
    if node.kind == "dict" and node.item is not None:
        return {"key": sample(node.item, path[1:])}
    if node.kind == "enum":
        known: Any = node.cls if hasattr(node.cls, "known") else node.cls.members()[0]
        return next(iter(known.known()))
    if node.kind == "union":
        return sample(node.options[0], path)
    if node.kind == "values":
        return node.values[0]
    if node.kind != "model":
        return _SCALARS[node.kind]
    fields = wire_fields_of(node.cls)
    return {
        wire: sample(field.node, path[1:] if wire == path[:1] else ())
        for wire, field in fields.items()
        if not path or field.required or wire == path[0]
    }


def full(node: Node, path: tuple[str | int, ...]) -> Any:
    """A body that has a model with all its fields at the end of a path."""
    if path and node.kind == "model":
        body = {
            wire: sample(field.node, ("",))
            for wire, field in wire_fields_of(node.cls).items()
            if field.required
        }
        body[str(path[0])] = full(wire_fields_of(node.cls)[str(path[0])].node, path[1:])
        return body
    if path and node.item is not None:
        inner = full(node.item, path[1:])
        return [inner] if node.kind == "list" else {"key": inner}
    if node.kind == "model":
        return {wire: sample(field.node, ("",)) for wire, field in wire_fields_of(node.cls).items()}
    return sample(node, ("",))


def at(body: Any, path: tuple[str | int, ...]) -> Any:
    return functools.reduce(lambda value, step: value[step], path, body)


class Change(NamedTuple):
    """What is done to one field."""

    name: str
    field: str
    value: Any
    """What it is set to; None with `is_dropped` for nothing."""
    is_dropped: bool
    is_difference: bool


def changes_of(model: Any) -> Iterator[Change]:
    for wire, field in wire_fields_of(model).items():
        yield Change("dropped", wire, None, True, field.required)
        yield Change("null", wire, None, False, not field.node.nullable)
        for value in _OTHERS.get(field.node.kind, ()):
            if not (field.node.kind == "float" and type(value) is int):
                yield Change("of another type", wire, value, False, True)
    yield Change("added", "never_heard_of", {"deep": [1, None]}, False, True)


@pytest.mark.parametrize("name", places())
def test_a_change_of_any_field_is_kept_and_told(name: str) -> None:
    place = places()[name]
    _, node = parse_text(place.response, PACKAGE)
    body = full(node, place.path)
    assert codec.decode(json.dumps(body), place.response, mode="strict") is not None
    assert list(differences(body, node)) == []
    # Of what is a choice of models, the fields that make one of them are required, and each may be missing.
    is_choice = bool(place.model._composed.get("oneOf"))
    for change in changes_of(place.model):
        changed = copy.deepcopy(body)
        target = at(changed, place.path)
        if change.is_dropped:
            del target[change.field]
        else:
            target[change.field] = change.value
        raw = json.loads(json.dumps(changed))

        decoded = codec.decode(json.dumps(changed).encode(), place.response)

        assert json.loads(codec.encode(decoded)) == raw, change
        assert repr(decoded)
        told = {(found.model, found.field) for found in differences(raw, node)}
        assert told == ({(name, change.field)} if change.is_difference else set()), change
        if not change.is_difference and not is_choice:
            assert codec.decode(json.dumps(changed), place.response, mode="strict") is not None
            continue
        with pytest.raises((ApiTypeError, ApiValueError)) as raised:
            codec.decode(json.dumps(changed), place.response, mode="strict")
        path = ["received_data", *place.path]
        if not change.is_dropped:
            path.append(change.field)
        assert raised.value.path_to_item[: len(path)] == path, change
        known = wire_fields_of(place.model).get(change.field)
        names = (change.field, known.name if known else change.field, name)
        assert any(text in str(raised.value) for text in names[: 3 if is_choice else 2]), change


def test_every_model_of_an_answer_is_tried() -> None:
    assert len(places()) > 100
    assert max(len(place.path) for place in places().values()) >= 4
