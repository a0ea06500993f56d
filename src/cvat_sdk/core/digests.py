"""Digests of files that a server tells: RFC 9530 (``Repr-Digest``), RFC 3230 (``Digest``) and ``Content-MD5``."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_CHUNK = 1024 * 1024
# By their names there; those first that say most. MD5 and SHA-1 are good enough against accidents.
_ALGORITHMS = {"sha-512": "sha512", "sha-256": "sha256", "sha": "sha1", "md5": "md5"}


class Digest(NamedTuple):
    """A digest of a whole file."""

    algorithm: str
    """Name, as in `hashlib`."""
    value: bytes


def told_by(headers: Mapping[str, str]) -> Digest | None:
    """The digest of the file in an answer with all of it; None without one that is known."""
    told: dict[str, str] = {}
    for name in ("Digest", "Repr-Digest"):
        for algorithm, value in re.findall(r"([\w-]+)=:?([\w+/]+=*):?", headers.get(name) or ""):
            told[algorithm.lower()] = value
    told.setdefault("md5", (headers.get("Content-MD5") or "").strip())
    for name, algorithm in _ALGORITHMS.items():
        try:
            value = base64.b64decode(told.get(name, ""), validate=True)
        except binascii.Error:
            continue
        if len(value) == hashlib.new(algorithm, usedforsecurity=False).digest_size:
            return Digest(algorithm, value)
    return None


def agree(path: Path, digest: Digest | None) -> bool:
    """Whether a file has a digest."""
    if digest is None:
        return True
    found = hashlib.new(digest.algorithm, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            found.update(piece)
    return found.digest() == digest.value
