"""Tasks: media with labels, split into jobs."""

from __future__ import annotations

from cvat_local.resources.tasks.access import find, is_staff, may_edit, may_view, own, visible
from cvat_local.resources.tasks.serialize import MEDIA_TYPES, task

__all__ = ["MEDIA_TYPES", "find", "is_staff", "may_edit", "may_view", "own", "task", "visible"]
