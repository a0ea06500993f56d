"""Issues: remarks that reviewers pin to places on frames."""

from __future__ import annotations

from cvat_local.resources.issues.access import is_staff, may_edit, may_view, own, visible
from cvat_local.resources.issues.serialize import issue

__all__ = ["is_staff", "issue", "may_edit", "may_view", "own", "visible"]
