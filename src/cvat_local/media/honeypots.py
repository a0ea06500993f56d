"""Where the frames of a pool of ground truth are shown among those of the jobs, as pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cvat_local.media.errors import MediaError
from cvat_local.media.segments import Segment, check_number_of_jobs

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class PoolLayout:
    """The frames of a task with a pool."""

    frames: tuple[int, ...]
    """For each position the media frame that it shows; those of the pool are shown several times."""
    segments: tuple[Segment, ...]
    """The jobs, without the ground truth."""
    pool: Segment
    """The ground truth job: the end of the task."""


def lay_out(
    size: int,
    pool: Sequence[int],
    honeypots: int,
    segment_size: int,
    random: np.random.Generator,
) -> PoolLayout:
    """Mix frames of the pool into jobs of the others, and put the pool at the end.

    Args:
        size: Frames of the media.
        pool: Those of the ground truth, ascending.
        honeypots: How many of them each job shows.
        segment_size: Other frames in a job; 0: all.
        random: Decides the order.

    Raises:
        MediaError: All frames are in the pool, a job would show more than there are, or there would be
            too many jobs.
    """
    taken = set(pool)
    others = [number for number in range(size) if number not in taken]
    if not others:
        raise MediaError("All frames are validation frames; none is left to annotate.")
    random.shuffle(others)
    uses: Counter[int] = Counter()
    frames: list[int] = []
    segments = []
    length = segment_size or len(others)
    check_number_of_jobs(-(-len(others) // length))
    for start in range(0, len(others), length):
        part = others[start : start + length] + least_used(pool, uses, honeypots, random)
        random.shuffle(part)
        segments.append(Segment(len(frames), len(frames) + len(part) - 1))
        frames += part
    last = Segment(len(frames), len(frames) + len(pool) - 1)
    return PoolLayout((*frames, *pool), tuple(segments), last)


def least_used(
    pool: Collection[int], uses: Counter[int], count: int, random: np.random.Generator
) -> list[int]:
    """Frames of the pool for a job, none of them twice: those that others show least.

    Args:
        pool: What there is to choose from.
        uses: How often each is shown; the choice is added.
        count: How many are wanted.
        random: Decides among equals.

    Raises:
        MediaError: There are fewer.
    """
    if count > len(pool):
        raise MediaError(f"A job shows {count} validation frames, but there are {len(pool)}.")
    mixed = [int(number) for number in random.permutation(sorted(pool))]
    chosen = sorted(mixed, key=lambda number: uses[number])[:count]
    uses.update(chosen)
    return chosen
