"""Images: sizes as people see them, upright copies, JPEG for browsers, previews."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cvat_local.media import images
from cvat_local.media.errors import MediaError
from cvat_local.media.previews import write_preview

ORIENTATION = 0x0112
RED, GREEN = (255, 0, 0), (0, 255, 0)


def corner_picture(width: int = 60, height: int = 40) -> Image.Image:
    """Green with a red top left quarter, so that a rotation can be seen."""
    picture = Image.new("RGB", (width, height), GREEN)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    return picture


def oriented(path: Path, orientation: int, image_format: str) -> Path:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    corner_picture().save(path, image_format, exif=exif, quality=95)
    return path


def assert_colour(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    found = image.convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    assert max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 12, (at, found)


def as_jpeg(path: Path, quality: int = 90) -> Image.Image:
    buffer = io.BytesIO()
    images.write_jpeg(path, path.name, buffer, quality)
    buffer.seek(0)
    image = Image.open(buffer)
    assert image.format == "JPEG"
    return image


@pytest.mark.parametrize(
    ("suffix", "image_format"),
    [
        ("jpg", "JPEG"),
        ("png", "PNG"),
        ("webp", "WEBP"),
        ("gif", "GIF"),
        ("tif", "TIFF"),
        ("bmp", "BMP"),
    ],
)
def test_probe_reads_every_format(tmp_path: Path, suffix: str, image_format: str) -> None:
    path = tmp_path / f"a.{suffix}"
    corner_picture(64, 48).save(path, image_format)

    assert images.probe(path, "a") == images.ImageInfo(64, 48, upright=True)
    compressed = as_jpeg(path)
    assert compressed.size == (64, 48)
    assert_colour(compressed, (5, 5), RED)
    assert_colour(compressed, (60, 5), GREEN)


def test_a_type_told_wrong_by_the_suffix_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "really-a-png.jpg"
    corner_picture().save(path, "PNG")
    assert images.probe(path, "a").width == 60


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_swaps_the_size_and_is_applied(tmp_path: Path, image_format: str) -> None:
    # Orientation 6: the camera was turned, so the stored left edge is the top edge.
    path = oriented(tmp_path / "rot", 6, image_format)

    assert images.probe(path, "rot") == images.ImageInfo(40, 60, upright=False)

    upright = tmp_path / "folder" / "upright"
    images.write_upright(path, "rot", upright)
    with Image.open(upright) as image:
        assert image.format == image_format
        assert image.size == (40, 60)
        assert ORIENTATION not in image.getexif()
        assert_colour(image, (35, 5), RED)
        assert_colour(image, (5, 5), GREEN)
    compressed = as_jpeg(path)
    assert compressed.size == (40, 60)
    assert_colour(compressed, (35, 5), RED)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (60, 40), (5, 5)),
        (2, (60, 40), (55, 5)),
        (3, (60, 40), (55, 35)),
        (4, (60, 40), (5, 35)),
        (5, (40, 60), (5, 5)),
        (6, (40, 60), (35, 5)),
        (7, (40, 60), (35, 55)),
        (8, (40, 60), (5, 55)),
    ],
)
def test_all_orientations(
    tmp_path: Path, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    path = oriented(tmp_path / "a.jpg", orientation, "JPEG")
    info = images.probe(path, "a")
    assert (info.width, info.height) == size
    assert info.upright == (orientation == 1)
    compressed = as_jpeg(path)
    assert compressed.size == size
    assert_colour(compressed, red_at, RED)


def test_a_photograph_with_a_second_picture_in_it(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    corner_picture().save(
        path, "MPO", save_all=True, append_images=[Image.new("RGB", (10, 10))], exif=exif
    )
    assert images.probe(path, "phone.jpg") == images.ImageInfo(40, 60, upright=False)
    images.write_upright(path, "phone.jpg", tmp_path / "upright.jpg")
    with Image.open(tmp_path / "upright.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (40, 60))


def test_unknown_orientation_is_ignored(tmp_path: Path) -> None:
    path = oriented(tmp_path / "a.jpg", 9, "JPEG")
    assert images.probe(path, "a") == images.ImageInfo(60, 40, upright=True)


def test_16_bit_png_is_stretched_to_8_bits(tmp_path: Path) -> None:
    path = tmp_path / "thermal.png"
    values = np.linspace(28_000, 32_000, 40 * 50).reshape(40, 50).astype(np.uint16)
    Image.fromarray(values).save(path)

    compressed = as_jpeg(path, quality=100)

    assert compressed.mode == "L"
    found = np.asarray(compressed).astype(int)
    expected = ((values - 28_000.0) / 4_000 * 255).astype(int)
    assert np.abs(found - expected).max() <= 4


def test_16_bit_png_of_one_value_is_black(tmp_path: Path) -> None:
    path = tmp_path / "flat.png"
    Image.fromarray(np.full((4, 4), 30_000, np.uint16)).save(path)
    assert np.asarray(as_jpeg(path)).max() == 0


def test_transparency_palette_and_cmyk_become_rgb(tmp_path: Path) -> None:
    for mode in ("RGBA", "P", "CMYK"):
        path = tmp_path / f"{mode}.tif"
        corner_picture().convert(mode).save(path, "TIFF")
        compressed = as_jpeg(path)
        assert compressed.mode == "RGB"
        assert_colour(compressed, (55, 35), (0, 255, 0))


def test_black_and_white_becomes_grey(tmp_path: Path) -> None:
    path = tmp_path / "bits.png"
    Image.new("1", (8, 8), 1).save(path)
    compressed = as_jpeg(path)
    assert compressed.mode == "L"
    assert np.asarray(compressed).min() > 250


def test_only_the_first_page_of_a_tiff_counts(tmp_path: Path) -> None:
    path = tmp_path / "pages.tif"
    corner_picture().save(path, save_all=True, append_images=[Image.new("RGB", (10, 10))])
    assert images.probe(path, "a") == images.ImageInfo(60, 40, upright=True)


def test_quality_changes_the_size_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "noise.png"
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(path)
    sizes = []
    for quality in (1, 50, 100):
        buffer = io.BytesIO()
        images.write_jpeg(path, "noise", buffer, quality)
        sizes.append(len(buffer.getvalue()))
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[2] / 4


def truncated_jpeg(path: Path) -> None:
    buffer = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])


def damaged_png(path: Path) -> None:
    buffer = io.BytesIO()
    corner_picture().save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


@pytest.mark.parametrize(
    "break_file",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(bytes(1000)),
        lambda path: path.write_bytes(b"\xff\xd8\xff\xe0hello"),
        truncated_jpeg,
        damaged_png,
        lambda path: path.unlink(missing_ok=True),
    ],
    ids=["empty", "zeros", "eleven bytes", "half a jpeg", "flipped byte", "missing"],
)
def test_a_broken_file_is_named_without_its_path(tmp_path: Path, break_file: object) -> None:
    path = tmp_path / "server-side-name"
    assert callable(break_file)
    break_file(path)
    with pytest.raises(MediaError, match=r"'b/mine\.jpg'") as raised:
        images.probe(path, "b/mine.jpg")
    assert str(tmp_path) not in str(raised.value)


def test_a_picture_with_too_many_pixels_is_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    assert path.stat().st_size < 100_000
    with pytest.raises(MediaError, match="too many"):
        images.probe(path, "bomb.png")


@pytest.mark.parametrize(
    ("size", "expected"),
    [((64, 48), (64, 48)), ((1024, 512), (256, 128)), ((300, 900), (85, 256))],
)
def test_preview_fits_and_is_never_enlarged(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    path = tmp_path / "a.jpg"
    corner_picture(*size).save(path, quality=95)
    buffer = io.BytesIO()
    write_preview(path, "a.jpg", buffer)
    preview = Image.open(buffer)
    assert preview.format == "JPEG"
    assert preview.size == expected
    assert_colour(preview, (5, 5), RED)
    assert_colour(preview, (preview.width - 5, preview.height - 5), GREEN)
