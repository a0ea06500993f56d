"""How background requests are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cvat_local.resources.shared import absent
from cvat_local.storage.tables import Request

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader


def request(call: Reader, item: Request) -> dict[str, Any]:
    """One request (``Request``)."""
    progress, message = call.app.queue.progress(item)
    return {
        "status": item.status,
        "message": message,
        "id": item.id,
        "operation": {
            "type": f"{item.action}:{item.subresource or item.target}",
            "target": item.target,
            "project_id": item.project_id,
            "task_id": item.task_id,
            "job_id": item.job_id,
            "org_id": item.organization_id,
            "format": item.format,
            "function_id": absent.FUNCTION_ID,
            "lightweight": item.lightweight or None,
        },
        "progress": progress,
        "created_date": item.created_date,
        "started_date": item.started_date,
        "finished_date": item.finished_date,
        "expiry_date": item.expiry_date,
        "owner": None
        if item.user is None
        else {"id": item.user.id, "username": item.user.username},
        "result_url": _result_url(call, item),
        "result_id": item.result_id,
    }


def _result_url(call: Reader, item: Request) -> str | None:
    """Address of the file that finished work left."""
    if item.result_path is None:
        return None
    if item.target == "events":
        return call.url(f"/api/events/download?rq_id={quote(item.id, safe='')}")
    ids = {"project": item.project_id, "task": item.task_id, "job": item.job_id}
    kind = "backup" if item.subresource == "backup" else "dataset"
    path = f"/api/{item.target}s/{ids[item.target]}/{kind}/download"
    return call.url(f"{path}?rq_id={quote(item.id, safe='')}")
