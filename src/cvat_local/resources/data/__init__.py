"""The media of tasks: uploading, cutting into frames and jobs, handing out frames and chunks."""

from __future__ import annotations

from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.frames import VIDEO, TaskMedia, source_number
from cvat_local.resources.data.meta import job_frames
from cvat_local.resources.data.parameters import Parameters
from cvat_local.resources.data.parameters import check as checked_parameters
from cvat_local.resources.data.sources import Source, prepare, settle
from cvat_local.resources.data.work import REPLICA, store_media, store_source

__all__ = [
    "REPLICA",
    "VIDEO",
    "Parameters",
    "Source",
    "TaskFolder",
    "TaskMedia",
    "checked_parameters",
    "job_frames",
    "prepare",
    "settle",
    "source_number",
    "store_media",
    "store_source",
]
