"""Responses: lenient decoding loses nothing, strict decoding raises, encoding writes back what came."""

from __future__ import annotations

import datetime
import io
import json
import math
from typing import Any

import pytest

from cvat_sdk.api_client import ApiTypeError, ApiValueError, model_utils, models
from cvat_sdk.api_client.runtime.codec import decode, decode_shallow, encode, escape_to_ascii

TASK = {
    "id": 1,
    "name": "t",
    "status": "annotation",
    "created_date": "2024-01-05T10:00:00.123456Z",
    "owner": {"id": 1, "username": "u", "url": "http://x/1"},
    "assignee": None,
    "jobs": {"count": 2, "completed": 1, "validation": 0, "url": "http://x"},
    "labels": {"url": "http://x"},
    "overlap": None,
    "dimension": "2d",
}

# What servers older and newer than this package send in place of a task.
DRIFTED: list[tuple[str, dict[str, Any]]] = [
    ("an unknown field", {"brand_new": {"deep": [1, "2024-01-05", None]}}),
    ("an unknown nested field", {"owner": {"username": "u", "shoe_size": 44}}),
    ("null where none is allowed", {"name": None, "jobs": None, "labels": None}),
    ("null in a nested object", {"jobs": {"count": None}}),
    ("a string for a number", {"id": "1"}),
    ("a number for a string", {"name": 5}),
    ("a float for an integer", {"overlap": 2.5, "size": 3.0}),
    ("a boolean for a number", {"id": True}),
    ("a list for an object", {"owner": [1, 2]}),
    ("an object for a list", {"segments": {"a": 1}}),
    ("an object for a string", {"name": {"en": "t"}}),
    ("an unknown value of an enumeration", {"status": "paused", "mode": "hyper"}),
    ("a number for an enumeration", {"status": 5}),
    ("a date that is none", {"created_date": "yesterday"}),
    ("a bare date", {"created_date": "2024-01-05"}),
    ("a number for a date", {"created_date": 1704448800}),
    ("a very long name", {"name": "x" * 10_000}),
    ("an odd user name", {"owner": {"username": "what is this? " * 50}}),
    ("a very large number", {"id": 2**70}),
]


