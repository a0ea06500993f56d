"""Proxies: which addresses go round them, and the credentials that their address holds."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.auth import basic_token
from cvat_sdk.api_client.runtime.headers import checked

_PORTS = {"http": 80, "https": 443}


def is_ipv4(target: str) -> bool:
    """Whether a text is an IPv4 address."""
    import ipaddress

    try:
        ipaddress.IPv4Address(target)
    except ValueError:
        return False
    return True


def in_ipv4net(target: str, net: str) -> bool:
    """Whether an IPv4 address lies in a network such as ``10.0.0.0/8``."""
    return is_ipv4(target) and _is_in_network(target, net)


def _is_in_network(target: str, net: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(target) in ipaddress.ip_network(net, strict=False)
    except ValueError:
        return False


def should_bypass_proxies(url: str, no_proxy: str | None = None) -> bool:
    """Whether `no_proxy` covers an address.

    Args:
        url: The address.
        no_proxy: Entries, separated by commas or blanks: ``*`` for everything; a name, which stands for its
            subdomains too, also written ``.name`` and ``*.name``; an IP address or a network such as
            ``10.0.0.0/8`` and ``fd00::/8``. An entry with a port (``name:8080``, ``[::1]:8080``) covers that
            port only.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return False
    if not host:
        return True
    host = host.rstrip(".")
    return any(
        _covers(entry, host, port) for entry in (no_proxy or "").lower().replace(",", " ").split()
    )


def _covers(entry: str, host: str, port: int | None) -> bool:
    name, wanted = _name_and_port(entry)
    if wanted is not None and wanted != port:
        return False
    if name == "*":
        return True
    if _is_in_network(host, name):  # an address is a network of one
        return True
    name = name.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _name_and_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        port = rest.removeprefix(":")
    elif entry.count(":") == 1:
        name, _, port = entry.partition(":")
    else:  # more of them are an IPv6 address
        name, port = entry, ""
    return name, int(port) if port.isdecimal() else None


def address_and_headers(
    proxy: str, headers: Mapping[str, str] | None
) -> tuple[str, Mapping[str, str] | None]:
    """The address of a proxy without its credentials, and its headers with them.

    Args:
        proxy: `Configuration.proxy`, such as ``http://user:password@proxy:3128``; `%` escapes are resolved.
        headers: `Configuration.proxy_headers`; a Proxy-Authorization there is kept.

    Raises:
        ApiValueError: The address has no host, or a header cannot be sent.
    """
    text = proxy.strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    credentials, at, server = rest.rpartition("@")
    if not server.strip("/"):
        raise ApiValueError("Configuration.proxy: expected an address such as http://proxy:3128")
    result = dict(headers or {})
    if at and not any(name.lower() == "proxy-authorization" for name in result):
        user, _, password = credentials.partition(":")
        token = basic_token(urllib.parse.unquote(user), urllib.parse.unquote(password))
        result["Proxy-Authorization"] = token
    address = f"{scheme}{separator}{server}"
    try:
        checked(result)
    except ApiValueError as error:
        raise ApiValueError(f"Configuration.proxy_headers: {error.msg}") from None
    return address, result or None
