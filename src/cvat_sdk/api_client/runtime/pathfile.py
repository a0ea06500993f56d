"""A path where an open file is expected: opened when its content is needed, and never longer than that."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError


class PathFile(io.RawIOBase):
    """The content of a file by its path.

    The file is open only between the first read and the end of its content, so that a thousand of them take one
    descriptor. Closing begins anew: the same object can be sent again.

    Args:
        path: An existing file.
        place: Where the path stands in the caller's data, for messages.

    Raises:
        ApiValueError: There is no such file, or it is a folder.
    """

    def __init__(self, path: os.PathLike[Any], place: Sequence[str | int] = ()) -> None:
        self.name: str = os.fsdecode(path)
        if Path(self.name).is_dir():
            raise ApiValueError(f"Expected a file, {self.name!r} is a folder", place)
        if not Path(self.name).exists():
            raise ApiValueError(f"There is no file {self.name!r}", place)
        self._file: io.FileIO | None = None
        self._size = 0
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The position in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Set the position; nothing is opened for it."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}.get(whence)
        self._position = (Path(self.name).stat().st_size if base is None else base) + offset
        if self._file is not None:
            self._file.seek(self._position)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        """Some of the content; the file is closed when that was the rest of it."""
        if self._file is None:
            self._file = io.FileIO(self.name)
            self._file.seek(self._position)
            self._size = os.fstat(self._file.fileno()).st_size
        data = self._file.read(-1 if size is None else size) or b""
        self._position += len(data)
        if not data or self._position >= self._size:
            self._release()
        return data

    def readinto(self, buffer: Any, /) -> int:
        """`read` into a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Go back to the beginning, with nothing open."""
        self._release()
        self._position = 0

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __reduce__(self) -> tuple[Any, ...]:
        return PathFile, (Path(self.name),)

    def __repr__(self) -> str:
        return f"<PathFile {self.name!r}>"
