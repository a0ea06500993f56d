"""Annotation objects as rows of the database, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import islice
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import Table, Text, delete, insert, select, type_coerce
from sqlalchemy.orm import Session

from cvat_local.resources.annotations.objects import (
    Attribute,
    Element,
    Keyframe,
    Objects,
    Shape,
    Tag,
    Track,
    TrackElement,
)
from cvat_local.storage.sequences import SequenceName, reserve_id, take_ids
from cvat_local.storage.tables import metadata
from cvat_local.storage.types import Json

_TABLES: dict[str, Table] = {
    "tags": metadata.tables["tag"],
    "shapes": metadata.tables["shape"],
    "tracks": metadata.tables["track"],
}

_CLASSES: dict[str, type[Struct]] = {"tags": Tag, "shapes": Shape, "tracks": Track}

_BATCH = 5_000
"""Rows or ids in one statement."""

_T = TypeVar("_T")

_attributes = msgspec.json.Decoder(list[Attribute]).decode
_READ: dict[tuple[str, str], Callable[[str], Any]] = {
    ("shapes", "points"): Raw,
    ("shapes", "elements"): msgspec.json.Decoder(list[Element]).decode,
    ("tracks", "shapes"): msgspec.json.Decoder(list[Keyframe]).decode,
    ("tracks", "elements"): msgspec.json.Decoder(list[TrackElement]).decode,
}
"""By kind and column: what its JSON becomes; attributes are left out."""


def read(db: Session, job_ids: Sequence[int]) -> dict[int, Objects]:
    """The objects of jobs: tags and shapes by frame, tracks by id, keyframes by frame."""
    found = {job_id: Objects() for job_id in job_ids}
    for kind, table in _TABLES.items():
        cls = _CLASSES[kind]
        names = cls.__struct_fields__
        readers = [
            (place, _READ.get((kind, name), _attributes))
            for place, name in enumerate(names)
            if isinstance(table.c[name].type, Json)
        ]
        columns = [
            type_coerce(table.c[name], Text)
            if isinstance(table.c[name].type, Json)
            else table.c[name]
            for name in names
        ]
        order = [table.c.id] if kind == "tracks" else [table.c.frame, table.c.id]
        lists = {job_id: objects.of(kind) for job_id, objects in found.items()}
        for batch in _batches(job_ids):
            statement = (
                select(*columns, table.c.job_id).where(table.c.job_id.in_(batch)).order_by(*order)
            )
            rows = db.execute(statement, execution_options={"yield_per": _BATCH})
            for *values, job_id in rows:
                for place, reader in readers:
                    text = values[place]
                    values[place] = [] if text is None or text == "[]" else reader(text)
                lists[job_id].append(cls(**dict(zip(names, values, strict=True))))
    return found


def store(db: Session, documents: Mapping[int, Objects]) -> list[Objects]:
    """Insert the objects of documents.

    Args:
        db: A writing session.
        documents: By job. Objects with an id keep it (no such row may exist); the others get one.

    Returns:
        The objects with all ids, in the order given.
    """
    numbered = [_copy(document) for document in documents.values()]
    _number(db, "tag", [tag for document in numbered for tag in document.tags])
    shapes = (shape for document in numbered for shape in document.shapes)
    _number(db, "shape", list(_with_elements(shapes)))
    tracks = list(_with_elements(track for document in numbered for track in document.tracks))
    _number(db, "track", tracks)
    _number(db, "tracked_shape", [shape for track in tracks for shape in track.shapes])
    for kind, table in _TABLES.items():
        rows = (
            _row(item, job_id)
            for job_id, document in zip(documents, numbered, strict=True)
            for item in document.of(kind)
        )
        for batch in _batches(rows):
            db.execute(insert(table), batch)
    return numbered


def homes(db: Session, kind: str, ids: Iterable[int]) -> dict[int, int]:
    """Which job each object is in, for those that exist."""
    table = _TABLES[kind]
    found: dict[int, int] = {}
    for batch in _batches(ids):
        statement = select(table.c.id, table.c.job_id).where(table.c.id.in_(batch))
        found.update((object_id, job_id) for object_id, job_id in db.execute(statement))
    return found


def remove(db: Session, kind: str, ids: Iterable[int]) -> None:
    """Delete objects by their ids."""
    table = _TABLES[kind]
    for batch in _batches(ids):
        db.execute(delete(table).where(table.c.id.in_(batch)))


def clear(db: Session, job_ids: Sequence[int]) -> None:
    """Delete all objects of jobs."""
    for table in _TABLES.values():
        for batch in _batches(job_ids):
            db.execute(delete(table).where(table.c.job_id.in_(batch)))


def _copy(document: Objects) -> Objects:
    """The document with objects of its own."""
    copied = Objects(
        tags=[copy(tag) for tag in document.tags],
        shapes=[copy(shape) for shape in document.shapes],
        tracks=[_copy_keyframes(track) for track in document.tracks],
    )
    for shape in copied.shapes:
        if shape.elements:
            shape.elements = [copy(element) for element in shape.elements]
    for track in copied.tracks:
        track.elements = [_copy_keyframes(element) for element in track.elements]
    return copied


_AnyTrack = TypeVar("_AnyTrack", bound=TrackElement)


def _copy_keyframes(track: _AnyTrack) -> _AnyTrack:
    copied = copy(track)
    copied.shapes = [copy(shape) for shape in track.shapes]
    return copied


def _with_elements(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        yield item
        yield from item.elements


def _number(db: Session, sequence: SequenceName, items: Sequence[Any]) -> None:
    """Give an id to each object that has none, or one that another object of these has."""
    used: set[int] = set()
    for item in items:
        if item.id in used:
            item.id = None
        elif item.id is not None:
            used.add(item.id)
    if used:
        reserve_id(db, sequence, max(used))
    missing = [item for item in items if item.id is None]
    if missing:
        for item, new_id in zip(missing, take_ids(db, sequence, len(missing)), strict=True):
            item.id = new_id


def _row(item: Struct, job_id: int) -> dict[str, Any]:
    row = msgspec.structs.asdict(item)
    row["job_id"] = job_id
    if "shapes" in row:
        row["shapes"] = sorted(row["shapes"], key=lambda shape: shape.frame)
    if "elements" in row:
        row["elements"] = row["elements"] or None
    return row


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
