"""Jobs: the parts of a task that people work on."""

from __future__ import annotations

from cvat_local.resources.jobs.access import find, may_edit, may_view

__all__ = ["find", "may_edit", "may_view"]
