"""Buckets in background work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cvat_local.background.work import WorkContext, WorkFailed
from cvat_local.resources.cloudstorages.bucket import Bucket, BucketError, open_bucket
from cvat_local.storage.tables import CloudStorage


@contextmanager
def bucket_for_work(context: WorkContext, storage_id: int) -> Iterator[Bucket]:
    """The bucket of a storage; what it refuses within the block fails the work, with the reason.

    Args:
        context: The work.
        storage_id: A storage that whoever asked for the work may use.
    """
    with context.reading() as db:
        storage = db.get(CloudStorage, storage_id)
    if storage is None:
        raise WorkFailed(f"The cloud storage {storage_id} was detached.")
    try:
        yield open_bucket(storage)
    except BucketError as error:
        raise WorkFailed(str(error)) from error
