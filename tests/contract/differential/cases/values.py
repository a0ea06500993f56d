"""Values of every kind, in bodies that are JSON and in forms."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import fractions
import uuid
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.case import Side, case

_ANSWER = answer(json={})


@dataclasses.dataclass
class Point:
    """A class that some encoders write as an object."""

    x: int = 1


_VALUES: dict[str, Any] = {
    "bytes": lambda: b"raw \xff",
    "bytearray": lambda: bytearray(b"raw"),
    "memoryview": lambda: memoryview(b"raw"),
    "set": lambda: {1},
    "frozenset": lambda: frozenset({1}),
    "tuple": lambda: (1, "a"),
    "Decimal": lambda: decimal.Decimal("1.5"),
    "Fraction": lambda: fractions.Fraction(1, 2),
    "UUID": lambda: uuid.UUID(int=1),
    "timedelta": lambda: datetime.timedelta(seconds=1),
    "time": lambda: datetime.time(1, 2),
    "date": lambda: datetime.date(2024, 1, 5),
    "datetime": lambda: datetime.datetime(2024, 1, 5, 1, 2, 3),
    "aware datetime": lambda: datetime.datetime(2024, 1, 5, tzinfo=datetime.timezone.utc),
    "dataclass": lambda: Point(),
    "generator": lambda: (n for n in (1, 2)),
    "range": lambda: range(2),
    "complex": lambda: 1j,
    "object": lambda: object(),
    "class": lambda: int,
    "nested bytes": lambda: {"a": [b"raw"]},
    "key that is no text": lambda: {1: "a"},
    "model": lambda: models.PatchedLabelRequest(name="car"),
    "enumeration": lambda: models.SortingMethod("natural"),
    "dict": lambda: {"a": [1, {"b": None}]},
    "list": lambda: [1, ["a"]],
    "none": lambda: None,
    "text": lambda: "té",
    "float": lambda: 1.5,
    "infinite": lambda: float("inf"),
    "bool": lambda: True,
}


# The encoder writes numbers that are not finite as null where a model says that there is a number.
_APPENDED = {name: make for name, make in _VALUES.items() if name != "infinite"}


@case(_ANSWER, each=_VALUES)
def of_call_api(side: Side, make: Any) -> Any:
    return side.client().call_api("/x", "POST", body={"value": make()})


@case(_ANSWER, each=_VALUES)
def as_body(side: Side, make: Any) -> Any:
    return side.client().call_api("/x", "POST", body=make())


@case(_ANSWER, each=_VALUES)
def of_request(side: Side, make: Any) -> Any:
    return side.client().request(
        "POST",
        f"{side.host}/x",
        body={"value": make()},
        headers={"Content-Type": "application/json"},
    )


@case(_ANSWER, each=_VALUES)
def unchecked(side: Side, make: Any) -> Any:
    return (
        side.client()
        .tasks_api.create(
            {"name": "n", "value": make()},
            _validate_inputs=False,
            _parse_response=False,
            _content_type="application/json",
            _host_index=0,
            _request_auths=[],
        )[1]
        .status
    )


@case(_ANSWER, each=_APPENDED)
def appended_to_a_list(side: Side, make: Any) -> Any:
    body = models.TaskWriteRequest(name="n", labels=[])
    body.labels.append(make())
    return side.client().tasks_api.create(body, _parse_response=False)[1].status


@case(_ANSWER, each=_VALUES)
def of_an_unknown_field(side: Side, make: Any) -> Any:
    return (
        side.client()
        .tasks_api.create({"name": "n", "unheard_of": make()}, _parse_response=False)[1]
        .status
    )


@case(_ANSWER, each=_APPENDED)
def appended_to_numbers(side: Side, make: Any) -> Any:
    shape = models.LabeledShapeRequest(type="points", frame=0, label_id=1, points=[1.0])
    shape.points.append(make())
    body = models.LabeledDataRequest(shapes=[shape])
    return (
        side.client()
        .tasks_api.update_annotations(5, labeled_data_request=body, _parse_response=False)[1]
        .status
    )


@case(_ANSWER, each=_VALUES)
def of_a_multipart_request(side: Side, make: Any) -> Any:
    return side.client().request(
        "POST",
        f"{side.host}/x",
        post_params={"value": make()},
        headers={"Content-Type": "multipart/form-data"},
    )


@case(_ANSWER, each=_VALUES)
def of_a_multipart_call(side: Side, make: Any) -> Any:
    return side.client().call_api(
        "/x",
        "POST",
        post_params={"value": make()},
        header_params={"Content-Type": "multipart/form-data"},
    )


@case(_ANSWER, each=_VALUES)
def of_an_urlencoded_call(side: Side, make: Any) -> Any:
    return side.client().call_api(
        "/x",
        "POST",
        post_params={"value": make()},
        header_params={"Content-Type": "application/x-www-form-urlencoded"},
    )


@case(_ANSWER, each=_VALUES)
def of_a_form_operation(side: Side, make: Any) -> Any:
    return (
        side.client()
        .tasks_api.create_data(
            5,
            data_request={"image_quality": 70, "value": make()},
            _content_type="multipart/form-data",
            _parse_response=False,
            _validate_inputs=False,
            _host_index=0,
            _request_auths=[],
        )[1]
        .status
    )
