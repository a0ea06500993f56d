"""Models in the hands of a caller."""

from __future__ import annotations

import copy
import datetime
import pickle
import typing
from enum import Enum
from typing import Any

from cvat_sdk.api_client import model_utils, models
from differential.arguments import named_file
from differential.case import Side, case


class _Text(str):
    pass


class _Number(int):
    pass


class _Choice(str, Enum):
    NUMBER = "number"


class _Float(float):
    pass


def _label(**changes: Any) -> Any:
    values = {
        "name": "car",
        "attributes": [{"name": "a", "mutable": True, "input_type": "number", "values": ["1"]}],
        **changes,
    }
    return models.PatchedLabelRequest(**values)


_CONSTRUCTIONS: dict[str, Any] = {
    "keyword": lambda: models.TaskWriteRequest(name="x"),
    "position": lambda: models.TaskWriteRequest("x"),
    "position and keyword": lambda: models.TaskWriteRequest("x", overlap=1),
    "twice": lambda: models.TaskWriteRequest("x", name="y"),
    "missing": lambda: models.TaskWriteRequest(),
    "missing, others given": lambda: models.TaskWriteRequest(overlap=1),
    "dict after position": lambda: models.TaskWriteRequest("x", {"overlap": 1}),
    "two dicts": lambda: models.TaskWriteRequest("x", {"overlap": 1}, {"subset": "s"}),
    "dict overlaps keyword": lambda: models.TaskWriteRequest("x", {"overlap": 1}, overlap=2),
    "dict with required": lambda: models.TaskWriteRequest({"name": "x"}),
    "text after position": lambda: models.TaskWriteRequest("x", "y"),
    "nothing required": lambda: models.PatchedTaskWriteRequest(),
    "dict, nothing required": lambda: models.PatchedTaskWriteRequest({"name": "x"}),
    "text, nothing required": lambda: models.PatchedTaskWriteRequest("x"),
    "none, nothing required": lambda: models.PatchedTaskWriteRequest(None),
    "two required": lambda: models.AttributeValRequest(1, "x"),
    "two required, one given": lambda: models.AttributeValRequest(1),
    "unknown": lambda: models.TaskWriteRequest(name="x", more=1, text="a", object={"a": [1]}),
    "unknown model": lambda: models.TaskWriteRequest(name="x", more=_label()),
    "unknown bytes": lambda: models.TaskWriteRequest(name="x", more=b"x"),
    "unknown set": lambda: models.TaskWriteRequest(name="x", more={1}),
    "unknown object": lambda: models.TaskWriteRequest(name="x", more=object()),
    "unknown datetime": lambda: models.TaskWriteRequest(
        name="x", more=datetime.datetime(2024, 5, 6)
    ),
    "unknown file": lambda: models.TaskWriteRequest(name="x", more=named_file("a", b"x")),
    "unknown none": lambda: models.TaskWriteRequest(name="x", more=None),
    "unknown tuple": lambda: models.TaskWriteRequest(name="x", more=(1, 2)),
    "nested": lambda: _label(),
    "nested wrong": lambda: _label(attributes=[{"name": 5}]),
    "nested not a list": lambda: _label(attributes={"name": "a"}),
    "nested tuple": lambda: _label(attributes=()),
    "nested list of text": lambda: _label(attributes=["a"]),
    "nested other model": lambda: _label(attributes=[models.TaskWriteRequest(name="x")]),
    "str subclass": lambda: models.TaskWriteRequest(name=_Text("x")),
    "int subclass": lambda: models.TaskWriteRequest(name="x", overlap=_Number(3)),
    "int enum": lambda: models.TaskWriteRequest(name="x", overlap=typing.cast(Any, _IntEnum.ONE)),
    "bool for int": lambda: models.TaskWriteRequest(name="x", overlap=True),
    "float for int": lambda: models.TaskWriteRequest(name="x", overlap=3.0),
    "int for float": lambda: _shape(rotation=3),
    "float subclass": lambda: _shape(rotation=_Float(3.5)),
    "bool for float": lambda: _shape(rotation=True),
    "ints among points": lambda: _shape(points=[1, 2, 3.5]),
    "list subclass": lambda: _shape(points=_Points([1, 2])),
    "null": lambda: models.TaskWriteRequest(name="x", owner_id=None),
    "null not allowed": lambda: models.TaskWriteRequest(name="x", overlap=None),
    "null required": lambda: models.TaskWriteRequest(name=None),
    "too long": lambda: models.TaskWriteRequest(name="x" * 300),
    "too short": lambda: models.LoginSerializerExRequest(username="", password=""),
    "too small": lambda: models.DataRequest(image_quality=-1),
    "too large": lambda: models.DataRequest(image_quality=101),
    "on the edge": lambda: models.DataRequest(image_quality=100),
    "pattern": lambda: models.OrganizationWriteRequest(slug="not a slug!"),
    "enum by text": lambda: models.StorageRequest(location="local"),
    "enum by enum": lambda: models.StorageRequest(location=models.LocationEnum("local")),
    "enum by str enum": lambda: _label(
        attributes=[{"name": "a", "mutable": True, "input_type": _Choice.NUMBER, "values": ["1"]}]
    ),
    "enum by other enum": lambda: models.StorageRequest(location=models.ShapeType("mask")),
    "enum, bad": lambda: models.StorageRequest(location="moon"),
    "enum, number": lambda: models.StorageRequest(location=5),
    "read-only": lambda: models.BasicUser(id=5, username="ann"),
    "read-only in the middle": lambda: models.Label(id=5, name="x"),
    "file": lambda: models.DataRequest(image_quality=70, client_files=[named_file("a", b"x")]),
    "file, bytes": lambda: models.DataRequest(image_quality=70, client_files=[b"x"]),
    "file, path": lambda: models.DataRequest(image_quality=70, client_files=["a.png"]),
    "datetime": lambda: models.AccessTokenWriteRequest(
        name="x", expiry_date=datetime.datetime(2024, 5, 6)
    ),
    "datetime by text": lambda: models.AccessTokenWriteRequest(
        name="x", expiry_date="2024-05-06T07:08:09Z"
    ),
    "datetime by date": lambda: models.AccessTokenWriteRequest(
        name="x", expiry_date=datetime.date(2024, 5, 6)
    ),
    "datetime by date text": lambda: models.AccessTokenWriteRequest(
        name="x", expiry_date="2024-05-06"
    ),
    "datetime by nonsense": lambda: models.AccessTokenWriteRequest(name="x", expiry_date="never"),
    "datetime by number": lambda: models.AccessTokenWriteRequest(name="x", expiry_date=5),
    "wire names": lambda: models.Plugins(ANALYTICS=True, MODELS=True, _spec_property_naming=True),
    "python names": lambda: models.Plugins(analytics=True, models=True),
    "unchecked": lambda: models.TaskWriteRequest(name=5, _check_type=False),
    "path": lambda: models.TaskWriteRequest(name=5, _path_to_item=["here"]),
    "visited": lambda: models.TaskWriteRequest(name="x", _visited_composed_classes=()),
    "unknown private": lambda: models.TaskWriteRequest(name="x", _nothing=1),
    "keys that are no text": lambda: models.TaskWriteRequest(name="x", more={1: 2}),
}


