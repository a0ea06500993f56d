"""Projects: tasks that share labels."""

from __future__ import annotations

from cvat_local.resources.projects.access import find, is_staff, may_edit, may_view, own, visible
from cvat_local.resources.projects.serialize import project

__all__ = ["find", "is_staff", "may_edit", "may_view", "own", "project", "visible"]
