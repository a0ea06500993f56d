"""The name that an answer gives to the file in it, made fit for a file system."""

from __future__ import annotations

import os
import re
import urllib.parse
from pathlib import PurePosixPath

DEFAULT = "download"
"""Name of a file that has none that can be used."""

_PARAMETER = re.compile(r'(?:^|;)\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))')
# Control characters, and those that turn the direction of what is shown.
_INVISIBLE = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = '<>:"|?*' if os.name == "nt" else ""
# Bytes: what file systems take, and what counts as an extension.
_LONGEST = 255
_LONGEST_EXTENSION = 32


def filename_of(disposition: str) -> str:
    """The file name in a Content-Disposition header; `DEFAULT` when there is none that can be used.

    Args:
        disposition: Value of the header. ``filename*`` goes before ``filename``, whatever their order.
    """
    found: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(disposition):
        text = re.sub(r'\\(["\\])', r"\1", quoted) if quoted else bare.strip()
        found.setdefault(name.lower(), text)
    name = _decoded(found.get("filename*", "")) or _as_utf_8(found.get("filename", ""))
    return _fit(name) or DEFAULT


def _decoded(value: str) -> str:
    """A value with its character set, such as ``UTF-8''caf%C3%A9.zip``; empty when it cannot be read."""
    charset, first, rest = value.partition("'")
    _, second, text = rest.partition("'")
    if not (first and second):
        return ""
    try:
        return urllib.parse.unquote_to_bytes(text).decode(charset)
    except (LookupError, UnicodeDecodeError):
        return ""


def _as_utf_8(text: str) -> str:
    """A value that came as UTF-8, which headers are not read as."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _fit(name: str) -> str:
    last = re.split(r"[\\/]", name)[-1]
    last = _INVISIBLE.sub("", last).strip().rstrip(".")
    for character in _FORBIDDEN:
        last = last.replace(character, "_")
    if _RESERVED.fullmatch(last):
        last = f"_{last}"
    if len(last.encode("utf-8", "replace")) <= _LONGEST:
        return last
    extension = "".join(PurePosixPath(last).suffixes[-2:])
    if len(extension.encode()) > _LONGEST_EXTENSION:
        extension = PurePosixPath(last).suffix
    if len(extension.encode()) > _LONGEST_EXTENSION:
        extension = ""
    stem = last.removesuffix(extension).encode("utf-8", "replace")
    return stem[: _LONGEST - len(extension.encode())].decode("utf-8", "ignore") + extension
