"""What a client tells of a server of another version: a warning for each kind of difference, once."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from cvat_sdk.api_client.exceptions import VersionSkewWarning
from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.callers import level_of_caller
from cvat_sdk.version import __version__

# A server that names its fields at random must fill neither the screen nor the memory.
_MOST_TOLD = 100
_MOST_SEEN = 1000
# Entries of each list that are looked at in a body that differs like one before.
_SAMPLE = 100


class VersionSkew:
    """What a client knows of the version of its server. The copies of a client share one."""

    def __init__(self) -> None:
        self.server_version: str | None = None
        """The server's version, once an answer has told it."""
        # dict.setdefault is how one of several threads comes first without a lock.
        self._told: dict[tuple[str, str, str], object] = {}
        self._seen: dict[tuple[str, ...], None] = {}

    def __copy__(self) -> VersionSkew:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> VersionSkew:
        return self

    def look(self, raw: Any, node: types.Node, *, closely: bool = True) -> None:
        """Warn of what is new in a body that differs from its type.

        Args:
            raw: The body as plain data.
            node: Its type.
            closely: False for samples of long lists: to look at every value takes as long as to decode it.

        Raises:
            VersionSkewWarning: The filters of warnings make it an error.
        """
        from cvat_sdk.api_client.runtime.differences import differences

        if len(self._told) > _MOST_TOLD:
            return
        for found in differences(raw, node, sample=None if closely else _SAMPLE):
            mine = object()
            if self._told.setdefault(found[:3], mine) is mine:
                if len(self._told) > _MOST_TOLD:
                    self._warn("there are more differences than are told")
                    return
                self._warn(found.text)

    def are_new(self, node: types.Node, signs: Iterable[tuple[str, ...]]) -> bool:
        """Whether one of these signs of a difference has not been met in bodies of a type; they have from then on."""
        new = [key for key in ((node.text, *sign) for sign in signs) if key not in self._seen]
        if len(self._seen) < _MOST_SEEN:
            self._seen.update(dict.fromkeys(new))
        return bool(new)

    def _warn(self, text: str) -> None:
        server = f" (server {self.server_version}, this package {__version__})"
        warnings.warn(
            f"the server's answer differs from the API description: {text}; it is kept as it came"
            f"{server if self.server_version else ''}",
            VersionSkewWarning,
            stacklevel=level_of_caller(),
        )
