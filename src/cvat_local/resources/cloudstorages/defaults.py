"""Where projects and tasks import from and export to by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cvat_local.http.errors import FieldErrors, non_field_error
from cvat_local.resources.cloudstorages.access import find_referenced
from cvat_local.storage.tables import Project, Storage, Task

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

DEFAULT_STORAGES = ("source_storage", "target_storage")
"""Fields of projects and tasks."""


def check_default_storages(call: Call, values: Mapping[str, Any]) -> None:
    """Check the storages in the input for a project or task.

    Raises:
        ApiError: 400 for a cloud storage that does not exist, and (as fields) for a location and an id
            that do not fit; 403 for a cloud storage that the caller may not see.
    """
    for field in DEFAULT_STORAGES:
        if field not in values:
            continue
        location = values[field].get("location", "local")
        cloud_id = values[field].get("cloud_storage_id")
        if location == "cloud_storage" and cloud_id is None:
            raise _field(field, "A cloud storage is chosen by cloud_storage_id.")
        if location != "cloud_storage" and cloud_id is not None:
            raise _field(field, "cloud_storage_id goes with the location cloud_storage only.")
        if cloud_id is not None:
            find_referenced(call, cloud_id)


def write_default_storages(parent: Project | Task, values: Mapping[str, Any]) -> None:
    """Set the storages that the (checked) input names; the others stay."""
    for field in DEFAULT_STORAGES:
        if field not in values:
            continue
        storage = _find(parent, field)
        if storage is None:
            storage = Storage(role=_role(field))
            parent.storages.append(storage)
        storage.location = values[field].get("location", "local")
        storage.cloud_storage_id = values[field].get("cloud_storage_id")


def default_storage(parent: Project | Task, field: str) -> dict[str, Any] | None:
    """The storage as it is written; None before it was set for the first time."""
    storage = _find(parent, field)
    if storage is None:
        return None
    return {
        "id": storage.id,
        "location": storage.location,
        "cloud_storage_id": storage.cloud_storage_id,
    }


def _find(parent: Project | Task, field: str) -> Storage | None:
    return next((item for item in parent.storages if item.role == _role(field)), None)


def _role(field: str) -> str:
    return field.removesuffix("_storage")


def _field(name: str, text: str) -> FieldErrors:
    return FieldErrors({name: non_field_error(text).errors})
