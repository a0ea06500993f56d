"""Cloud storages: buckets that tasks are made of, exported to and imported from."""

from __future__ import annotations

from cvat_local.resources.cloudstorages.access import find_referenced
from cvat_local.resources.cloudstorages.bucket import Bucket
from cvat_local.resources.cloudstorages.content import listed
from cvat_local.resources.cloudstorages.defaults import (
    DEFAULT_STORAGES,
    check_default_storages,
    default_storage,
    write_default_storages,
)
from cvat_local.resources.cloudstorages.location import chosen_storage, export_storage
from cvat_local.resources.cloudstorages.manifest import BadManifest, fetch_images
from cvat_local.resources.cloudstorages.work import bucket_for_work, fetch_for_work

__all__ = [
    "BadManifest",
    "Bucket",
    "DEFAULT_STORAGES",
    "bucket_for_work",
    "check_default_storages",
    "chosen_storage",
    "default_storage",
    "export_storage",
    "fetch_for_work",
    "fetch_images",
    "find_referenced",
    "listed",
    "write_default_storages",
]
