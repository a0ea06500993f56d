"""Which frames of a task are its ground truth: the choice among them, as pure functions.

The same seed gives the same frames, and the same as CVAT: the generator and its calls are part of what
users rely on when they repeat an experiment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from cvat_local.media.errors import MediaError
from cvat_local.media.segments import Segment

if TYPE_CHECKING:
    import numpy as np

RANDOM_UNIFORM, RANDOM_PER_JOB, MANUAL = "random_uniform", "random_per_job", "manual"
"""Ways to choose validation frames."""


class FrameChoice(msgspec.Struct, frozen=True, kw_only=True):
    """How validation frames are chosen, as a client says it."""

    frame_selection_method: str | None = None
    frame_count: int | None = None
    frame_share: float | None = None
    """Part of all frames, from 0 to 1."""
    frames_per_job_count: int | None = None
    frames_per_job_share: float | None = None
    """Part of the frames of a job, from 0 to 1."""
    random_seed: int | None = None


# Made before there are threads: two that decode to a class for the first time crash the process.
msgspec.json.Decoder(FrameChoice)


def choose(
    choice: FrameChoice,
    size: int,
    segments: Sequence[Segment],
    segment_size: int,
    *,
    overlap: int = 0,
    deleted: Collection[int] = (),
) -> list[int]:
    """The frames that a random method takes, ascending.

    Args:
        choice: The method, with its numbers.
        size: Frames of the task.
        segments: Its jobs, for ``random_per_job``.
        segment_size: What a share of a job's frames is of; 0: of all frames.
        overlap: Frames that neighbouring jobs share.
        deleted: Frames that ``random_uniform`` does not take.

    Raises:
        MediaError: There are not so many frames, or no number is given.
    """
    if choice.frame_selection_method == RANDOM_UNIFORM:
        count = amount(choice.frame_count, choice.frame_share, size)
        present = [number for number in range(size) if number not in deleted]
        return uniform(present, count, generator(choice.random_seed))
    length = segment_size or size
    count = amount(choice.frames_per_job_count, choice.frames_per_job_share, length)
    if count > size:
        raise MediaError(f"{count} frames of each job are wanted, the task has {size}.")
    return per_job(segments, count, overlap, generator(choice.random_seed))


def amount(count: int | None, share: float | None, whole: int) -> int:
    """A number of frames that is given as such or as a part of ``whole``; a part is at least one frame.

    Raises:
        MediaError: Neither is given, or a share of nothing.
    """
    if count:
        return count
    if not share:
        raise MediaError("The number of validation frames is not given.")
    return max(1, int(share * whole))


def uniform(frames: Sequence[int], count: int, random: np.random.Generator) -> list[int]:
    """``count`` of the frames, ascending.

    Raises:
        MediaError: There are fewer.
    """
    if count > len(frames):
        raise MediaError(f"{count} validation frames are wanted, there are {len(frames)} frames.")
    taken = random.choice(list(frames), size=count, shuffle=False, replace=False)
    return sorted(int(number) for number in taken)


def per_job(
    segments: Sequence[Segment], count: int, overlap: int, random: np.random.Generator
) -> list[int]:
    """``count`` frames of each segment, or all of a shorter one, ascending.

    What an earlier segment has of the overlap counts, and the overlap is not drawn from again.
    """
    taken: set[int] = set()
    for segment in segments:
        own = range(segment.start, segment.stop + 1)
        missing = min(count, len(own)) - len(taken.intersection(own))
        free = [number for number in own if number not in taken]
        if segment.start:
            free = [number for number in free if number >= segment.start + overlap]
        if missing > 0 and free:
            drawn = random.choice(free, size=min(missing, len(free)), replace=False)
            taken.update(int(number) for number in drawn)
    return sorted(taken)


def by_number(frames: Sequence[int], size: int) -> list[int]:
    """Frames that a client lists by their positions, ascending.

    Raises:
        MediaError: One is listed twice, there is none, or no such frame.
    """
    repeated = _repeated(frames)
    if repeated:
        raise MediaError(f"Frame {repeated[0]} is listed more than once.")
    unknown = sorted(number for number in frames if not 0 <= number < size)
    if unknown:
        raise MediaError(f"The task has no frames {', '.join(map(str, unknown))}.")
    if not frames:
        raise MediaError("No validation frame is listed.")
    return sorted(frames)


def by_name(names: Sequence[str], present: Sequence[str]) -> list[int]:
    """Positions of frames that a client lists by their file names, ascending.

    Raises:
        MediaError: There is no such file, or none is listed.
    """
    places = {name: number for number, name in enumerate(present)}
    unknown = sorted(set(names) - places.keys())
    if unknown:
        raise MediaError(f"There is no frame {unknown[0]!r} to be a validation frame.")
    return by_number([places[name] for name in names], len(present))


def generator(seed: int | None) -> np.random.Generator:
    """The generator of a seed; None for one that nobody can repeat."""
    # Loaded with the first choice: few tasks have one.
    import numpy as np

    return np.random.Generator(np.random.MT19937(seed))


def _repeated(frames: Sequence[int]) -> list[int]:
    return [number for number, count in Counter(frames).items() if count > 1]
