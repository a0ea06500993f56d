"""How the caller reaches this server."""

from __future__ import annotations

import re

from starlette.requests import Request

_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def base_url(request: Request) -> str:
    """Scheme and host that URLs in answers start with, without a slash at the end.

    A proxy in front of the server says what the client sees in ``X-Forwarded-Host`` and
    ``X-Forwarded-Proto``.
    """
    scheme = request.scope["scheme"]
    if request.headers.get("x-forwarded-proto") == "https":
        scheme = "https"
    for name in ("x-forwarded-host", "host"):
        host = request.headers.get(name, "").strip()
        if _HOST.fullmatch(host):
            return f"{scheme}://{host}"
    name, port = request.scope.get("server") or ("localhost", None)
    return f"{scheme}://{name}" + (f":{port}" if port else "")
