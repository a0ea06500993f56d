"""Where files wait that annotations are imported from.

They are in the folder of their task, so that they disappear with it:

    imports/<task|job>-<id>/tus/       files that are being received piece by piece
    imports/<task|job>-<id>/waiting    the file of the one import that can be under way
"""

from __future__ import annotations

from pathlib import Path

from cvat_local.http.tus import TusUploads
from cvat_local.resources.shared.targets import name_of
from cvat_local.storage.files import DataFolder
from cvat_local.storage.tables import Job, Task


class ImportFiles:
    """The files to import to one task or job.

    Args:
        files: The data folder.
        target: The task or job.
    """

    def __init__(self, files: DataFolder, target: Task | Job) -> None:
        task_id = target.task_id if isinstance(target, Job) else target.id
        self._folder = files.task(task_id, "imports", f"{name_of(target)}-{target.id}")

    @property
    def uploads(self) -> TusUploads:
        """Files that are being received."""
        return TusUploads(self._folder / "tus")

    @property
    def waiting(self) -> Path:
        """The file of the import that was asked for; a newer one takes its place."""
        return self._folder / "waiting"
