"""The order of a task's frames."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from cvat_local.media.errors import MediaError

SORTING_METHODS = ("lexicographical", "natural", "predefined", "random")

_DIGITS = re.compile(r"([0-9]+)")
_MOST_NAMES_SHOWN = 5


def natural_key(name: str) -> list[str | int]:
    """Sort key by which ``2.jpg`` comes before ``10.jpg``."""
    return [int(part) if index % 2 else part for index, part in enumerate(_DIGITS.split(name))]


def order(names: Sequence[str], sorting_method: str) -> list[str]:
    """The names in the order of the frames.

    Args:
        names: In the order of arrival (or that of the list that the client sent).
        sorting_method: One of `SORTING_METHODS`; ``predefined`` keeps the order given.
    """
    if sorting_method == "lexicographical":
        return sorted(names)
    if sorting_method == "natural":
        return sorted(names, key=natural_key)
    if sorting_method == "random":
        return random.sample(names, len(names))
    return list(names)


def order_mismatch(wanted: Sequence[str], present: Sequence[str]) -> str | None:
    """How a client's order of files differs from the files at hand.

    Returns:
        A message that names up to five files of each kind of difference; None when both are the same set.
    """
    problems = []
    repeated = [name for name, count in Counter(wanted).items() if count > 1]
    for text, found in (
        ("listed more than once", repeated),
        ("uploaded but not listed", sorted(set(present) - set(wanted))),
        ("listed but not uploaded", sorted(set(wanted) - set(present))),
    ):
        if found:
            shown = ", ".join(found[:_MOST_NAMES_SHOWN])
            more = ", ..." if len(found) > _MOST_NAMES_SHOWN else ""
            problems.append(f"{text}: {shown}{more}")
    return "; ".join(problems) or None


def frame_step(frame_filter: str) -> int:
    """The step of a frame filter: N of ``step=N``, 1 for an empty filter.

    Raises:
        MediaError: The filter has no ``step=N`` with N of at least 1.
    """
    if not frame_filter:
        return 1
    found = re.search(r"step\s*=\s*([0-9]{1,9})(?![0-9])", frame_filter)
    if found is None or int(found[1]) < 1:
        raise MediaError("A frame filter is written step=N, where N is 1 or more.")
    return int(found[1])


def select_frames(count: int, start: int = 0, stop: int | None = None, step: int = 1) -> range:
    """Source numbers of the frames that a task takes from its media.

    Args:
        count: Frames in the media.
        start: First source number.
        stop: Last source number, inclusive; beyond the end it means the end.
        step: Every how many frames one is taken.

    Raises:
        MediaError: No frame is left.
    """
    last = count - 1 if stop is None else min(stop, count - 1)
    selected = range(start, last + 1, step)
    if not selected:
        raise MediaError(f"No frame is left: start_frame is {start}, but there are {count} frames.")
    return selected
