"""Operations on cloud storages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, select
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import (
    ApiError,
    FieldErrors,
    list_error,
    string_error,
    text_error,
)
from cvat_local.http.filters import Listing
from cvat_local.media.errors import MediaError
from cvat_local.media.previews import write_preview
from cvat_local.resources.cloudstorages import access, content, rules, serialize
from cvat_local.resources.cloudstorages.attributes import parse as parse_attributes
from cvat_local.resources.cloudstorages.bucket import (
    ANONYMOUS,
    Bucket,
    BucketError,
    BucketForbidden,
    BucketMissing,
    FileMissing,
    open_bucket,
)
from cvat_local.resources.cloudstorages.manifest import BadManifest, fetch_images
from cvat_local.resources.cloudstorages.transport import ANSWER_SECONDS
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import CloudStorage
from cvat_local.storage.types import utc_now

handlers = Handlers("cloudstorages")

LARGEST_IMAGE = 64 * 1024 * 1024
"""Bytes of the image that a preview is made of."""

LISTING = Listing(
    {
        "id": CloudStorage.id,
        "provider_type": CloudStorage.provider_type,
        "name": CloudStorage.display_name,
        "resource": CloudStorage.resource,
        "credentials_type": CloudStorage.credentials_type,
        "owner": username_of(CloudStorage.owner_id),
        "description": CloudStorage.description,
    },
    search=("provider_type", "name", "resource", "credentials_type", "owner", "description"),
    simple=("provider_type", "name", "resource", "credentials_type", "owner"),
)

_NUMBER = re.compile("[0-9]{1,18}")


# --- the storages themselves -----------------------------------------------------------------------


@handlers("list")
def list_(call: Call) -> Response:
    """Storages of the caller, and those of an organization for its supervisors."""
    statement = select(CloudStorage).where(*access.visible(call)).options(*serialize.SHOWN)
    try:
        statement = LISTING.apply(call, statement)
    except FieldErrors as error:
        raise list_error(*_lines(error.errors)) from None
    return call.page(statement, lambda item: serialize.cloud_storage(call, item))


@handlers("create")
def create(call: Call) -> Response:
    """Attach a bucket."""
    access.check_creator(call)
    try:
        draft = rules.new(call.input("CloudStorageWriteRequest"))
        _release(call)
        rules.ask(draft)
    except FieldErrors as error:
        raise _create_error(*_lines(error.errors)) from None
    except rules.Refused as error:
        raise _create_error(str(error)) from error
    storage = CloudStorage(
        provider_type=rules.S3,
        owner=call.user,
        organization_id=call.workspace.organization_id,
    )
    draft.write(storage)
    call.db.add(storage)
    call.db.flush()
    return outputs.created(serialize.cloud_storage(call, storage))


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One storage."""
    return outputs.json(serialize.cloud_storage(call, access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change a storage, and ask the bucket again."""
    storage = access.find(call, access.may_edit)
    try:
        draft = rules.changed(storage, call.input("PatchedCloudStorageWriteRequest", partial=True))
        _release(call)
        rules.ask(draft)
    except rules.Refused as error:
        raise ApiError(400, {error.field: error.text}) from error
    # It may have been deleted while the bucket was asked.
    call.db.expire_all()
    storage = access.find(call, access.may_edit)
    draft.write(storage)
    storage.updated_date = utc_now()
    return outputs.json(serialize.cloud_storage(call, storage))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Forget a storage; the bucket stays as it is, and so do tasks made of it."""
    storage = access.find(call, access.may_edit)
    call.db.execute(delete(CloudStorage).where(CloudStorage.id == storage.id))
    return outputs.empty()


# --- what the bucket says --------------------------------------------------------------------------


@handlers("retrieve_status")
def retrieve_status(call: Call) -> Response:
    """Whether the bucket is there and may be used; one that cannot be reached counts as not found."""
    storage = access.find(call)
    _release(call)
    try:
        open_bucket(storage).check()
    except BucketForbidden:
        return outputs.json("FORBIDDEN")
    except BucketError:
        return outputs.json("NOT_FOUND")
    return outputs.json("AVAILABLE")


@handlers("retrieve_actions")
def retrieve_actions(call: Call) -> Response:
    """What the credentials are good for.

    Whether they allow writing can only be found out by writing; keys are taken to allow it.
    """
    storage = access.find(call)
    _release(call)
    try:
        open_bucket(storage).check()
    except BucketError as error:
        raise _bucket_error(error) from error
    actions = ["read"] if storage.credentials_type == ANONYMOUS else ["read", "write"]
    return outputs.text(json.dumps(actions))


@handlers("retrieve_content_v2")
def retrieve_content_v2(call: Call) -> Response:
    """One directory level of the bucket or of a manifest."""
    try:
        storage = access.find(call)
    except ApiError as error:
        # Clients of this operation read errors as texts.
        raise string_error(error.status, error.body["detail"]) from None
    size = _page_size(call)
    token = call.parameter("next_token")
    manifest = call.parameter("manifest_path")
    offset = _offset(token) if manifest else 0
    own = parse_attributes(storage.specific_attributes).prefix
    level = content.level_of(call.parameter("prefix") or "", own)
    if level is None:
        return outputs.json(content.NOTHING.to_json())
    _release(call)
    try:
        bucket = open_bucket(storage)
        if manifest:
            images = fetch_images(bucket, manifest)
            page = content.manifest_page(images, level, offset=offset, size=size)
        else:
            page = content.bucket_page(bucket, level, token=token, size=size)
    except BucketError as error:
        raise _bucket_error(error) from error
    except BadManifest as error:
        raise string_error(400, str(error)) from error
    return outputs.json(page.to_json())


@handlers("retrieve_preview")
def retrieve_preview(call: Call) -> Response:
    """The first image of the first manifest as a small JPEG."""
    storage = access.find(call)
    _release(call)
    try:
        if not storage.manifests:
            raise text_error(404, "The storage has no manifest that names a first image.")
        bucket = open_bucket(storage)
        images = fetch_images(bucket, storage.manifests[0])
        if not images:
            raise text_error(404, "The manifest of the storage lists no image.")
        return outputs.bytes_(_preview(call, bucket, images[0]), "image/jpeg")
    except BucketError as error:
        raise text_error(_status(error), str(error)) from error
    except (BadManifest, MediaError) as error:
        raise text_error(404, str(error)) from error


def _preview(call: Call, bucket: Bucket, key: str) -> bytes:
    picture = io.BytesIO()
    with call.app.files.temporary_folder() as folder:
        path = folder / "image"
        with path.open("wb") as file:
            bucket.download(key, file, limit=LARGEST_IMAGE, seconds=ANSWER_SECONDS)
        write_preview(path, PurePosixPath(key).name, picture)
    return picture.getvalue()


def _release(call: Call) -> None:
    """End the transaction: a bucket takes its time, and others want to write."""
    call.db.commit()


# --- parameters and errors -------------------------------------------------------------------------


def _page_size(call: Call) -> int:
    size = call.parameter("page_size", refuse=lambda text: text_error(400, text))
    if size is None:
        return content.LARGEST_PAGE
    if size < 1:
        raise text_error(400, "page_size must be a number above 0.")
    return min(int(size), content.LARGEST_PAGE)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    if not _NUMBER.fullmatch(token):
        raise text_error(400, "The next_token of a manifest is a number.")
    return int(token)


def _bucket_error(error: BucketError) -> ApiError:
    return string_error(_status(error), str(error))


def _status(error: BucketError) -> int:
    if isinstance(error, BucketForbidden):
        return 403
    return 404 if isinstance(error, BucketMissing | FileMissing) else 400


def _create_error(*lines: str) -> ApiError:
    """Errors of a creation are text, one field a line."""
    return text_error(400, "".join(f"{line}\n" for line in lines))


def _lines(errors: Any, path: str = "") -> Iterator[str]:
    """Nested field errors as ``field: text``."""
    if isinstance(errors, dict):
        for name, value in errors.items():
            yield from _lines(value, f"{path}.{name}" if path else name)
    elif isinstance(errors, list):
        for value in errors:
            yield from _lines(value, path)
    else:
        yield f"{path}: {errors}"
