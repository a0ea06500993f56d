"""Zip archives from strangers, and the zip archives (chunks) that the server writes."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cvat_local.media import chunks
from cvat_local.media.archives import ArchiveLimits, extract_images, safe_name
from cvat_local.media.errors import MediaError


def picture(colour: tuple[int, int, int], image_format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 8), colour).save(buffer, image_format)
    return buffer.getvalue()


RED = picture((255, 0, 0))


def archive_of(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


class TestExtraction:
    def test_images_keep_their_folders_and_order(self, tmp_path: Path) -> None:
        archive = archive_of(
            tmp_path / "a.zip",
            {
                "b/2.png": RED,
                "b/10.png": RED,
                "a.png": picture((0, 0, 255)),
                "readme.txt": b"hello",
                "__MACOSX/a.png": b"junk",
                "b/._2.png": b"junk",
                "nested.zip": b"PK",
            },
        )
        out = tmp_path / "out"
        assert extract_images(archive, "a.zip", out) == ["b/2.png", "b/10.png", "a.png"]
        assert (out / "b" / "2.png").read_bytes() == RED
        assert sorted(p.name for p in out.rglob("*") if p.is_file()) == ["10.png", "2.png", "a.png"]

    def test_windows_separators(self, tmp_path: Path) -> None:
        archive = archive_of(tmp_path / "a.zip", {"b\\2.png": RED})
        assert extract_images(archive, "a.zip", tmp_path / "out") == ["b/2.png"]

    @pytest.mark.parametrize(
        "name", ["../x.png", "/etc/x.png", "a/../../x.png", "..\\x.png", "C:\\x.png", "a\n.png"]
    )
    def test_names_that_lead_out_of_the_folder(self, tmp_path: Path, name: str) -> None:
        archive = archive_of(tmp_path / "a.zip", {"ok.png": RED, name: RED})
        with pytest.raises(MediaError, match="leads out"):
            extract_images(archive, "a.zip", tmp_path / "deep" / "out")
        assert [p.name for p in tmp_path.rglob("*.png")] == []

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            link = zipfile.ZipInfo("link.png")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
            archive.writestr("ok.png", RED)
        assert extract_images(path, "a.zip", tmp_path / "out") == ["ok.png"]
        assert not (tmp_path / "out" / "link.png").exists()

    def test_the_same_name_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.png", RED)
            archive.writestr("a.png", RED)
        with pytest.raises(MediaError, match="twice"):
            extract_images(path, "a.zip", tmp_path / "out")

    @pytest.mark.parametrize("entries", [{}, {"a.txt": b"x"}, {"related_images/a_jpg/c.png": RED}])
    def test_no_images(self, tmp_path: Path, entries: dict[str, bytes]) -> None:
        archive = archive_of(tmp_path / "a.zip", entries)
        with pytest.raises(MediaError, match="holds no images"):
            extract_images(archive, "a.zip", tmp_path / "out")

    def test_not_a_zip(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        path.write_bytes(b"not a zip")
        with pytest.raises(MediaError, match=r"'a\.zip' is damaged or not a zip"):
            extract_images(path, "a.zip", tmp_path / "out")

    def test_damaged_compression(self, tmp_path: Path) -> None:
        path = archive_of(tmp_path / "a.zip", {"a.png": bytes(range(256)) * 100})
        content = bytearray(path.read_bytes())
        for index in range(60, 90):
            content[index] ^= 0xFF
        path.write_bytes(bytes(content))
        with pytest.raises(MediaError, match="damaged"):
            extract_images(path, "a.zip", tmp_path / "out")

    def test_a_name_of_a_file_and_of_a_folder(self, tmp_path: Path) -> None:
        path = archive_of(tmp_path / "a.zip", {"a.png": RED, "a.png/b.png": RED})
        with pytest.raises(MediaError, match="cannot be unpacked") as raised:
            extract_images(path, "a.zip", tmp_path / "out")
        assert str(tmp_path) not in str(raised.value)

    @pytest.mark.parametrize(
        "name", ["x" * 252 + ".png", "я" * 130 + ".png", "ab/" * 400 + "a.png"]
    )
    def test_long_names(self, tmp_path: Path, name: str) -> None:
        path = archive_of(tmp_path / "a.zip", {name: RED})
        with pytest.raises(MediaError, match="too long"):
            extract_images(path, "a.zip", tmp_path / "out")

    def test_damaged_entry(self, tmp_path: Path) -> None:
        path = archive_of(tmp_path / "a.zip", {"a.png": RED}, zipfile.ZIP_STORED)
        content = bytearray(path.read_bytes())
        content[content.index(RED) + 40] ^= 0xFF
        path.write_bytes(bytes(content))
        with pytest.raises(MediaError, match="damaged"):
            extract_images(path, "a.zip", tmp_path / "out")

    def test_too_many_entries(self, tmp_path: Path) -> None:
        archive = archive_of(tmp_path / "a.zip", {f"{n}.png": RED for n in range(5)})
        with pytest.raises(MediaError, match="more than 4 entries"):
            extract_images(archive, "a.zip", tmp_path / "out", ArchiveLimits(most_files=4))

    def test_bomb(self, tmp_path: Path) -> None:
        archive = archive_of(tmp_path / "a.zip", {"a.png": bytes(3_000_000)})
        limits = ArchiveLimits(ratio_counts_from=1_000_000)
        with pytest.raises(MediaError, match="3000000 bytes, which is too much"):
            extract_images(archive, "a.zip", tmp_path / "out", limits)
        with pytest.raises(MediaError, match="too much"):
            extract_images(archive, "a.zip", tmp_path / "out", ArchiveLimits(most_bytes=2_999_999))
        assert not (tmp_path / "out").exists()

    def test_a_header_that_lies_about_the_size(self, tmp_path: Path) -> None:
        path = archive_of(tmp_path / "a.zip", {"a.png": bytes(3_000_000)})
        content = path.read_bytes()
        path.write_bytes(
            content.replace((3_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
        )
        with pytest.raises(MediaError, match="damaged"):
            extract_images(path, "a.zip", tmp_path / "out")
        assert (tmp_path / "out" / "a.png").stat().st_size <= 1000

    def test_encrypted(self, tmp_path: Path) -> None:
        path = archive_of(tmp_path / "a.zip", {"a.png": RED})
        content = bytearray(path.read_bytes())
        content[content.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(bytes(content))
        with pytest.raises(MediaError, match="encrypted"):
            extract_images(path, "a.zip", tmp_path / "out")


def test_names_with_colons_and_spaces_are_fine() -> None:
    assert safe_name("cam 1/2026-01-02T03:04:05.jpg") == "cam 1/2026-01-02T03:04:05.jpg"
    assert safe_name("./a.jpg") == "a.jpg"


class TestChunks:
    @pytest.mark.parametrize(
        ("size", "frames"), [((640, 480), 72), ((3000, 2000), 12), ((20_000, 10_000), 2)]
    )
    def test_default_size(self, size: tuple[int, int], frames: int) -> None:
        assert chunks.default_chunk_size(*size) == frames

    def frames(self, folder: Path, count: int) -> list[chunks.ChunkImage]:
        found = []
        for number in range(count):
            path = folder / f"stored-{number}"
            Image.new("RGB", (20, 10), (number * 10, 0, 0)).save(path, "PNG")
            found.append(chunks.ChunkImage(path, f"b/{number}.png"))
        return found

    def test_compressed(self, tmp_path: Path) -> None:
        # More frames than are compressed at a time.
        frames = self.frames(tmp_path, 20)
        buffer = io.BytesIO()
        chunks.write_compressed_zip(buffer, frames, 90)
        with zipfile.ZipFile(buffer) as chunk:
            assert chunk.namelist() == [f"{n:06d}.jpeg" for n in range(20)]
            for number, name in enumerate(chunk.namelist()):
                image = Image.open(io.BytesIO(chunk.read(name)))
                assert (image.format, image.size) == ("JPEG", (20, 10))
                assert abs(int(np.asarray(image)[5, 10, 0]) - number * 10) < 4

    def test_original(self, tmp_path: Path) -> None:
        frames = self.frames(tmp_path, 3)
        buffer = io.BytesIO()
        chunks.write_original_zip(buffer, frames)
        with zipfile.ZipFile(buffer) as chunk:
            assert chunk.namelist() == ["000000.png", "000001.png", "000002.png"]
            assert chunk.read("000002.png") == frames[2].path.read_bytes()

    def test_frames_of_others_are_placeholders(self, tmp_path: Path) -> None:
        frames = self.frames(tmp_path, 2)
        for write in (
            lambda target, images: chunks.write_compressed_zip(target, images, 70),
            chunks.write_original_zip,
        ):
            buffer = io.BytesIO()
            write(buffer, [None, frames[1]])
            with zipfile.ZipFile(buffer) as chunk:
                sizes = [Image.open(io.BytesIO(chunk.read(name))).size for name in chunk.namelist()]
            assert sizes == [(1, 1), (20, 10)]

    def test_context_images_become_jpeg(self, tmp_path: Path) -> None:
        buffer = io.BytesIO()
        chunks.write_context_zip(buffer, self.frames(tmp_path, 2))
        with zipfile.ZipFile(buffer) as chunk:
            assert chunk.namelist() == ["0.jpg", "1.jpg"]
            assert Image.open(io.BytesIO(chunk.read("1.jpg"))).format == "JPEG"

    def test_no_context_images_give_an_empty_zip(self) -> None:
        buffer = io.BytesIO()
        chunks.write_context_zip(buffer, [])
        assert len(buffer.getvalue()) == 22

    def test_the_same_frames_give_the_same_bytes(self, tmp_path: Path) -> None:
        frames = self.frames(tmp_path, 2)
        written = []
        for _ in range(2):
            buffer = io.BytesIO()
            chunks.write_compressed_zip(buffer, frames, 70)
            written.append(buffer.getvalue())
        assert written[0] == written[1]

    def test_a_missing_frame_is_named(self, tmp_path: Path) -> None:
        frames = [chunks.ChunkImage(tmp_path / "gone", "b/1.png")]
        with pytest.raises(MediaError, match=r"'b/1\.png': the file is missing"):
            chunks.write_compressed_zip(io.BytesIO(), frames, 70)

    def test_checksum(self, tmp_path: Path) -> None:
        path = tmp_path / "chunk"
        path.write_bytes(b"x" * 5000)
        assert chunks.checksum(path) == zlib.crc32(b"x" * 1000, zlib.crc32(b"5000"))
