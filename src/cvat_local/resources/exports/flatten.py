"""Tracks as one shape for each frame, which is all that formats for images know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cvat_local.resources.annotations import Document, Object, interpolate


def flatten(document: Document, frames: Sequence[int]) -> Document:
    """The tags and shapes of a document, and the tracks as shapes.

    Args:
        document: What a task or job holds.
        frames: Positions in the task that count, ascending.

    Returns:
        Tags and shapes. Those of a track have two more keys: ``track_id``, its index, and ``keyframe``.
        Frames in which it is away are left out.
    """
    shapes = list(document["shapes"])
    if frames:
        wanted = set(frames)
        for index, track in enumerate(document["tracks"]):
            for shape in _positions(track, frames[0], frames[-1]):
                if shape["frame"] in wanted:
                    shapes.append({**shape, "track_id": index})
    return {"tags": document["tags"], "shapes": shapes, "tracks": []}


def _positions(track: Object, start: int, stop: int) -> Iterator[Object]:
    common = {key: track[key] for key in ("label_id", "group", "source")}
    fixed = {element["label_id"]: element["attributes"] for element in track["elements"]}
    for shape in interpolate(track, start, stop):
        elements = [
            {
                **element,
                "source": track["source"],
                "attributes": _joined(fixed[element["label_id"]], element),
            }
            for element in shape["elements"]
        ]
        # Each point of a skeleton can be away by itself; without points there is no skeleton.
        away = all(element["outside"] for element in elements) if elements else shape["outside"]
        if not away:
            yield {
                **shape,
                **common,
                "outside": False,
                "keyframe": shape["keyframe"] or any(item["keyframe"] for item in elements),
                "attributes": _joined(track["attributes"], shape),
                "elements": elements,
            }


def _joined(fixed: Sequence[Object], shape: Object) -> list[dict[str, Any]]:
    return [*fixed, *shape["attributes"]]
