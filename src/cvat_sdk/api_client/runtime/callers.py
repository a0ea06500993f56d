"""The line of a program that called this package: the one that a warning is about."""

from __future__ import annotations

import sys
from types import FrameType

_PACKAGE = __name__.partition(".")[0]


def level_of_caller() -> int:
    """What `warnings.warn` takes as ``stacklevel``, called by who calls this, to name the first line outside."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and _is_ours(frame):
        frame, level = frame.f_back, level + 1
    return level


def _is_ours(frame: FrameType) -> bool:
    names = frame.f_globals
    module = str(names.get("__name__"))
    if module.partition(".")[0] == _PACKAGE:
        return True
    # A module of a generated package: it declares APIs, and is no program.
    base = getattr(names.get("Api"), "__module__", "")
    return module.endswith("_api") and base == f"{_PACKAGE}.api_client.runtime.api"
