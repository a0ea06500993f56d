"""How the caller reaches this server."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection

from starlette.requests import Request

from cvat_local.http.errors import detail

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


def check_host(host: str, allowed: Collection[str]) -> None:
    """Refuse a request that calls this server by a name that is not its own.

    A page of anybody can have a name of its own lead to this machine ("DNS rebinding"), and its scripts
    then ask the server as if they were from here. No such name is an address or ``localhost``.

    Args:
        host: The ``Host`` header; empty when there is none, which no browser does.
        allowed: Further names; ``.example.org`` stands for all names below it, ``*`` for any name.

    Raises:
        ApiError: 400.
    """
    name = re.sub(r":[0-9]*$", "", host.strip().lower()).rstrip(".")
    if not name or _is_address(name.strip("[]")):
        return
    names = {"localhost", ".localhost", *(one.lower().rstrip(".") for one in allowed)}
    below = {name[index:] for index, character in enumerate(name) if character == "."}
    if names.isdisjoint({name, "*", *below}):
        raise detail(
            400,
            "This server is not known by the name in the Host header. "
            "`cvat-local serve --allowed-host NAME` lets it be called so.",
        )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
