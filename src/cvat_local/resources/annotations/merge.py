"""Puts the annotations of a task's jobs together.

Where jobs overlap, an object drawn in both is shown once: the one of the earlier job. Rectangles and
polygons of a label are the same object when they share three quarters of their area. Objects of other
types have to be drawn identically: that is how a document saved through the task, which is stored
in each job, comes back as it was. Tracks are joined when they agree in at least half of the frames
that their jobs share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from cvat_local.resources.annotations.matching import AREA_TYPES, assign, identity, similarities
from cvat_local.resources.annotations.objects import (
    KINDS,
    Keyframe,
    Objects,
    Shape,
    Tag,
    Track,
    TrackElement,
    plain_items,
)
from cvat_local.resources.annotations.windows import Window
from cvat_sdk.core.shapes.tracks import Object, interpolate

_Item = TypeVar("_Item")
_Key = TypeVar("_Key", bound=Hashable)
_AnyTrack = TypeVar("_AnyTrack", bound=TrackElement)

_SHAPE_THRESHOLD = 0.75
_TRACK_THRESHOLD = 0.5


class Part(NamedTuple):
    """The annotations of one job."""

    window: Window
    document: Objects


@dataclass
class Merged:
    """The annotations of a task."""

    document: Objects = field(default_factory=Objects)
    copies: dict[str, dict[int, list[int]]] = field(
        default_factory=lambda: {kind: defaultdict(list) for kind in KINDS}
    )
    """By kind and the id of an object shown: the ids of its copies in other jobs."""


def merge(parts: Sequence[Part]) -> Merged:
    """The document of a task.

    Args:
        parts: The jobs' documents, windows in order. They are not changed; the result shares their
            objects. Frames outside a job's window are never merged.
    """
    merged = Merged()
    _merge_items(parts, merged, "tags", _same_tags)
    _merge_items(parts, merged, "shapes", _same_shapes)
    _merge_tracks(parts, merged)
    return merged


# --- tags and shapes --------------------------------------------------------------------------------

_Same = Callable[[list[Any], list[Any]], list[tuple[Any, Any]]]
"""Finds the pairs of equal objects among those of one frame."""


def _merge_items(parts: Sequence[Part], merged: Merged, kind: str, same: _Same) -> None:
    shown = merged.document.of(kind)
    by_frame: dict[int, list[Any]] = defaultdict(list)
    last = -1
    for window, document in parts:
        shared: dict[int, list[Any]] = defaultdict(list)
        for item in document.of(kind):
            if window.start <= item.frame <= last and item.frame in by_frame:
                shared[item.frame].append(item)
        hidden = set()
        for frame, items in shared.items():
            for kept, copy in same(by_frame[frame], items):
                merged.copies[kind][kept.id].append(copy.id)
                hidden.add(copy.id)
        for item in document.of(kind):
            if item.id not in hidden:
                shown.append(item)
                by_frame[item.frame].append(item)
        last = max(last, window.stop)


def _same_tags(known: list[Tag], new: list[Tag]) -> list[tuple[Tag, Tag]]:
    # A label may be set twice with different attributes; then each goes with its own copy.
    pairs, known, new = _paired(known, new, lambda tag: (tag.label_id, _attributes(tag)))
    return pairs + _paired(known, new, lambda tag: tag.label_id)[0]


def _attributes(item: Tag) -> frozenset[tuple[int, str]]:
    return frozenset((value.spec_id, value.value) for value in item.attributes)


def _same_shapes(known: list[Shape], new: list[Shape]) -> list[tuple[Shape, Shape]]:
    pairs, known, new = _paired(known, new, identity)
    groups = _grouped(known, _label_and_type)
    for (label_id, shape_type), others in _grouped(new, _label_and_type).items():
        if shape_type not in AREA_TYPES:
            continue
        candidates = groups.get((label_id, shape_type), [])
        alike = similarities(plain_items(candidates), plain_items(others), _SHAPE_THRESHOLD)
        pairs += [(candidates[i], others[j]) for i, j in assign(alike)]
    return pairs


def _label_and_type(shape: Shape) -> tuple[int, str]:
    return shape.label_id, shape.type


def _paired(
    known: Iterable[_Item], new: Iterable[_Item], key: Callable[[_Item], Hashable]
) -> tuple[list[tuple[_Item, _Item]], list[_Item], list[_Item]]:
    """Pairs of objects with equal keys, one to one; and what is left of both sides."""
    waiting = _grouped(known, key)
    pairs: list[tuple[_Item, _Item]] = []
    rest: list[_Item] = []
    for item in new:
        partners = waiting.get(key(item))
        if partners:
            pairs.append((partners.pop(0), item))
        else:
            rest.append(item)
    return pairs, [item for items in waiting.values() for item in items], rest


def _grouped(items: Iterable[_Item], key: Callable[[_Item], _Key]) -> dict[_Key, list[_Item]]:
    groups: dict[_Key, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


# --- tracks -----------------------------------------------------------------------------------------


@dataclass
class _Shown:
    """A track of the result and the last frame of the jobs that it comes from."""

    track: Track
    stop: int


def _merge_tracks(parts: Sequence[Part], merged: Merged) -> None:
    shown: list[_Shown] = []
    last = -1
    for window, document in parts:
        candidates = [item for item in shown if item.stop >= window.start]
        joined = _same_tracks(candidates, document.tracks, window)
        for index, track in enumerate(document.tracks):
            known = joined.get(index)
            if known is None:
                shown.append(_Shown(track, window.stop))
                continue
            if known.track.id is not None and track.id is not None:
                merged.copies["tracks"][known.track.id].append(track.id)
            known.track = _joined(known.track, track)
            known.stop = max(known.stop, window.stop)
        last = max(last, window.stop)
    merged.document.tracks = [
        item.track if item.stop == last else _ended(item.track, item.stop) for item in shown
    ]


def _same_tracks(
    candidates: list[_Shown], tracks: list[Track], window: Window
) -> dict[int, _Shown]:
    """By the index of a new track: the track that it continues."""
    weights: dict[tuple[int, int], float] = {}
    by_kind = _indices_by_kind([item.track for item in candidates])
    for kind, new in _indices_by_kind(tracks).items():
        # Candidates may come from jobs of different lengths; each is compared as far as it goes.
        by_stop: dict[int, list[int]] = defaultdict(list)
        for i in by_kind.get(kind, ()):
            by_stop[min(candidates[i].stop, window.stop)].append(i)
        for stop, known in by_stop.items():
            frames = Window(window.start, stop)
            agreements = _agreements(
                [candidates[i].track for i in known], [tracks[j] for j in new], frames
            )
            for (i, j), agreement in agreements.items():
                weights[known[i], new[j]] = agreement
    enough = {pair: weight for pair, weight in weights.items() if weight >= _TRACK_THRESHOLD}
    return {j: candidates[i] for i, j in assign(enough)}


def _indices_by_kind(tracks: Sequence[Track]) -> dict[tuple[int, str], list[int]]:
    return _grouped(
        range(len(tracks)),
        lambda index: (tracks[index].label_id, tracks[index].shapes[0].type),
    )


def _agreements(
    first: list[Track], second: list[Track], frames: Window
) -> dict[tuple[int, int], float]:
    """How alike tracks are, on average over the frames in which one of the two is to be seen."""
    left, right = (
        [_visible(track, frames) for track in plain_items(tracks)] for tracks in (first, second)
    )
    total: dict[tuple[int, int], float] = defaultdict(float)
    for frame in range(frames.start, frames.stop + 1):
        here = [i for i, shapes in enumerate(left) if frame in shapes]
        there = [j for j, shapes in enumerate(right) if frame in shapes]
        alike = similarities([left[i][frame] for i in here], [right[j][frame] for j in there])
        for (i, j), value in alike.items():
            total[here[i], there[j]] += value
    return {
        (i, j): value / len(left[i].keys() | right[j].keys()) for (i, j), value in total.items()
    }


def _visible(track: Object, frames: Window) -> dict[int, Object]:
    shapes = interpolate(track, frames.start, frames.stop)
    return {shape["frame"]: shape for shape in shapes if not shape["outside"]}


def _joined(first: _AnyTrack, second: TrackElement) -> _AnyTrack:
    """The first track continued by the second; where both have a keyframe, the first one's counts."""
    by_frame = {shape.frame: shape for shape in (*second.shapes, *first.shapes)}
    track = replace(first, shapes=[by_frame[frame] for frame in sorted(by_frame)])
    if isinstance(track, Track) and isinstance(second, Track):
        by_label = {element.label_id: element for element in second.elements}
        elements = [
            _joined(element, by_label.pop(element.label_id))
            if element.label_id in by_label
            else element
            for element in track.elements
        ]
        track.elements = [*elements, *by_label.values()]
    return track


def _ended(track: _AnyTrack, stop: int) -> _AnyTrack:
    """The track with an end: it must not go on into the frames of jobs that do not have it."""
    final: Keyframe = max(track.shapes, key=lambda shape: shape.frame)
    ended = replace(track)
    if final.frame <= stop and not final.outside:
        end = replace(final, id=None, frame=stop + 1, outside=True)
        ended.shapes = [*track.shapes, end]
    if isinstance(ended, Track):
        ended.elements = [_ended(element, stop) for element in ended.elements]
    return ended
