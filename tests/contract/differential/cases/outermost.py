"""Answers of custom requests of which the outermost object alone is decoded."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.case import Side, case

_ATTRIBUTE = {"id": 1, "name": "a", "mutable": True, "input_type": "text", "values": ["1"]}
_LABEL = {"name": "car", "id": 1, "attributes": [_ATTRIBUTE], "sublabels": [], "novel": {"a": "x"}}
_SHAPE = {
    "type": "mask",
    "frame": 0,
    "label_id": 1,
    "points": [1.0, 2.0],
    "attributes": [{"spec_id": 1, "value": "x"}],
}
_SCHEMAS: dict[str, Any] = {
    "model": (_LABEL, (models.Label,)),
    "shape": (_SHAPE, (models.LabeledShape,)),
    "page": (
        {"count": 1, "next": None, "previous": None, "results": [_LABEL]},
        (models.PaginatedLabelList,),
    ),
    "list": ([_LABEL, _LABEL], ([models.Label],)),
    "list of lists": ([[_LABEL]], ([[models.Label]],)),
    "dict": ({"a": _LABEL}, ({str: (models.Label,)},)),
    "dict of lists": ({"a": [_LABEL]}, ({str: ([models.Label],)},)),
    "enumeration": ("mask", (models.ShapeType,)),
    "list of enumerations": (["mask", "points"], ([models.ShapeType],)),
    "composed": ({"username": "ann", "id": 1}, (models.MetaUser,)),
    "one of two models": ({"rq_id": "x"}, (models.About, models.RqId)),
    "the first of two models": ({"rq_id": "x"}, (models.RqId, models.About)),
    "neither of two models": ({"novel": "x"}, (models.About, models.RqId)),
    "integer or float": (5, (int, float)),
    "integer or text": ("x", (int, str)),
    "model or null": (None, (models.RqId, type(None))),
    "model or text": ("x", (models.RqId, str)),
    "list of either": ([{"rq_id": "x"}], ([models.RqId], str)),
    "text": ("mask", (str,)),
    "any": ({"a": "x", "b": [True, None]}, (dict,)),
}


def _answers(given: Any) -> Any:
    return [answer(json=given[0])]


@case(each=_SCHEMAS, answering=_answers)
def by_default(side: Side, given: Any) -> Any:
    """`call_api` without a word about checks."""
    return side.client().call_api("/api/x", "GET", response_schema=given[1])[0]


@case(each=_SCHEMAS, answering=_answers)
def with_none(side: Side, given: Any) -> Any:
    client = side.client()
    return client.call_api("/api/x", "GET", response_schema=given[1], _check_type=None)[0]


@case(each=_SCHEMAS, answering=_answers)
def unchecked(side: Side, given: Any) -> Any:
    client = side.client()
    return client.call_api("/api/x", "GET", response_schema=given[1], _check_type=False)[0]


@case(each=_SCHEMAS, answering=_answers)
def checked(side: Side, given: Any) -> Any:
    client = side.client()
    return client.call_api("/api/x", "GET", response_schema=given[1], _check_type=True)[0]


@case(each=_SCHEMAS, answering=_answers)
def deserialized_unchecked(side: Side, given: Any) -> Any:
    client = side.client()
    _, response = client.call_api("/api/x", "GET")
    return client.deserialize(response, given[1], _check_type=False)


@case(each=_SCHEMAS, answering=_answers)
def deserialized(side: Side, given: Any) -> Any:
    client = side.client()
    _, response = client.call_api("/api/x", "GET")
    return client.deserialize(response, given[1], _check_type=True)