class _IntEnum(int, Enum):
    ONE = 1


class _Points(list):  # type: ignore[type-arg]
    pass


def _shape(**changes: Any) -> Any:
    return models.LabeledShapeRequest(
        **{"type": "rectangle", "frame": 0, "label_id": 1, "points": [1.0], **changes}
    )


@case(each=_CONSTRUCTIONS)
def construction(side: Side, make: Any) -> Any:
    return make()


@case()
def with_configuration(side: Side) -> Any:
    """Limits can be switched off for one model."""
    configuration = side.configuration(disabled_client_side_validations="maxLength")
    return models.TaskWriteRequest(name="x" * 300, _configuration=configuration)


@case()
def with_configuration_for_another_limit(side: Side) -> Any:
    configuration = side.configuration(disabled_client_side_validations="pattern")
    return models.TaskWriteRequest(name="x" * 300, _configuration=configuration)


# -- reading and writing --------------------------------------------------------------------------


def _task() -> Any:
    return models.TaskWriteRequest(name="x", overlap=1, more=[1], labels=[{"name": "car"}])


_READS: dict[str, Any] = {
    "attribute": lambda task: task.name,
    "item": lambda task: task["name"],
    "get": lambda task: task.get("name"),
    "in": lambda task: ["name" in task, "subset" in task, "nothing" in task, "more" in task],
    "unset attribute": lambda task: task.subset,
    "unset item": lambda task: task["subset"],
    "unset get": lambda task: task.get("subset"),
    "unset get with default": lambda task: [task.get("subset", 5), task.get("subset", default=6)],
    "unset getattr": lambda task: getattr(task, "subset", 5),
    "unset hasattr": lambda task: [hasattr(task, "subset"), hasattr(task, "name")],
    "unknown attribute": lambda task: task.nothing,
    "unknown item": lambda task: task["nothing"],
    "unknown get": lambda task: task.get("nothing", 7),
    "additional attribute": lambda task: task.more,
    "additional item": lambda task: task["more"],
    "nested": lambda task: task.labels[0].name,
    "item that is no text": lambda task: task[5],
    "length": lambda task: len(task),
    "keys": lambda task: task.keys(),
    "items": lambda task: task.items(),
    "iteration": lambda task: list(task),
    "as keywords": lambda task: dict(**task),
    "truth": lambda task: bool(task),
    "hash": lambda task: hash(task),
    "order": lambda task: task < task,
    "to_dict": lambda task: task.to_dict(),
    "to_dict is new": lambda task: task.to_dict() is task.to_dict(),
    "to_json method": lambda task: task.to_json(),
    "to_str": lambda task: eval(task.to_str()),
    "repr": lambda task: eval(repr(task)),
    "str": lambda task: eval(str(task)),
    "to_json": lambda task: model_utils.to_json(task),
    "model_to_dict": lambda task: model_utils.model_to_dict(task),
    "model_to_dict by python names": lambda task: model_utils.model_to_dict(task, serialize=False),
    "dunder": lambda task: hasattr(task, "__fspath__"),
}


