"""Models: built, read, changed, compared, copied and described."""

from __future__ import annotations

import copy
import datetime
import enum
import io
import pickle
import typing
from collections import UserList, deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cvat_sdk.api_client import (
    ApiAttributeError,
    ApiKeyError,
    ApiTypeError,
    ApiValueError,
    Configuration,
    model_utils,
    models,
)
from cvat_sdk.api_client.runtime.model import ComposedEnum


class Word(str, enum.Enum):
    NAME = "x"


class Number(enum.IntEnum):
    TWO = 2


class Listing(list[Any]):
    pass


class Mapping(dict[str, Any]):
    pass


def shape(**more: Any) -> models.LabeledShapeRequest:
    return models.LabeledShapeRequest(type="rectangle", label_id=1, frame=2, **more)


def task(**more: Any) -> models.TaskWriteRequest:
    return models.TaskWriteRequest(name="a", **more)


# -- construction -----------------------------------------------------------------------------------


def test_required_fields_by_position_or_keyword() -> None:
    assert models.LabeledShapeRequest("rectangle", 1, 2) == shape()
    assert models.LabeledShapeRequest("rectangle", 1, frame=2) == shape()


def test_dicts_after_the_required_fields_are_merged() -> None:
    built = models.LabeledShapeRequest(
        "rectangle", 1, 2, {"points": [1, 2]}, {"occluded": True}, z_order=3
    )
    assert built == shape(points=[1.0, 2.0], occluded=True, z_order=3)
    assert models.PatchedTaskWriteRequest({"name": "a"}) == models.PatchedTaskWriteRequest(name="a")
    assert models.LabeledShapeRequest({"type": "rectangle", "label_id": 1, "frame": 2}) == shape()


@pytest.mark.parametrize("args", [("x",), (1, {}), ({}, "x")])
def test_other_positional_arguments_are_type_errors(args: tuple[Any, ...]) -> None:
    with pytest.raises(ApiTypeError):
        models.PatchedTaskWriteRequest(*args)


def test_missing_and_doubled_arguments_are_type_errors() -> None:
    with pytest.raises(TypeError, match="frame"):
        models.LabeledShapeRequest("rectangle", 1)
    with pytest.raises(TypeError, match="type"):
        models.LabeledShapeRequest("rectangle", 1, 2, type="mask")
    with pytest.raises(TypeError, match="type"):
        models.LabeledShapeRequest({"type": "mask"}, type="mask")
    assert models.PatchedTaskWriteRequest({"name": "a"}, name="b").name == "a"


def test_nested_data_become_models() -> None:
    built = task(
        labels=[
            {
                "name": "car",
                "attributes": [
                    {
                        "name": "a",
                        "mutable": True,
                        "input_type": "number",
                        "default_value": "5",
                        "values": ["4"],
                    }
                ],
            }
        ]
    )
    assert isinstance(built.labels[0], models.PatchedLabelRequest)
    attribute = built.labels[0].attributes[0]
    assert isinstance(attribute, models.AttributeRequest)
    assert isinstance(attribute.input_type, models.InputTypeEnum)


def test_models_and_dicts_mix_and_models_are_kept_by_reference() -> None:
    label = models.PatchedLabelRequest(name="car")
    given = [label, {"name": "bus"}]
    built = task(labels=given)
    assert built.labels[0] is label
    assert built.labels[1].name == "bus"
    assert given == [label, {"name": "bus"}], "the caller's list is not touched"


def test_scalars_of_other_kinds_that_are_real_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    built = shape(points=[numpy.float64(1.5), numpy.float32(2), Decimal("3.5"), Fraction(1, 2), 4])
    assert built.points == [1.5, 2.0, 3.5, 0.5, 4.0]
    assert all(type(point) is float for point in built.points)
    assert models.LabeledShapeRequest("mask", numpy.int64(3), 2).label_id == 3


def test_subclasses_of_scalars_and_containers_are_accepted() -> None:
    assert task().name == "a"
    built = models.TaskWriteRequest(name=Word.NAME)
    assert built.name is Word.NAME
    assert models.LabeledShapeRequest("mask", Number.TWO, 0).label_id is Number.TWO
    assert models.LabeledShapeRequest(type="mask", label_id=Number.TWO, frame=0).label_id == 2
    nested = task(labels=Listing([Mapping(name="q")]))
    assert isinstance(nested.labels[0], models.PatchedLabelRequest)
    assert type(nested.labels) is list


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label_id", "1"),
        ("label_id", 1.0),
        ("label_id", True),
        ("label_id", None),
        ("rotation", True),
        ("rotation", "3"),
        ("points", (1, None)),
        ("points", {1, 2}),
        ("points", [1, None]),
        ("points", [True]),
        ("source", 5),
        ("type", 5),
        ("type", models.LocationEnum("local")),
        ("attributes", [5]),
        ("attributes", ({"spec_id": "1", "value": "x"},)),
    ],
)
def test_values_of_a_wrong_type_are_refused_with_their_path(field: str, value: Any) -> None:
    given = {"type": "rectangle", "label_id": 1, "frame": 2, field: value}
    with pytest.raises(ApiTypeError) as caught:
        models.LabeledShapeRequest(**given)
    assert caught.value.path_to_item is not None
    assert caught.value.path_to_item[0] == field
    with pytest.raises(ApiTypeError):
        setattr(shape(), field, value)


