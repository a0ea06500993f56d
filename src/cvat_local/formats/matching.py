"""Which frame of a task an item of an imported file stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from cvat_local.formats.dataset import Frame
from cvat_local.formats.errors import FormatError


class FrameIndex:
    """Finds frames by what files call them.

    In this order: the name with its extension, the name without, the same two when a leading folder
    is missing on either side, and last the number of the frame in the uploaded media.
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._by_name = _first_of((frame.file_name, frame) for frame in frames)
        self._by_stem = _unique((frame.stem, frame) for frame in frames)
        self._by_base = _grouped((frame.file_name.rpartition("/")[2], frame) for frame in frames)
        self._by_base_stem = _grouped((frame.stem.rpartition("/")[2], frame) for frame in frames)
        self._by_source = {frame.source_number: frame for frame in frames}

    def find(self, name: str, number: int | None = None) -> Frame:
        """The frame of an item.

        Args:
            name: Path of its image, with or without extension.
            number: Its number in the uploaded media, when the file says one; otherwise a name that
                is a number is taken for it.

        Raises:
            FormatError: No frame fits.
        """
        path = name.replace("\\", "/").removeprefix("./")
        stem = _without_extension(path)
        found = (
            self._by_name.get(path)
            or self._by_stem.get(path)
            or self._by_stem.get(stem)
            or _same_end(path, self._by_base, lambda frame: frame.file_name)
            or _same_end(path, self._by_base_stem, lambda frame: frame.stem)
            or _same_end(stem, self._by_base_stem, lambda frame: frame.stem)
        )
        if found is None:
            if number is None and stem.isascii() and stem.isdigit():
                number = int(stem)
            found = None if number is None else self._by_source.get(number)
        if found is None:
            raise FormatError(f"The item {name!r} matches no frame.")
        return found

    def at(self, source_number: int) -> Frame:
        """The frame with that number in the uploaded media.

        Raises:
            FormatError: There is none.
        """
        found = self._by_source.get(source_number)
        if found is None:
            raise FormatError(f"The frame number {source_number} matches no frame.")
        return found


def _first_of(named: Iterable[tuple[str, Frame]]) -> dict[str, Frame]:
    found: dict[str, Frame] = {}
    for name, frame in named:
        found.setdefault(name, frame)
    return found


def _unique(named: Iterable[tuple[str, Frame]]) -> dict[str, Frame]:
    # "a" means nothing when there are a.jpg and a.png.
    return {name: frames[0] for name, frames in _grouped(named).items() if len(frames) == 1}


def _grouped(named: Iterable[tuple[str, Frame]]) -> dict[str, list[Frame]]:
    found: defaultdict[str, list[Frame]] = defaultdict(list)
    for name, frame in named:
        found[name].append(frame)
    return found


def _same_end(
    path: str, by_base: dict[str, list[Frame]], path_of: Callable[[Frame], str]
) -> Frame | None:
    """The one frame whose path ends with ``path``, or is the longest end of it."""
    candidates = by_base.get(path.rpartition("/")[2], [])
    inside = [frame for frame in candidates if path_of(frame).endswith(f"/{path}")]
    if inside:
        return inside[0] if len(inside) == 1 else None
    ends = [frame for frame in candidates if path.endswith(f"/{path_of(frame)}")]
    return max(ends, key=lambda frame: len(path_of(frame)), default=None)


def _without_extension(path: str) -> str:
    head, dot, extension = path.rpartition(".")
    return head if dot and head and "/" not in extension else path
