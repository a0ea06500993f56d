"""Masks in COCO's run lengths, which describe a whole image, column by column. Needs NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cvat_sdk.core.shapes.masks import Mask, Pixels, check_size, pack, unpack


def to_counts(image: Pixels) -> list[int]:
    """Run lengths of a whole image, column by column, starting with zeros."""
    return pack(image.T.reshape(-1))


def to_rle(image: Pixels, *, compressed: bool = True) -> dict[str, Any]:
    """A mask as COCO writes it.

    Args:
        image: All pixels of the image, of shape (height, width).
        compressed: Write the counts as text, which pycocotools reads; else as a list of numbers.

    Returns:
        ``size`` (height, width) and ``counts``.
    """
    counts = to_counts(image)
    height, width = image.shape
    return {"size": [height, width], "counts": _compress(counts) if compressed else counts}


def from_rle(rle: Mapping[str, Any]) -> Mask:
    """The mask in a COCO run length encoding, plain (a list) or compressed (text or bytes).

    Raises:
        ValueError: It is malformed.
    """
    size, counts = rle.get("size"), rle.get("counts")
    if (
        not isinstance(size, (list, tuple))
        or len(size) != 2
        or not all(type(side) is int and side >= 0 for side in size)
    ):
        raise ValueError(f"The size of a mask is not (height, width) in pixels: {size!r}.")
    height, width = size
    check_size(width, height)
    if isinstance(counts, bytes):
        counts = counts.decode("latin-1")
    if isinstance(counts, str):
        counts = _decompress(counts)
    if not isinstance(counts, list) or not all(type(run) is int and run >= 0 for run in counts):
        raise ValueError("The run lengths of a mask are not a list of counts.")
    if sum(counts) != width * height:
        raise ValueError("The run lengths of a mask do not add up to the pixels of its image.")
    return Mask(unpack(counts, width * height).reshape(width, height).T, 0, 0)


def _compress(counts: Sequence[int]) -> str:
    """COCO's compressed form, see `_decompress`; all numbers take their next group of bits at a time."""
    values = np.array(counts, dtype=np.int64)
    values[3:] -= np.array(counts[1:-2], dtype=np.int64)
    columns = []
    unfinished = np.ones(len(values), dtype=np.bool_)
    while unfinished.any():
        group = values & 0x1F
        values >>= 5
        # The highest bit of the last group is the sign.
        more = unfinished & (values != np.where(group & 0x10, -1, 0))
        columns.append(np.where(unfinished, group + 48 + np.where(more, 0x20, 0), 0))
        unfinished = more
    characters = np.column_stack(columns).astype(np.uint8).ravel()
    return bytes(characters[characters != 0].tobytes()).decode("ascii")


def _decompress(text: str) -> list[int]:
    """The run lengths in COCO's compressed form.

    pycocotools could do it, but trusts what it gets; this text comes from outside. Each number is
    written in groups of five bits, lowest first, and from the fourth on it is the difference to the
    number two before.
    """
    counts: list[int] = []
    value = shift = 0
    for character in text:
        group = ord(character) - 48
        if not 0 <= group < 64 or shift > 60:
            raise ValueError("The compressed run lengths of a mask are malformed.")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        if len(counts) > 2:
            value += counts[-2]
        counts.append(value)
        value = shift = 0
    if shift:
        raise ValueError("The compressed run lengths of a mask end too early.")
    return counts
