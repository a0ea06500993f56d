"""Organizations: workspaces that members share."""

from __future__ import annotations

from cvat_local.resources.organizations.serialize import organization
from cvat_local.resources.organizations.transfer import transfer_project, transfer_task

__all__ = ["organization", "transfer_project", "transfer_task"]