@case(each=_READS)
def read(side: Side, function: Any) -> Any:
    return function(_task())


def _set(name: str, value: Any, *, item: bool = False) -> Any:
    def change(task: Any) -> None:
        if item:
            task[name] = value
        else:
            setattr(task, name, value)

    return change


def _deleted(task: Any) -> None:
    del task.overlap


def _deleted_item(task: Any) -> None:
    del task["overlap"]


_WRITES: dict[str, Any] = {
    "attribute": _set("name", "y"),
    "item": _set("name", "y", item=True),
    "unset before": _set("subset", "s"),
    "wrong type": _set("name", 5),
    "wrong type by item": _set("name", 5, item=True),
    "null": _set("owner_id", None),
    "null not allowed": _set("name", None),
    "too long": _set("name", "x" * 300),
    "new name": _set("brand_new", 5),
    "new name by item": _set("brand_new", {"a": 1}, item=True),
    "new name, bytes": _set("brand_new", b"x"),
    "converted": _set("labels", [{"name": "dog"}]),
    "converted deep down, wrong": _set("labels", [{"name": 5}]),
    "enum": _set("source_storage", {"location": "local"}),
    "enum, bad": _set("source_storage", {"location": "moon"}),
    "read-only name": _set("id", 5),
    "item that is no text": _set(5, "x", item=True),  # type: ignore[arg-type]
    "delete": _deleted,
    "delete item": _deleted_item,
}


@case(each=_WRITES)
def write(side: Side, function: Any) -> Any:
    task = _task()
    function(task)
    return [task, model_utils.to_json(task)]


@case()
def read_only_is_assigned(side: Side) -> Any:
    user = models.BasicUser(username="ann")
    user.id = 5
    user["url"] = "u"
    return user


@case()
def list_is_changed(side: Side) -> Any:
    task = _task()
    task.labels.append({"name": 5})
    task.labels[0].name = "bus"
    return [task.to_dict(), model_utils.to_json(task)]


# -- comparing and copying ------------------------------------------------------------------------


@case(
    each={
        "same": lambda: (_task(), _task()),
        "other value": lambda: (_task(), models.TaskWriteRequest(name="x")),
        "null and unset": lambda: (
            models.TaskWriteRequest(name="x", owner_id=None),
            models.TaskWriteRequest(name="x"),
        ),
        "other class": lambda: (
            models.PatchedTaskWriteRequest(name="x"),
            models.TaskWriteRequest(name="x"),
        ),
        "dict": lambda: (models.TaskWriteRequest(name="x"), {"name": "x"}),
        "none": lambda: (_task(), None),
        "additional": lambda: (_task(), models.TaskWriteRequest(name="x", overlap=1, more=[2])),
        "other order": lambda: (
            models.TaskWriteRequest(name="x", overlap=1, subset="s"),
            models.TaskWriteRequest(subset="s", overlap=1, name="x"),
        ),
        "nested": lambda: (_label(), _label()),
        "int and float": lambda: (_shape(points=[1]), _shape(points=[1.0])),
    }
)
def equality(side: Side, make: Any) -> Any:
    left, right = make()
    return [left == right, left != right]


