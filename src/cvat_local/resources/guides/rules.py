"""What may be written to a guide, and what becomes of the assets that it links to."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cvat_local.http.errors import field_errors, list_error
from cvat_local.http.multipart import UploadedFile
from cvat_local.media.errors import MediaError
from cvat_local.resources.guides import access
from cvat_local.resources.guides.files import (
    MOST,
    GuideFile,
    check_size,
    content_type_of,
    keep,
    prepare,
)
from cvat_local.storage.files import DataFolder
from cvat_local.storage.queries.guides import guide_of
from cvat_local.storage.tables import Asset, Guide, Project, Task
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_LINK = re.compile(r"(?<=/api/assets/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


# --- guides ----------------------------------------------------------------------------------------


def create(call: Call, target: Project | Task, values: Mapping[str, Any]) -> Guide:
    """Write the guide of a project or task, by checked input (``AnnotationGuideWriteRequest``)."""
    if guide_of(call.db, target) is not None:
        raise list_error("There is a guide for it already; change that one.")
    guide = _new(call.db, target)
    _write(call, guide, values.get("markdown", ""))
    return guide


def update(call: Call, guide: Guide, values: Mapping[str, Any]) -> None:
    """Change a guide by checked input (``PatchedAnnotationGuideWriteRequest``)."""
    if "markdown" in values:
        _write(call, guide, values["markdown"])
    guide.updated_date = guide.target.updated_date = utc_now()
    call.db.flush()


def destroy(call: Call, guide: Guide) -> None:
    """Delete a guide with its assets."""
    guide.target.updated_date = utc_now()
    _discard(call, guide.assets)
    call.db.execute(delete(Guide).where(Guide.id == guide.id))


def restore(
    db: Session,
    files: DataFolder,
    target: Project | Task,
    markdown: str,
    assets: Sequence[GuideFile],
    user_id: int | None,
) -> None:
    """Write the guide of a new project or task as a backup has it, with new ids of its assets.

    Raises:
        ValueError: A file cannot be an asset.
        MediaError: A picture is damaged.
    """
    if len(assets) > MOST:
        raise ValueError(f"A guide has at most {MOST} assets.")
    guide = _new(db, target)
    renamed = {}
    for file in assets:
        content_type = content_type_of(file.filename)
        prepare(file.path, file.filename, content_type)
        asset = _new_asset(db, guide, file.filename, content_type, user_id)
        renamed[file.uuid.lower()] = asset.uuid
        keep(files, db, asset, file.path)
    guide.markdown = _LINK.sub(lambda link: renamed.get(link[0].lower(), link[0]), markdown)


def _new(db: Session, target: Project | Task) -> Guide:
    guide = Guide(project=target) if isinstance(target, Project) else Guide(task=target)
    target.updated_date = utc_now()
    db.add(guide)
    db.flush()
    return guide


def _write(call: Call, guide: Guide, markdown: str) -> None:
    """Set the text. Assets of other guides in it are copied, own ones that are not in it deleted."""
    linked: dict[str, str] = {}

    def link(match: re.Match[str]) -> str:
        uuid = match[0].lower()
        if uuid not in linked:
            linked[uuid] = _own(call, guide, uuid)
        return linked[uuid]

    guide.markdown = _LINK.sub(link, markdown)
    used = set(linked.values())
    _discard(call, [asset for asset in guide.assets if asset.uuid not in used])
    call.db.expire(guide, ["assets"])


def _own(call: Call, guide: Guide, uuid: str) -> str:
    """Id of an asset of the guide for one that its text links to; of one that is missing its own."""
    asset = call.db.get(Asset, uuid)
    if asset is None or asset.guide_id == guide.id or not access.may_view(call.user, asset.guide):
        return uuid
    _check_number(guide, "markdown")
    copy = _new_asset(call.db, guide, asset.filename, asset.content_type, call.user.id)
    with call.app.files.temporary_folder() as folder:
        source = folder / copy.uuid
        shutil.copyfile(call.app.files.asset(uuid), source)
        keep(call.app.files, call.db, copy, source)
    return copy.uuid


# --- assets ----------------------------------------------------------------------------------------


def add_asset(call: Call, guide: Guide, file: UploadedFile | None) -> Asset:
    """Keep an uploaded file for a guide."""
    if file is None:
        raise field_errors({"file": "A file is needed."})
    _check_number(guide, "file")
    # Pictures take their time to be read, and others may write in the meantime.
    call.db.commit()
    try:
        content_type = content_type_of(file.filename)
        if file.content_type.partition(";")[0].strip().lower() != content_type:
            raise ValueError(
                f"The type {file.content_type!r} does not match the name {file.filename!r}."
            )
        check_size(file.filename, file.size)
        prepare(file.path, file.filename, content_type)
    except (ValueError, MediaError) as error:
        raise field_errors({"file": str(error)}) from None
    if call.db.get(Guide, guide.id, populate_existing=True) is None:
        raise list_error("The guide has been deleted in the meantime.")
    asset = _new_asset(call.db, guide, file.filename, content_type, call.user.id)
    keep(call.app.files, call.db, asset, file.path)
    return asset


def remove_asset(call: Call, asset: Asset) -> None:
    """Delete an asset; links to it in the guide stay as they are."""
    _discard(call, [asset])


def _new_asset(
    db: Session, guide: Guide, filename: str, content_type: str, owner_id: int | None
) -> Asset:
    asset = Asset(
        uuid=str(uuid4()),
        guide=guide,
        filename=filename,
        content_type=content_type,
        owner_id=owner_id,
    )
    db.add(asset)
    db.flush()
    return asset


def _discard(call: Call, assets: Sequence[Asset]) -> None:
    ids = [asset.uuid for asset in assets]
    call.app.files.discard_after_commit(call.db, map(call.app.files.asset, ids))
    call.db.execute(delete(Asset).where(Asset.uuid.in_(ids)))


def _check_number(guide: Guide, field: str) -> None:
    if len(guide.assets) >= MOST:
        raise field_errors({field: f"A guide has at most {MOST} assets."})
