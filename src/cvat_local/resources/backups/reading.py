"""Archives of backups, read without trusting them."""

from __future__ import annotations

import json
import lzma
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from cvat_local.background.work import WorkFailed
from cvat_local.media.archives import DEFAULT_LIMITS, safe_name
from cvat_local.media.errors import MediaError
from cvat_local.media.kinds import MediaKind, kind_of
from cvat_local.resources.backups.documents import ASSETS, GUIDE, VERSION
from cvat_local.resources.guides import GuideFile, check_size, content_type_of

_MANIFEST = "manifest.jsonl"
_DATA = "data/"
_LARGEST_JSON = 1 << 30
_LARGEST_GUIDE = 1 << 24
_COPY_BYTES = 1 << 20

_Json = dict[str, Any]


class Backup:
    """An archive that somebody sent.

    Raises:
        WorkFailed: It is none, is damaged, is encrypted, or unpacks to too much.
    """

    def __init__(self, path: Path) -> None:
        with _readable():
            self._zip = zipfile.ZipFile(path)
        entries = self._zip.infolist()
        total = sum(entry.file_size for entry in entries)
        dense = total > DEFAULT_LIMITS.ratio_counts_from and total > (
            DEFAULT_LIMITS.most_ratio * path.stat().st_size
        )
        if len(entries) > DEFAULT_LIMITS.most_files or total > DEFAULT_LIMITS.most_bytes or dense:
            raise WorkFailed(
                f"The archive would unpack to {len(entries)} files of {total} bytes, which is too much."
            )

    def __enter__(self) -> Backup:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def tasks(self) -> list[str]:
        """Folders of the tasks of a project, in their order."""
        numbers = set()
        for name in self._zip.namelist():
            folder, slash, _ = name.partition("/")
            number = folder.removeprefix("task_")
            if slash and folder != number and number.isascii() and number.isdigit():
                numbers.add(int(number))
        return [f"task_{number}/" for number in sorted(numbers)]

    def read(self, name: str) -> Any:
        """The content of a JSON file."""
        try:
            info = self._zip.getinfo(name)
        except KeyError as error:
            raise WorkFailed(f"KeyError: {error}") from None
        if info.file_size > _LARGEST_JSON:
            raise WorkFailed(f"{name} is larger than {_LARGEST_JSON} bytes.")
        with _readable():
            content = self._zip.read(info)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise WorkFailed(f"{name} is no JSON: {error}") from None

    def described(self, name: str) -> _Json:
        """``task.json`` or ``project.json``, of a version that is known."""
        content = self.read(name)
        if not isinstance(content, dict):
            raise WorkFailed(f"{name} does not hold an object.")
        version = content.get("version")
        if version != VERSION:
            raise WorkFailed(f"ValueError: {version} version is not supported")
        return content

    def extract(self, place: str, folder: Path) -> list[str]:
        """Unpack the images and videos of a task.

        Args:
            place: Folder of the task in the archive.
            folder: Where they go.

        Returns:
            Their names, in the order of the manifest where there is one.
        """
        start = f"{place}{_DATA}"
        found: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
                continue
            if not entry.filename.startswith(start) or kind_of(entry.filename) not in _MEDIA:
                continue
            try:
                found[safe_name(entry.filename.removeprefix(start))] = entry
            except MediaError as error:
                raise WorkFailed(str(error)) from error
        listed = self._listed(f"{start}{_MANIFEST}")
        if missing := [name for name in listed if name not in found]:
            raise WorkFailed(
                f"Incorrect file mapping to manifest content: {missing[0]!r} is not in the archive."
            )
        for name, entry in found.items():
            self._copy(entry, folder / name)
        return [*listed, *(name for name in found if name not in set(listed))]

    def guide(self, place: str, folder: Path) -> tuple[str, list[GuideFile]] | None:
        """The guide of a task or project, None when it has none.

        Args:
            place: Folder of the task or project in the archive.
            folder: Where the files are unpacked that it shows.

        Returns:
            Its text and those files.
        """
        info = self._zip.NameToInfo.get(f"{place}{GUIDE}")
        if info is None:
            return None
        if info.file_size > _LARGEST_GUIDE:
            raise WorkFailed(f"{info.filename} is larger than {_LARGEST_GUIDE} bytes.")
        with _readable():
            text = self._zip.read(info).decode()
        start = f"{place}{ASSETS}"
        files: list[GuideFile] = []
        for entry in self._zip.infolist():
            if entry.is_dir() or not entry.filename.startswith(start):
                continue
            uuid, _, filename = entry.filename.removeprefix(start).partition("/")
            try:
                content_type_of(filename)
                check_size(filename, entry.file_size)
            except ValueError as error:
                raise WorkFailed(str(error)) from error
            path = folder / str(len(files))
            self._copy(entry, path)
            files.append(GuideFile(uuid, filename, path))
        return text, files

    def _copy(self, entry: zipfile.ZipInfo, target: Path) -> None:
        with _readable():
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._zip.open(entry) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, _COPY_BYTES)

    def _listed(self, name: str) -> list[str]:
        """Names of the images in a manifest."""
        if name not in self._zip.NameToInfo:
            return []
        with _readable():
            lines = self._zip.read(name).splitlines()
        names = []
        for line in lines:
            try:
                content = json.loads(line)
            except ValueError:
                raise WorkFailed(f"{name} is damaged: {line[:80]!r}") from None
            if isinstance(content, dict) and isinstance(content.get("name"), str):
                path = content["name"] + str(content.get("extension", ""))
                names.append(PurePosixPath(path).as_posix())
        return names


_MEDIA = (MediaKind.IMAGE, MediaKind.VIDEO)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except zipfile.BadZipFile as error:
        raise WorkFailed(f"BadZipFile: {error}") from error
    except (EOFError, NotImplementedError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise WorkFailed(f"The archive is damaged: {error}") from error
    except RuntimeError as error:  # what zipfile raises for an encrypted member
        raise WorkFailed(f"The archive cannot be unpacked: {error}") from error
    except OSError as error:
        raise WorkFailed(f"The archive cannot be unpacked: {error.strerror or error}") from error
