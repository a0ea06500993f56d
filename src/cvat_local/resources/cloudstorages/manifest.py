"""Manifest files: the images of a storage with their sizes, one JSON object a line.

::

    {"version": "1.1"}
    {"type": "images"}
    {"name": "street/000", "extension": ".jpg", "width": 1920, "height": 1080}
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import msgspec

from cvat_local.resources.cloudstorages.bucket import Bucket
from cvat_local.resources.cloudstorages.transport import ANSWER_SECONDS

LARGEST_MANIFEST = 64 * 1024 * 1024
"""Bytes; some four hundred thousand images."""

_LONGEST_KEY = 1024


class BadManifest(ValueError):
    """A manifest that cannot be read; the text is for whoever chose it."""


def fetch_images(bucket: Bucket, path: str) -> list[str]:
    """Keys of the images that a manifest lists, in its order.

    Args:
        bucket: Where the manifest is.
        path: Its key; names in it are relative to its folder.

    Raises:
        BucketError: The manifest cannot be had.
        BadManifest: It is none, or one of a video.
    """
    content = io.BytesIO()
    bucket.download(path, content, limit=LARGEST_MANIFEST, seconds=ANSWER_SECONDS)
    folder = path[: path.rfind("/") + 1]
    return [folder + name for name in image_names(content.getvalue(), path)]


def image_names(content: bytes, path: str) -> Iterator[str]:
    """Names in the content of a manifest, as they are written there.

    Args:
        content: The file.
        path: How messages call it.

    Raises:
        BadManifest: It is no manifest of images.
    """
    lines = [line for line in content.splitlines() if line.strip()]
    head = [_object(line, path) for line in lines[:2]]
    if len(head) < 2 or "version" not in head[0] or head[1].get("type") != "images":
        raise BadManifest(f"The file {path!r} is not a manifest of images.")
    for line in lines[2:]:
        entry = _object(line, path)
        # Frames that were left out when the manifest was made are empty objects.
        if entry:
            name = f"{entry.get('name', '')}{entry.get('extension', '')}"
            if not 0 < len(name) <= _LONGEST_KEY:
                raise BadManifest(f"The file {path!r} lists an image without a usable name.")
            yield name


def _object(line: bytes, path: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadManifest(f"The file {path!r} has a line that is not a JSON object.") from None
    return value
