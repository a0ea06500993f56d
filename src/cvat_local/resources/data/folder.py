"""What the folder of a task holds, and how uploaded files get into it.

uploads/        what the client sent, under its names
arrivals.txt    those names, one a line, in the order in which they came
tus/            files that are still being received
media/          what was made of the uploads: unpacked archive, upright copies, index of a video
chunks/         chunks and previews, made when they were first asked for
"""

from __future__ import annotations

from pathlib import Path

from cvat_local.http.tus import TusUploads
from cvat_local.media.archives import safe_name
from cvat_local.media.errors import MediaError
from cvat_local.storage.files import DataFolder


class TaskFolder:
    """The folder of one task.

    Args:
        files: The data folder.
        task_id: The task.
        root: Where it is; another place for a task that there is not yet.
    """

    def __init__(self, files: DataFolder, task_id: int | None, root: Path | None = None) -> None:
        self.files = files
        if root is None:
            if task_id is None:
                raise ValueError("a folder belongs to a task or has a place of its own")
            root = files.task(task_id)
        self.root = root

    @property
    def uploads(self) -> Path:
        """Folder of the client's files."""
        return self.root / "uploads"

    @property
    def media(self) -> Path:
        """Folder of what is made of them."""
        return self.root / "media"

    @property
    def chunks(self) -> Path:
        """Folder of chunks and previews."""
        return self.root / "chunks"

    @property
    def tus(self) -> TusUploads:
        """Files that are being received piece by piece."""
        return TusUploads(self.root / "tus")

    def checked_name(self, name: str) -> str:
        """The name of an upload in the form in which it is kept.

        Raises:
            MediaError: It is too long, leads out of the folder, or names a file where others have a folder.
        """
        checked = safe_name(name)
        path = self.uploads / checked
        parents = list(path.relative_to(self.uploads).parents)[:-1]
        if path.is_dir() or any((self.uploads / parent).is_file() for parent in parents):
            raise MediaError(f"The file name {name!r} is both that of a file and of a folder.")
        return checked

    def has(self, name: str) -> bool:
        """Whether a file of this (checked) name was uploaded."""
        return (self.uploads / name).is_file()

    def add(self, name: str, source: Path) -> None:
        """Move a received file among the uploads; it takes the place of one with the same name.

        Args:
            name: A checked name.
            source: The file, on the same file system.
        """
        target = self.uploads / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        self._note_arrival(name)

    def add_received(self, name: str, file_id: str) -> None:
        """Move a file that came by TUS among the uploads; nothing happens when that was done already."""
        file = self.tus.find(file_id)
        if file is not None:
            try:
                self.tus.move(file, self.uploads / name)
            except FileNotFoundError:
                return
            self._note_arrival(name)

    def add_all_received(self) -> None:
        """Move what was received to the end but not moved because the server died just then."""
        for file in self.tus.complete():
            self.add_received(self.checked_name(file.metadata.get("filename", "")), file.file_id)

    def names(self) -> list[str]:
        """Names of the uploads in the order of their (last) arrival."""
        if not self.uploads.exists():
            return []
        # A file can come again after one that arrived later; a dict remembers first insertions.
        arrived: dict[str, None] = {}
        if self._arrivals.exists():
            for name in self._arrivals.read_text(encoding="utf-8").split("\n"):
                arrived.pop(name, None)
                arrived[name] = None
        present = {
            path.relative_to(self.uploads).as_posix()
            for path in self.uploads.rglob("*")
            if path.is_file()
        }
        unknown = sorted(present - arrived.keys())
        return [name for name in arrived if name in present] + unknown

    def clear_uploads(self) -> None:
        """Remove all uploads."""
        self.files.discard(self.uploads)
        self.files.discard(self._arrivals)

    def tidy(self, *, remove: str | None = None) -> None:
        """After the frames were made: remove what is not needed any more.

        Args:
            remove: An upload of which everything was taken, such as an archive.
        """
        if remove is not None:
            self.files.discard(self.uploads / remove)
        self.files.discard(self.root / "tus")
        self.files.discard(self._arrivals)

    @property
    def _arrivals(self) -> Path:
        return self.root / "arrivals.txt"

    def _note_arrival(self, name: str) -> None:
        with self._arrivals.open("a", encoding="utf-8") as arrivals:
            arrivals.write(name + "\n")
