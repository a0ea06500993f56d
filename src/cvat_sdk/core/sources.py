"""Files to send: paths, open files, and what is read from a pipe."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.core.exceptions import CvatSdkException

_TOLD = 5
"""Names of files that a message shows."""


class Source:
    """A file to send.

    Args:
        name: What it is called at the server.
        size: Bytes.
        identity: What tells it from another file, or from itself with other content.
    """

    def __init__(self, name: str, size: int, identity: list[Any]) -> None:
        self.name = name
        self.size = size
        self.identity = identity

    def open(self) -> IO[bytes]:
        """The content, from its start; to be closed by who asks."""
        raise NotImplementedError

    def opened(self) -> IO[bytes]:
        """`open`, if the file still has the size that it had.

        Raises:
            CvatSdkException: It has another one.
        """
        file = self.open()
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size != self.size:
            file.close()
            raise CvatSdkException(
                f"{self.name}: the file has changed since the upload began, "
                f"from {self.size:,} bytes to {size:,}"
            )
        return file


class _Path(Source):
    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        with path.open("rb"):  # says now what cannot be read
            state = path.stat()
        super().__init__(path.name, state.st_size, [path.name, state.st_size, state.st_mtime_ns])

    def open(self) -> IO[bytes]:
        return self._path.open("rb")


class _Stream(Source):
    """An open file, which stays open; requests that are under way at a time share it."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        if not stream.seekable():
            spooled: Any = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115 - read until the upload ends
            shutil.copyfileobj(stream, spooled)
            stream = spooled
        self._stream = stream
        self._lock = threading.Lock()
        size = stream.seek(0, os.SEEK_END)
        super().__init__(name, size, [name, size, None])

    def open(self) -> IO[bytes]:
        with self._lock:
            self._stream.seek(0)
            copy: Any = tempfile.SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115 - closed by who asks
            shutil.copyfileobj(self._stream, copy)
        copy.seek(0)
        result: IO[bytes] = copy
        return result


def sources_of(files: Iterable[Any]) -> list[Source]:
    """What files are sent as.

    Raises:
        ApiTypeError: Something that is no file and no path.
        ApiValueError: There are none, two have the same name, or one has no name.
        OSError: One cannot be read.
    """
    if isinstance(files, (str, bytes, os.PathLike)):
        raise ApiTypeError("Expected a list of files, got a single path", ("files",))
    found = [_source_of(file, index) for index, file in enumerate(files)]
    if not found:
        raise ApiValueError("There are no files to send", ("files",))
    names = Counter(source.name for source in found)
    doubles = [name for name, count in names.items() if count > 1]
    if doubles:
        raise ApiValueError(
            f"Several files have the same name, of which the server would keep one: {listed(doubles)}",
            ("files",),
        )
    return found


def _source_of(file: Any, index: int) -> Source:
    if isinstance(file, (str, os.PathLike)):
        path = Path(file)
        if path.is_dir():
            raise IsADirectoryError(f"Expected a file, got the folder {str(path)!r}")
        return _Path(path)
    name, stream = file if isinstance(file, tuple) and len(file) == 2 else (None, file)
    if not hasattr(stream, "read"):
        raise ApiTypeError(
            f"Expected a path or an open file, got a value of type {type(file).__name__}",
            ("files", index),
        )
    given = name if name is not None else getattr(stream, "name", None)
    if not isinstance(given, str) or not Path(given).name:
        raise ApiValueError(
            "An open file without a name needs one: pass (name, file)", ("files", index)
        )
    return _Stream(Path(given).name, stream)


def listed(names: Sequence[str]) -> str:
    """Some names, for a message."""
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(map(repr, names[:_TOLD])) + more
