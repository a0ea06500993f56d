"""The media of tasks: uploading, cutting into frames and jobs, handing out frames and chunks."""

from __future__ import annotations

from cvat_local.resources.data.frames import TaskMedia, source_number
from cvat_local.resources.data.meta import job_frames

__all__ = ["TaskMedia", "job_frames", "source_number"]