def normal(value: Any) -> Any:
    """Dates that were understood are written in one form, so they are compared as moments."""
    if isinstance(value, dict):
        return {key: normal(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [normal(entry) for entry in value]
    if isinstance(value, str):
        try:
            return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return value
    return value


def same(first: Any, second: Any) -> bool:
    """Equality that tells 3 from 3.0 and from True."""
    first, second = normal(first), normal(second)
    return repr(first) == repr(second)


@pytest.mark.parametrize(("what", "change"), DRIFTED, ids=[what for what, _ in DRIFTED])
def test_lenient_decoding_keeps_and_writes_back_everything(
    what: str, change: dict[str, Any]
) -> None:
    document = {**TASK, **change}
    task = decode(json.dumps(document).encode(), "TaskRead")
    assert isinstance(task, models.TaskRead)
    written = json.loads(encode(task))
    assert sorted(written) == sorted(document)
    for name, value in document.items():
        assert same(written[name], value), (name, written[name], value)
    for name in change:
        assert name in task
        _ = task[name]
    assert same(model_utils.to_json(task), written)


@pytest.mark.parametrize(("what", "change"), DRIFTED, ids=[what for what, _ in DRIFTED])
def test_drift_in_one_entry_leaves_the_others_as_they_are(
    what: str, change: dict[str, Any]
) -> None:
    page = {"count": 2, "next": None, "previous": None, "results": [TASK, {**TASK, **change}]}
    decoded = decode(json.dumps(page).encode(), "PaginatedTaskReadList")
    first, second = decoded.results
    assert first == decode(json.dumps(TASK).encode(), "TaskRead")
    assert isinstance(second, models.TaskRead)


def test_missing_required_fields_are_unset() -> None:
    task = decode(b'{"id": 1}', "TaskRead")
    assert not hasattr(task, "jobs")
    assert task.to_dict() == {"id": 1}
    assert json.loads(encode(task)) == {"id": 1}
    assert json.loads(encode([task, {"a": task}])) == [{"id": 1}, {"a": {"id": 1}}]


def test_fields_have_their_types() -> None:
    task = decode(json.dumps(TASK).encode(), "TaskRead")
    assert task.created_date == datetime.datetime(
        2024, 1, 5, 10, 0, 0, 123456, datetime.timezone.utc
    )
    assert task.status == "annotation"
    assert task.status.value == "annotation"
    assert isinstance(task.owner, model_utils.ModelComposed)
    assert task.assignee is None
    assert task.jobs.count == 2


def test_integers_become_floats_where_floats_belong_and_only_there() -> None:
    shape = decode(
        b'{"type": "mask", "points": [1, 2.5], "rotation": 3, "id": 7, "x": 3, "label_id": 1}',
        "LabeledShape",
    )
    assert [type(point) for point in shape.points] == [float, float]
    assert type(shape.rotation) is float
    assert type(shape.id) is int
    assert type(shape.x) is int, "additional values stay as received"


def test_additional_values_are_not_read_as_dates() -> None:
    label = decode(
        b'{"name": "a", "x": "20200101", "y": ["12:30:00", "monday 10"], "z": 3}', "Label"
    )
    assert (label.x, label.y, label.z) == ("20200101", ["12:30:00", "monday 10"], 3)


def test_naive_dates_stay_naive() -> None:
    assert (
        decode(b'{"created_date": "2024-01-05T10:00:00"}', "TaskRead").created_date.tzinfo is None
    )


def test_what_only_the_standard_library_reads_is_read() -> None:
    label = decode(b'{"name": "a", "x": NaN, "y": [Infinity]}', "Label")
    assert math.isnan(label.x)
    assert label.y == [math.inf]


# -- strict -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (
            {"jobs": {"count": "2", "completed": 1, "validation": 0, "url": "x"}},
            ["received_data", "jobs", "count"],
        ),
        ({"id": 1.5}, ["received_data", "id"]),
        ({"id": True}, ["received_data", "id"]),
        ({"name": None}, ["received_data", "name"]),
        ({"owner": []}, ["received_data", "owner"]),
    ],
)
def test_strict_decoding_raises_with_a_path(change: dict[str, Any], path: list[Any]) -> None:
    with pytest.raises(ApiTypeError) as caught:
        decode(json.dumps({**TASK, **change}).encode(), "TaskRead", mode="strict")
    assert caught.value.path_to_item == path


def test_strict_decoding_wants_required_fields_and_known_values() -> None:
    with pytest.raises(ApiTypeError, match="jobs"):
        decode(b'{"id": 1}', "TaskRead", mode="strict")
    with pytest.raises(TypeError):
        decode(b'{"id": 1}', "TaskRead", mode="strict")
    request = {"status": "paused", "id": "x", "operation": {"type": "x"}, "message": ""}
    with pytest.raises(ApiValueError, match="paused"):
        decode(
            json.dumps({**request, "created_date": "2024-01-05T10:00:00Z"}).encode(),
            "Request",
            mode="strict",
        )
    with pytest.raises(ApiValueError):
        decode(
            json.dumps({**TASK, "created_date": "2024-01-05"}).encode(), "TaskRead", mode="strict"
        )


def test_strict_decoding_ignores_limits() -> None:
    odd = {**TASK, "owner": {"username": "what is this?" * 50}}
    task = decode(json.dumps(odd).encode(), "TaskRead", mode="strict")
    assert task.owner.username.startswith("what")


