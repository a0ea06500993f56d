"""Servers that play with each connection as a test says."""

from __future__ import annotations

import socket
from collections.abc import Callable

Play = Callable[[socket.socket], object]
"""Gets a connection; it is closed afterwards."""
Serve = Callable[..., int]
"""Starts a server with a `Play` and, for TLS, a context; gives its port."""
