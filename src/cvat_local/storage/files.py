"""The data folder: everything that the server keeps outside the database.

    tasks/<id>/       media of a task and what was made of them
    assets/<uuid>     files that guides show
    results/          files that background requests made (exports)
    uploads/          files that clients are sending, imports that wait for their work
    mail/             mails to accounts, unless the settings name another folder
    temporary/        work in progress, emptied at start
    lock              held while a server uses the folder

Paths in the database are relative to the folder, with forward slashes, so that it can be moved.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy.orm import Session

from cvat_local.storage.engine import after_commit

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PRIVATE = 0o700


class FolderInUse(RuntimeError):
    """Another running server has this data folder."""


class UnsafePath(ValueError):
    """A path from outside would leave the folder that it has to stay in."""


class DataFolder:
    """A folder that only the server's user may look into."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root).resolve()
        self.root.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        self.root.chmod(_PRIVATE)
        for name in ("tasks", "assets", "results", "uploads", "temporary"):
            (self.root / name).mkdir(mode=_PRIVATE, exist_ok=True)
        self._claim: IO[bytes] | None = None

    def claim(self) -> None:
        """Keep other servers out until `release` or the end of the process, however it ends.

        Two servers on one folder would each take the other's background work for abandoned.
        Raises `FolderInUse`.
        """
        file = (self.root / "lock").open("ab")
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise FolderInUse(f"Another server is running on {self.root}.") from error
        self._claim = file

    def release(self) -> None:
        """Let other servers use the folder."""
        if self._claim is not None:
            self._claim.close()
            self._claim = None

    @property
    def results(self) -> Path:
        """Folder of the files made by background requests."""
        return self.root / "results"

    @property
    def uploads(self) -> Path:
        """Folder of files that are being received."""
        return self.root / "uploads"

    @property
    def temporary(self) -> Path:
        """Folder of work in progress, on the same file system as the rest."""
        return self.root / "temporary"

    def task(self, task_id: int, *parts: str) -> Path:
        """Folder of a task, or a folder inside it; made when it is missing."""
        folder = self.inside(self.root / "tasks" / str(task_id), *parts)
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        return folder

    def asset(self, uuid: str) -> Path:
        """Path of the file of an asset."""
        return self.inside(self.root / "assets", uuid)

    # --- paths ------------------------------------------------------------------------------------

    @staticmethod
    def inside(folder: Path, *parts: str) -> Path:
        """Join path parts that come from outside (file names, archive members).

        Raises `UnsafePath` when the result is absolute, leaves ``folder`` (also through a symbolic
        link), or holds a NUL character.
        """
        path = folder
        for part in parts:
            pure = PurePosixPath(part.replace("\\", "/"))
            if "\0" in part or pure.is_absolute() or ".." in pure.parts:
                raise UnsafePath(f"{part!r} leads out of its folder")
            path = path / pure
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UnsafePath(f"{'/'.join(parts)!r} leads out of its folder")
        return path

    def relative(self, path: Path) -> str:
        """The form in which a path is kept in the database."""
        return path.relative_to(self.root).as_posix()

    def absolute(self, relative: str) -> Path:
        """The file that a path from the database stands for."""
        return self.inside(self.root, relative)

    # --- writing ----------------------------------------------------------------------------------

    @contextmanager
    def temporary_folder(self) -> Iterator[Path]:
        """An empty folder that is removed at the end of the block."""
        with tempfile.TemporaryDirectory(dir=self.temporary, ignore_cleanup_errors=True) as name:
            yield Path(name)

    @contextmanager
    def writing(self, target: Path) -> Iterator[IO[bytes]]:
        """A binary file that appears as ``target`` when the block ends without error.

        Readers see the old file or the whole new one, never a part; a crash leaves no part either.
        """
        target.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.temporary, delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    # --- removing ---------------------------------------------------------------------------------

    def discard(self, path: Path) -> None:
        """Remove a file or a folder of the data folder; nothing happens when it is not there."""
        if not path.is_relative_to(self.root) or path == self.root:
            raise UnsafePath(f"{path} is not inside the data folder")
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def discard_after_commit(self, db: Session, paths: Iterable[Path]) -> None:
        """Remove files when (and only when) the current transaction of ``db`` is committed."""
        for path in paths:
            after_commit(db, partial(self.discard, path))

    def task_folder(self, task_id: int) -> Path:
        """Path of a task's folder, which may not exist."""
        return self.root / "tasks" / str(task_id)

    def clear_leftovers(self, task_ids: set[int], assets: set[str]) -> None:
        """Empty the temporary folder and remove files of tasks and assets that are gone.

        Called at start, when nothing else uses the folder: a crash between the deletion of a task and
        that of its files leaves a folder behind.

        Args:
            task_ids: The tasks that there are.
            assets: The assets that there are.
        """
        for path in self.temporary.iterdir():
            self.discard(path)
        for path in (self.root / "tasks").iterdir():
            if not (path.name.isdigit() and int(path.name) in task_ids):
                self.discard(path)
        for path in (self.root / "assets").iterdir():
            if path.name not in assets:
                self.discard(path)
