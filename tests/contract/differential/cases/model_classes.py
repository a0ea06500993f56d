"""Model classes that people write: subclasses, and classes in the form of the published generated ones."""

# ruff: noqa: RUF005, RUF012  # the classes stand as the published generator writes them

from __future__ import annotations

import copy
import io
import pickle
import sys
from typing import Any

from cvat_sdk.api_client import models
from cvat_sdk.api_client.exceptions import ApiAttributeError
from cvat_sdk.api_client.model_utils import (
    ApiTypeError,
    IModelData,
    ModelComposed,
    ModelNormal,
    ModelSimple,
    OpenApiModel,
    cached_property,
    convert_js_args_to_python_args,
    date,
    datetime,
    none_type,
    to_json,
    validate_get_composed_info,
)
from differential.answers import answer
from differential.case import Side, case

# -- subclasses -------------------------------------------------------------------------------------


class Named(models.PatchedLabelRequest):
    """A subclass that sets fields, adds one, and has annotations and a class attribute of its own."""

    colours = {"a": 1}
    helper: Side

    def __init__(self, *args: Any, note: str = "n", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.note = note
        self.name = "set"

    def shout(self) -> str:
        return self.name.upper()

    @property
    def initial(self) -> str:
        return self.name[:1]


class Coloured(models.Label):
    """A subclass with another signature."""

    def __init__(self, name: str, shade: int = 0) -> None:
        super().__init__(name, color=f"#{shade:06x}")


class MoreColoured(Coloured):
    def __init__(self, name: str) -> None:
        super().__init__(name, 255)


class Methods:
    def shout(self) -> str:
        return self.name.upper()  # type: ignore[attr-defined]  # of the model


class Mixed(Methods, models.PatchedLabelRequest):
    pass


class MixedAfter(models.PatchedLabelRequest, Methods):
    pass


class Interfaced(models.PatchedLabelRequest, models.ILabel):
    pass


class Noting(models.PatchedLabelRequest):
    """A subclass that keeps what is no field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.__dict__["seen"] = {1, 2}


_SUBCLASSES: dict[str, Any] = {
    "fields": lambda: Named(color="#fff"),
    "dict": lambda: Named({"color": "#fff"}),
    "note": lambda: [Named(note="x").note, Named(note="x")["note"]],
    "wrong type": lambda: Named(color=5),
    "wrong note": lambda: Named(note={1}),
    "method": lambda: Named().shout(),
    "property": lambda: Named().initial,
    "class attribute": lambda: [Named.colours, Named().colours],
    "instance": lambda: isinstance(Named(), models.PatchedLabelRequest),
    "equal": lambda: [Named() == Named(), Named() == Named(note="x")],
    "unequal to the base": lambda: Named() == models.PatchedLabelRequest(name="set", note="n"),
    "to_dict": lambda: Named().to_dict(),
    "to_json": lambda: to_json(Named()),
    "pickle": lambda: pickle.loads(pickle.dumps(Named(note="x"))),
    "deepcopy": lambda: copy.deepcopy(Named(note="x")),
    "from data": lambda: Named._from_openapi_data(name="a", id=5),
    "signature": lambda: Coloured("car", shade=255),
    "signature, keyword": lambda: Coloured(shade=1, name="car"),
    "signature, missing": lambda: Coloured(),
    "signature, wrong": lambda: Coloured("car", 5, 6),
    "second generation": lambda: MoreColoured("car"),
    "mixin": lambda: [Mixed(name="a").shout(), Mixed(name="a").to_dict()],
    "mixin after": lambda: MixedAfter(name="a").shout(),
    "interface": lambda: [isinstance(Interfaced(name="a"), models.ILabel), Interfaced(name="a")],
    "no field": lambda: [sorted(Noting(name="a").seen), Noting(name="a").to_dict()],
    "no field, pickled": lambda: pickle.loads(pickle.dumps(Noting(name="a"))).seen == {1, 2},
    "no field, copied": lambda: copy.deepcopy(Noting(name="a")).seen == {1, 2},
}


@case(each=_SUBCLASSES)
def subclass(side: Side, function: Any) -> Any:
    return function()


@case(answer(json={"id": 1, "name": "x"}))
def subclass_sent(side: Side) -> Any:
    with side.client() as client:
        client.call_api("/api/labels/1", "PATCH", body=Named(color="#fff"))


# -- the published form -----------------------------------------------------------------------------

_MODULE = sys.modules[__name__]


class IPin(IModelData):
    name: str
    place: IPlace


class Pin(ModelNormal, IPin):
    """As the published generator writes a model."""

    allowed_values = {("kind",): {"ROUND": "round", "FLAT": "flat"}}
    validations = {
        ("name",): {"max_length": 8, "min_length": 1},
        ("code",): {"regex": {"pattern": r"^\d+$"}},
        ("height",): {"inclusive_minimum": 0},
    }

    @cached_property
    def additional_properties_type():
        return (bool, date, datetime, dict, float, int, list, str, none_type)

    _nullable = False

    @cached_property
    def openapi_types():
        return {
            "name": (str,),
            "place": (_MODULE.Place,),
            "kind": (str,),
            "code": (str,),
            "height": (float,),
            "since": (datetime,),
            "tags": ([str],),
            "places": ([_MODULE.Place],),
            "owner": (str, none_type),
            "shape": (models.ShapeType,),
            "label": (models.Label,),
            "id": (int,),
            "counts": ({str: (int,)},),
        }

    @cached_property
    def discriminator():
        return None

    attribute_map = {
        "name": "name",
        "place": "place",
        "kind": "KIND",
        "code": "code",
        "height": "height",
        "since": "since",
        "tags": "tags",
        "places": "places",
        "owner": "owner",
        "shape": "shape",
        "label": "label",
        "id": "id",
        "counts": "counts",
    }
    read_only_vars = {"id"}
    _composed_schemas = {}
    required_properties = set(
        [
            "_data_store",
            "_check_type",
            "_spec_property_naming",
            "_path_to_item",
            "_configuration",
            "_visited_composed_classes",
        ]
    )

    @classmethod
    @convert_js_args_to_python_args
    def _from_openapi_data(cls, name, place, *args, **kwargs):
        check = kwargs.pop("_check_type", True)
        naming = kwargs.pop("_spec_property_naming", True)
        path = kwargs.pop("_path_to_item", ())
        configuration = kwargs.pop("_configuration", None)
        visited = kwargs.pop("_visited_composed_classes", ())
        self = super(OpenApiModel, cls).__new__(cls)
        self._take(args, kwargs, check, naming, path, configuration, visited)
        self.name = name
        self.place = place
        for key, value in kwargs.items():
            setattr(self, key, value)
        return self

    @convert_js_args_to_python_args
    def __init__(self, name, place, *args, **kwargs):
        check = kwargs.pop("_check_type", True)
        naming = kwargs.pop("_spec_property_naming", False)
        path = kwargs.pop("_path_to_item", ())
        configuration = kwargs.pop("_configuration", None)
        visited = kwargs.pop("_visited_composed_classes", ())
        self._take(args, kwargs, check, naming, path, configuration, visited)
        self.name = name
        self.place = place
        for key, value in kwargs.items():
            setattr(self, key, value)
            if key in self.read_only_vars:
                raise ApiAttributeError(f"{key} is read-only")

    def _take(self, args, kwargs, check, naming, path, configuration, visited):
        for arg in args:
            if not isinstance(arg, dict):
                raise ApiTypeError("not a dict", path_to_item=path, valid_classes=(dict,))
            kwargs.update(arg)
        self._data_store = {}
        self._check_type = check
        self._spec_property_naming = naming
        self._path_to_item = path
        self._configuration = configuration
        self._visited_composed_classes = visited + (self.__class__,)


class IPlace(IModelData):
    x: float


class Place(ModelNormal, IPlace):
    """A small one, with nothing beside its fields."""

    allowed_values = {}
    validations = {}
    additional_properties_type = None
    _nullable = False

    @cached_property
    def openapi_types():
        return {"x": (float,), "inner": (_MODULE.Place,)}

    @cached_property
    def discriminator():
        return None

    attribute_map = {"x": "x", "inner": "inner"}
    read_only_vars = set()
    _composed_schemas = {}
    required_properties = set(Pin.required_properties)
    _from_openapi_data = classmethod(
        lambda cls, **kwargs: Place._fill(super(OpenApiModel, cls).__new__(cls), True, **kwargs)
    )

    @convert_js_args_to_python_args
    def __init__(self, *args, **kwargs):
        self._fill(kwargs.pop("_spec_property_naming", False), **kwargs)

    def _fill(self, naming, **kwargs):
        self._data_store = {}
        self._check_type = kwargs.pop("_check_type", True)
        self._spec_property_naming = naming
        self._path_to_item = kwargs.pop("_path_to_item", ())
        self._configuration = kwargs.pop("_configuration", None)
        self._visited_composed_classes = kwargs.pop("_visited_composed_classes", ())
        for key, value in kwargs.items():
            setattr(self, key, value)
        return self


_PINS: dict[str, Any] = {
    "required": lambda: Pin("a", Place(x=1.5)),
    "keywords": lambda: Pin(name="a", place=Place()),
    "converted": lambda: Pin("a", {"x": 1}),
    "deep": lambda: Pin("a", {"inner": {"inner": {"x": 1}}}, places=[{"x": 2}, Place(x=3.0)]),
    "all kinds": lambda: Pin(
        "a",
        {"x": 1},
        code="12",
        height=2,
        tags=["a"],
        owner=None,
        shape="mask",
        label={"name": "car", "attributes": []},
        counts={"a": 1},
        since=datetime(2024, 5, 6, 7, 8, 9),
    ),
    "unknown": lambda: Pin("a", {"x": 1}, more="text"),
    "unknown where none is allowed": lambda: Place(y=1),
    "read-only": lambda: Pin("a", {"x": 1}, id=5),
    "missing": lambda: Pin("a"),
    "wrong type": lambda: Pin(5, {"x": 1}),
    "wrong type deep": lambda: Pin("a", {"x": "1"}),
    "wrong type in a list": lambda: Pin("a", {"x": 1}, places=[{"x": 1}, 5]),
    "too long": lambda: Pin("a" * 9, {"x": 1}),
    "pattern": lambda: Pin("a", {"x": 1}, code="x"),
    "below": lambda: Pin("a", {"x": 1}, height=-1),
    "allowed": lambda: Pin("a", {"x": 1}, kind="round"),
    "not allowed": lambda: Pin("a", {"x": 1}, kind="square"),
    "enumeration": lambda: Pin("a", {"x": 1}, shape="star"),
    "unchecked": lambda: Pin(5, 6, _check_type=False),
    "wire names": lambda: Pin("a", {"x": 1}, KIND="flat", _spec_property_naming=True),
    "not a dict": lambda: Pin("a", {"x": 1}, 5),
    "dict": lambda: Pin("a", {"x": 1}, {"code": "1"}),
    "from data": lambda: Pin._from_openapi_data("a", {"x": 1}, id=5),
    "new from data": lambda: Pin._new_from_openapi_data("a", {"x": 1}, id=5),
    "to_dict": lambda: Pin("a", {"x": 1}, shape="mask", kind="flat").to_dict(),
    "to_json": lambda: to_json(Pin("a", {"x": 1}, shape="mask", kind="flat")),
    "text": lambda: str(Pin("a", {"x": 1}, kind="flat")),
    "equal": lambda: [Place(x=1) == Place(x=1.0), Place(x=1) == Place(x=2), Place() == 1],
    "item": lambda: Pin("a", {"x": 1})["place"]["x"],
    "get": lambda: [Pin("a", {"x": 1}).get("name"), Pin("a", {"x": 1}).get("code")],
    "in": lambda: ["name" in Pin("a", {"x": 1}), "code" in Pin("a", {"x": 1})],
    "unset": lambda: Pin("a", {"x": 1}).code,
    "pickle": lambda: pickle.loads(pickle.dumps(Pin("a", {"x": 1}))),
    "deepcopy": lambda: copy.deepcopy(Pin("a", {"x": 1}, places=[{"x": 1}])),
    "tables": lambda: [
        Pin.attribute_map["kind"],
        Pin.validations[("name",)],
        Pin.allowed_values,
        sorted(Pin.openapi_types),
        Pin.openapi_types is Pin.openapi_types,
        Pin.discriminator,
        Pin.read_only_vars,
        Place.additional_properties_type,
    ],
    "bases": lambda: [
        issubclass(Pin, ModelNormal),
        issubclass(Pin, IPin),
        isinstance(Place(), OpenApiModel),
    ],
    "state": lambda: [Pin("a", {"x": 1})._check_type, Pin("a", {"x": 1})._path_to_item],
    "store": lambda: sorted(Pin("a", {"x": 1})._data_store),
    "of a dict alone": lambda: Pin({"name": "a"}),
}


@case(each=_PINS)
def published_form(side: Side, function: Any) -> Any:
    return function()


_ASSIGNED: dict[str, Any] = {
    "text": ("name", "b"),
    "wrong type": ("name", 5),
    "too long": ("name", "b" * 9),
    "model": ("place", {"x": 5}),
    "null": ("name", None),
    "nullable": ("owner", None),
    "read-only": ("id", 5),
    "unknown": ("more", [1]),
    "not allowed": ("kind", "square"),
}


@case(each=_ASSIGNED)
def published_form_assigned(side: Side, change: Any) -> Any:
    pin = Pin("a", Place(x=1.5))
    outcome = side.attempt(setattr, pin, *change)
    return [outcome, pin]


@case(answer(json={}))
def published_form_sent(side: Side) -> Any:
    with side.client() as client:
        client.call_api("/api/x", "POST", body=Pin("a", {"x": 1}, kind="flat", more=None))


class Direction(ModelSimple, IModelData):
    """As the published generator writes an enumeration."""

    allowed_values = {("value",): {"UP": "up", "DOWN_HILL": "down hill", "EMPTY": ""}}
    validations = {}
    additional_properties_type = None
    _nullable = False

    @cached_property
    def openapi_types():
        return {"value": (str,)}

    @cached_property
    def discriminator():
        return None

    attribute_map = {}
    read_only_vars = set()
    _composed_schemas = None
    required_properties = set(Pin.required_properties)

    @convert_js_args_to_python_args
    def __init__(self, *args, **kwargs):
        path = kwargs.pop("_path_to_item", ())
        args = list(args)
        value = kwargs.pop("value") if "value" in kwargs else args.pop(0) if args else None
        self._data_store = {}
        self._check_type = kwargs.pop("_check_type", True)
        self._spec_property_naming = kwargs.pop("_spec_property_naming", False)
        self._path_to_item = path
        self._configuration = kwargs.pop("_configuration", None)
        self._visited_composed_classes = kwargs.pop("_visited_composed_classes", ())
        self.value = value
        if args or kwargs:
            raise ApiTypeError("one value", path_to_item=path, valid_classes=(str,))

    @classmethod
    def _from_openapi_data(cls, *args, **kwargs):
        self = super(OpenApiModel, cls).__new__(cls)
        self.__init__(*args, **kwargs)
        return self

    def turned(self) -> str:
        return self.value[::-1]


_DIRECTIONS: dict[str, Any] = {
    "value": lambda: Direction("up"),
    "keyword": lambda: Direction(value="down hill"),
    "text": lambda: [str(Direction("up")), repr(Direction("up")), Direction("up").value],
    "bad": lambda: Direction("left"),
    "number": lambda: Direction(5),
    "too many": lambda: Direction("up", "up"),
    "equal": lambda: [Direction("up") == Direction("up"), Direction("up") == Direction("")],
    "true": lambda: bool(Direction("")),
    "method": lambda: Direction("up").turned(),
    "from data": lambda: Direction._from_openapi_data("up"),
    "allowed": lambda: Direction.allowed_values,
    "pickle": lambda: pickle.loads(pickle.dumps(Direction("up"))) == Direction("up"),
    "to_json": lambda: to_json({"a": [Direction("up")]}),
    "bases": lambda: [
        issubclass(Direction, ModelSimple),
        isinstance(Direction("up"), OpenApiModel),
    ],
}


@case(each=_DIRECTIONS)
def published_enumeration(side: Side, function: Any) -> Any:
    return function()


class Marker(ModelComposed):
    """As the published generator writes a model that is made of another."""

    allowed_values = {}
    validations = {("name",): {"max_length": 8}}

    @cached_property
    def additional_properties_type():
        return (bool, date, datetime, dict, float, int, list, str, none_type)

    _nullable = True

    @cached_property
    def openapi_types():
        return {"name": (str,), "place": (Place,)}

    @cached_property
    def discriminator():
        return None

    attribute_map = {"name": "name", "place": "place"}
    read_only_vars = set()
    required_properties = set(
        [
            *Pin.required_properties,
            "_composed_instances",
            "_var_name_to_model_instances",
            "_additional_properties_model_instances",
        ]
    )

    @convert_js_args_to_python_args
    def __init__(self, *args, **kwargs):
        constant = {
            "_check_type": kwargs.pop("_check_type", True),
            "_path_to_item": kwargs.pop("_path_to_item", ()),
            "_spec_property_naming": kwargs.pop("_spec_property_naming", False),
            "_configuration": kwargs.pop("_configuration", None),
            "_visited_composed_classes": kwargs.pop("_visited_composed_classes", ())
            + (self.__class__,),
        }
        self._data_store = {}
        for key, value in constant.items():
            setattr(self, key, value)
        composed = validate_get_composed_info(constant, kwargs, self)
        self._composed_instances = composed[0]
        self._var_name_to_model_instances = composed[1]
        self._additional_properties_model_instances = composed[2]
        for key, value in kwargs.items():
            setattr(self, key, value)

    @cached_property
    def _composed_schemas():
        return {"anyOf": [], "allOf": [Pin], "oneOf": []}


_MARKERS: dict[str, Any] = {
    "fields": lambda: Marker(name="a", place={"x": 1}),
    "wrong type": lambda: Marker(name=5, place={"x": 1}),
    "to_dict": lambda: Marker(name="a", place=Place(x=1)).to_dict(),
    "equal": lambda: Marker(name="a", place=Place(x=1)) == Marker(name="a", place=Place(x=1)),
}


@case(each=_MARKERS)
def published_composed(side: Side, function: Any) -> Any:
    return function()


# -- the rest ---------------------------------------------------------------------------------------

_MORE: dict[str, Any] = {
    "new from data": lambda: models.Attribute._new_from_openapi_data(
        name="a", mutable=True, input_type="radio", values=[], id=5
    ),
    "new enumeration from data": lambda: models.ShapeType._new_from_openapi_data("mask"),
    "new composed from data": lambda: models.DataResponse._new_from_openapi_data(rq_id="x"),
    "answer of an upload": lambda: models.DataResponse(rq_id="x"),
    "empty answer of an upload": lambda: models.DataResponse(),
    "file for an answer of an upload": lambda: models.DataResponse(io.BytesIO(b"x")),
    "dict for an answer of an upload": lambda: models.DataResponse({"rq_id": "x"}),
    "model for an answer of an upload": lambda: models.DataResponse(models.RqId("x")),
    "cached property": lambda: [Pin.openapi_types is Pin("a", {}).openapi_types],
    "weak reference": lambda: bool(__import__("weakref").ref(models.PatchedLabelRequest())),
    "weak reference to a subclass": lambda: bool(__import__("weakref").ref(Named())),
}


@case(each=_MORE)
def more(side: Side, function: Any) -> Any:
    return function()
