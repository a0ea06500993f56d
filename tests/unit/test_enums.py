"""Enumerations: strings that know their values, and classes composed of several."""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
import pprint
from typing import Any

import numpy
import pytest
import yaml

from cvat_sdk.api_client import ApiAttributeError, ApiTypeError, ApiValueError, model_utils, models
from cvat_sdk.api_client.exceptions import ApiKeyError
from cvat_sdk.api_client.runtime.codec import decode

Status = models.RequestStatus


def test_built_by_position_or_keyword() -> None:
    assert Status("queued") is Status(value="queued") is Status.QUEUED
    assert isinstance(Status("queued"), model_utils.ModelSimple)
    assert isinstance(Status("queued"), models.IRequestStatus)


@pytest.mark.parametrize("bad", [5, None, Status.QUEUED, b"queued"])
def test_other_types_are_refused(bad: Any) -> None:
    with pytest.raises(ApiTypeError) as caught:
        Status(bad)
    assert caught.value.path_to_item == ["value"]


def test_no_value_is_refused_unless_there_is_a_default() -> None:
    with pytest.raises(ApiTypeError):
        Status()
    for arguments, keywords in ((("queued", "x"), {}), (("queued",), {"other": 1})):
        with pytest.raises(ApiTypeError):
            Status(*arguments, **keywords)
    assert models.BlankEnum().value == ""
    assert models.AnnotationConflictSeverity().value == "error"
    assert models.WebhookContentType().value == "application/json"


def test_unknown_values_of_a_caller_are_refused() -> None:
    with pytest.raises(ApiValueError, match="finished"):
        Status("zz")


def test_allowed_values_as_documented() -> None:
    assert Status.allowed_values[("value",)]["FINISHED"] == "finished"
    assert Status.QUEUED.allowed_values == Status.allowed_values
    assert models.OperationStatus.allowed_values[("value",)]["IN_PROGRESS"] == "in progress"
    assert models.BlankEnum.allowed_values == {("value",): {"EMPTY": ""}}
    assert Status.openapi_types == {"value": (str,)}
    assert Status.validations == Status.attribute_map == {}
    assert Status.additional_properties_type is None


def test_members_are_strings() -> None:
    status = Status("queued")
    assert status == "queued"
    assert status in {"queued"}
    assert hash(status) == hash("queued")
    assert status.value == status["value"] == str(status) == repr(status) == "queued"
    assert type(status.value) is str
    assert status.get("value") == "queued"
    assert status.get("other") is None
    assert "value" in status
    assert "que" in status
    assert "other" not in status
    assert f"{status:>8}" == "  queued"
    assert json.dumps({"s": status}) == '{"s": "queued"}'
    assert sorted([Status("started"), Status("failed")]) == ["failed", "started"]
    assert status != Status("failed")


def test_copies_and_pickles_are_the_member() -> None:
    assert pickle.loads(pickle.dumps(Status.QUEUED)) is Status.QUEUED
    assert copy.deepcopy(Status.QUEUED) is Status.QUEUED


def test_unknown_values_of_a_server_are_kept() -> None:
    assert Status._from_openapi_data("paused").value == "paused"
    assert Status._from_openapi_data("queued") is Status.QUEUED
    request = decode(b'{"status": "paused", "id": "x"}', "Request")
    assert request.status.value == "paused"
    assert isinstance(request.status, Status)
    assert request.status == "paused"
    assert model_utils.to_json(request)["status"] == "paused"
    assert pickle.loads(pickle.dumps(request.status)) == "paused"
    assert [member.value for member in Status] == ["queued", "started", "failed", "finished"]


# -- composed ---------------------------------------------------------------------------------------


def test_one_of_several_enumerations() -> None:
    cls = models.AnnotationIdShapeType
    assert cls("mask") is models.ShapeType.MASK
    assert isinstance(cls("null"), models.NullEnum)
    assert cls(None) is None
    for bad in ("circle", 5):
        with pytest.raises(ApiValueError):
            cls(bad)
    assert isinstance(models.PatchedUserRequestCvatUsageReason(""), models.BlankEnum)
    assert cls._composed_schemas == {
        "anyOf": [],
        "allOf": [],
        "oneOf": [models.NullEnum, models.ShapeType],
    }
    assert cls._nullable
    assert issubclass(cls, model_utils.ModelComposed)
    assert cls._from_openapi_data("mask") is models.ShapeType.MASK
    assert cls._from_openapi_data("star").value == "star"
    assert cls._from_openapi_data(None) is None


