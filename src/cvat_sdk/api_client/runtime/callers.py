"""The line of a program that called this package: the one that a warning is about."""

from __future__ import annotations

import sys

_PACKAGE = __name__.partition(".")[0]


def level_of_caller() -> int:
    """What `warnings.warn` takes as ``stacklevel``, called by who calls this, to name the first line outside."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and _is_ours(str(frame.f_globals.get("__name__"))):
        frame, level = frame.f_back, level + 1
    return level


def _is_ours(module: str) -> bool:
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
