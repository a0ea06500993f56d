"""Jobs: the parts of a task that people work on."""

from __future__ import annotations

from cvat_local.resources.jobs.access import find, is_staff, may_edit, may_view, own
from cvat_local.resources.jobs.serialize import job

__all__ = ["find", "is_staff", "job", "may_edit", "may_view", "own"]
