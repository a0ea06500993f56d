"""The kind of a file, told by its first bytes: servers find out by the extension of a name what they were sent."""

from __future__ import annotations

import re
import zlib

HEAD = 512
"""Bytes that `extension_of` wants to see."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\0", ".tiff"),
    (b"MM\0*", ".tiff"),
    (b"II+\0", ".tiff"),
    (b"MM\0+", ".tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", ".jp2"),
    (b"8BPS", ".psd"),
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"PK\x05\x06", ".zip"),
    (b"BZh", ".bz2"),
    (b"\xfd7zXZ\0", ".xz"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"\0\0\x01\xba", ".mpg"),
    (b"\0\0\x01\xb3", ".mpg"),
    (b"FLV\x01", ".flv"),
    (b"OggS", ".ogv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ".wmv"),
    (b"# .PCD v", ".pcd"),
    (b"<?xml", ".xml"),
)
# Formats in boxes: the brand of the first one says which format it is.
_BRANDS = {
    b"qt  ": ".mov",
    b"avif": ".avif",
    b"avis": ".avif",
    b"heic": ".heic",
    b"heix": ".heic",
    b"mif1": ".heic",
    b"M4V ": ".m4v",
    b"3gp4": ".3gp",
    b"3gp5": ".3gp",
}
_CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1f]")
_RIFF = {b"WEBP": ".webp", b"AVI ": ".avi"}


def extension_of(head: bytes) -> str | None:
    """The extension, with its dot, that fits the first bytes of a file; None when they are of no known kind."""
    for beginning, extension in _BEGINNINGS:
        if head.startswith(beginning):
            return extension
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], ".mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return ".mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return ".webm" if b"webm" in head[:64] else ".mkv"
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return ".bmp"
    if head.startswith(b"\x1f\x8b\x08"):
        return ".tar.gz" if _is_tar(_unpacked(head)) else ".gz"
    if _is_tar(head):
        return ".tar"
    if head[:1] == b"\x47" and head[188:189] == b"\x47" and head[376:377] == b"\x47":
        return ".ts"
    if re.match(rb"\s*(?:\{\s*[\"}]|\[\s*[\"\[{\]\d-])", head) and not _CONTROLS.search(head):
        return ".json"
    return None


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, HEAD)
    except zlib.error:
        return b""
