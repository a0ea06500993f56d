"""The files that guides show: which are taken, and where they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

from sqlalchemy.orm import Session

from cvat_local.media import images
from cvat_local.storage.engine import after_rollback
from cvat_local.storage.files import DataFolder
from cvat_local.storage.tables import Asset

MOST = 150
"""Assets of one guide."""

_LARGEST = 10 * 1024 * 1024
_LONGEST_SIDE = 1920
_LONGEST_NAME = 1024
# All of them are harmless where browsers show them: neither scripts nor markup.
_TYPES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".webp": "image/webp",
}
_SHRUNK = ("image/jpeg", "image/png")


@dataclass(frozen=True)
class GuideFile:
    """A file of a backup that becomes an asset."""

    uuid: str
    """What the guide's links call it."""
    filename: str
    path: Path


def content_type_of(filename: str) -> str:
    """Content type of a file by its name.

    Raises:
        ValueError: Guides cannot show it.
    """
    found = _TYPES.get(PurePath(filename).suffix.lower())
    if found is None:
        raise ValueError(f"A guide shows JPEG, PNG, WebP, GIF and PDF files, not {filename!r}.")
    if len(filename) > _LONGEST_NAME:
        raise ValueError(f"The file name is longer than {_LONGEST_NAME} characters.")
    return found


def check_size(filename: str, size: int) -> None:
    """Refuse a file that is empty or too large.

    Raises:
        ValueError: With the reason.
    """
    if not size:
        raise ValueError(f"The file {filename!r} is empty.")
    if size > _LARGEST:
        raise ValueError(f"The file {filename!r} has {size} bytes; at most {_LARGEST} are taken.")


def prepare(path: Path, filename: str, content_type: str) -> None:
    """Make a picture in ``path`` small enough to be shown.

    Raises:
        MediaError: It is damaged.
    """
    if content_type in _SHRUNK:
        images.shrink(path, filename, _LONGEST_SIDE)


def keep(files: DataFolder, db: Session, asset: Asset, source: Path) -> None:
    """Move the file of a new asset to its place, until the transaction is rolled back."""
    target = files.asset(asset.uuid)
    after_rollback(db, partial(files.discard, target))
    source.replace(target)
