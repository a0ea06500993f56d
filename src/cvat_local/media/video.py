"""Videos: what is in them, single frames exactly, chunks as MP4.

A frame is found by its place in the order of display. The index that `probe` makes says at which time
each frame is shown and where decoding can begin, so that one frame costs a few decoded ones and not the
whole video.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import av
import msgspec
import numpy as np
from PIL import Image

from cvat_local.media.errors import MediaError

# A "video" may be a playlist that makes the decoder open other files or addresses.
# For the container only: as options of its streams they crash PyAV before 18 on MPEG program streams.
_OPEN_OPTIONS = {
    "format_whitelist": "mov,mp4,matroska,webm,avi,mpeg,mpegts,asf",
    "protocol_whitelist": "file",
}
# After a seek in a stream of packets, times are given to wrong frames: these are read from the start.
_UNEXACT_FORMATS = frozenset({"mpeg", "mpegts"})
_CHUNK_FRAME_RATE = 25
_LARGE_HEIGHT = 1080
"""Compressed chunks are halved in size until they are lower than this."""


class VideoIndex(msgspec.Struct, frozen=True):
    """Where the frames of a video are; times are in the unit of its stream."""

    times: list[int]
    """When each frame is shown, ascending: one for each frame."""
    key_times: list[int]
    """When the frames are shown at which decoding can begin, ascending."""


class Chapter(msgspec.Struct, frozen=True):
    """A chapter mark, in numbers of frames."""

    id: int
    start: int
    stop: int
    metadata: dict[str, str]


@dataclass(frozen=True)
class VideoInfo:
    """What is known of a video after it was read once."""

    width: int
    """Pixels, after the rotation that the file asks for."""
    height: int
    index: VideoIndex
    chapters: tuple[Chapter, ...]

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.index.times)


def probe(path: Path, name: str) -> VideoInfo:
    """Read the structure of a video and decode its first frame.

    Args:
        path: The file.
        name: How messages call it.

    Raises:
        MediaError: It is no video, is damaged, has no key frames or no times.
    """
    with _opened(path, name) as (container, stream):
        times: list[int] = []
        key_times: list[int] = []
        for packet in container.demux(stream):
            if packet.size == 0 or packet.is_discard:
                continue
            if packet.pts is None:
                raise MediaError(f"Cannot read video {name!r}: its frames have no times.")
            times.append(packet.pts)
            if packet.is_keyframe:
                key_times.append(packet.pts)
        times = sorted(set(times))
        if not times or not key_times:
            raise MediaError(f"Cannot read video {name!r}: it has no frames that can be decoded.")
        if container.format.name in _UNEXACT_FORMATS:
            key_times = times[:1]
        index = VideoIndex(times, sorted(key_times))
        chapters = tuple(
            _chapter(number, chapter, stream, index)
            for number, chapter in enumerate(container.chapters())
        )
    first = next(read_frames(path, name, index, [0]))
    return VideoInfo(first.width, first.height, index, chapters)


def read_frames(
    path: Path, name: str, index: VideoIndex, numbers: Iterable[int]
) -> Iterator[Image.Image]:
    """Decode some frames, upright, as RGB.

    Args:
        path: The file.
        name: How messages call it.
        index: What `probe` found.
        numbers: Which frames, counted from 0; ascending numbers are cheapest.

    Raises:
        MediaError: A frame cannot be decoded.
    """
    with _opened(path, name) as (container, stream):
        stream.thread_type = "AUTO"
        decoder: Iterator[av.VideoFrame] = iter(())
        now: int | None = None
        for number in numbers:
            wanted = index.times[number]
            key = _key_before(index, wanted)
            if now is None or wanted <= now or key > now:
                decoder = _decode_from(container, stream, index, wanted)
            for frame in decoder:
                if frame.pts is not None and frame.pts >= wanted:
                    now = frame.pts
                    yield _upright(frame)
                    break
            else:
                raise MediaError(f"Cannot read video {name!r}: frame {number} is damaged.")


def write_video_chunk(
    target: IO[bytes], pictures: Iterable[Image.Image], quality: int, *, shrink: bool
) -> None:
    """Write pictures as an MP4 (H.264, constrained baseline, 25 frames a second).

    Args:
        target: Gets the file; must be seekable.
        pictures: The frames, all of one size.
        quality: 1 to 100.
        shrink: Halve the size while the height is 1080 or more.
    """
    with av.open(target, "w", format="mp4") as container:
        stream: Any = None
        for number, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream("libx264", rate=_CHUNK_FRAME_RATE)
                stream.width, stream.height = _chunk_size(*picture.size, shrink=shrink)
                stream.pix_fmt = "yuv420p"
                stream.options = {
                    "profile": "baseline",
                    "preset": "veryfast",
                    # 0 would ask for lossless, which the profile does not have.
                    "crf": str(max(1, round(51 * (100 - quality) / 100))),
                }
            # A picture of odd size is stretched by a pixel: H.264 with halved colours needs even sizes.
            pixels = np.asarray(picture.resize((stream.width, stream.height)).convert("RGB"))
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode())


def _chunk_size(width: int, height: int, *, shrink: bool) -> tuple[int, int]:
    while shrink and height >= _LARGE_HEIGHT:
        width, height = width // 2, height // 2
    return width + width % 2, height + height % 2


def _decode_from(
    container: Any, stream: Any, index: VideoIndex, wanted: int
) -> Iterator[av.VideoFrame]:
    """Frames from a key frame at or before ``wanted`` on.

    Containers seek by the time of decoding, which may lead behind the key frame that was meant; then the
    one before it is tried, and at last the beginning.
    """
    starts = index.key_times[1 : bisect_right(index.key_times, wanted)]
    for start in reversed(starts[-3:]):
        container.seek(start, stream=stream, backward=True)
        decoder = container.decode(stream)
        first = next(decoder, None)
        if first is not None and first.pts is not None and first.pts <= wanted:
            yield first
            yield from decoder
            return
    container.seek(0, backward=True)
    yield from container.decode(stream)


def _key_before(index: VideoIndex, time: int) -> int:
    return index.key_times[max(0, bisect_right(index.key_times, time) - 1)]


def _upright(frame: av.VideoFrame) -> Image.Image:
    picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
    # Both the frame and Pillow count counter-clockwise.
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _chapter(number: int, chapter: Any, stream: Any, index: VideoIndex) -> Chapter:
    def frame_at(time: int) -> int:
        in_stream = round(time * chapter["time_base"] / stream.time_base)
        return max(0, bisect_right(index.times, in_stream) - 1)

    metadata = {str(key): str(value) for key, value in chapter["metadata"].items()}
    return Chapter(number, frame_at(chapter["start"]), frame_at(chapter["end"]), metadata)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[tuple[Any, Any]]:
    """Open a video; an error of the decoder inside the block becomes a `MediaError`."""
    try:
        with av.open(str(path), container_options=_OPEN_OPTIONS) as container:
            if not container.streams.video:
                raise MediaError(f"Cannot read video {name!r}: there is no picture in it.")
            yield container, container.streams.video[0]
    except av.error.FFmpegError as error:
        raise MediaError(
            f"Cannot read video {name!r}: it is damaged or in no format known here ({error.strerror})."
        ) from error
