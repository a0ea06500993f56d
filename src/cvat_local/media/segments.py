"""How the frames of a task are split into jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cvat_local.media.errors import MediaError

MOST_JOBS = 5000
"""A task with more jobs is refused."""

DEFAULT_VIDEO_OVERLAP = 5
"""Frames that neighbouring jobs of a video share unless the task says otherwise."""


@dataclass(frozen=True)
class Segment:
    """A range of task positions that becomes one job."""

    start: int
    stop: int
    """Inclusive."""


@dataclass(frozen=True)
class Segmentation:
    """All jobs of a task, and the sizes that the task then reports."""

    segment_size: int
    overlap: int
    segments: tuple[Segment, ...]


def split(
    size: int, segment_size: int = 0, overlap: int | None = None, *, video: bool = False
) -> Segmentation:
    """Split ``size`` frames into equal, possibly overlapping ranges; the last one may be shorter.

    Args:
        size: Frames of the task, at least 1.
        segment_size: Frames of a job; 0 or more than ``size`` puts all into one job.
        overlap: Frames that neighbours share, at most half of a segment; None for the default.
        video: The default overlap is that of videos.

    Raises:
        MediaError: There would be more than `MOST_JOBS` jobs.
    """
    length = segment_size if 0 < segment_size <= size else size
    if overlap is None:
        overlap = DEFAULT_VIDEO_OVERLAP if video else 0
    overlap = min(overlap, length // 2)
    starts = range(0, size - overlap, length - overlap)
    check_number_of_jobs(len(starts))
    segments = tuple(Segment(start, min(start + length, size) - 1) for start in starts)
    return Segmentation(length, overlap, segments)


def split_by_files(job_file_mapping: Sequence[Sequence[str]]) -> Segmentation:
    """One job for each list of files, in the order given.

    Raises:
        MediaError: A list is empty, or there are more than `MOST_JOBS`.
    """
    check_number_of_jobs(len(job_file_mapping))
    segments = []
    start = 0
    for files in job_file_mapping:
        if not files:
            raise MediaError("job_file_mapping has a job without files.")
        segments.append(Segment(start, start + len(files) - 1))
        start += len(files)
    return Segmentation(0, 0, tuple(segments))


def repeated_file(job_file_mapping: Iterable[Iterable[str]]) -> str | None:
    """A file that a mapping lists more than once, None when there is none."""
    counts = Counter(name for files in job_file_mapping for name in files)
    return next((name for name, count in counts.items() if count > 1), None)


def check_number_of_jobs(count: int) -> None:
    """Make sure that a task may have so many jobs.

    Raises:
        MediaError: There would be more than `MOST_JOBS`.
    """
    if count > MOST_JOBS:
        raise MediaError(
            f"The task would have {count} jobs, the most is {MOST_JOBS}: raise segment_size."
        )
