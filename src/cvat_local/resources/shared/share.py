"""The file share: a folder of this machine that tasks can be made of, without uploading anything.

Nothing outside of it is shown or read: neither by ``..`` nor by symbolic links that lead out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cvat_local.storage.files import DataFolder, UnsafePath

_NO_FILE = (OSError, RuntimeError)
"""What a link to nothing, or to itself, raises when it is followed."""


class NotShared(ValueError):
    """A path that the share does not have."""


class Share:
    """A folder whose files are read and never changed.

    Args:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find(self, name: str) -> Path:
        """The file or folder called ``name``.

        Args:
            name: Path below the share; a slash in front or at the end means nothing.

        Raises:
            NotShared: There is none, or it leads out of the share.
        """
        try:
            path = DataFolder.inside(self._root, name.strip("/"))
            if path.exists():
                return path
        except (UnsafePath, *_NO_FILE):
            pass
        raise NotShared(f"The share has no {name!r}.")

    def entries(self, directory: str) -> tuple[list[str], list[str]]:
        """Names of the folders and of the files in a folder, each in order.

        Raises:
            NotShared: There is no such folder, or it cannot be read.
        """
        path = self.find(directory)
        directories: list[str] = []
        files: list[str] = []
        try:
            for entry in path.iterdir():
                if self._is_inside(entry):
                    (directories if entry.is_dir() else files).append(entry.name)
        except OSError as error:
            raise NotShared(f"{directory!r} cannot be listed: {error.strerror}.") from error
        return sorted(directories), sorted(files)

    def walk(self, directory: str = "") -> Iterator[str]:
        """Paths of all files below a folder, relative to the share; folders behind links are left out.

        Raises:
            NotShared: There is no such folder.
        """
        for folder, folders, names in os.walk(self.find(directory)):
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if path.is_file() and self._is_inside(path):
                    yield path.relative_to(self._root).as_posix()

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve(strict=True).is_relative_to(self._root)
        except _NO_FILE:
            return False
