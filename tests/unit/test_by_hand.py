"""Model classes that people write: subclasses, and classes in the form of the published generated ones."""

# ruff: noqa: RUF012  # the classes stand as the published generator writes them

from __future__ import annotations

import copy
import inspect
import json
import pickle
import typing
import weakref
from typing import Any

import pytest

from cvat_sdk.api_client import ApiAttributeError, ApiTypeError, ApiValueError, models
from cvat_sdk.api_client.model_utils import (
    ModelNormal,
    ModelSimple,
    OpenApiModel,
    cached_property,
    convert_js_args_to_python_args,
    none_type,
    validate_and_convert_types,
)
from cvat_sdk.api_client.runtime.codec import encode


class Car(models.PatchedLabelRequest):
    wheels: int
    doors = 4

    def __init__(self, colour: str = "red", **fields: Any) -> None:
        super().__init__(color=colour, **fields)
        self.name = "car"
        self.__dict__["seen"] = [self]

    def shout(self) -> str:
        return self.name.upper()


class FastCar(Car):
    def __init__(self, speed: int) -> None:
        super().__init__("blue", name="overwritten")
        self.sublabels = []
        self.__dict__["speed"] = speed


def test_a_subclass_is_initialised_by_its_own_init() -> None:
    car = Car(attributes=[{"name": "a", "mutable": True, "input_type": "text", "values": []}])
    assert [car.name, car.color, type(car.attributes[0])] == ["car", "red", models.AttributeRequest]
    assert isinstance(car, models.PatchedLabelRequest)
    assert json.loads(encode(FastCar(5))) == {"name": "car", "color": "blue", "sublabels": []}
    with pytest.raises(ApiTypeError) as caught:
        Car(attributes=5)
    assert caught.value.path_to_item == ["attributes"]
    with pytest.raises(TypeError, match="unexpected keyword"):
        FastCar(5, wheels=4)


def test_annotations_and_attributes_of_a_subclass_are_no_fields() -> None:
    assert Car.__annotations__ == {"wheels": "int"}
    assert typing.get_type_hints(Car)["wheels"] is int
    assert Car().doors == 4
    assert set(Car().to_dict()) == {"color", "name"}


def test_a_subclass_shows_the_signature_of_its_init() -> None:
    assert list(inspect.signature(FastCar).parameters) == ["speed"]


def test_objects_of_a_subclass_are_copied_and_pickled_with_all_that_they_hold() -> None:
    car = FastCar(5)
    for made in (copy.copy(car), copy.deepcopy(car), pickle.loads(pickle.dumps(car))):
        assert type(made) is FastCar
        assert made == car
        assert made.speed == 5
    assert copy.deepcopy(car).seen is not car.seen


def test_objects_of_a_subclass_can_be_referred_to_weakly_and_are_freed() -> None:
    car = FastCar(5)
    reference = weakref.ref(car)
    assert reference() is car
    car.__dict__.clear()
    del car
    assert reference() is None


def test_a_subclass_may_take_part_in_multiple_inheritance() -> None:
    class Loud:
        def shout(self) -> str:
            return str(self.name).upper()  # type: ignore[attr-defined]  # of the model

    class Before(Loud, models.PatchedLabelRequest):
        pass

    class After(models.PatchedLabelRequest, Loud, models.ILabel):
        pass

    assert [Before(name="a").shout(), After(name="a").shout()] == ["A", "A"]
    assert isinstance(After(name="a"), models.ILabel)


def test_a_base_with_an_init_of_its_own_is_refused_by_name() -> None:
    class Counting:
        def __init__(self) -> None:
            self.count = 0

    with pytest.raises(TypeError, match="Broken cannot be made: Counting, one of its bases"):
        type("Broken", (Counting, models.PatchedLabelRequest), {})


def test_a_subclass_is_decoded_without_its_init() -> None:
    data = {"name": "a", "color": "#fff", "newer": 1, "attributes": [{"id": 5}]}
    car = validate_and_convert_types(data, (Car,), (), True, False)
    assert type(car) is Car
    assert car.to_dict() == data


# -- the published form -----------------------------------------------------------------------------


