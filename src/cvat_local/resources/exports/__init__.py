"""Export of tasks, jobs and projects as datasets."""

from __future__ import annotations

from cvat_local.resources.exports.dataset import frames_of, labels_for
from cvat_local.resources.exports.results import checked_filename, download, result_file
from cvat_local.resources.exports.work import upload_result

__all__ = [
    "checked_filename",
    "download",
    "frames_of",
    "labels_for",
    "result_file",
    "upload_result",
]
