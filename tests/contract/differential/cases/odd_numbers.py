"""Numbers that are too large, or are none: in models, in bodies and in answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import Answer, answer
from differential.case import Side, case

_EMPTY = {"version": 0, "tags": [], "shapes": [], "tracks": []}
_NUMBERS: dict[str, Any] = {
    "400 digits": 10**400,
    "minus 400 digits": -(10**400),
    "65 bits": 2**65,
    "64 bits": 2**64 - 1,
    "54 bits": 2**53 + 1,
    "infinite": float("inf"),
    "not a number": float("nan"),
    "minus zero": -0.0,
    "smallest": 5e-324,
    "largest": 1.7976931348623157e308,
}


@case(each=_NUMBERS)
def point(side: Side, number: Any) -> Any:
    """In a list of floats."""
    return models.LabeledShapeRequest(
        type="points", frame=0, label_id=1, points=[1.0, number]
    ).points


@case(each=_NUMBERS)
def rotation(side: Side, number: Any) -> Any:
    """In a float field."""
    return models.LabeledShapeRequest(type="mask", frame=0, label_id=1, rotation=number).rotation


@case(each=_NUMBERS)
def assigned(side: Side, number: Any) -> Any:
    shape = models.LabeledShapeRequest(type="mask", frame=0, label_id=1)
    shape.rotation = number
    return shape.rotation


@case(each=_NUMBERS)
def unlimited_integer(side: Side, number: Any) -> Any:
    return models.SubLabeledShapeRequest(type="mask", frame=0, label_id=number).label_id


@case(each=_NUMBERS)
def integer_with_limits(side: Side, number: Any) -> Any:
    return models.LabeledShapeRequest(type="mask", frame=number, label_id=1).frame


@case(each=_NUMBERS)
def unknown_field(side: Side, number: Any) -> Any:
    return models.LabeledShapeRequest(type="mask", frame=0, label_id=1, novel=number).novel


def _annotations(number: Any, **more: Any) -> dict[str, Any]:
    shape = {"type": "points", "frame": 0, "label_id": 1, "points": [1.0, number], **more}
    return {"version": 0, "tags": [], "shapes": [shape], "tracks": []}


@case(answer(json=_EMPTY), each=_NUMBERS)
def sent(side: Side, number: Any) -> Any:
    """In a dict that becomes a body."""
    with side.client() as client:
        client.tasks_api.update_annotations(1, labeled_data_request=_annotations(number))


@case(answer(json=_EMPTY), each=_NUMBERS)
def sent_as_model(side: Side, number: Any) -> Any:
    with side.client() as client:
        client.tasks_api.update_annotations(
            1, labeled_data_request=models.LabeledDataRequest(**_annotations(number))
        )


@case(answer(json=_EMPTY), each=_NUMBERS)
def sent_beside_nulls(side: Side, number: Any) -> Any:
    """Such a number in a body that has nulls of its own."""
    with side.client() as client:
        client.tasks_api.update_annotations(
            1, labeled_data_request=_annotations(number, source=None, group=None)
        )


@case(answer(json={}), each=_NUMBERS)
def sent_unchecked(side: Side, number: Any) -> Any:
    with side.client() as client:
        client.call_api("/api/x", "POST", body={"a": [number, None]})


_TEXTS = {
    "400 digits": "1" + "0" * 400,
    "1e400": "1e400",
    "minus 1e400": "-1e400",
    "65 bits": str(2**65),
    "NaN": "NaN",
    "Infinity": "Infinity",
    "1e2": "1e2",
    "7.0": "7.0",
    "1e-400": "1e-400",
}


def _received(place: str) -> Any:
    def make(text: str) -> Sequence[Answer]:
        shape = {"type": "points", "frame": 0, "label_id": 1, "points": [1.0], "rotation": 0.0}
        shape[place] = [1.0, "@"] if place == "points" else "@"
        body = {"version": 0, "tags": [], "shapes": [shape], "tracks": []}
        return [answer(body=json.dumps(body).replace('"@"', text), content_type="application/json")]

    return make


@case(each=_TEXTS, answering=_received("points"))
def received_point(side: Side, text: str) -> Any:
    with side.client() as client:
        return client.tasks_api.retrieve_annotations(1)[0].shapes[0].points


@case(each=_TEXTS, answering=_received("rotation"))
def received_rotation(side: Side, text: str) -> Any:
    with side.client() as client:
        return client.tasks_api.retrieve_annotations(1)[0].shapes[0].rotation


@case(each=_TEXTS, answering=_received("label_id"))
def received_integer(side: Side, text: str) -> Any:
    with side.client() as client:
        return client.tasks_api.retrieve_annotations(1)[0].shapes[0].label_id


@case(each=_TEXTS, answering=_received("novel"))
def received_unknown(side: Side, text: str) -> Any:
    with side.client() as client:
        return client.tasks_api.retrieve_annotations(1)[0].shapes[0].novel
