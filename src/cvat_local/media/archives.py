"""Taking images out of an uploaded zip archive without trusting it."""

from __future__ import annotations

import lzma
import os
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from cvat_local.media.errors import MediaError
from cvat_local.media.kinds import MediaKind, is_junk, is_related_image, kind_of

LONGEST_NAME = 1024
"""Characters in the name of a file, its folders included."""

_LONGEST_PART = 255
"""Bytes in the name of one file or folder, a limit of file systems."""
_COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may unpack to."""

    most_files: int = 200_000
    """Entries of any kind."""
    most_bytes: int = 100 << 30
    """Unpacked size of all images."""
    most_ratio: int = 200
    """Unpacked size over size of the archive: images hardly compress, bombs do."""
    ratio_counts_from: int = 256 << 20
    """Unpacked bytes below which the ratio does not matter (drawings compress well)."""


DEFAULT_LIMITS = ArchiveLimits()


def extract_images(
    archive: Path, name: str, folder: Path, limits: ArchiveLimits = DEFAULT_LIMITS
) -> list[str]:
    """Unpack the images of a zip archive, with their folders.

    Everything else, and what macOS adds by itself, is left out.

    Args:
        archive: The zip file.
        name: How messages call it.
        folder: Where to write; made when it does not exist.
        limits: What is too much.

    Returns:
        Names of the images relative to ``folder``, in the order of the archive, context images included.

    Raises:
        MediaError: It is no zip, is damaged or encrypted, is over a limit, has no image, or an entry would
            be written outside of ``folder`` or over another one.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            images = _images(opened, name, limits, archive.stat().st_size)
            for target, entry in images.items():
                _extract(opened, entry, folder / target)
    except MediaError:
        raise
    except zipfile.BadZipFile as error:
        raise MediaError(f"Archive {name!r} is damaged or not a zip archive ({error}).") from error
    except NotImplementedError as error:
        raise MediaError(f"Archive {name!r} is packed by an unknown method ({error}).") from error
    except OSError as error:
        raise MediaError(
            f"Archive {name!r} cannot be unpacked ({error.strerror or error})."
        ) from error
    except (EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise MediaError(f"Archive {name!r} is damaged ({error}).") from error
    return list(images)


def safe_name(name: str) -> str:
    """A name from a client as a relative path with forward slashes.

    Raises:
        MediaError: It is empty, too long, or leads out of the folder that it is relative to.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    if (
        not parts
        or path.is_absolute()
        or ".." in parts
        or PureWindowsPath(name).drive
        or any(ord(character) < 32 or character == "\x7f" for character in name)
    ):
        raise MediaError(f"The file name {name!r} leads out of the upload folder.")
    if len(name) > LONGEST_NAME or any(len(os.fsencode(part)) > _LONGEST_PART for part in parts):
        raise MediaError(f"The file name {name!r} is too long.")
    return path.as_posix()


def _images(
    opened: zipfile.ZipFile, name: str, limits: ArchiveLimits, packed_size: int
) -> dict[str, zipfile.ZipInfo]:
    """The entries to unpack by their target name, all checks passed."""
    entries = opened.infolist()
    if len(entries) > limits.most_files:
        raise MediaError(f"Archive {name!r} has more than {limits.most_files} entries.")
    images: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
            continue
        if kind_of(entry.filename) is not MediaKind.IMAGE or is_junk(entry.filename):
            continue
        target = safe_name(entry.filename)
        if target in images:
            raise MediaError(f"Archive {name!r} holds {target!r} twice.")
        if entry.flag_bits & 0x1:
            raise MediaError(f"Archive {name!r} is encrypted.")
        images[target] = entry
    if all(is_related_image(target) for target in images):
        raise MediaError(f"Archive {name!r} holds no images.")
    # zipfile never unpacks more of an entry than its header says, so the headers can be counted on.
    total = sum(entry.file_size for entry in images.values())
    too_dense = total > limits.ratio_counts_from and total > limits.most_ratio * packed_size
    if total > limits.most_bytes or too_dense:
        raise MediaError(f"Archive {name!r} would unpack to {total} bytes, which is too much.")
    return images


def _extract(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, _COPY_BYTES)
