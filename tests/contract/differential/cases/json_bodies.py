"""Bodies as JSON."""

from __future__ import annotations

import copy
import datetime
import decimal
import uuid
from enum import Enum
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_CREATED = answer(201, json={})


class _Mapping(dict):  # type: ignore[type-arg]
    pass


class _List(list):  # type: ignore[type-arg]
    pass


class _Text(str):
    pass


class _Choice(str, Enum):
    NUMBER = "number"


def _send(side: Side, body: Any, **options: Any) -> Any:
    return side.client().tasks_api.create(body, _parse_response=False, **options)[1].status


_LABEL: dict[str, Any] = {
    "name": "car",
    "color": "#ff00ff",
    "attributes": [
        {
            "name": "a",
            "mutable": True,
            "input_type": "number",
            "default_value": "5",
            "values": ["4", "5", "6"],
        }
    ],
}


def _attribute(**changes: Any) -> dict[str, Any]:
    label = copy.deepcopy(_LABEL)
    label["attributes"][0].update(changes)
    return {"name": "x", "labels": [label]}


_BODIES: dict[str, Any] = {
    "smallest": {"name": "x"},
    "empty": {},
    "nested": {"name": "x", "labels": [_LABEL]},
    "null": {"name": "x", "owner_id": None, "source_storage": None},
    "null not allowed": {"name": "x", "labels": None},
    "null name": {"name": None},
    "wrong type": {"name": 5},
    "wrong type deep down": _attribute(mutable="yes"),
    "wrong type in a list": _attribute(values=["4", 5]),
    "no list": _attribute(values="4"),
    "tuple": _attribute(values=("4", "5")),
    "missing deep down": {"name": "x", "labels": [{"attributes": [{"name": "a"}]}]},
    "unknown keys": {"name": "x", "b": 1, "a": [1, {"c": None}], "date": "2024-05-06"},
    "unknown keys deep down": _attribute(more=1),
    "bad choice": _attribute(input_type="colour"),
    "choice as enum": _attribute(input_type=models.InputTypeEnum("number")),
    "choice as str enum": _attribute(input_type=_Choice.NUMBER),
    "too long": {"name": "x" * 300},
    "negative": {"name": "x", "overlap": -1},
    "large": {"name": "x", "overlap": 10**15},
    "float for int": {"name": "x", "overlap": 1.0},
    "bool for int": {"name": "x", "overlap": True},
    "text for int": {"name": "x", "overlap": "1"},
    "unicode": {"name": '日本 é \u2028 \x00 " \\ / 😀'},
    "half a character": {"name": "a\ud800b"},
    "name of a file that is no UTF-8": {"name": "\udce9.png", "\udcff": ["\udc80"]},
    "dict subclass": _Mapping(name="x"),
    "list subclass": {"name": "x", "labels": _List([_LABEL])},
    "str subclass": {"name": _Text("x")},
    "storage": {
        "name": "x",
        "source_storage": {"location": "cloud_storage", "cloud_storage_id": 5},
    },
    "storage, bad location": {"name": "x", "source_storage": {"location": "moon"}},
    "storage, unknown": {"name": "x", "source_storage": {"place": "here"}},
    "read-only": {"name": "x", "id": 5},
    "own order": {"subset": "s", "overlap": 1, "name": "x", "bug_tracker": "", "segment_size": 2},
    "key is no text": {5: "x", "name": "y"},
    "text": "name",
    "none": None,
    "number": 5,
    "bytes": b"{}",
    "list of arguments": ["x"],
    "empty list": [],
    "tuple as body": ("x",),
    "set": {"name": "x", "more": {1}},
    "bytes among unknown": {"name": "x", "more": b"1"},
    "decimal": {"name": "x", "more": decimal.Decimal("1.5")},
    "uuid": {"name": "x", "more": uuid.UUID(int=5)},
    "datetime among unknown": {"name": "x", "more": datetime.datetime(2024, 5, 6, 7, 8)},
    "date among unknown": {"name": "x", "more": datetime.date(2024, 5, 6)},
    "not a number": {"name": "x", "more": float("nan")},
    "infinite": {"name": "x", "more": float("inf")},
    "floats": {"name": "x", "more": [1.0, 1e22, 1e-7, 0.1, -0.0, 123456789.123]},
    "tuple among unknown": {"name": "x", "more": (1, 2)},
    "empty values": {"name": "", "labels": [], "subset": ""},
}


@case(_CREATED, each=_BODIES)
def of_dict(side: Side, body: Any) -> Any:
    return _send(side, body)


@case(_CREATED, each=[key for key in _BODIES if isinstance(_BODIES[key], dict)])
def input_is_not_changed(side: Side, key: str) -> Any:
    body = copy.deepcopy(_BODIES[key])
    side.attempt(_send, side, body)
    return repr(body) == repr(_BODIES[key])


