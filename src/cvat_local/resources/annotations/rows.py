"""Annotation objects as rows of the database, in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from cvat_local.resources.annotations.document import KINDS, empty
from cvat_local.storage.sequences import SequenceName, reserve_id, take_ids
from cvat_local.storage.tables import metadata
from cvat_sdk.core.shapes.tracks import Document, Object

_TABLES: dict[str, Table] = {
    "tags": metadata.tables["tag"],
    "shapes": metadata.tables["shape"],
    "tracks": metadata.tables["track"],
}

_LABELED = ("id", "label_id", "frame", "group", "source", "attributes")

_COLUMNS: dict[str, tuple[str, ...]] = {
    "tags": _LABELED,
    "shapes": (
        *("id", "label_id", "type", "frame", "group", "source", "occluded", "outside"),
        *("z_order", "rotation", "points", "score", "attributes", "elements"),
    ),
    "tracks": (*_LABELED, "shapes", "elements"),
}

_BATCH = 5_000
"""Rows or ids in one statement."""

_T = TypeVar("_T")


def read(db: Session, job_ids: Sequence[int]) -> dict[int, Document]:
    """The documents of jobs: tags and shapes by frame, tracks by id, keyframes by frame."""
    documents = {job_id: empty() for job_id in job_ids}
    for kind, table in _TABLES.items():
        names = _COLUMNS[kind]
        order = [table.c.id] if kind == "tracks" else [table.c.frame, table.c.id]
        for batch in _batches(job_ids):
            statement = (
                select(table.c.job_id, *(table.c[name] for name in names))
                .where(table.c.job_id.in_(batch))
                .order_by(*order)
            )
            for job_id, *values in db.execute(statement):
                item = dict(zip(names, values, strict=True))
                if item.get("elements", ()) is None:
                    item["elements"] = []
                documents[job_id][kind].append(item)
    return documents


def store(db: Session, documents: Mapping[int, Document]) -> list[Document]:
    """Insert the objects of documents.

    Args:
        db: A writing session.
        documents: By job. Objects with an id keep it (no such row may exist); the others get one.

    Returns:
        The documents with all ids, in the order given.
    """
    numbered = [_copy(document) for document in documents.values()]
    _number(db, "tag", [tag for document in numbered for tag in document["tags"]])
    _number(
        db, "shape", [part for document in numbered for part in _with_elements(document["shapes"])]
    )
    tracks = [part for document in numbered for part in _with_elements(document["tracks"])]
    _number(db, "track", tracks)
    _number(db, "tracked_shape", [shape for track in tracks for shape in track["shapes"]])
    for kind, table in _TABLES.items():
        rows = (
            _row(item, job_id)
            for job_id, document in zip(documents, numbered, strict=True)
            for item in document[kind]
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


def _copy(document: Document) -> Document:
    """The document with objects of its own, each with a key ``id`` in front."""

    def copied(item: Object) -> Object:
        result = {"id": None, **item}
        for name in ("shapes", "elements"):
            if name in item:
                result[name] = [copied(part) for part in item[name]]
        return result

    return {kind: [copied(item) for item in document[kind]] for kind in KINDS}


def _with_elements(items: Iterable[Object]) -> Iterator[Object]:
    for item in items:
        yield item
        yield from item["elements"]


def _number(db: Session, sequence: SequenceName, items: Sequence[Object]) -> None:
    """Give an id to each object that has none, or one that another object of these has."""
    used: set[int] = set()
    for item in items:
        if item["id"] in used:
            item["id"] = None
        elif item["id"] is not None:
            used.add(item["id"])
    if used:
        reserve_id(db, sequence, max(used))
    missing = [item for item in items if item["id"] is None]
    if missing:
        for item, new_id in zip(missing, take_ids(db, sequence, len(missing)), strict=True):
            item["id"] = new_id


def _row(item: Object, job_id: int) -> dict[str, Any]:
    row = {**item, "job_id": job_id}
    if "shapes" in item:
        row["shapes"] = sorted(item["shapes"], key=lambda shape: int(shape["frame"]))
    if "elements" in item:
        row["elements"] = item["elements"] or None
    return row


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
