"""Annotations of jobs and tasks: tags, shapes and tracks.

`document` checks what a client sends, `store` keeps and reads it, `windows` cuts a task's document
into its jobs and `merge` puts them together again; `cvat_sdk.core.shapes.tracks` tells where a track is in a frame.
"""

from __future__ import annotations

from cvat_local.resources.annotations.document import InvalidDocument, parse
from cvat_local.resources.annotations.objects import KINDS, Objects
from cvat_local.resources.annotations.store import (
    Annotations,
    JobAnnotations,
    NoData,
    TaskAnnotations,
    load_job,
    load_task,
)
from cvat_sdk.core.shapes.tracks import Document, Object

__all__ = [
    "KINDS",
    "Annotations",
    "Document",
    "InvalidDocument",
    "JobAnnotations",
    "NoData",
    "Object",
    "Objects",
    "TaskAnnotations",
    "load_job",
    "load_task",
    "parse",
]
