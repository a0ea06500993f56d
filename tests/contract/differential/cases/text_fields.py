"""Fields whose enumerations are plain text in the published package, and members where it has them."""

from __future__ import annotations

import csv
import io
import json
import pprint
from typing import Any

from cvat_sdk.api_client import models
from differential.case import Side, case


def _label(side: Side) -> Any:
    return models.Label(name="car", type="rectangle")


_FIELDS: dict[str, Any] = {
    "label": lambda side: _label(side).type,
    "label in a request": lambda side: models.PatchedLabelRequest(type="mask").type,
    "role": lambda side: (
        models.MembershipRead._from_openapi_data(
            id=1,
            user=models.BasicUser(username="a"),
            organization=1,
            role="worker",
            joined_date=None,
            invitation="x",
            _check_type=False,
        ).role
    ),
    "shape": lambda side: models.LabeledShapeRequest(type="mask", frame=0, label_id=1).type,
    "input": lambda side: models.AttributeRequest("a", True, "select", ["x"]).input_type,
    "location": lambda side: models.StorageRequest(location="local").location,
    "stage of a request": lambda side: models.PatchedJobWriteRequest(stage="annotation").stage,
}
_WAYS: dict[str, Any] = {
    "repr": lambda value: f"{value!r}",
    "str": lambda value: f"{value}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031  # the form that is tested
    "list": lambda value: f"{[value]}",
    "dict": lambda value: f"{ {'type': value} }",
    "pprint": lambda value: pprint.pformat({"type": value}),
}


def _written_as_csv(value: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([value])
    return text.getvalue()


@case(each=_FIELDS)
def printed(side: Side, make: Any) -> Any:
    """A field in every form in which people print it."""
    value = make(side)
    return {name: way(value) for name, way in _WAYS.items()}


_TEXT_WAYS: dict[str, Any] = {
    "width": lambda value: f"{value:>12}|{value:^12}|{value:.3}",
    "json": lambda value: json.dumps({"type": value}),
    "csv": _written_as_csv,
    "joined": lambda value: "-".join([value, value]),
    "concatenated": lambda value: value + "s",
    "as a key": lambda value: {value: 1}["rectangle"],
    "equal": lambda value: [value == "rectangle", value != "rectangle", value in ("rectangle",)],
    "sorted": lambda value: sorted(["z", value, "a"])[1] == "rectangle",
    "sliced": lambda value: value[:4],
    "upper": lambda value: value.upper(),
    "true": bool,
}


@case(each=_TEXT_WAYS)
def text(side: Side, way: Any) -> Any:
    """A text field in the places where text works."""
    return way(_label(side).type)


_MEMBERS: dict[str, Any] = {
    "unknown attribute": lambda: models.ShapeType("mask").colour,
    "probe for an attribute": lambda: hasattr(models.ShapeType("mask"), "colour"),
    "default for an attribute": lambda: getattr(models.ShapeType("mask"), "colour", "none"),
    "unknown item": lambda: models.ShapeType("mask")["colour"],
    "truth of the blank": lambda: bool(models.BlankEnum("")),
    "truth of the blank by default": lambda: bool(models.BlankEnum()),
    "truth of null": lambda: bool(models.NullEnum("null")),
}


@case(each=_MEMBERS)
def member(side: Side, function: Any) -> Any:
    return function()
