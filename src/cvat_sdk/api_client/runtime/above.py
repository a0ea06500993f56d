"""The one way up: what models and enumerations have done for them by files that stand on theirs.

A class is declared in `runtime.model` or `runtime.enums`, and calling it takes the whole of the conversion, which
makes models. So these files name what is above them here, and it is imported when it is used for the first time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvat_sdk.api_client.runtime import by_hand as by_hand
    from cvat_sdk.api_client.runtime import construct as construct
    from cvat_sdk.api_client.runtime import convert as convert
    from cvat_sdk.api_client.runtime import described as described
    from cvat_sdk.api_client.runtime import plain as plain
    from cvat_sdk.api_client.runtime import schema as schema
else:
    import importlib

    _MODULES = frozenset({"by_hand", "construct", "convert", "described", "plain", "schema"})

    def __getattr__(name):
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = importlib.import_module(f"cvat_sdk.api_client.runtime.{name}")
        globals()[name] = module
        return module