@pytest.mark.parametrize(
    ("change", "path", "meant"),
    [
        ({"brand_new": 1}, ["received_data", "brand_new"], ""),
        ({"statsu": "annotation"}, ["received_data", "statsu"], "(did you mean 'status'?)"),
        (
            {"owner": {"username": "a", "usrname": "b"}},
            ["received_data", "owner", "usrname"],
            "(did you mean 'username'?)",
        ),
        (
            {"labels": {"url": "x", "count": 1}},
            ["received_data", "labels", "count"],
            "",
        ),
    ],
    ids=["new", "misspelt", "in a choice of models", "in a model"],
)
def test_strict_decoding_refuses_unknown_fields(
    change: dict[str, Any], path: list[Any], meant: str
) -> None:
    with pytest.raises((ApiTypeError, ApiValueError)) as caught:
        decode(json.dumps({**TASK, **change}).encode(), "TaskRead", mode="strict")
    assert caught.value.path_to_item == path
    assert f"has no field '{path[-1]}'{meant and ' '}{meant}" in caught.value.msg


def test_strict_decoding_refuses_unknown_fields_inside_lists() -> None:
    attribute = {"id": 1, "name": "a", "mutable": True, "input_type": "text", "values": [], "x": 1}
    label = {"name": "car", "attributes": [attribute]}
    with pytest.raises(ApiTypeError, match="Attribute has no field 'x'") as caught:
        decode(json.dumps(label).encode(), "Label", mode="strict")
    assert caught.value.path_to_item == ["received_data", "attributes", 0, "x"]


def test_strict_decoding_leaves_open_objects_open() -> None:
    body = {"next": None, "previous": None, "count": 0, "results": []}
    decode(json.dumps(body).encode(), "PaginatedLabelList", mode="strict")
    found = decode(b'{"any": {"thing": [1, 2.5]}}', "dict[str, any]", mode="strict")
    assert found == {"any": {"thing": [1, 2.5]}}


def test_strict_decoding_takes_a_whole_number_for_an_integer_however_it_is_written() -> None:
    label = decode(b'{"name": "a", "id": 7.0}', "Label", mode="strict")
    assert label.id == 7
    assert type(label.id) is int
    with pytest.raises(ApiTypeError, match="Expected int"):
        decode(b'{"name": "a", "id": 7.5}', "Label", mode="strict")
    with pytest.raises(ApiTypeError, match="Expected int"):
        decode(b'{"name": "a", "id": Infinity}', "Label", mode="strict")


# -- bodies that are no JSON ------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe"])
def test_a_model_cannot_be_read_from_other_text(body: bytes) -> None:
    with pytest.raises(ApiTypeError) as caught:
        decode(body, "TaskRead")
    assert caught.value.path_to_item == ["received_data"]


def test_text_is_read_as_json_or_as_it_is() -> None:
    assert decode(b'"text"', "str") == "text"
    assert decode(b"text", "str") == "text"
    assert decode(b"5", "str") == 5
    with pytest.raises(ApiTypeError):
        decode(b"5", "str", mode="strict")


# -- shallow ----------------------------------------------------------------------------------------


def test_shallow_decoding_leaves_nested_values_raw() -> None:
    page = decode_shallow(
        json.dumps({"count": 1, "results": [TASK]}).encode(), "PaginatedTaskReadList"
    )
    assert isinstance(page, models.PaginatedTaskReadList)
    assert page.results[0] == TASK
    task = decode_shallow(json.dumps(TASK).encode(), "TaskRead")
    assert task.created_date == TASK["created_date"]
    assert task["status"] == "annotation"
    assert type(task.status) is str
    plugins = decode_shallow(b'{"ANALYTICS": true, "MODELS": "?"}', "Plugins")
    assert plugins.analytics is True
    assert plugins.models == "?"


def test_shallow_decoding_of_a_list_gives_models() -> None:
    [task] = decode_shallow(json.dumps([TASK]).encode(), "list[TaskRead]")
    assert isinstance(task, models.TaskRead)
    assert task.owner == TASK["owner"]


