"""Media of a task that lie in a cloud storage: which files, and getting them.

The files are copied, so that the task works like any other and outlives the storage.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from cvat_local.background.work import WorkContext, WorkFailed
from cvat_local.http.multipart import MAX_PARTS
from cvat_local.media.errors import MediaError
from cvat_local.media.kinds import is_junk, kind_of
from cvat_local.resources.cloudstorages import BadManifest, Bucket, bucket_for_work, fetch_images
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.parameters import Parameters

MANIFEST = ".jsonl"


def fetch_media(context: WorkContext, folder: TaskFolder, parameters: Parameters) -> None:
    """Copy the chosen files of a storage among the uploads of a task, in the place of what is there.

    Args:
        context: The work.
        folder: Folder of the task.
        parameters: What the client chose; with a storage.

    Raises:
        WorkFailed: A file cannot be had.
        MediaError: The choice means no file, too many, or is wrong in itself.
    """
    if parameters.cloud_storage_id is None:
        raise ValueError("no cloud storage is chosen")
    # What an attempt before this one fetched may be another choice.
    folder.clear_uploads()
    left = context.settings.max_upload_bytes
    with bucket_for_work(context, parameters.cloud_storage_id) as bucket:
        try:
            keys = select_keys(bucket, parameters)
        except BadManifest as error:
            raise WorkFailed(str(error)) from error
        for number, key in enumerate(keys):
            context.progress(number / len(keys), "Fetching the files from the cloud storage")
            name = folder.checked_name(key)
            with context.files.temporary_folder() as received:
                path = received / "file"
                with path.open("wb") as file:
                    bucket.download(key, file, limit=left)
                left -= path.stat().st_size
                folder.add(name, path)


def select_keys(bucket: Bucket, parameters: Parameters) -> list[str]:
    """The files to fetch, in the order of the choice.

    A name that ends with a slash stands for all media below. A manifest stands for its images, unless
    other names are given with it. Without any name it is all media of the storage.

    Args:
        bucket: The storage.
        parameters: ``server_files`` (a manifest may be among them), ``filename_pattern``,
            ``server_files_exclude``.

    Raises:
        BucketError: The bucket cannot be listed, or the manifest cannot be had.
        BadManifest: The manifest is none of images.
        MediaError: Nothing is left, or too much.
    """
    manifests = [name for name in parameters.server_files if name.endswith(MANIFEST)]
    if len(manifests) > 1:
        raise MediaError(f"Only one manifest can be given, found {', '.join(manifests)}.")
    names = [name for name in parameters.server_files if not name.endswith(MANIFEST)]
    if names:
        candidates = _expanded(bucket, names)
    elif manifests:
        candidates = fetch_images(bucket, manifests[0])
    else:
        candidates = only_media(bucket.walk(bucket.prefix))
    pattern = parameters.filename_pattern
    if pattern:
        candidates = [key for key in candidates if fnmatchcase(key, pattern)]
    excluded = parameters.server_files_exclude
    keys = [key for key in dict.fromkeys(candidates) if not is_under(key, excluded)]
    if not keys:
        raise MediaError(
            "No file of the cloud storage is meant by the names and the pattern given."
        )
    if len(keys) > MAX_PARTS:
        raise MediaError(f"A task is made of at most {MAX_PARTS} files, found {len(keys)}.")
    return keys


def _expanded(bucket: Bucket, names: Iterable[str]) -> list[str]:
    keys: list[str] = []
    for name in names:
        keys += only_media(bucket.walk(name)) if name.endswith("/") else [name]
    return keys


def only_media(keys: Iterable[str]) -> list[str]:
    """What can be media, of all that lies in a folder."""
    return [key for key in keys if kind_of(key) is not None and not is_junk(key)]


def is_under(key: str, excluded: Iterable[str]) -> bool:
    """Whether a file is one of those named, or below a folder that is."""
    path = PurePosixPath(key)
    return any(path.is_relative_to(name) for name in excluded)
