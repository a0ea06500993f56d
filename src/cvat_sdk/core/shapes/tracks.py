"""Where a track is in the frames between its keyframes.

A track keeps its keyframes only. Between two of them a rectangle, ellipse, cuboid, polygon, polyline
or single point moves evenly (a rotation turns the shorter way round); sets of points and masks stay
as they are until the next keyframe. After the last keyframe nothing changes any more. Attribute
values hold until a keyframe sets others. Polygons and polylines need NumPy.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
"""``tags``, ``shapes`` and ``tracks``, each a list of objects."""

Object: TypeAlias = dict[str, Any]
"""A tag, shape, track, keyframe of a track or element of a skeleton, with all its keys."""

_Motion = Callable[[int], Object]
"""Gives the geometry in a frame between two keyframes."""


def keyframes(track: Object) -> list[Object]:
    """The keyframes in the order of frames, each with all attribute values in force there.

    Of several keyframes in one frame the last one counts.
    """
    by_frame = {shape["frame"]: shape for shape in sorted(track["shapes"], key=_frame)}
    result: list[Object] = []
    for shape in by_frame.values():
        if result:
            shape = {**shape, "attributes": carried(result[-1], shape)}
        result.append(shape)
    return result


def carried(previous: Object, shape: Object) -> list[Object]:
    """Attribute values in force at a keyframe: its own, and the previous one's that it does not set."""
    given = {attribute["spec_id"] for attribute in shape["attributes"]}
    kept = [value for value in previous["attributes"] if value["spec_id"] not in given]
    return [*shape["attributes"], *kept]


def interpolate(track: Object, start: int, stop: int) -> Iterator[Object]:
    """The shape of a track in each frame from ``start`` to ``stop`` inclusive.

    Yields:
        Shapes in the form of keyframes, with two more keys: ``keyframe`` (whether the track has a
        keyframe there; only those have an ``id``) and ``elements``: for a skeleton the shapes of its
        elements with their ``label_id``. There are none before the first keyframe. Frames in which
        the object is away are yielded too, with ``outside`` true.
    """
    of_elements = [
        (
            element["label_id"],
            {shape["frame"]: shape for shape in positions(keyframes(element), start, stop)},
        )
        for element in track.get("elements") or ()
    ]
    for shape in positions(keyframes(track), start, stop):
        shape["elements"] = [
            {**shapes[shape["frame"]], "label_id": label_id}
            for label_id, shapes in of_elements
            if shape["frame"] in shapes
        ]
        yield shape


def positions(known: Sequence[Object], start: int, stop: int) -> Iterator[Object]:
    """Like `interpolate`, from what `keyframes` returned and without elements."""
    passed = bisect_right(known, start, key=_frame)
    for index in range(max(0, passed - 1), len(known)):
        left = known[index]
        right = known[index + 1] if index + 1 < len(known) else None
        if left["frame"] > stop:
            return
        first = max(start, left["frame"])
        last = stop if right is None else min(stop, right["frame"] - 1)
        motion = _motion(left, right)
        still = {key: value for key, value in left.items() if key != "id"}
        for frame in range(first, last + 1):
            if frame == left["frame"]:
                yield {**left, "keyframe": True}
                continue
            shape = {**still, "frame": frame, "keyframe": False}
            if motion is not None:
                shape.update(motion(frame))
            yield shape


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
            for shape in visible(track, frames[0], frames[-1]):
                if shape["frame"] in wanted:
                    shapes.append({**shape, "track_id": index})
    return {"tags": document["tags"], "shapes": shapes, "tracks": []}


def visible(track: Object, start: int, stop: int) -> Iterator[Object]:
    """The shapes of a track, see `interpolate`, in the frames in which it is there.

    Yields:
        Shapes with the label, group, source and fixed attributes of the track, those of a skeleton's points included.
    """
    common = {key: track[key] for key in ("label_id", "group", "source")}
    fixed = {element["label_id"]: element["attributes"] for element in track["elements"]}
    for shape in interpolate(track, start, stop):
        elements = [
            {
                **element,
                "source": track["source"],
                "attributes": [*fixed[element["label_id"]], *element["attributes"]],
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
                "attributes": [*track["attributes"], *shape["attributes"]],
                "elements": elements,
            }


def keyframes_of(
    positions: Iterable[tuple[bool, Object]], following: Mapping[int, int]
) -> list[Object]:
    """The way back: keyframes that give the same positions, with an ``outside`` one where the object is gone.

    Args:
        positions: By frame, each with whether it is a keyframe.
        following: The frame after each frame that has one.
    """
    found: list[Object] = []
    last: Object | None = None
    for keyframe, shape in positions:
        gap = last is not None and following.get(last["frame"]) != shape["frame"]
        if last is not None and gap and not last["outside"]:
            _end(found, last, following)
        if keyframe or last is None or gap or shape["outside"] != last["outside"]:
            found.append(shape)
        last = shape
    if last is not None and not last["outside"]:
        _end(found, last, following)
    return found


def _end(found: list[Object], last: Object, following: Mapping[int, int]) -> None:
    """Say that the object is not there any more after its last position, if a frame follows."""
    after = following.get(last["frame"])
    if after is None:
        return
    if found[-1] is not last:  # else the interpolation would run past the last known position
        found.append(last)
    found.append({**last, "frame": after, "outside": True})


def _frame(shape: Object) -> int:
    frame: int = shape["frame"]
    return frame


def _motion(left: Object, right: Object | None) -> _Motion | None:
    """How a shape moves from one keyframe to the next; None: it does not."""
    if right is None or left["type"] != right["type"] or left["outside"]:
        return None
    kind, before, after = left["type"], left["points"], right["points"]
    start, length = left["frame"], right["frame"] - left["frame"]
    if kind in ("polygon", "polyline"):
        if before == after:
            return None
        from cvat_sdk.core.shapes.curves import aligned  # NumPy, which plain tracks do without

        first, second = aligned(before, after, closed=kind == "polygon")
        way = (second - first) / length
        return lambda frame: {"points": (first + way * (frame - start)).ravel().tolist()}
    if len(before) != len(after) or not (
        kind in ("rectangle", "ellipse", "cuboid") or (kind == "points" and len(before) == 2)
    ):
        return None
    steps = [(b - a) / length for a, b in zip(before, after, strict=True)]
    turn = ((right["rotation"] - left["rotation"] + 180) % 360 - 180) / length

    def move(frame: int) -> Object:
        passed = frame - start
        geometry: Object = {
            "points": [a + step * passed for a, step in zip(before, steps, strict=True)]
        }
        if turn:
            geometry["rotation"] = (left["rotation"] + turn * passed) % 360
        return geometry

    return move
