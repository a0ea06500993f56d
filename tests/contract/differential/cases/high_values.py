"""Masks, values of attributes, progress, and what functions for auto-annotation are made of."""

from __future__ import annotations

import io
from typing import Any

from differential.case import Side, case
from differential.high_level import outcome

_BITMAPS: dict[str, Any] = {
    "one pixel": ([[0, 0], [0, 1]], None),
    "full": ([[1, 1], [1, 1]], None),
    "empty": ([[0, 0], [0, 0]], None),
    "hole": ([[1, 1, 1], [1, 0, 1], [1, 1, 1]], None),
    "row": ([[0, 1, 1, 0]], None),
    "box": ([[1, 0, 1], [0, 1, 0], [1, 0, 1]], [0, 0, 2, 2]),
    "box of fractions": ([[1, 0, 1], [0, 1, 0], [1, 0, 1]], [0.5, 0.5, 2.2, 2.2]),
    "box around all": ([[1, 0], [0, 1]], [0, 0, 2, 2]),
    "box beyond": ([[1, 0], [0, 1]], [0, 0, 3, 2]),
    "box of three": ([[1, 0], [0, 1]], [0, 0, 3]),
    "negative box": ([[1, 0], [0, 1]], [-1, 0, 1, 1]),
    "empty box": ([[1, 0], [0, 1]], [1, 1, 1, 1]),
}


@case(each=_BITMAPS)
def encoded_mask(side: Side, arguments: Any) -> Any:
    import numpy as np

    from cvat_sdk.masks import encode_mask

    bitmap, box = arguments
    image = np.array(bitmap, dtype=bool)
    found = encode_mask(image) if box is None else encode_mask(image, box)
    return [float(value) for value in found]


@case(each={"numbers": [[0, 1]], "one dimension": [True, False], "three": [[[True]]]})
def what_is_no_bitmap(side: Side, value: Any) -> Any:
    import numpy as np

    from cvat_sdk.masks import encode_mask

    return encode_mask(np.array(value))


