"""Colours for labels that came without one."""

from __future__ import annotations

import colorsys
import hashlib
from collections.abc import Collection
from itertools import count


def automatic_color(name: str, taken: Collection[str] = ()) -> str:
    """A colour ``#rrggbb`` for a label.

    It depends on the name alone, so that the same label looks the same everywhere, unless a sibling
    has that colour (``taken``); then it is the next one of a sequence that depends on the name, too.
    """
    used = {color.lower() for color in taken}
    return next(color for attempt in count() if (color := _color(name, attempt)) not in used)


def _color(name: str, attempt: int) -> str:
    digest = hashlib.blake2s(f"{attempt}/{name}".encode(), digest_size=4).digest()
    hue = int.from_bytes(digest[:2], "big") / 0x10000
    # Neither too pale nor too dark to be seen on a picture.
    lightness = 0.40 + 0.25 * digest[2] / 255
    saturation = 0.55 + 0.40 * digest[3] / 255
    parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
