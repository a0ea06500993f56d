"""Values that have no JSON form: an error with their place, on every road, never text of somebody's choosing."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import io
import json
import types
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, models
from cvat_sdk.api_client.model_utils import to_json
from cvat_sdk.api_client.runtime.codec import encode

pytestmark = pytest.mark.filterwarnings(
    "ignore::cvat_sdk.api_client.exceptions.UnknownFieldWarning"
)


@dataclasses.dataclass
class Point:
    x: int = 1


class PointStruct(msgspec.Struct):
    x: int = 1


class Bare(enum.Enum):
    BYTES = b"x"


UNSENDABLE: dict[str, Callable[[], Any]] = {
    "bytes": lambda: b"raw",
    "bytearray": lambda: bytearray(b"raw"),
    "memoryview": lambda: memoryview(b"raw"),
    "array": lambda: array.array("d", [1.0]),
    "set": lambda: {1},
    "frozenset": lambda: frozenset(),
    "deque": lambda: collections.deque([1]),
    "Decimal": lambda: decimal.Decimal("1.5"),
    "Fraction": lambda: fractions.Fraction(1, 2),
    "UUID": lambda: uuid.UUID(int=1),
    "timedelta": lambda: datetime.timedelta(seconds=1),
    "time": lambda: datetime.time(1),
    "dataclass": Point,
    "Struct": PointStruct,
    "Raw": lambda: msgspec.Raw(b"1"),
    "enumeration of bytes": lambda: Bare.BYTES,
    "generator": lambda: (n for n in (1, 2)),
    "range": lambda: range(2),
    "complex": lambda: 1j,
    "object": object,
    "class": lambda: int,
    "no bytes": lambda: b"",
    "empty set": set,
    "decimal zero": lambda: decimal.Decimal(0),
}


class Number(float):
    """As `numpy.float64`, which is a float too."""


class Scalar:
    """As the other numbers of numpy, which are not."""

    def __float__(self) -> float:
        return 1.0


UNSENDABLE["scalar"] = Scalar


@pytest.fixture(params=UNSENDABLE.values(), ids=UNSENDABLE)
def value(request: Any) -> Any:
    return request.param()


def shape(*points: Any) -> models.LabeledShapeRequest:
    return models.LabeledShapeRequest(
        type="points", frame=0, label_id=1, points=[1.0] * len(points)
    )


def annotations(count: int) -> models.LabeledDataRequest:
    return models.LabeledDataRequest(shapes=[shape(1, 2) for _ in range(count)])


def refused(data: Any, *path: str | int) -> None:
    with pytest.raises(ApiValueError, match="sent") as caught:
        encode(data)
    assert caught.value.path_to_item == list(path)


# -- every place ------------------------------------------------------------------------------------


def test_in_plain_data(value: Any) -> None:
    refused({"a": value}, "a")
    refused([value], 0)
    refused({"a": [1, {"b": value}]}, "a", 1, "b")
    refused({"a": [{"b": n} for n in range(500)] + [{"b": value}]}, "a", 500, "b")
    refused({"a": [[1.0, 2.0]] * 500 + [[1.0, value]]}, "a", 500, 1)
    refused({"a": ["x"] * 500 + [value]}, "a", 500)
    refused((1, value), 1)


def test_appended_to_the_lists_of_a_model(value: Any) -> None:
    task = models.TaskWriteRequest(name="n", labels=[{"name": "car"}])
    task.labels.append(value)
    refused(task, "labels", 1)
    data = models.DataRequest(image_quality=70, server_files=["a"], job_file_mapping=[["a"]])
    data.server_files.append(value)
    refused(data, "server_files", 1)
    del data.server_files[1]
    data.job_file_mapping[0].append(value)
    refused(data, "job_file_mapping", 0, 1)


@pytest.mark.parametrize("count", [1, 9, 150])
def test_appended_to_the_numbers_of_a_shape(value: Any, count: int) -> None:
    body = annotations(count)
    body.shapes[-1].points.append(value)
    refused(body, "shapes", count - 1, "points", 2)
    refused({"annotations": [body]}, "annotations", 0, "shapes", count - 1, "points", 2)


def test_among_many_objects(value: Any) -> None:
    body = annotations(1000)
    body.shapes.append(value)
    refused(body, "shapes", 1000)
    many = [models.AttributeRequest("a", False, "select", values=["b"]) for _ in range(1000)]
    many[-1].values.append(value)
    refused(many, 999, "values", 1)


def test_in_unchecked_fields(value: Any) -> None:
    contact = models.OrganizationWriteRequest(slug="a", contact={"a": [1]})
    contact.contact["a"].append(value)
    refused(contact, "contact", "a", 1)
    unknown = models.TaskWriteRequest(name="n", newer={"a": 1})
    unknown["newer"]["b"] = value
    refused(unknown, "newer", "b")


def test_a_field_of_any_type_refuses_it_when_it_is_set(value: Any) -> None:
    for given in (value, [value], {"a": value}):
        with pytest.raises(ApiTypeError, match="contact"):
            models.OrganizationWriteRequest(slug="a", contact=given)


def test_nothing_is_sent(server: RecordingServer, client: ApiClient, value: Any) -> None:
    with pytest.raises(ApiValueError):
        client.call_api("/x", "POST", body={"a": value})
    with pytest.raises(ApiValueError):
        client.tasks_api.create({"name": "n", "newer": value}, _validate_inputs=False)
    with pytest.raises(ApiValueError):
        client.rest_client.POST(f"{server.url}/x", post_params={"a": [value]})
    with pytest.raises(ApiValueError):
        client.tasks_api.create_data(
            1,
            data_request={"image_quality": 70, "newer": value},
            _validate_inputs=False,
            _content_type="multipart/form-data",
        )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with pytest.raises(ApiValueError):
        client.call_api("/x", "POST", post_params={"a": value}, header_params=form)
    assert not server.received


# -- what has a JSON form ---------------------------------------------------------------------------


class Text(str):
    __slots__ = ()


class Level(enum.IntEnum):
    HIGH = 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1, ("a",)), b'[1,["a"]]'),
        (Text("a"), b'"a"'),
        (Number(1.5), b"1.5"),
        ([1, Level.HIGH], b"[1,2]"),
        (models.SortingMethod("natural"), b'"natural"'),
        (datetime.date(2024, 1, 5), b'"2024-01-05"'),
        (datetime.datetime(2024, 1, 5, 1, 2), b'"2024-01-05T01:02:00"'),
        (collections.OrderedDict(a=1), b'{"a":1}'),
        (types.MappingProxyType({"a": (1,)}), b'{"a":[1]}'),
        ({Text("a"): 1, models.SortingMethod("natural"): 2}, b'{"a":1,"natural":2}'),
        ({1: "a", 1.5: "b", None: "c"}, b'{"1":"a","1.5":"b","null":"c"}'),
        ({None: "c", False: "d", Level.HIGH: "e"}, b'{"null":"c","false":"d","2":"e"}'),
        ([[], {}, [[]], None], b"[[],{},[[]],null]"),
    ],
)
def test_what_has_a_form_is_written(given: Any, expected: bytes) -> None:
    assert encode(given) == expected
    assert encode([given] * 20) == b"[" + b",".join([expected] * 20) + b"]"


@pytest.mark.parametrize("key", [b"a", (1,), uuid.UUID(int=1), datetime.date(2024, 1, 5)])
def test_keys_that_have_no_form(key: Any) -> None:
    refused({"a": {key: 1}}, "a")
    with pytest.raises(ApiValueError):
        to_json({key: 1})


# -- endless and deep data --------------------------------------------------------------------------


def deep() -> Any:
    data: Any = 1
    for _ in range(100_000):
        data = [data]
    return data


def cyclic_list() -> Any:
    data: list[Any] = [1]
    data.append({"a": data})
    return data


def cyclic_dict() -> Any:
    data: dict[str, Any] = {}
    data["a"] = [data]
    return data


@pytest.mark.parametrize("make", [deep, cyclic_list, cyclic_dict])
def test_data_without_an_end_is_an_error(
    server: RecordingServer, client: ApiClient, make: Any
) -> None:
    data = make()
    for given in (data, [data], {"a": data, "b": object()}):
        with pytest.raises(ApiValueError, match="deep"):
            encode(given)
        with pytest.raises(ApiValueError, match="deep"):
            to_json(given)
    model = models.TaskWriteRequest(name="n", labels=[])
    for attempt in (
        lambda: models.TaskWriteRequest(name="n", newer=data),
        lambda: models.OrganizationWriteRequest(slug="n", contact=data),
        lambda: setattr(model, "newer", data),
        lambda: models.TaskWriteRequest._from_openapi_data(name="n", newer=data),
        lambda: client.tasks_api.create({"name": "n", "newer": data}),
        lambda: client.tasks_api.create({"name": "n", "newer": data}, _validate_inputs=False),
        lambda: client.call_api("/x", "POST", body=data),
        lambda: client.call_api("/x", "POST", post_params={"a": data}),
    ):
        with pytest.raises(ApiValueError, match="deep"):
            attempt()
    model.labels.append(model)
    with pytest.raises(ApiValueError, match="deep"):
        encode(model)
    assert not server.received


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a\ud800b"},
        {"name": "x", "\udc80": [1]},
        {"name": "\udcff é", "more": float("nan")},
        models.PatchedLabelRequest(name="\udce9.png"),
    ],
)
def test_halves_of_characters_are_escaped(
    server: RecordingServer, client: ApiClient, body: Any
) -> None:
    """Names of files that are no UTF-8 have them, as `os.listdir` gives them."""
    client.call_api("/x", "POST", body=body)
    sent = server.last.body
    assert sent.isascii()
    assert sent == json.dumps(to_json(body), separators=(",", ":")).encode()


def test_halves_of_characters_in_bodies_of_operations(
    server: RecordingServer, client: ApiClient
) -> None:
    body = {"name": "\udce9.png", "\udcff": ["\udc80"]}
    client.tasks_api.create(body, _parse_response=False)
    assert server.last.json() == body


def test_dates_beside_halves_of_characters_are_written_as_ever() -> None:
    when = datetime.datetime(2024, 5, 6, 7, 8, tzinfo=datetime.timezone.utc)
    assert json.loads(encode(["\ud800", when]))[1] == json.loads(encode(["x", when]))[1]


def test_halves_of_characters_do_not_hide_what_has_no_json_form() -> None:
    for bad in (b"x", {1}, open):
        with pytest.raises(ApiValueError, match="cannot be sent as JSON"):
            encode(["\ud800", bad])


HALF = "a\udce9.png"
"""How Python reads the name of a file that is no UTF-8."""

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data"}


def named(name: str) -> io.BytesIO:
    file = io.BytesIO(b"pixels")
    file.name = name
    return file


@pytest.mark.parametrize(
    ("place", "send"),
    [
        ("search", lambda client: client.tasks_api.list(search=HALF)),
        ("q", lambda client: client.call_api("/x", "GET", query_params=[("q", HALF)])),
        ("p", lambda client: client.call_api("/{p}", "GET", path_params={"p": HALF})),
        ("id", lambda client: client.requests_api.retrieve(HALF)),
        (
            "f",
            lambda client: client.call_api(
                "/x", "POST", header_params=FORM, post_params=[("f", HALF)]
            ),
        ),
        (
            "f",
            lambda client: client.call_api(
                "/x", "POST", header_params=PARTS, post_params=[("f", HALF)]
            ),
        ),
        (
            r"client_files\[0\]",
            lambda client: client.tasks_api.create_data(
                1,
                data_request={"image_quality": 70, "client_files": [named(HALF)]},
                _content_type="multipart/form-data",
            ),
        ),
        (
            "body",
            lambda client: client.rest_client.POST(
                f"{client.configuration.host}/x", headers={"Content-Type": "text/plain"}, body=HALF
            ),
        ),
    ],
)
def test_half_a_character_is_an_error_that_names_its_place(
    server: RecordingServer, client: ApiClient, place: str, send: Callable[[ApiClient], Any]
) -> None:
    with pytest.raises(ApiValueError, match=f"is half a character.* at {place}$"):
        send(client)
    assert server.received == []
