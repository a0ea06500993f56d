"""Buckets in background work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def fetch_for_work(context: WorkContext, path: Path) -> None:
    """Have the file of an import where it is to be, also when it lies in a cloud storage.

    Args:
        context: The work; its parameters ``cloud_storage_id`` and ``key`` name the file, if it lies in one.
        path: Where it waits, or is to be written.

    Raises:
        WorkFailed: It is not there.
    """
    storage_id = context.params.get("cloud_storage_id")
    if storage_id is not None:
        context.progress(0.0, "Fetching the file from the cloud storage")
        limit = context.settings.max_upload_bytes
        with (
            bucket_for_work(context, storage_id) as bucket,
            context.files.writing(path) as file,
        ):
            bucket.download(context.params["key"], file, limit=limit)
    if not path.exists():
        raise WorkFailed("The file to import is not there any more.")
