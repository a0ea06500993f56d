"""Cuts the annotations of a task into those of its jobs.

Jobs may overlap: what lies in frames of several jobs goes to each of them. What lies in no job's
frames is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cvat_local.resources.annotations.objects import Objects, Track, plain_items, track_of
from cvat_sdk.core.shapes.tracks import Object, keyframes, positions


class Window(NamedTuple):
    """Frames of a job, both ends inclusive."""

    start: int
    stop: int


def cut(document: Objects, windows: Sequence[Window]) -> list[Objects]:
    """One document for each window.

    Args:
        document: It is not changed; the parts share its objects.
        windows: In order: neither their starts nor their stops may decrease.
    """
    parts = [Objects() for _ in windows]
    starts = [window.start for window in windows]
    stops = [window.stop for window in windows]
    for kind in ("tags", "shapes"):
        lists = [part.of(kind) for part in parts]
        for item in document.of(kind):
            frame = item.frame
            for index in range(bisect_left(stops, frame), bisect_right(starts, frame)):
                lists[index].append(item)
    for track in document.tracks:
        for index, piece in _cut_track(track, windows, stops):
            parts[index].tracks.append(piece)
    return parts


def _cut_track(
    whole: Track, windows: Sequence[Window], stops: Sequence[int]
) -> Iterator[tuple[int, Track]]:
    """The parts of a track by the indices of the windows in which it is to be seen.

    A piece moves in its window as the whole does: where a keyframe outside the window has a say, an
    interpolated one is set at the window's edge.
    """
    (track,) = plain_items([whole])
    known = keyframes(track)
    of_elements = [(element, keyframes(element)) for element in track["elements"]]
    for index in range(bisect_left(stops, known[0]["frame"]), len(windows)):
        window = windows[index]
        shapes = _inside(known, window)
        if all(shape["outside"] for shape in shapes):
            continue
        elements = [_cut_element(element, shapes, window) for element, shapes in of_elements]
        piece = {**track, "frame": shapes[0]["frame"], "shapes": shapes, "elements": elements}
        yield index, track_of(piece)


def _cut_element(element: Object, known: list[Object], window: Window) -> Object:
    """Likewise for a point of a skeleton, which stays complete: an unseen point is marked outside."""
    shapes = _inside(known, window)
    if not shapes:
        hidden = {**known[0], "frame": window.start, "outside": True}
        hidden.pop("id", None)
        shapes = [hidden]
    return {**element, "frame": shapes[0]["frame"], "shapes": shapes}


def _inside(known: list[Object], window: Window) -> list[Object]:
    """The keyframes in the window, and those that its edges need."""
    inside = [shape for shape in known if window.start <= shape["frame"] <= window.stop]
    if known[0]["frame"] < window.start and (not inside or inside[0]["frame"] > window.start):
        leading = _edge(known, window.start)
        if not leading["outside"]:
            inside.insert(0, leading)
    if inside and known[-1]["frame"] > window.stop > inside[-1]["frame"]:
        trailing = _edge(known, window.stop)
        if _moved(inside[-1], trailing):
            inside.append(trailing)
    return inside


def _edge(known: list[Object], frame: int) -> Object:
    """The interpolated shape in a frame, as a keyframe."""
    (shape,) = positions(known, frame, frame)
    del shape["keyframe"]
    return shape


def _moved(shape: Object, other: Object) -> bool:
    return (shape["points"], shape["rotation"]) != (other["points"], other["rotation"])