def _models() -> dict[str, Any]:
    attribute = {"name": "a", "mutable": True, "input_type": "number", "values": ["4"]}
    return {
        "model": lambda: models.TaskWriteRequest(name="x"),
        "models deep down": lambda: models.TaskWriteRequest(
            name="x",
            labels=[
                models.PatchedLabelRequest(
                    name="car", attributes=[models.AttributeRequest(**attribute)]
                )
            ],
        ),
        "mixed": lambda: {
            "name": "x",
            "labels": [
                models.PatchedLabelRequest(name="car", attributes=[attribute]),
                {"name": "dog", "attributes": [models.AttributeRequest(**attribute)]},
            ],
        },
        "other model": lambda: models.ProjectWriteRequest(name="x"),
        "other model deep down": lambda: {
            "name": "x",
            "labels": [models.ProjectWriteRequest(name="x")],
        },
        "model with more": lambda: models.TaskWriteRequest(
            name="x", more=[1], and_more={"a": None}
        ),
        "interface": lambda: models.ITaskWriteRequest(),
        "class": lambda: models.TaskWriteRequest,
        "storage by member": lambda: {
            "name": "x",
            "source_storage": models.StorageRequest(location="local"),
        },
        "model, changed": _changed,
        "model, list changed": _list_changed,
        "model, wrong item in list": _wrong_item,
    }


def _changed() -> Any:
    model = models.TaskWriteRequest(name="x")
    model.name = "y"
    model.overlap = 3
    model["subset"] = "train"
    return model


def _list_changed() -> Any:
    model = models.TaskWriteRequest(name="x", labels=[{"name": "a"}])
    model.labels.append(models.PatchedLabelRequest(name="b"))
    return model


def _wrong_item() -> Any:
    model = models.TaskWriteRequest(name="x", labels=[{"name": "a"}])
    model.labels.append({"name": "plain dict", "more": 1})
    return model


@case(_CREATED, each=_models())
def of_model(side: Side, make: Any) -> Any:
    return _send(side, make())


@case(_CREATED, each={"dict": {"name": "x"}, "empty": {}, "model": None})
def optional_body(side: Side, body: Any) -> Any:
    body = models.PatchedTaskWriteRequest(name="x") if body is None else body
    return (
        side.client()
        .tasks_api.partial_update(5, patched_task_write_request=body, _parse_response=False)[1]
        .status
    )


@case(_CREATED)
def omitted_body(side: Side) -> Any:
    return side.client().tasks_api.partial_update(5, _parse_response=False)[1].status


@case(_CREATED)
def wire_names(side: Side) -> Any:
    return _send(side, {"name": "x"}, _spec_property_naming=True)


@case(
    _CREATED,
    each={
        "datetime": datetime.datetime(2024, 5, 6, 7, 8, 9, 123456),
        "aware": datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc),
        "offset": datetime.datetime(
            2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=2, minutes=30))
        ),
        "text": "2024-05-06T07:08:09Z",
        "none": None,
    },
)
def datetimes(side: Side, value: Any) -> Any:
    return (
        side.client()
        .auth_api.create_access_tokens({"name": "x", "expiry_date": value}, _parse_response=False)[
            1
        ]
        .status
    )


@case(_CREATED)
def annotations(side: Side) -> Any:
    """A larger document with numbers of both kinds."""
    shape = {
        "type": "polygon",
        "frame": 0,
        "label_id": 3,
        "points": [1, 2.5, 3.0, 4, 5, 6],
        "occluded": False,
        "z_order": 0,
        "rotation": 0,
        "group": 0,
        "attributes": [{"spec_id": 1, "value": "x"}],
        "source": "manual",
    }
    return (
        side.client()
        .tasks_api.update_annotations(
            5,
            labeled_data_request={"version": 0, "tags": [], "shapes": [shape] * 3, "tracks": []},
            _parse_response=False,
        )[1]
        .status
    )


@case(_CREATED)
def list_as_body(side: Side) -> Any:
    return (
        side.client()
        .events_api.create(
            {"events": [], "timestamp": "2024-05-06T07:08:09Z"}, _parse_response=False
        )[1]
        .status
    )


@case(_CREATED, each={"file": lambda: named_file("a.txt", b"x"), "bytes": lambda: b"x"})
def file_in_json(side: Side, make: Any) -> Any:
    content = make()
    result = side.attempt(
        side.client().tasks_api.create_data,
        5,
        data_request={"image_quality": 70, "client_files": [content]},
    )
    return [type(result).__name__ != "tuple", isinstance(result, ValueError)]
