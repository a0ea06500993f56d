"""How cloud storages are written: never with their credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import joinedload

from cvat_local.resources.users import basic_user
from cvat_local.storage.tables import CloudStorage

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

SHOWN = (joinedload(CloudStorage.owner),)
"""Loader options for storages that are written."""


def cloud_storage(call: Call, item: CloudStorage) -> dict[str, Any]:
    """One cloud storage (``CloudStorageRead``)."""
    return {
        "id": item.id,
        "owner": basic_user(call, item.owner),
        "manifests": item.manifests,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "provider_type": item.provider_type,
        "resource": item.resource,
        "display_name": item.display_name,
        "credentials_type": item.credentials_type,
        "specific_attributes": item.specific_attributes,
        "description": item.description,
        "organization": item.organization_id,
    }
