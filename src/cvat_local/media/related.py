"""Context images: pictures that belong to a frame without being frames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from cvat_local.media.kinds import RELATED_IMAGES, MediaKind, is_junk, kind_of


def related_images(names: Iterable[str], frames: Iterable[str]) -> dict[str, list[str]]:
    """Which context images belong to which frame.

    Those of ``folder/a.jpg`` stand in ``folder/related_images/a_jpg/``.

    Args:
        names: All files, relative to the upload folder.
        frames: The names among them that are frames.

    Returns:
        Context images by frame, sorted; frames without any are left out.
    """
    by_folder: dict[PurePosixPath, list[str]] = {}
    for name in names:
        folder = PurePosixPath(name).parent
        if (
            folder.parent.name == RELATED_IMAGES
            and kind_of(name) is MediaKind.IMAGE
            and not is_junk(name)
        ):
            by_folder.setdefault(folder, []).append(name)
    found = {}
    for frame in frames:
        path = PurePosixPath(frame)
        folder = path.parent / RELATED_IMAGES / path.name.replace(".", "_")
        if folder in by_folder:
            found[frame] = sorted(by_folder[folder])
    return found
