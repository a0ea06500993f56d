"""Colours for labels that came without one: those that CVAT gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from itertools import count

_COMMON = {
    "bird": "#404040",
    "car": "#2080c0",
    "cat": "#6080c0",
    "dog": "#406040",
    "human": "#c080e0",
    "person": "#c06060",
}
"""Names that CVAT has colours of their own for, as far as they are known here."""

_NOT_A_WORD = re.compile(r"\W", re.ASCII)


def automatic_color(name: str, taken: Collection[str] = ()) -> str:
    """A colour ``#rrggbb`` for a label.

    It depends on the name alone, so that the same label looks the same everywhere, unless a sibling
    has that colour (``taken``); then it is the next one that is free.
    """
    used = {color.lower() for color in taken}
    word = _NOT_A_WORD.sub("_", name.lower())
    if word in _COMMON and _COMMON[word] not in used:
        return _COMMON[word]
    start = int.from_bytes(hashlib.blake2s(word.encode(), digest_size=3).digest(), "big")
    return next(
        color for offset in count() if (color := _color_of((start + offset) % 2**24)) not in used
    )


def _color_of(number: int) -> str:
    """The colour of a number as in the colour map of PASCAL VOC: its bits go to the channels in turn.

    Numbers next to each other so have colours that are far apart.
    """
    channels = [0, 0, 0]
    for bit in range(24):
        channels[bit % 3] |= (number >> bit & 1) << (7 - bit // 3)
    return "#" + "".join(f"{channel:02x}" for channel in channels)