def test_shallow_strict_decoding_wants_required_fields() -> None:
    with pytest.raises(ApiTypeError):
        decode_shallow(b'{"id": 1}', "TaskRead", mode="strict")


# -- encoding ---------------------------------------------------------------------------------------


def test_encoding_keeps_unset_and_null_apart() -> None:
    request = models.PatchedTaskWriteRequest(assignee_id=None)
    assert encode(request) == b'{"assignee_id":null}'
    assert encode(models.PatchedTaskWriteRequest()) == b"{}"


def test_encoding_of_numbers_that_are_not_finite() -> None:
    data = json.loads(
        encode(models.PatchedTaskWriteRequest(name="x", owner_id=None, a=math.nan, b=[-math.inf]))
    )
    assert math.isnan(data["a"])
    assert data["b"] == [-math.inf]
    assert data["owner_id"] is None


def test_encoding_of_dates_enumerations_and_additional_fields() -> None:
    when = datetime.datetime(2024, 1, 5, 10, tzinfo=datetime.timezone.utc)
    token = models.AccessTokenWriteRequest(name="x", expiry_date=when, kind=models.ShapeType.MASK)
    data = json.loads(encode(token))
    assert data["kind"] == "mask"
    assert normal(data["expiry_date"]) == when


def test_encoding_of_derived_classes() -> None:
    class Text(str):
        pass

    class Number(int):
        pass

    class Numbers(list[int]):
        pass

    body = models.PatchedTaskWriteRequest(name=Text("x"), owner_id=Number(3), newer=Numbers([1]))
    assert json.loads(encode(body)) == {"name": "x", "owner_id": 3, "newer": [1]}


@pytest.mark.parametrize("nested", [False, True])
def test_files_are_refused_before_they_are_read(nested: bool) -> None:
    file = io.BytesIO(b"abc")
    body: Any = models.DataRequest(image_quality=70, client_files=[file])
    if nested:
        body = {"a": [models.DataRequest(image_quality=70, client_files=[file], unknown=1)]}
    with pytest.raises(ApiValueError, match="multipart"):
        encode(body)
    assert file.tell() == 0
    assert not file.closed


def test_escapes_are_the_same_text() -> None:
    for text in ("é", "日本", "🚗 x 🚕", 'a"ü\\n'):
        data = encode({"t": text})
        escaped = escape_to_ascii(data)
        assert escaped.isascii()
        assert json.loads(escaped) == {"t": text}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("beside", [{}, {"attributes": None}], ids=["alone", "beside null"])
def test_a_number_in_a_list_that_is_not_finite_is_not_written_as_null(
    number: float, beside: dict[str, Any]
) -> None:
    shape = models.LabeledShapeRequest(
        type="points", frame=0, label_id=1, points=[1.0, number], novel=beside
    )
    assert repr(json.loads(encode(shape))["points"]) == repr([1.0, number])
    plain = models.LabeledShapeRequest(type="points", frame=0, label_id=1, points=[1.0, 2.0])
    plain.points.append(number)
    body = models.LabeledDataRequest(shapes=[plain], tags=[], tracks=[])
    assert repr(json.loads(encode(body))["shapes"][0]["points"][2]) == repr(number)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01T10:00:00Z",
        "2024-05-01T10:00:00.000001Z",
        "2024-05-01T10:00:00.120000Z",
        "2024-05-01T10:00:00.120000+03:00",
        "2024-05-01T10:00:00-09:30",
        "2024-05-01T10:00:00.120000",
    ],
)
@pytest.mark.parametrize("more", [{}, {"newer": 1}], ids=["described", "drifted"])
def test_dates_as_servers_write_them_are_written_back_as_they_came(
    text: str, more: dict[str, Any]
) -> None:
    body = json.dumps({"id": 1, "created_date": text, **more})
    assert encode(decode(body, "TaskRead")) == body.replace(" ", "").encode()
