"""The media of tasks: uploading, cutting into frames and jobs, handing out frames and chunks."""

from __future__ import annotations

from cvat_local.resources.data.choices import NUMBERS, check_choice
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.frames import VIDEO, TaskMedia, source_number
from cvat_local.resources.data.meta import job_frames
from cvat_local.resources.data.parameters import Parameters
from cvat_local.resources.data.parameters import check as checked_parameters
from cvat_local.resources.data.retrieval import ready_data
from cvat_local.resources.data.sources import Source, prepare, settle
from cvat_local.resources.data.validation import (
    add_ground_truth,
    disable_frames,
    ground_truth_job,
)
from cvat_local.resources.data.work import REPLICA, store_media, store_source

__all__ = [
    "NUMBERS",
    "REPLICA",
    "VIDEO",
    "Parameters",
    "Source",
    "TaskFolder",
    "TaskMedia",
    "add_ground_truth",
    "check_choice",
    "checked_parameters",
    "disable_frames",
    "ground_truth_job",
    "job_frames",
    "prepare",
    "ready_data",
    "settle",
    "source_number",
    "store_media",
    "store_source",
]
