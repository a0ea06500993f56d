"""What kind of media a file is, told by its name, and which kinds may be uploaded together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from cvat_local.media.errors import MediaError

IMAGE_TYPES = {
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".jfif": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}
"""Media types of the image files that are read, by lower-case suffix."""

RELATED_IMAGES = "related_images"
"""Folder beside the frames that holds their context images."""


class MediaKind(str, Enum):
    """A kind of media file; the value is how messages call it."""

    IMAGE = "image"
    ZIP = "zip"
    VIDEO = "video"
    ARCHIVE = "archive"
    PDF = "pdf"
    POINT_CLOUD = "point cloud"


_KIND_BY_SUFFIX: dict[str, MediaKind] = {
    **dict.fromkeys(IMAGE_TYPES, MediaKind.IMAGE),
    ".zip": MediaKind.ZIP,
    ".pdf": MediaKind.PDF,
    **dict.fromkeys(
        (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".wmv"), MediaKind.VIDEO
    ),
    **dict.fromkeys(
        (".7z", ".bz2", ".gz", ".rar", ".tar", ".tbz2", ".tgz", ".txz", ".xz"), MediaKind.ARCHIVE
    ),
    **dict.fromkeys((".bin", ".pcd"), MediaKind.POINT_CLOUD),
}

_MANY_ALLOWED = frozenset({MediaKind.IMAGE, MediaKind.POINT_CLOUD})


def kind_of(name: str) -> MediaKind | None:
    """The kind of the file called ``name``, None when it is no media at all."""
    return _KIND_BY_SUFFIX.get(PurePosixPath(name).suffix.lower())


def image_type(name: str) -> str:
    """Media type of the image called ``name``."""
    return IMAGE_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def is_related_image(name: str) -> bool:
    """Whether ``name`` is a context image rather than a frame."""
    return RELATED_IMAGES in PurePosixPath(name).parent.parts


def is_junk(name: str) -> bool:
    """Whether ``name`` is what file managers leave behind: never a frame, whatever its suffix."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._")


@dataclass(frozen=True)
class MediaList:
    """Uploaded files that make up one task."""

    kind: MediaKind
    names: tuple[str, ...]
    """In the order given; images without their context images."""


def classify(names: Iterable[str]) -> MediaList:
    """Pick the media out of uploaded files.

    Any number of images may come together; of every other kind one file, and nothing beside it.
    Files that are no media are left out.

    Args:
        names: Names relative to the upload folder, with forward slashes.

    Raises:
        MediaError: There is no media, or kinds that exclude each other.
    """
    by_kind: dict[MediaKind, list[str]] = {}
    for name in names:
        kind = kind_of(name)
        if kind is None or is_junk(name):
            continue
        if kind is MediaKind.IMAGE and is_related_image(name):
            continue
        by_kind.setdefault(kind, []).append(name)
    if not by_kind:
        raise MediaError("No media data found: upload images, a zip archive of images or a video.")
    kind = next(iter(by_kind))
    if len(by_kind) > 1 or (kind not in _MANY_ALLOWED and len(by_kind[kind]) > 1):
        counts = Counter({kind.value: len(found) for kind, found in by_kind.items()})
        listing = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        raise MediaError(
            "A task is made of any number of images, or of exactly one archive, video or PDF; "
            f"found {listing}."
        )
    return MediaList(kind, tuple(by_kind[kind]))
