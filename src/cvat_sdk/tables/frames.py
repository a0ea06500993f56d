"""Which frames there are, what they are called, and which follow each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cvat_sdk.api_client import models


class Frames(NamedTuple):
    """Frames of a task or job."""

    numbers: list[int]
    """Their positions in the task, ascending; without those that were deleted."""
    names: Mapping[int, str]
    """Names of files by position."""

    @property
    def following(self) -> dict[int, int]:
        """The next frame by the one before it."""
        return dict(zip(self.numbers, self.numbers[1:], strict=False))


def frames_of(meta: models.IDataMetaRead, start: int = 0, stop: int | None = None) -> Frames:
    """The frames by what a server tells of the data.

    Args:
        meta: Of the task, or of the job.
        start: The first frame of the job.
        stop: Its last one. Default: all of the task.
    """
    last = (meta.size or 0) - 1 if stop is None else stop
    wanted = list(range(start, last + 1))
    found = [frame.name for frame in meta.frames or ()]
    # One name for all of them is that of a video.
    names = dict(zip(wanted, found * len(wanted) if len(found) == 1 else found, strict=False))
    included: Any = getattr(meta, "included_frames", None)
    if (
        included is not None
    ):  # numbers in the uploaded media, of which every so many are in the task
        step = _step(getattr(meta, "frame_filter", ""))
        present = {start + (number - meta.start_frame) // step for number in included}
        wanted = [frame for frame in wanted if frame in present]
    deleted = set(meta.deleted_frames or ())
    return Frames([frame for frame in wanted if frame not in deleted], names)


def _step(frame_filter: str) -> int:
    found = re.fullmatch(r"step=([1-9][0-9]*)", frame_filter or "")
    return int(found[1]) if found else 1
