"""Zip archives: written piece by piece, and read without trusting them."""

from __future__ import annotations

import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cvat_local.formats.dataset import Dataset, Frame, Part
from cvat_local.formats.errors import FormatError

_BLOCK = 1 << 20


class ArchiveWriter:
    """A dataset archive under construction; complete when its ``with`` block ends.

    Args:
        file: Where it is written; seekable.
        progress: Called with the finished share of the images (0 to 1) as they are added.
    """

    def __init__(self, file: IO[bytes], progress: Callable[[float], None] | None = None) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._progress = progress
        self._now = time.localtime()[:6]
        self._names: set[str] = set()

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @contextmanager
    def text(self, name: str) -> Iterator[IO[bytes]]:
        """A member with annotations, compressed."""
        info = self._new_member(name, zipfile.ZIP_DEFLATED)
        with self._zip.open(info, "w", force_zip64=True) as member:
            yield member

    def images(self, named: Iterable[tuple[str, Frame]], total: int) -> None:
        """Add the image of each frame under its name, as it is (images do not compress further).

        A name that is already there is left alone: frames of one name are one image.
        """
        for done, (name, frame) in enumerate(named, 1):
            if frame.image is not None and name not in self._names:
                info = self._new_member(name, zipfile.ZIP_STORED)
                with frame.image().open("rb") as source, self._zip.open(info, "w") as member:
                    while block := source.read(_BLOCK):
                        member.write(block)
            if self._progress is not None:
                self._progress(done / total)

    def images_of(self, dataset: Dataset, name_of: Callable[[Part, Frame], str]) -> None:
        """Add the images of all frames of a dataset, as `images` does.

        Args:
            dataset: What is exported.
            name_of: Name in the archive of a part's frame.
        """
        named = ((name_of(part, frame), frame) for part in dataset.parts for frame in part.frames)
        self.images(named, total=sum(len(part.frames) for part in dataset.parts))

    def _new_member(self, name: str, compression: int) -> zipfile.ZipInfo:
        self._names.add(name)
        info = zipfile.ZipInfo(name, self._now)
        info.compress_type = compression
        info.external_attr = 0o644 << 16
        return info


@dataclass(frozen=True)
class ReadLimits:
    """How much is read of a file that somebody sent; the sizes are bytes after unpacking."""

    members: int = 1_000_000
    file_size: int = 1 << 29
    total_size: int = 1 << 32


class Source:
    """A file to import: an archive, or one annotation file. Nothing is unpacked to disk.

    Raises:
        FormatError: On reading, when the archive is broken, encrypted or beyond the limits.
    """

    def __init__(
        self, path: Path, limits: ReadLimits | None = None, subset: str | None = None
    ) -> None:
        self.path = path
        self.limits = limits or ReadLimits()
        self.subset = subset
        """The only subset of a dataset that is to be read; None: all of the file."""
        self.is_archive = zipfile.is_zipfile(path)
        self._left = self.limits.total_size

    def names(self, suffix: str) -> list[str]:
        """Members whose name ends so (``.json``), in the order of the archive."""
        with self._archive() as archive:
            members = archive.infolist()
            if len(members) > self.limits.members:
                raise FormatError(
                    f"The archive holds {len(members)} files; {self.limits.members} are allowed."
                )
            return [
                member.filename
                for member in members
                if member.filename.lower().endswith(suffix)
                and not member.filename.startswith("__MACOSX/")
            ]

    @contextmanager
    def open(self, name: str | None = None) -> Iterator[BoundedReader]:
        """Open a member of the archive, or the file itself when no name is given."""
        if name is None:
            with self.path.open("rb") as file:
                yield BoundedReader(file, self)
            return
        with self._archive() as archive:
            try:
                with archive.open(name) as member:
                    yield BoundedReader(member, self)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
                raise FormatError(
                    f"The file {name!r} of the archive is damaged: {error}"
                ) from error
            except RuntimeError as error:  # what zipfile raises for an encrypted member
                raise FormatError(f"The file {name!r} cannot be unpacked: {error}") from error

    def text(self, name: str) -> str:
        """The text of a member of the archive, in UTF-8.

        Raises:
            FormatError: It is no such text, or damaged, or too large.
        """
        with self.open(name) as reader:
            try:
                return reader.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise FormatError(f"The file {name!r} is not text in UTF-8: {error}") from error

    def spend(self, size: int) -> None:
        """Count bytes that were unpacked, against the limit for the whole import."""
        self._left -= size
        if self._left < 0:
            raise FormatError(
                f"The annotations are larger than {self.limits.total_size} bytes when unpacked."
            )

    @contextmanager
    def _archive(self) -> Iterator[zipfile.ZipFile]:
        try:
            archive = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, OSError) as error:
            raise FormatError(f"The file is not a readable zip archive: {error}") from error
        with archive:
            yield archive


class BoundedReader:
    """A stream that stops a file which unpacks to more than is allowed."""

    def __init__(self, stream: IO[bytes], source: Source) -> None:
        self._stream = stream
        self._source = source
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes; all that is left when it is negative.

        Raises:
            FormatError: The limit of a file or of the import is exceeded.
        """
        if size >= 0:
            return self._block(size)
        blocks = []
        while block := self._block(_BLOCK):
            blocks.append(block)
        return b"".join(blocks)

    def _block(self, size: int) -> bytes:
        block = self._stream.read(size)
        self._size += len(block)
        if self._size > self._source.limits.file_size:
            raise FormatError(
                f"An annotation file is larger than {self._source.limits.file_size} bytes."
            )
        self._source.spend(len(block))
        return block
