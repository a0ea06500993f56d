"""The query parameters by which imports and exports choose a storage.

==================  =================================================================================
``location``        ``local`` (by download or upload) or ``cloud_storage``
``cloud_storage_id``  the storage, with the second
==================  =================================================================================
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cvat_local.http.errors import forbidden, list_error
from cvat_local.resources.cloudstorages.access import find_referenced
from cvat_local.storage.tables import CloudStorage, Project, Task

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_LOCAL, _CLOUD = "local", "cloud_storage"
_ID = re.compile("[0-9]{1,18}")


def chosen_storage(call: Call) -> CloudStorage | None:
    """The storage that the query names; None: the client sends or fetches the file itself.

    Raises:
        ApiError: 400 for an unknown location or storage, 403 for a storage that the caller may not see.
    """
    location = call.query.get("location") or _LOCAL
    if location == _LOCAL:
        return None
    if location != _CLOUD:
        raise list_error(f"location must be {_LOCAL} or {_CLOUD}.")
    number = call.query.get("cloud_storage_id", "")
    if not _ID.fullmatch(number):
        raise list_error(f"The location {_CLOUD} needs a number as cloud_storage_id.")
    return find_referenced(call, int(number))


def export_storage(call: Call, target: Project | Task) -> CloudStorage | None:
    """Where an export goes: where the query says, else to the target storage of a project or task.

    Args:
        call: The request.
        target: What is exported; the task of a job.

    Raises:
        ApiError: As `chosen_storage`; also 403 when a token that is for reading would write.
    """
    if call.query.get("location"):
        return chosen_storage(call)
    for storage in target.storages:
        if storage.role == "target" and storage.cloud_storage_id is not None:
            token = call.identity.token
            if token is not None and token.read_only:
                raise forbidden("This access token is for reading only; add location=local.")
            return find_referenced(call, storage.cloud_storage_id)
    return None
