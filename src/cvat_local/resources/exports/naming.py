"""Names of exported files, and of the images in them."""

from __future__ import annotations

from datetime import datetime, timezone


def archive_name(
    target: str, target_id: int, updated: datetime, format_name: str, *, with_images: bool
) -> str:
    """Name of a download, such as ``task_40_annotations_2026_11_23_13_58_55_coco 1.0.zip``.

    Args:
        target: ``task``, ``job`` or ``project``.
        target_id: Its id.
        updated: When it was last changed.
        format_name: Name of the format, with its version.
        with_images: Whether the archive is a whole dataset.
    """
    content = "dataset" if with_images else "annotations"
    moment = updated.astimezone(timezone.utc).strftime("%Y_%m_%d_%H_%M_%S")
    return f"{target}_{target_id}_{content}_{moment}_{format_name}.zip".lower().replace("/", "_")


class UniqueNames:
    """Image names in the subsets of a project, where those of several tasks come together.

    Names are different even without their extensions, as many formats leave those away. A name that
    is taken gets a number: ``a.jpg``, ``a_1.jpg``, ``a_2.jpg``.
    """

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()
        self._next: dict[tuple[str, str], int] = {}

    def name(self, subset: str, name: str) -> str:
        """The name under which an image goes into the subset."""
        folder, slash, base = name.rpartition("/")
        stem, dot, extension = base.rpartition(".")
        if not stem:
            stem, dot, extension = base, "", ""
        stem = f"{folder}{slash}{stem}"
        key = (subset, stem)
        unique = stem
        while (subset, unique) in self._taken:
            self._next[key] = self._next.get(key, 0) + 1
            unique = f"{stem}_{self._next[key]}"
        self._taken.add((subset, unique))
        return f"{unique}{dot}{extension}"
