"""How guides and assets are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import Asset, Guide

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader


def guide(item: Guide) -> dict[str, Any]:
    """One guide (``AnnotationGuideRead``)."""
    return {
        "id": item.id,
        "task_id": item.task_id,
        "project_id": item.project_id,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "markdown": item.markdown,
    }


def asset(call: Reader, item: Asset) -> dict[str, Any]:
    """One asset (``AssetRead``)."""
    return {
        "uuid": item.uuid,
        "filename": item.filename,
        "created_date": item.created_date,
        "owner": basic_user(call, item.owner),
        "guide_id": item.guide_id,
    }
