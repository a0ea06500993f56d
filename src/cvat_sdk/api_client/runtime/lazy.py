"""Names of a module that live elsewhere and are imported when somebody asks for them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def getter(module: str, homes: Mapping[str, str | None]) -> Callable[[str], Any]:
    """A ``__getattr__`` for a module (PEP 562).

    Args:
        module: Name of the module, for the error about other names.
        homes: Names, separated by blanks, by the module that they are in; None for a module that is itself
            the name.
    """
    home_of = {name: home for home, names in homes.items() for name in (names or "").split()}

    def get(name: str) -> Any:
        if name in home_of:
            return getattr(importlib.import_module(home_of[name]), name)
        if homes.get(name, "") is None:
            return importlib.import_module(name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return get