@pytest.mark.parametrize("sequence", [tuple, deque, UserList], ids=lambda kind: kind.__name__)
def test_any_sequence_is_a_list_at_any_depth(sequence: Any) -> None:
    attribute = {"name": "y", "mutable": True, "input_type": "text", "values": sequence("ab")}
    given = task(labels=sequence([{"name": "x", "attributes": sequence([attribute])}]))
    expected = task(labels=[{"name": "x", "attributes": [{**attribute, "values": ["a", "b"]}]}])
    assert given == expected
    given.labels = sequence([])
    assert given.labels == []


@pytest.mark.parametrize(
    "value", ["ab", b"ab", {"a"}, {"a": 1}, iter("a")], ids=lambda value: type(value).__name__
)
def test_text_and_what_has_no_order_is_no_list(value: Any) -> None:
    with pytest.raises(ApiTypeError) as caught:
        task(labels=[{"name": "x", "attributes": value}])
    assert caught.value.path_to_item == ["labels", 0, "attributes"]


def test_paths_lead_through_lists_and_are_shown() -> None:
    with pytest.raises(ApiTypeError) as caught:
        attribute = {"name": 5, "mutable": True, "input_type": "text", "values": []}
        task(labels=[{"name": "x"}, {"name": "y", "attributes": [attribute]}])
    assert caught.value.path_to_item == ["labels", 1, "attributes", 0, "name"]
    assert "labels[1].attributes[0].name" in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("label_id", -1), ("rotation", 361), ("source", ""), ("type", "circle"), ("score", 1.5)],
)
def test_values_outside_their_limits_are_refused(field: str, value: Any) -> None:
    given = {"type": "rectangle", "label_id": 1, "frame": 2, field: value}
    with pytest.raises(ApiValueError):
        models.LabeledShapeRequest(**given)
    built = shape()
    with pytest.raises(ApiValueError):
        setattr(built, field, value)
    assert built == shape(), "a refused value changes nothing"


def test_switched_off_limits_are_not_checked() -> None:
    settings = Configuration(disabled_client_side_validations="minLength,minimum")
    assert models.TaskWriteRequest(name="", _configuration=settings).name == ""
    with pytest.raises(ApiValueError):
        models.TaskWriteRequest(name="a" * 257, _configuration=settings)


def test_wrong_types_stay_when_the_configuration_or_the_call_says_so() -> None:
    lenient = Configuration(discard_unknown_keys=True)
    assert models.TaskWriteRequest(name=5, _configuration=lenient).to_dict() == {"name": 5}
    assert models.TaskWriteRequest(name=5, _check_type=False).to_dict() == {"name": 5}


def test_unknown_keywords_are_kept_when_they_have_a_json_form() -> None:
    built = task(
        newer={"a": [1, None, "x"]}, when=datetime.date(2024, 1, 1), other=models.ShapeType("mask")
    )
    assert built.newer == {"a": [1, None, "x"]}
    assert built.to_dict()["other"] == "mask"
    for value in (b"x", {1}, object(), (1,)):
        with pytest.raises(ApiTypeError) as caught:
            task(newer=value)
        assert caught.value.path_to_item == ["newer"]


def test_read_only_fields_belong_to_the_server() -> None:
    with pytest.raises(ApiAttributeError, match="read-only"):
        models.User(username="u", groups=[], id=5)
    built = models.User(username="u", groups=[])
    built.id = 5
    assert models.User._from_openapi_data("u", [], id=5) == built
    assert models.User._from_openapi_data(username="u", groups=[], id=5) == built


