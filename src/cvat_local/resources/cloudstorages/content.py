"""One directory level of a storage, in pages.

Keys of a bucket have no directories; a level is made of what stands before the next slash. Names are
given without the level they are on, so a client goes down by putting them together with slashes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cvat_local.media.kinds import MediaKind, kind_of
from cvat_local.media.ordering import natural_key
from cvat_local.resources.cloudstorages.bucket import Bucket

LARGEST_PAGE = 500
DIRECTORY = "DIR"
FILE = "REG"

_MIME_TYPES = {
    MediaKind.IMAGE: "image",
    MediaKind.VIDEO: "video",
    MediaKind.ZIP: "archive",
    MediaKind.ARCHIVE: "archive",
    MediaKind.PDF: "pdf",
}


@dataclass(frozen=True)
class Level:
    """A directory level, and which of its entries are wanted."""

    folder: str
    """Where it is: empty, or a path that ends with a slash."""
    prefix: str
    """Keys of the level begin with this; it begins with ``folder``."""


@dataclass(frozen=True)
class Page:
    """Some entries of a level, directories first."""

    directories: list[str]
    files: list[str]
    next: str | None
    """Token of the next page; None on the last one."""

    def to_json(self) -> dict[str, Any]:
        """The page as it is written (``CloudStorageContent``)."""
        return {"next": self.next, "content": listed(self.directories, self.files)}


NOTHING = Page([], [], None)


def listed(directories: Iterable[str], files: Iterable[str]) -> list[dict[str, str]]:
    """Names of folders and files as they are written (``FileInfo``)."""
    folders = [{"name": name, "type": DIRECTORY, "mime_type": DIRECTORY} for name in directories]
    return folders + [{"name": name, "type": FILE, "mime_type": mime_type(name)} for name in files]


def mime_type(name: str) -> str:
    """``image``, ``video``, ``archive``, ``pdf`` or ``unknown``, told by the name."""
    kind = kind_of(name)
    return "unknown" if kind is None else _MIME_TYPES.get(kind, "unknown")


def level_of(asked: str, own: str) -> Level | None:
    """The level that a client asks for.

    Args:
        asked: ``street/`` for what is inside, ``st`` for what begins with it; a slash in front means
            nothing.
        own: The prefix that the storage is limited to. Above it one sees only the way into it.

    Returns:
        None when nothing on the level belongs to the storage.
    """
    asked = asked.removeprefix("/")
    if not (asked.startswith(own) or own.startswith(asked)):
        return None
    folder = asked[: asked.rfind("/") + 1]
    return Level(folder, max(asked, own, key=len))


def bucket_page(bucket: Bucket, level: Level, *, token: str | None, size: int) -> Page:
    """A page of what the bucket has on a level, in its order.

    Raises:
        BucketError: Any of them.
    """
    inner = level.prefix[len(level.folder) :]
    if "/" in inner:
        # The storage's own prefix lies deeper: one directory leads there.
        return Page([inner.partition("/")[0]], [], None)
    part = bucket.part(level.prefix, token=token, size=size)
    start = len(level.folder)
    # A key that ends with a slash stands for the directory itself, as some tools store it. An entry
    # without a name (from a key with two slashes in a row) would lead a client back to where it is.
    directories = [folder[start:].removesuffix("/") for folder in part.folders]
    files = [key[start:] for key in part.keys]
    return Page(list(filter(None, directories)), list(filter(None, files)), part.next_token)


def manifest_page(images: Iterable[str], level: Level, *, offset: int, size: int) -> Page:
    """A page of what a manifest has on a level, in natural order.

    Args:
        images: Keys of its images.
        level: The level.
        offset: Entries on the pages before.
        size: Most entries of the page.
    """
    directories: set[str] = set()
    files: set[str] = set()
    for key in images:
        if key.startswith(level.prefix):
            name, slash, _ = key[len(level.folder) :].partition("/")
            (directories if slash else files).add(name)
    entries = [
        *((True, name) for name in sorted(directories - {""}, key=natural_key)),
        *((False, name) for name in sorted(files - {""}, key=natural_key)),
    ]
    end = offset + size
    shown = entries[offset:end]
    return Page(
        [name for is_directory, name in shown if is_directory],
        [name for is_directory, name in shown if not is_directory],
        str(end) if end < len(entries) else None,
    )
