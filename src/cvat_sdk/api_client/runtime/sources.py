"""Files that are sent: what counts as one, what it is called, and its content with a length that is known.

Servers take a body without a length for an empty one. What cannot tell its length, such as a pipe, is therefore
read to its end before anything is sent: into memory, and above a limit to disk.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError

Path = tuple[str | int, ...]

# Bytes that are read and sent at once; the first ones of a file go out together with what stands before them.
_LARGE = 1024 * 1024
_SMALL = 32 * 1024
# Bytes of a file without a length that are kept in memory.
_IN_MEMORY = 4 * 1024 * 1024


class NamedFile:
    """An open file under a name of its own: what ``(name, file)`` becomes where a file is expected."""

    def __init__(self, name: str | None, file: Any) -> None:
        self.name = name
        self.file = file

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(self.file, attribute)


class ListedFile(NamedFile):
    """An open file without a name in a list of files that go out as fields of one name."""

    def __init__(self, file: Any, place: Path) -> None:
        super().__init__(None, file)
        self.place = place


def is_file(value: Any) -> bool:
    """Whether a value is an open file: an `io.IOBase`, or anything else that can be read like one."""
    return isinstance(value, io.IOBase) or callable(getattr(value, "read", None))


def as_file(value: Any, place: Path = ()) -> Any:
    """The file that a caller means by a value; None when the value stands for no file.

    Args:
        value: An open file, a path, or a pair of a name and one of both.
        place: Where the value stands in the caller's data, for messages.

    Raises:
        ApiValueError: A path to nothing, or to a folder.
    """
    if is_file(value):
        return value
    if isinstance(value, os.PathLike):
        from cvat_sdk.api_client.runtime.pathfile import PathFile

        return PathFile(value, place)
    if isinstance(value, tuple) and len(value) == 2:
        name, content = value
        file = as_file(content, place) if not isinstance(content, tuple) else None
        if isinstance(name, str) and file is not None:
            return NamedFile(name, file)
    return None


def name_of(file: Any) -> str | None:
    """The last part of a file's name; None for data in memory, pipes and whatever else has no name."""
    name = getattr(file, "name", None)
    if not isinstance(name, (str, bytes, os.PathLike)):
        return None  # files that were opened by a descriptor have its number for a name
    from pathlib import PurePath

    last = PurePath(os.fsdecode(name)).name
    return None if re.fullmatch("<.*>", last) else last or None  # such as <stdin>


class Source:
    """The content of an open file from where it stands, which can be read again and again."""

    def __init__(self, file: Any, path: Path = ()) -> None:
        """Args:
        file: The file; text is sent as UTF-8.
        path: Place of the file in a request, for messages.

        Raises:
            ApiValueError: The file is closed, has nothing to read yet, or goes forward but not back.
        """
        if isinstance(file, NamedFile):
            file = file.file
        if getattr(file, "closed", False):
            raise ApiValueError("The file is closed", path)
        self._file = self._content = file
        self.size: int
        """Bytes."""
        self._start, self.size = _extent(file, path)
        if not self.size:
            self._content = _spooled(file, path)
            self._start, self.size = _extent(self._content, path)

    def head(self, size: int) -> bytes:
        """The first bytes."""
        self._content.seek(self._start)
        data: bytes = self._content.read(size)
        self._content.seek(self._start)
        return data

    def pieces(self, size: int = _LARGE) -> Iterator[bytes]:
        """The content from its beginning.

        Args:
            size: Bytes of a piece, but for the first one, which is small.
        """
        self._content.seek(self._start)
        left = self.size
        wanted = min(_SMALL, size)
        while left > 0:
            chunk = self._content.read(min(wanted, left))
            if not chunk:
                # The announced length cannot be kept any more; going on would hang the request.
                raise ApiValueError(f"A file became {left} bytes shorter while it was sent")
            yield chunk
            wanted = size
            left -= len(chunk)

    def release(self) -> None:
        """Give up what was stored of the file; the file itself stays open."""
        if self._content is not self._file:
            self._content.close()

    def close(self) -> None:
        """Close the file: who sends it is done with it."""
        self.release()
        close = getattr(self._file, "close", None)
        if close is not None:
            close()


def _extent(file: Any, path: Path) -> tuple[int, int]:
    """Position of a file and the bytes from there to its end; no bytes when the file cannot tell."""
    # Positions of text files do not count bytes. Gzip files go by what they unpack, whatever they say themselves.
    if _is_text(file) or not (_can_seek(file) and _can_seek(getattr(file, "fileobj", None))):
        return 0, 0
    try:
        start: int = file.tell()
        file.seek(0, os.SEEK_END)
    except (AttributeError, OSError, TypeError, ValueError):
        return 0, 0
    try:
        end: int = file.tell()
        file.seek(start)
    except (OSError, ValueError) as error:
        raise ApiValueError(
            f"The file has moved to its end and cannot go back: {error}", path
        ) from error
    return start, end - start


def _can_seek(file: Any) -> bool:
    seekable = getattr(file, "seekable", None)
    return seekable is None or seekable()


def _is_text(file: Any) -> bool:
    if isinstance(file, (io.RawIOBase, io.BufferedIOBase)):
        return False
    return isinstance(file, io.TextIOBase) or isinstance(file.read(0), str)


def _spooled(file: Any, path: Path) -> Any:
    """All that a file still has, in a temporary file."""
    import tempfile

    spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed by its source
    try:
        while True:
            chunk = file.read(_LARGE)
            if chunk is None:
                raise ApiValueError("The file does not block, and has nothing to read yet", path)
            if not chunk:
                break
            spool.write(chunk.encode() if isinstance(chunk, str) else chunk)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return spool
