"""All tables of the server, one file a group of them.

Deleting a row deletes what belongs to it in the database itself (``ON DELETE CASCADE``): a task takes
its data, frames, jobs, labels, annotations and requests along. Files are removed by the caller, see
`cvat_local.storage.files.DataFolder.discard_after_commit`. People are never deleted along: a project
or task whose owner goes away keeps a null owner.

Ids are not used twice, as clients keep them in scripts and file names.
"""

from __future__ import annotations

from cvat_local.storage.base import metadata
from cvat_local.storage.tables.annotations import IdSequence, Shape, Tag, Track
from cvat_local.storage.tables.cloud_storages import CloudStorage
from cvat_local.storage.tables.events import ClientEvent
from cvat_local.storage.tables.guides import Asset, Guide
from cvat_local.storage.tables.people import (
    AccessToken,
    ApiKey,
    AuthSession,
    Group,
    Invitation,
    Membership,
    Organization,
    User,
)
from cvat_local.storage.tables.projects import (
    GROUND_TRUTH,
    GT,
    GT_POOL,
    AttributeSpec,
    Data,
    Frame,
    Job,
    Label,
    Project,
    Storage,
    Task,
)
from cvat_local.storage.tables.requests import Request
from cvat_local.storage.tables.reviews import Comment, Issue
from cvat_local.storage.tables.webhooks import Webhook, WebhookDelivery, WebhookSending

__all__ = [
    "GROUND_TRUTH",
    "GT",
    "GT_POOL",
    "AccessToken",
    "ApiKey",
    "Asset",
    "AttributeSpec",
    "AuthSession",
    "ClientEvent",
    "CloudStorage",
    "Comment",
    "Data",
    "Frame",
    "Group",
    "Guide",
    "IdSequence",
    "Invitation",
    "Issue",
    "Job",
    "Label",
    "Membership",
    "Organization",
    "Project",
    "Request",
    "Shape",
    "Storage",
    "Tag",
    "Task",
    "Track",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WebhookSending",
    "metadata",
]