def test_wrong_values_of_composed_models_are_value_errors() -> None:
    for wrong in (
        lambda: models.PatchedProjectWriteRequestTargetStorage(location=5),
        lambda: models.PatchedProjectWriteRequest(target_storage={"location": 5}),
        lambda: models.MetaUser(username=5),
        lambda: models.MetaUser(),
    ):
        with pytest.raises(ApiValueError):
            wrong()
    with pytest.raises(ApiTypeError, match="username"):
        models.JobReadAssignee()


def test_wrapper_of_one_model() -> None:
    cls = models.PatchedProjectWriteRequestTargetStorage
    plain = models.StorageRequest(location="local")
    wrapped = models.PatchedProjectWriteRequest(target_storage={"location": "local"}).target_storage
    assert type(wrapped) is cls
    assert wrapped.location == "local"
    assert cls(plain) == wrapped
    assert models.PatchedProjectWriteRequest(target_storage=plain).target_storage == wrapped
    assert models.JobReadAssignee(None) is None
    assert models.JobReadAssignee._composed_schemas["allOf"] == [models.BasicUser]
    assert isinstance(wrapped, model_utils.ModelComposed)


def test_data_request_takes_validation_parameters_as_a_model() -> None:
    parameters = models.ValidationParamsRequest(mode="gt", frame_selection_method="manual")
    request = models.DataRequest(image_quality=70, validation_params=parameters)
    assert request.validation_params.mode == "gt"


def test_read_only_field_of_a_composed_model() -> None:
    with pytest.raises(ApiValueError):
        models.JobReadAssignee(username="u", id=5)


def test_any_of_two_users() -> None:
    full = decode(b'{"username": "u", "id": 1, "is_staff": true}', "MetaUser")
    basic = decode(b'{"username": "u", "id": 1}', "MetaUser")
    assert type(full) is type(basic) is models.MetaUser
    assert full.is_staff
    assert not hasattr(basic, "is_staff")


def _published_as_text() -> Any:
    return models.Label(name="car", type="rectangle").type


def test_a_field_that_is_text_in_the_published_package_prints_as_text() -> None:
    value = _published_as_text()
    assert f"{value!r} {[value]}" == "'rectangle' ['rectangle']"
    unknown = models.LabelType._from_openapi_data("star")
    assert repr(unknown) == "'star'"


def test_a_field_that_is_an_enumeration_in_the_published_package_prints_bare() -> None:
    shape = models.LabeledShapeRequest(type="mask", frame=0, label_id=1)
    assert f"{shape.type!r} {[shape.type]}" == "mask [mask]"


@pytest.mark.parametrize(
    "dumper", [yaml.SafeDumper, yaml.Dumper], ids=lambda dumper: dumper.__name__
)
def test_yaml_writes_a_member_as_text(dumper: Any) -> None:
    unknown = models.LabelType._from_openapi_data("star")
    data = {"type": _published_as_text(), "shape": models.ShapeType("mask"), "new": unknown}
    written = yaml.dump(data, Dumper=dumper)
    assert yaml.safe_load(written) == {"type": "rectangle", "shape": "mask", "new": "star"}
    assert "!!" not in written


def test_other_writers_take_a_member_as_text() -> None:
    value = _published_as_text()
    text = io.StringIO()
    csv.writer(text).writerow([value])
    assert text.getvalue() == "rectangle\r\n"
    assert json.dumps({"type": value}) == '{"type": "rectangle"}'
    assert pprint.pformat({"type": value}) == "{'type': 'rectangle'}"
    assert f"{value:>10}|{value:.4}" == " rectangle|rect"
    assert numpy.array([value, value]).dtype == numpy.array(["rectangle"]).dtype
    assert pickle.loads(pickle.dumps(value)) is value


def test_an_unknown_attribute_or_item_of_a_member_is_an_error_of_this_package() -> None:
    with pytest.raises(ApiAttributeError, match="RequestStatus has no attribute 'message'"):
        _ = Status.QUEUED.message
    with pytest.raises(ApiKeyError, match="RequestStatus has no item 'message'"):
        _ = Status.QUEUED["message"]
    assert not hasattr(Status.QUEUED, "message")


def test_the_blank_member_is_true() -> None:
    assert bool(models.BlankEnum("")) is True
