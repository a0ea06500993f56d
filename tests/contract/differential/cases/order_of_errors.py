"""Several faults in one body: which of them is reported."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.case import Side, case

_SHAPE = {"type": "mask", "frame": 0, "label_id": 1}
_FAULTS: dict[str, Any] = {
    "value before type": {"name": "x" * 65, "type": 5, "color": "red"},
    "type before value": {"color": 5, "name": "x" * 65},
    "value, then type in a list": {"name": "x" * 65, "attributes": [{"name": 5}]},
    "type in a list, then value": {"attributes": [{"name": 5}], "name": "x" * 65},
    "value in a list, then type": {
        "attributes": [{"name": "", "mutable": True, "input_type": "text", "values": []}],
        "name": 5,
    },
    "missing in a list, then type": {"attributes": [{"name": "a"}], "name": 5},
    "type, then missing in a list": {"name": 5, "attributes": [{"name": "a"}]},
    "two types": {"color": 5, "name": 5},
    "two values": {"color": "x" * 9, "name": "x" * 65},
    "read-only and type": {"id": 5, "parent_id": 5, "name": 5},
    "type and read-only": {"name": 5, "parent_id": 5},
    "read-only and value": {"parent_id": 5, "name": "x" * 65},
    "unknown and type": {"novel": {1, 2}, "name": 5},
    "type and unknown": {"name": 5, "novel": {1, 2}},
}


@case(each=_FAULTS)
def label(side: Side, fields: Any) -> Any:
    """No field is required."""
    return models.PatchedLabelRequest(**fields)


@case(answer(json={}), each=_FAULTS)
def label_in_a_call(side: Side, fields: Any) -> Any:
    with side.client() as client:
        return client.labels_api.partial_update(1, patched_label_request=fields)


_REQUIRED: dict[str, Any] = {
    "optional value, required type": {"rotation": 500.0, **_SHAPE, "frame": "x"},
    "optional type, required value": {"rotation": "x", **_SHAPE, "frame": -1},
    "optional type, required type": {"rotation": "x", **_SHAPE, "frame": "x"},
    "optional value, required value": {"rotation": 500.0, **_SHAPE, "frame": -1},
    "required in another order": {"frame": "x", "label_id": "x", "type": 5},
    "required values in another order": {"label_id": -1, "frame": -1, "type": "star"},
    "missing and type": {"frame": "x", "type": "mask"},
    "missing and value": {"frame": -1, "type": "mask"},
    "missing and unknown": {"novel": {1}, "type": "mask"},
    "unknown, required type": {"novel": {1}, **_SHAPE, "frame": "x"},
    "enumeration and type": {**_SHAPE, "type": "star", "frame": "x"},
}


@case(each=_REQUIRED)
def shape(side: Side, fields: Any) -> Any:
    return models.LabeledShapeRequest(**fields)


@case(answer(json={"version": 0, "tags": [], "shapes": [], "tracks": []}), each=_REQUIRED)
def shape_in_a_call(side: Side, fields: Any) -> Any:
    body = {"shapes": [fields], "version": "x"}
    with side.client() as client:
        return client.tasks_api.update_annotations(1, labeled_data_request=body)


@case(answer(json={"version": 0, "tags": [], "shapes": [], "tracks": []}), each=_REQUIRED)
def shape_after_another_fault(side: Side, fields: Any) -> Any:
    body = {"version": "x", "shapes": [fields]}
    with side.client() as client:
        return client.tasks_api.update_annotations(1, labeled_data_request=body)
