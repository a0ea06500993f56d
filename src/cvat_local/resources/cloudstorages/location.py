"""The query parameters by which imports and exports choose a storage.

==================  =================================================================================
``location``        ``local`` (by download or upload) or ``cloud_storage``
``cloud_storage_id``  the storage, with the second
==================  =================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources.cloudstorages.access import find_referenced
from cvat_local.storage.tables import CloudStorage, Project, Task

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_CLOUD = "cloud_storage"


def chosen_storage(call: Call) -> CloudStorage | None:
    """The storage that the query names; None: the client sends or fetches the file itself.

    Raises:
        ApiError: 400 for an unknown location or storage, 403 for a storage that the caller may not see.
    """
    if call.parameter("location") != _CLOUD:
        return None
    number = call.parameter("cloud_storage_id")
    if number is None:
        raise list_error(f"The location {_CLOUD} needs a cloud_storage_id.")
    return find_referenced(call, number)


def export_storage(call: Call, target: Project | Task) -> CloudStorage | None:
    """Where an export goes: where the query says, else to the target storage of a project or task.

    Args:
        call: The request.
        target: What is exported; the task of a job.

    Raises:
        ApiError: As `chosen_storage`; also 403 when a token that is for reading would write.
    """
    if call.parameter("location") is not None:
        return chosen_storage(call)
    for storage in target.storages:
        if storage.role == "target" and storage.cloud_storage_id is not None:
            token = call.identity.token
            if token is not None and token.read_only:
                raise forbidden("This access token is for reading only; add location=local.")
            return find_referenced(call, storage.cloud_storage_id)
    return None