def test_dates_are_read_from_text() -> None:
    def expiry(value: Any) -> Any:
        return models.AccessTokenWriteRequest(name="x", expiry_date=value).expiry_date

    naive = datetime.datetime(2024, 1, 5, 10, 0)
    assert expiry("2024-01-05T10:00:00") == naive
    assert expiry("2024-01-05 10:00:00") == naive
    assert expiry("2024-01-05T10:00:00Z") == naive.replace(tzinfo=datetime.timezone.utc)
    assert expiry("Fri, 05 Jan 2024 10:00:00 +0000").utcoffset() == datetime.timedelta(0)
    assert expiry(naive) is naive
    assert expiry(None) is None
    for bad in ("2024-01-05", "soon", "20240105"):
        with pytest.raises(ApiValueError) as caught:
            expiry(bad)
        assert caught.value.path_to_item == ["expiry_date"]
    with pytest.raises(ApiTypeError):
        expiry(datetime.date(2024, 1, 5))


def test_file_fields_take_open_files_only() -> None:
    file = io.BytesIO(b"x")
    assert models.DataRequest(image_quality=70, client_files=[file]).client_files == [file]
    with pytest.raises(ApiTypeError) as caught:
        models.DataRequest(image_quality=70, client_files=["path.jpg"])
    assert caught.value.path_to_item == ["client_files", 0]


def test_wire_names_are_accepted_when_asked_for() -> None:
    wire = models.Plugins(ANALYTICS=True, MODELS=False, _spec_property_naming=True)
    assert wire == models.Plugins(analytics=True, models=False)
    assert model_utils.to_json(wire) == {"ANALYTICS": True, "MODELS": False}
    assert models.Plugins._from_openapi_data(ANALYTICS=True, models=False) == wire


# -- reading ----------------------------------------------------------------------------------------


def test_fields_are_read_as_attributes_and_items() -> None:
    built = task(owner_id=None)
    assert built.name == built["name"] == built.get("name") == "a"
    assert "owner_id" in built
    assert built.owner_id is None
    assert "labels" not in built
    assert 5 not in built
    assert built.get("labels") is None
    assert built.get("labels", 3) == 3


def test_unset_fields_raise_so_that_hasattr_and_getattr_work() -> None:
    built = task()
    with pytest.raises(ApiAttributeError, match="labels") as caught:
        _ = built.labels
    assert caught.value.path_to_item == ["labels"]
    assert not hasattr(built, "labels")
    assert getattr(built, "labels", 7) == 7
    for kind in (ApiAttributeError, ApiKeyError, KeyError):
        with pytest.raises(kind):
            _ = built["labels"]


def test_models_are_no_mappings() -> None:
    built = task()
    with pytest.raises(TypeError):
        len(built)
    with pytest.raises(TypeError):
        dict(**built)
    assert not hasattr(built, "keys")


def test_a_server_field_named_like_a_method_is_an_item() -> None:
    built = models.TaskRead._from_openapi_data(get=1, to_dict=2)
    assert built["get"] == 1
    assert built["to_dict"] == 2
    assert built.to_dict() == {"get": 1, "to_dict": 2}


# -- writing ----------------------------------------------------------------------------------------


def test_assignment_converts_and_new_names_are_allowed() -> None:
    built = task()
    built.labels = [{"name": "car"}]
    assert isinstance(built.labels[0], models.PatchedLabelRequest)
    built["subset"] = "Train"
    assert built.subset == "Train"
    built.brand_new = {"a": 1}
    built["brand_newer"] = 2
    assert built.to_dict() == {
        "name": "a",
        "labels": [{"name": "car"}],
        "subset": "Train",
        "brand_new": {"a": 1},
        "brand_newer": 2,
    }
    with pytest.raises(ApiTypeError):
        built[5] = 1


def test_what_is_appended_to_a_list_is_sent() -> None:
    built = task(labels=[])
    built.labels.append({"name": "late"})
    assert model_utils.to_json(built)["labels"] == [{"name": "late"}]


def test_deletion_unsets() -> None:
    built = task(subset="Train", extra=1)
    del built.subset
    del built["extra"]
    assert built == task()
    with pytest.raises(ApiAttributeError):
        del built.subset


# -- plain data -------------------------------------------------------------------------------------


def test_to_dict_gives_a_new_dict_of_plain_values() -> None:
    when = datetime.datetime(2024, 1, 5, tzinfo=datetime.timezone.utc)
    token = models.AccessTokenWriteRequest(name="x", expiry_date=when)
    assert token.to_dict() == {"name": "x", "expiry_date": when}
    built = shape(attributes=[{"spec_id": 1, "value": "x"}])
    first = built.to_dict()
    assert first["type"] == "rectangle"
    assert type(first["type"]) is str
    assert first["attributes"] == [{"spec_id": 1, "value": "x"}]
    first["attributes"].append(1)
    assert len(built.to_dict()["attributes"]) == 1


def test_text_form_is_the_dict() -> None:
    built = task(subset="Train")
    assert str(built) == repr(built) == built.to_str() == "{'name': 'a', 'subset': 'Train'}"


