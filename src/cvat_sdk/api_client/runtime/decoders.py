"""Decoders, made by one thread at a time.

When msgspec first meets a model it works out how to convert to it, and to all models inside of it. It
runs Python code on the way, and other threads find what it has so far; one that converts to any of these
models at that moment crashes the process. Whoever converts to a model asks here for its decoder first.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from cvat_sdk.api_client.runtime.model import dec_hook

_making = threading.RLock()

# A fork in the middle would leave the child a decoder that is never finished, and a lock that is never released.
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(
        before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release
    )


def new_decoder(
    annotation: Any, hook: Callable[[Any, Any], Any] = dec_hook
) -> msgspec.json.Decoder[Any]:
    """A decoder of a type. Once it is made, any thread may convert to the type in any way."""
    with _making:
        return msgspec.json.Decoder(annotation, dec_hook=hook)


@functools.cache
def decoder_of(annotation: Any) -> msgspec.json.Decoder[Any]:
    """`new_decoder`, kept for as long as the process runs."""
    return new_decoder(annotation)