_ENCODED: dict[str, Any] = {
    "one pixel": [0, 1, 1, 1, 1, 1],
    "hole": [0, 4, 1, 4, 0, 0, 2, 2],
    "floats": [0.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    "outside": [0, 1, 9, 9, 9, 9],
    "too few": [0, 1, 0, 0, 1, 1],
    "too many": [0, 9, 0, 0, 1, 1],
    "no runs": [1, 1, 1, 1],
    "negative": [-1, 2, 1, 1, 1, 1],
}


@case(each=_ENCODED)
def decoded_mask(side: Side, points: Any) -> Any:
    from cvat_sdk.masks import decode_mask

    return decode_mask(points, image_width=4, image_height=3)


@case(each={"plain": (0, 10), "step": (0, 10, 5), "one": (3, 3), "wrong order": (5, 1)})
def values_of_numbers(side: Side, arguments: Any) -> Any:
    from cvat_sdk.attributes import number_attribute_values

    return number_attribute_values(
        *arguments[:2], **({"step": arguments[2]} if arguments[2:] else {})
    )


@case(each={"step": (0, 10, 3), "no step": (0, 10, 0), "back": (0, 10, -1)})
def values_of_numbers_with_another_step(side: Side, arguments: Any) -> Any:
    from cvat_sdk.attributes import number_attribute_values

    return number_attribute_values(*arguments[:2], step=arguments[2])


_VALUES: dict[str, Any] = {
    "checkbox": ("checkbox", [], ["true", "false", "True", "", "1"]),
    "number": ("number", ["0", "10", "2"], ["0", "4", "5", "11", "-2", "x", "4.0"]),
    "number of one step": ("number", ["-5", "5", "1"], ["-5", "0", "6"]),
    "radio": ("radio", ["a", "b"], ["a", "b", "c", ""]),
    "select": ("select", ["a", "b"], ["a", "c"]),
    "text": ("text", [], ["", "anything"]),
    "number of two": ("number", ["0", "10"], []),
    "number of texts": ("number", ["a", "b", "c"], []),
    "radio of none": ("radio", [], []),
}


@case(each=_VALUES)
def values_of_attributes(side: Side, arguments: Any) -> Any:
    from cvat_sdk import models
    from cvat_sdk.attributes import attribute_value_validator

    kind, values, texts = arguments
    spec = models.AttributeRequest(name="a", mutable=False, input_type=kind, values=values)
    check = attribute_value_validator(spec)
    return [check(text) for text in texts]


@case(each={"two": {1: "a", 2: "b"}, "none": {}})
def values_of_a_dict(side: Side, values: Any) -> Any:
    from cvat_sdk.attributes import attribute_vals_from_dict

    return attribute_vals_from_dict(values)


# -- progress ---------------------------------------------------------------------------------------


@case(each=("base", "null", "tqdm"))
def progress(side: Side, kind: str) -> Any:
    from cvat_sdk.core import progress as module

    if kind == "tqdm":
        from cvat_sdk.core.helpers import DeferredTqdmProgressReporter

        reporter = DeferredTqdmProgressReporter({"file": io.StringIO()})
    else:
        reporter = getattr(module, f"{kind.title()}ProgressReporter")()
    with reporter.task(total=10, desc="working"):
        reporter.advance(3)
        reporter.report_status(7)
        seen = [*reporter.iter(range(2))]
    return [kind, seen]


@case(each=("advance", "report_status", "finish"))
def progress_without_a_task(side: Side, name: str) -> Any:
    from cvat_sdk.core.progress import BaseProgressReporter

    reporter = BaseProgressReporter()
    call = getattr(reporter, name)
    return outcome(side, call) if name == "finish" else outcome(side, call, 1)


@case()
def progress_of_a_stream(side: Side) -> Any:
    from cvat_sdk.core.helpers import StreamWithProgress
    from cvat_sdk.core.progress import BaseProgressReporter

    seen = []

    class Reporter(BaseProgressReporter):
        def advance(self, delta: int) -> None:
            super().advance(delta)
            seen.append(delta)

    reporter = Reporter()
    with reporter.task(total=10):
        stream = StreamWithProgress(io.BytesIO(b"0123456789"), reporter)
        parts = [stream.read(4), stream.read(), stream.seek(0), stream.tell(), stream.read(2)]
    return [parts, sum(seen)]


# -- functions --------------------------------------------------------------------------------------

_LABELS: dict[str, Any] = {
    "one": lambda f: [f.label_spec("car", 0)],
    "several": lambda f: [f.label_spec("car", 0), f.label_spec("bus", 1, type="polygon")],
    "no id": lambda f: [f.label_spec("car", None)],
    "repeated id": lambda f: [f.label_spec("car", 0), f.label_spec("bus", 0)],
    "none": lambda f: [],
    "skeleton": lambda f: [
        f.skeleton_label_spec("dog", 0, [f.keypoint_spec("nose", 0), f.keypoint_spec("tail", 1)])
    ],
    "skeleton of a repeated id": lambda f: [
        f.skeleton_label_spec("dog", 0, [f.keypoint_spec("nose", 0), f.keypoint_spec("tail", 0)])
    ],
    "sublabels of another type": lambda f: [
        f.label_spec("dog", 0, type="points", sublabels=[f.keypoint_spec("nose", 0)])
    ],
    "attributes": lambda f: [
        f.label_spec(
            "car",
            0,
            attributes=[
                f.checkbox_attribute_spec("parked", 0),
                f.number_attribute_spec("size", 1, ["0", "10", "1"]),
                f.radio_attribute_spec("side", 2, ["left", "right"]),
                f.select_attribute_spec("color", 3, ["red"]),
                f.text_attribute_spec("plate", 4),
            ],
        )
    ],
    "repeated attribute": lambda f: [
        f.label_spec(
            "car",
            0,
            attributes=[f.text_attribute_spec("a", 0), f.text_attribute_spec("b", 0)],
        )
    ],
    "attribute without an id": lambda f: [
        f.label_spec("car", 0, attributes=[f.text_attribute_spec("a", None)])
    ],
    "number of wrong values": lambda f: [
        f.label_spec("car", 0, attributes=[f.number_attribute_spec("a", 0, ["x"])])
    ],
    "select of none": lambda f: [
        f.label_spec("car", 0, attributes=[f.select_attribute_spec("a", 0, [])])
    ],
}


@case(each=_LABELS)
def specification(side: Side, make: Any) -> Any:
    import cvat_sdk.auto_annotation as functions

    return functions.DetectionFunctionSpec(labels=make(functions)).labels


_FOUND: dict[str, Any] = {
    "tag": lambda f: f.tag(1),
    "tag of attributes": lambda f: f.tag(1, attributes=[{"spec_id": 1, "value": "x"}]),
    "shape": lambda f: f.shape(1, type="polyline", points=[1, 2, 3, 4]),
    "rectangle": lambda f: f.rectangle(1, [1, 2, 3, 4]),
    "rotated": lambda f: f.rectangle(1, [1, 2, 3, 4], rotation=15),
    "polygon": lambda f: f.polygon(1, [1, 2, 3, 4, 5, 6]),
    "mask": lambda f: f.mask(1, [0, 1, 0, 0, 0, 0]),
    "skeleton": lambda f: f.skeleton(1, [f.keypoint(2, [1, 2], outside=True)]),
    "keypoint": lambda f: f.keypoint(2, [1, 2]),
    "frame given": lambda f: f.tag(1, frame=5),
    "type given": lambda f: f.rectangle(1, [1, 2, 3, 4], type="polygon"),
    "unknown type": lambda f: f.shape(1, type="blob", points=[1]),
}


@case(each=_FOUND)
def annotation(side: Side, make: Any) -> Any:
    import cvat_sdk.auto_annotation as functions

    return make(functions)


_TRACKING: dict[str, Any] = {
    "types": {"supported_shape_types": ["rectangle", "polygon"]},
    "none": {"supported_shape_types": []},
    "unknown": {"supported_shape_types": ["blob"]},
}


@case(each=_TRACKING)
def tracking_specification(side: Side, options: Any) -> Any:
    import cvat_sdk.auto_annotation as functions

    return sorted(map(str, functions.TrackingFunctionSpec(**options).supported_shape_types))


_INTERACTION: dict[str, Any] = {
    "points": {"min_pos_points": 1},
    "more": {"min_pos_points": 1, "min_neg_points": 0, "min_bounding_boxes": 1},
    "negative": {"min_pos_points": -1},
    "two boxes": {"min_pos_points": 1, "min_bounding_boxes": 2},
}


@case(each=_INTERACTION)
def interaction_specification(side: Side, options: Any) -> Any:
    import cvat_sdk.auto_annotation as functions

    found = functions.InteractionFunctionSpec(**options)
    return [found.min_pos_points, found.min_neg_points, found.min_bounding_boxes]


@case()
def trackable_shape(side: Side) -> Any:
    import cvat_sdk.auto_annotation as functions

    found = functions.TrackableShape(type="rectangle", points=(1, 2, 3, 4))
    return [
        str(found.type),
        found.points,
        found == functions.TrackableShape(type="rectangle", points=[1, 2, 3, 4]),
    ]
