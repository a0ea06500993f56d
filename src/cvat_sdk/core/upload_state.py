"""How far an upload is, on disk: so that one that was killed goes on where it was."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.core.sources import Source
from cvat_sdk.core.tus import Upload
from cvat_sdk.core.utils import atomic_writer

_VERSION = 1


class UploadState:
    """What of an upload has arrived; each step is on disk before the next one begins.

    Args:
        path: The file; None keeps nothing.
        owner: What tells this upload from others: server, task, names, sizes and times of the files.
        content: What was read.
    """

    def __init__(self, path: Path | None, owner: Any, content: dict[str, Any]) -> None:
        self._path = path
        self._owner = owner
        self._lock = threading.Lock()
        self.sent: set[str] = set(content.get("sent", ()))
        """Names of the files that have arrived whole."""
        self.begun: dict[str, Upload] = {
            name: Upload(*upload) for name, upload in content.get("begun", {}).items()
        }
        """Uploads of large files that are under way, by name."""
        self.is_finishing: bool = bool(content.get("finishing"))
        """Whether all has arrived, and the server may have been told so."""

    @classmethod
    def none(cls) -> UploadState:
        """A state that is not kept."""
        return cls(None, None, {})

    @classmethod
    def load(
        cls, path: str | os.PathLike[str] | None, host: str, task_id: int, sources: Sequence[Source]
    ) -> UploadState:
        """The state of an upload as it was left, or a new one where there is no file.

        Raises:
            ApiValueError: The file is of another upload, or no state at all.
        """
        if path is None:
            return cls.none()
        file = Path(path)
        owner = [host, task_id, [source.identity for source in sources]]
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(file, owner, {})
        except (ValueError, UnicodeDecodeError):
            content = None
        if not isinstance(content, dict) or content.get("version") != _VERSION:
            raise ApiValueError(f"{str(file)!r} is not the state of an upload", ("state",))
        if content.get("owner") != owner:
            raise ApiValueError(
                f"{str(file)!r} is the state of another upload: of another server or task, or of other files; "
                "delete it to begin anew",
                ("state",),
            )
        return cls(file, owner, content)

    def add(self, names: Sequence[str]) -> None:
        """Note that files have arrived."""
        with self._lock:
            self.sent.update(names)
            for name in names:
                self.begun.pop(name, None)
            self._write()

    def begin(self, name: str, upload: Upload) -> None:
        """Note that the upload of a large file has begun."""
        with self._lock:
            self.begun[name] = upload
            self._write()

    def finish(self) -> None:
        """Note that all has arrived, before the server is told so."""
        with self._lock:
            self.is_finishing = True
            self._write()

    def remove(self) -> None:
        """Forget it: there is nothing left to do."""
        if self._path is not None:
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    def _write(self) -> None:
        if self._path is None:
            return
        content = {
            "version": _VERSION,
            "owner": self._owner,
            "sent": sorted(self.sent),
            "begun": self.begun,
            "finishing": self.is_finishing,
        }
        with atomic_writer(self._path, "w") as file:
            json.dump(content, file)
