"""Enumerations."""

from __future__ import annotations

import copy
import pickle
from typing import Any

from cvat_sdk.api_client import model_utils, models
from differential.case import Side, case


@case(template=True)
def member(side: Side, given: dict[str, Any]) -> Any:
    """One value of an enumeration."""
    cls = getattr(models, given["model"])
    found = cls(given["value"])
    again = cls(value=given["value"])
    return {
        "value": found,
        "by keyword": again,
        "plain": type(found.value).__name__,
        "text": str(found),
        "repr": repr(found),
        "equal": found == again,
        "pickle": pickle.loads(pickle.dumps(found)) == found,
        "deepcopy": copy.deepcopy(found) == found,
        "json": model_utils.to_json(found),
    }


_CONSTRUCTIONS: dict[str, Any] = {
    "value": lambda: models.ShapeType("mask"),
    "keyword": lambda: models.ShapeType(value="mask"),
    "bad": lambda: models.ShapeType("star"),
    "bad by keyword": lambda: models.ShapeType(value="star"),
    "number": lambda: models.ShapeType(5),
    "enum": lambda: models.ShapeType(models.ShapeType("mask")),
    "nothing": lambda: models.ShapeType(),
    "none": lambda: models.ShapeType(None),
    "two": lambda: models.ShapeType("mask", "polygon"),
    "unknown keyword": lambda: models.ShapeType("mask", more=1),
    "path": lambda: models.ShapeType("star", _path_to_item=["here"]),
    "upper case": lambda: models.ShapeType("MASK"),
    "default": lambda: models.AnnotationConflictSeverity(),
    "default of a blank one": lambda: models.BlankEnum(),
    "blank": lambda: models.BlankEnum(""),
    "null": lambda: models.NullEnum("null"),
    "real null": lambda: models.NullEnum(None),
    "default content type": lambda: models.WebhookContentType(),
    "received": lambda: models.ShapeType._from_openapi_data("mask"),
    "received, bad": lambda: models.ShapeType._from_openapi_data("star"),
}


@case(each=_CONSTRUCTIONS)
def construction(side: Side, make: Any) -> Any:
    return make()


_USES: dict[str, Any] = {
    "value": lambda e: e.value,
    "item": lambda e: e["value"],
    "get": lambda e: e.get("value"),
    "in": lambda e: "value" in e,
    "str": str,
    "repr": repr,
    "to_str": lambda e: e.to_str(),
    "equal": lambda e: [e == models.ShapeType("mask"), e != models.ShapeType("mask")],
    "not equal": lambda e: [e == models.ShapeType("polygon"), e != models.ShapeType("polygon")],
    "other enum": lambda e: e == models.BlankEnum(""),
    "equal to text": lambda e: e == "mask",
    "hash": lambda e: hash(e) == hash("mask"),
    "in a set": lambda e: len({e, models.ShapeType("mask")}),
    "json": lambda e: __import__("json").dumps(e),
    "format": lambda e: f"{e}",
    "format with width": lambda e: f"{e:>6}",
    "order": lambda e: sorted([e, models.ShapeType("cuboid")])[0].value,
    "length": len,
    "upper": lambda e: e.upper(),
    "documented": lambda e: models.RequestStatus.allowed_values[("value",)]["FINISHED"],
    "keys of allowed values": lambda e: sorted(models.OperationStatus.allowed_values[("value",)]),
    "copy": lambda e: copy.copy(e) == e,
    "to_json": model_utils.to_json,
    "assign": lambda e: setattr(e, "value", "polygon"),
    "instance of str": lambda e: isinstance(e, str),
    "truth": bool,
    "iteration of class": lambda e: len(list(type(e))),
}


@case(each=_USES)
def use(side: Side, function: Any) -> Any:
    return function(models.ShapeType("mask"))