_COPIES: dict[str, Any] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
}
_ORIGINALS: dict[str, Any] = {
    "built": _task,
    "received": lambda: models.BasicUser._from_openapi_data(
        id=1, username="ann", url="u", more="text"
    ),
    "optional": lambda: models.PatchedTaskWriteRequest(name="x"),
    "enum": lambda: models.ShapeType("mask"),
    "composed": lambda: models.PatchedProjectWriteRequestTargetStorage(location="local"),
}


@case(
    each={
        f"{how} of {what}": (function, make)
        for how, function in _COPIES.items()
        for what, make in _ORIGINALS.items()
    }
)
def copied(side: Side, given: Any) -> Any:
    function, make = given
    original = make()
    twin = function(original)
    return [twin, twin == original, type(twin) is type(original), twin is original]


@case(each=("copy", "deepcopy"))
def copy_shares(side: Side, how: str) -> Any:
    task = _task()
    twin = _COPIES[how](task)
    twin.labels.append(models.PatchedLabelRequest(name="new"))
    twin.name = "other"
    return [len(task.labels), task.name]


# -- to_json --------------------------------------------------------------------------------------

_JSON: dict[str, Any] = {
    "model": _task,
    "list of models": lambda: [_label(), models.ShapeType("mask")],
    "dict of models": lambda: {"a": _label()},
    "tuple": lambda: (1, (2,)),
    "datetime": lambda: datetime.datetime(2024, 5, 6, 7, 8),
    "aware datetime": lambda: datetime.datetime(2024, 5, 6, 7, 8, tzinfo=datetime.timezone.utc),
    "date": lambda: datetime.date(2024, 5, 6),
    "enum": lambda: models.ShapeType("mask"),
    "plain enum": lambda: _Choice.NUMBER,
    "int enum": lambda: _IntEnum.ONE,
    "none": lambda: None,
    "scalars": lambda: [1, 1.5, True, "x"],
    "bytes": lambda: b"x",
    "set": lambda: {1},
    "object": object,
    "file": lambda: named_file("a", b"content"),
    "file in model": lambda: models.DataRequest(
        image_quality=70, client_files=[named_file("a", b"content")]
    ),
    "read-only in server data": lambda: models.BasicUser._from_openapi_data(id=1, username="ann"),
    "wire names": lambda: models.Plugins._from_openapi_data(
        git_integration=True, analytics=True, models=True, predict=True
    ),
}


@case(each=_JSON)
def to_json(side: Side, make: Any) -> Any:
    return model_utils.to_json(make())


@case()
def to_json_with_files_left(side: Side) -> Any:
    file = named_file("a", b"content")
    model = models.DataRequest(image_quality=70, client_files=[file])
    first = model_utils.to_json(model, read_files=False)["client_files"][0] is file
    closed = file.closed
    second = model_utils.to_json(model)["client_files"][0]
    return [first, closed, second, file.closed]


@case()
def datetime_in_dict(side: Side) -> Any:
    model = models.AccessTokenWriteRequest(name="x", expiry_date="2024-05-06T07:08:09Z")
    return [model.to_dict(), model_utils.to_json(model), model_utils.to_json(model.to_dict())]


# -- classes --------------------------------------------------------------------------------------


@case(each=("TaskWriteRequest", "LabeledShape", "ShapeType", "MetaUser", "JobReadAssignee"))
def class_attributes(side: Side, name: str) -> Any:
    cls = getattr(models, name)
    return {
        attribute: type(side.attempt(getattr, cls, attribute)).__name__
        for attribute in (
            "allowed_values",
            "validations",
            "attribute_map",
            "openapi_types",
            "discriminator",
            "additional_properties_type",
            "required_properties",
            "_nullable",
        )
    }


@case()
def interface(side: Side) -> Any:
    """An interface can be the base of a class of one's own."""

    class Mine(models.ITaskWriteRequest):
        name = "x"

    return [
        Mine().name,
        issubclass(models.TaskWriteRequest, models.ITaskWriteRequest),
        issubclass(models.ITaskWriteRequest, model_utils.IModelData),
        sorted(models.ITaskWriteRequest.__annotations__),
    ]


@case(each=("ITaskWriteRequest", "ILabeledShape", "ITaskRead"))
def interface_annotations(side: Side, name: str) -> Any:
    return sorted(typing.get_type_hints(getattr(models, name)))


@case(each=("BasicUser", "TaskWriteRequest", "ShapeType", "StorageRequest"))
def bases(side: Side, name: str) -> Any:
    cls = getattr(models, name)
    return [
        issubclass(cls, getattr(model_utils, base))
        for base in ("OpenApiModel", "ModelNormal", "ModelSimple", "ModelComposed", "IModelData")
    ]
