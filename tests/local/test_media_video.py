"""Videos: frames are found exactly, chunks are videos themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from cvat_local.media import video
from cvat_local.media.errors import MediaError

FRAMES = 50


def drawn_frame(number: int, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A picture whose grey value tells its number, with a red mark in the top left corner."""
    picture = Image.new("RGB", size, (number * 5,) * 3)
    picture.paste((255, 0, 0), (0, 0, 40, 30))
    return picture


def number_of(picture: Image.Image) -> int:
    value = np.asarray(picture.convert("L"))[picture.height // 2 :, picture.width // 2 :].mean()
    return round(float(value) / 5)


def write_video(path: Path, *, codec: str = "libx264", count: int = FRAMES, **options: str) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(count):
            container.mux(stream.encode(av.VideoFrame.from_image(drawn_frame(number))))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Several groups of pictures, with frames that are not stored in the order of display.
    return write_video(tmp_path_factory.mktemp("video") / "v.mp4", g="12", bf="2")


def numbers(pictures: Iterator[Image.Image]) -> list[int]:
    return [number_of(picture) for picture in pictures]


def test_probe(clip: Path) -> None:
    info = video.probe(clip, "v.mp4")
    assert (info.width, info.height, info.frame_count) == (160, 120, FRAMES)
    assert len(info.index.key_times) == 5
    assert info.chapters == ()


@pytest.mark.parametrize(
    "wanted", [[0], [49], [30], [5, 10, 15, 20, 25, 30], [13, 14, 48], [20, 3, 3], list(range(50))]
)
def test_frames_are_exact(clip: Path, wanted: list[int]) -> None:
    index = video.probe(clip, "v.mp4").index
    assert numbers(video.read_frames(clip, "v.mp4", index, wanted)) == wanted


@pytest.mark.parametrize(
    ("name", "codec"),
    [("v.avi", "mpeg4"), ("v.mkv", "libx264"), ("v.webm", "libvpx"), ("v.mpg", "mpeg1video")],
)
def test_other_containers(tmp_path: Path, name: str, codec: str) -> None:
    path = write_video(tmp_path / name, codec=codec, g="10", b="2M")
    index = video.probe(path, name).index
    assert len(index.times) == FRAMES
    assert numbers(video.read_frames(path, name, index, [0, 7, 21, 49])) == [0, 7, 21, 49]


def test_a_rotated_video_is_shown_upright(tmp_path: Path, clip: Path) -> None:
    path = tmp_path / "phone.mp4"
    content = bytearray(clip.read_bytes())
    one, zero = (1 << 16).to_bytes(4, "big"), bytes(4)
    identity = one + zero * 3 + one + zero * 3 + (1 << 30).to_bytes(4, "big")
    quarter_turn = zero + one + zero + (-1 << 16).to_bytes(4, "big", signed=True) + zero * 4
    at = content.index(identity, content.index(b"tkhd"))
    content[at : at + len(identity)] = quarter_turn + identity[-4:]
    path.write_bytes(bytes(content))

    info = video.probe(path, "phone.mp4")

    assert (info.width, info.height) == (120, 160)
    picture = next(video.read_frames(path, "phone.mp4", info.index, [10]))
    # Turned clockwise: what was the top left corner is the top right one.
    red = picture.getpixel((110, 10))
    assert isinstance(red, tuple)
    assert red[0] > 200
    assert red[1] < 60


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(10_000),
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hosts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hosts\n",
    ],
    ids=["empty", "zeros", "playlist", "list of files"],
)
def test_what_is_no_video(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stored"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"Cannot read video 'v\.mp4'") as raised:
        video.probe(path, "v.mp4")
    assert str(tmp_path) not in str(raised.value)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(MediaError, match="no picture"):
        video.probe(path, "a.mp4")


def chunk(pictures: list[Image.Image], *, quality: int = 100, shrink: bool = False) -> io.BytesIO:
    buffer = io.BytesIO()
    video.write_video_chunk(buffer, pictures, quality, shrink=shrink)
    buffer.seek(0)
    return buffer


class TestChunk:
    def test_all_frames_in_order(self) -> None:
        with av.open(chunk([drawn_frame(number) for number in range(36)])) as container:
            stream = container.streams.video[0]
            assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
            assert "Baseline" in str(stream.codec_context.profile)
            assert stream.average_rate == 25
            frames = list(container.decode(stream))
        assert frames[0].key_frame
        assert [number_of(frame.to_image()) for frame in frames] == list(range(36))

    @pytest.mark.parametrize(
        ("size", "shrink", "expected"),
        [
            ((161, 121), False, (162, 122)),
            ((1920, 1080), True, (960, 540)),
            ((1920, 1080), False, (1920, 1080)),
            ((640, 480), True, (640, 480)),
        ],
    )
    def test_size(self, size: tuple[int, int], shrink: bool, expected: tuple[int, int]) -> None:
        with av.open(chunk([drawn_frame(3, size)], shrink=shrink)) as container:
            frame = next(container.decode(container.streams.video[0]))
        assert (frame.width, frame.height) == expected
        assert number_of(frame.to_image()) == 3

    def test_quality(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
        pictures = [Image.fromarray(noise)]
        small = len(chunk(pictures, quality=10).getvalue())
        assert small < len(chunk(pictures, quality=90).getvalue()) / 2