class Pin(ModelNormal):
    allowed_values = {("kind",): {"ROUND": "round", "FLAT": "flat"}}
    validations = {("name",): {"max_length": 8}}

    @cached_property
    def additional_properties_type():
        return (str, none_type)

    @cached_property
    def openapi_types():
        return {
            "name": (str,),
            "kind": (str,),
            "inner": (Pin,),
            "list": ([Pin],),
            "shape": (models.ShapeType,),
            "either": (int, str),
        }

    attribute_map = {
        "name": "name",
        "kind": "KIND",
        "inner": "inner",
        "list": "list",
        "shape": "shape",
        "either": "either",
    }

    @classmethod
    @convert_js_args_to_python_args
    def _from_openapi_data(cls, name, **kwargs):
        self = super(OpenApiModel, cls).__new__(cls)
        self._data_store = {}
        self._check_type = kwargs.pop("_check_type", True)
        self._spec_property_naming = True
        self.name = name
        for key, value in kwargs.items():
            setattr(self, key, value)
        return self

    @convert_js_args_to_python_args
    def __init__(self, name, **kwargs):
        self._data_store = {}
        self._path_to_item = kwargs.pop("_path_to_item", ())
        self._check_type = kwargs.pop("_check_type", True)
        self.name = name
        for key, value in kwargs.items():
            setattr(self, key, value)


def test_a_class_in_the_published_form_converts_and_checks() -> None:
    pin = Pin("a", inner={"name": "b", "inner": {"name": "c"}}, list=[{"name": "d"}], shape="mask")
    assert type(pin.inner.inner) is Pin
    assert type(pin.list[0]) is Pin
    assert pin.shape is models.ShapeType.MASK
    assert Pin("a", either="x").either == "x"
    assert json.loads(encode(Pin("a", kind="flat", either=1))) == {
        "name": "a",
        "KIND": "flat",
        "either": 1,
    }
    assert pin == copy.deepcopy(pin) == pickle.loads(pickle.dumps(pin))
    assert Pin.openapi_types is pin.openapi_types


@pytest.mark.parametrize(
    ("fields", "error", "path"),
    [
        ({"name": 5}, ApiTypeError, ["name"]),
        ({"name": "123456789"}, ApiValueError, ["name"]),
        ({"name": "a", "kind": "square"}, ApiValueError, ["kind"]),
        ({"name": "a", "list": [{"name": "b"}, {}]}, ApiTypeError, ["list", 1]),
        ({"name": "a", "inner": {"name": 5}}, ApiTypeError, ["inner", "name"]),
        ({"name": 5, "_path_to_item": ("outer", 3)}, ApiTypeError, ["outer", 3, "name"]),
    ],
)
def test_a_class_in_the_published_form_names_the_place_of_a_fault(
    fields: dict[str, Any], error: type[Exception], path: list[Any]
) -> None:
    with pytest.raises(error) as caught:
        Pin(**fields)
    assert caught.value.path_to_item == path  # type: ignore[attr-defined]  # both have it


def test_a_class_in_the_published_form_is_read_from_a_server() -> None:
    data = {"name": "a", "KIND": "newer kind", "list": [{"name": "b", "KIND": "flat"}]}
    pin = validate_and_convert_types(data, (Pin,), ("received_data",), True, True)
    assert [pin.kind, pin.list[0].kind] == ["newer kind", "flat"]
    assert Pin._new_from_openapi_data("a", KIND="flat", _spec_property_naming=True).kind == "flat"
    assert Pin._from_openapi_data(5, _check_type=False).name == 5


def test_a_class_without_a_map_of_its_fields_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Bare cannot be made: .* attribute_map"):
        type("Bare", (ModelNormal,), {"openapi_types": {"a": (str,)}})


def test_a_type_that_no_field_can_have_is_named() -> None:
    class Odd(ModelNormal):
        attribute_map = {"a": "a"}
        openapi_types = {"a": (object,)}

    with pytest.raises(ApiTypeError, match=r"Odd cannot be used: openapi_types of 'a'"):
        Odd(a=1)


def test_a_class_in_the_published_form_without_other_fields_refuses_them() -> None:
    class Closed(ModelNormal):
        attribute_map = {"a": "a"}
        openapi_types = {"a": (int,)}
        additional_properties_type = None

    closed = Closed(a=1)
    with pytest.raises(ApiAttributeError, match="Closed has no field 'b'"):
        closed.b = 1


def test_an_enumeration_in_the_published_form() -> None:
    class Direction(ModelSimple):
        allowed_values = {("value",): {"UP": "up", "DOWN_HILL": "down hill"}}
        validations = {}
        _nullable = False

        @cached_property
        def openapi_types():
            return {"value": (str,)}

        def __init__(self, *args, **kwargs):
            raise AssertionError("members are constants: none is initialised")

        def turned(self) -> str:
            return str(self.value[::-1])

    assert Direction("down hill") is Direction.DOWN_HILL
    assert Direction("up").turned() == "pu"
    assert Direction.allowed_values == {("value",): {"UP": "up", "DOWN_HILL": "down hill"}}
    with pytest.raises(ApiValueError, match="'left' is not a value of Direction"):
        Direction("left")


def test_an_enumeration_of_anything_but_text_is_refused() -> None:
    with pytest.raises(TypeError, match="Level cannot be made"):

        class Level(ModelSimple):
            allowed_values = {("value",): {"ONE": 1}}
