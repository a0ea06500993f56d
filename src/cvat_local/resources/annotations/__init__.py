"""Annotations of jobs and tasks: tags, shapes and tracks.

`document` checks what a client sends, `store` keeps and reads it, `windows` cuts a task's document
into its jobs and `merge` puts them together again; `interpolation` tells where a track is in a frame.
"""

from __future__ import annotations

from cvat_local.resources.annotations.document import (
    KINDS,
    Document,
    InvalidDocument,
    Object,
    parse,
)
from cvat_local.resources.annotations.interpolation import interpolate
from cvat_local.resources.annotations.store import (
    Annotations,
    JobAnnotations,
    NoData,
    TaskAnnotations,
    load_job,
    load_task,
)

__all__ = [
    "KINDS",
    "Annotations",
    "Document",
    "InvalidDocument",
    "JobAnnotations",
    "NoData",
    "Object",
    "TaskAnnotations",
    "interpolate",
    "load_job",
    "load_task",
    "parse",
]