def test_to_json_gives_wire_values() -> None:
    when = datetime.datetime(2024, 1, 5, tzinfo=datetime.timezone.utc)
    data = model_utils.to_json(
        {"t": (1, 2), "d": when, "e": models.ShapeType("mask"), "m": [task()]}
    )
    assert data == {
        "t": [1, 2],
        "d": "2024-01-05T00:00:00+00:00",
        "e": "mask",
        "m": [{"name": "a"}],
    }
    assert type(data["e"]) is str
    assert not hasattr(task(), "to_json")


def test_to_json_reads_and_closes_files_unless_told_not_to() -> None:
    file = io.BytesIO(b"abc")
    assert model_utils.to_json({"f": file}, read_files=False) == {"f": file}
    assert not file.closed
    assert model_utils.to_json({"f": file}) == {"f": b"abc"}
    assert file.closed


@pytest.mark.parametrize("value", [b"x", Decimal(1), {1}, object()])
def test_to_json_refuses_what_has_no_json_form(value: Any) -> None:
    with pytest.raises(ApiValueError):
        model_utils.to_json({"a": [value]})


# -- comparison, copies -----------------------------------------------------------------------------


def test_equality_is_of_class_and_set_fields() -> None:
    assert shape() == shape()
    assert shape() != shape(z_order=0)
    assert shape(newer=1) == shape(newer=1)
    assert shape(newer=1) != shape(newer=2)
    assert task() != {"name": "a"}
    assert models.PatchedTaskWriteRequest(name="a") != task()
    with pytest.raises(TypeError):
        hash(task())


def test_copies_and_pickles() -> None:
    built = task(labels=[{"name": "car"}], newer=[1])
    server_built = models.TaskRead._from_openapi_data(id=1, owner={"username": "u"}, newer=[1])
    for original in (built, server_built, shape(points=[1, 2])):
        assert pickle.loads(pickle.dumps(original)) == original
        deep = copy.deepcopy(original)
        assert deep == original
        shallow = copy.copy(original)
        assert shallow == original
        shallow.added = 1
        assert shallow != original
    assert copy.deepcopy(built).labels[0] is not built.labels[0]
    assert copy.copy(built).labels is built.labels


# -- description ------------------------------------------------------------------------------------


def test_class_tables() -> None:
    cls = models.TaskWriteRequest
    assert cls.attribute_map["target_storage"] == "target_storage"
    assert models.Plugins.attribute_map == {"analytics": "ANALYTICS", "models": "MODELS"}
    assert cls.openapi_types["name"] == (str,)
    assert cls.openapi_types["owner_id"] == (int, type(None))
    assert cls.openapi_types["labels"] == ([models.PatchedLabelRequest],)
    assert cls.validations[("name",)] == {"max_length": 256, "min_length": 1}
    assert cls.validations[("overlap",)]["inclusive_minimum"] == 0
    assert models.BasicUser.validations[("username",)]["regex"] == {"pattern": r"^[\w.@+-]+$"}
    assert models.BasicUser.read_only_vars == {"id", "url"}
    assert cls.required_properties == {"name"}
    assert cls.allowed_values == {}
    assert cls._composed_schemas == {}
    assert cls.discriminator is None
    assert str in (cls.additional_properties_type or ())
    assert task().openapi_types == cls.openapi_types, "instances have them as well"


def test_interfaces_hold_annotations_that_resolve() -> None:
    hints = typing.get_type_hints(models.ITaskWriteRequest)
    assert hints["name"] is str
    assert issubclass(models.TaskWriteRequest, models.ITaskWriteRequest)
    assert issubclass(models.ITaskWriteRequest, model_utils.IModelData)
    assert issubclass(models.TaskWriteRequest, model_utils.ModelNormal)
    assert issubclass(model_utils.ModelNormal, model_utils.OpenApiModel)

    class Own(models.ITaskWriteRequest):
        name = "own"

    assert Own().name == "own"


def test_every_model_can_be_described_copied_and_pickled() -> None:
    for name in models.__all__:
        cls = getattr(models, name)
        if not isinstance(cls, type) or not issubclass(cls, model_utils.OpenApiModel):
            continue
        for table in ("attribute_map", "openapi_types", "validations", "allowed_values"):
            assert isinstance(getattr(cls, table), dict), name
        if not issubclass(cls, (model_utils.ModelSimple, ComposedEnum)):
            empty = cls._from_openapi_data(unknown=1)
            assert pickle.loads(pickle.dumps(empty)) == empty == copy.copy(empty)
            assert empty.to_dict() == {"unknown": 1}
