"""Export of tasks, jobs and projects as datasets."""

from __future__ import annotations

from cvat_local.resources.exports.dataset import frames_of, labels_for

__all__ = ["frames_of", "labels_for"]
