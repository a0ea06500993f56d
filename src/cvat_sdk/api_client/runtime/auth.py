"""Credentials of a configuration, and how they are put on a request."""

from __future__ import annotations

import binascii
import functools
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, TypedDict

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.headers import BLANK, clean

_DEFAULT_PORTS = {"http": 80, "https": 443}


# "in" is a keyword, so the class syntax cannot say it.
AuthSetting = TypedDict(
    "AuthSetting",
    {"type": str, "in": Literal["header", "cookie", "query"], "key": str, "value": str},
)
"""One credential: its scheme type, and where and under which name it is sent."""


class Scheme(NamedTuple):
    """How one kind of credential is sent."""

    type: Literal["api_key", "basic", "bearer"]
    place: Literal["header", "cookie", "query"] = "header"
    key: str = "Authorization"
    """Name of the header, cookie or query parameter."""
    alias: str | None = None
    """Scheme whose key stands in when there is none."""
    prefix: str | None = None
    """Word that is sent before the key."""
    origin: bool = False
    """Whether it needs an Origin header, as CSRF tokens do."""


class Settings(Protocol):
    """What is read of a `Configuration`."""

    _schemes: ClassVar[Mapping[str, Scheme]]
    access_token: str | None
    username: str | None
    password: str | None
    api_key: dict[str, str]
    api_key_prefix: dict[str, str]

    def get_basic_auth_token(self) -> str:
        """Value of the Authorization header for the user name and password."""
        ...


CVAT_SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        "accessTokenAuth": Scheme("bearer"),
        "basicAuth": Scheme("basic"),
        "csrfAuth": Scheme("api_key", "cookie", "csrftoken", origin=True),
        "sessionAuth": Scheme("api_key", "cookie", "sessionid"),
        "tokenAuth": Scheme("api_key", prefix="Token"),
        "csrfHeaderAuth": Scheme("api_key", "header", "X-CSRFToken", "csrfAuth", origin=True),
    }
)
"""The schemes of CVAT servers, in the order in which they are tried."""


def settings_of(
    configuration: Settings, key: Callable[..., str | None] | None = None
) -> dict[str, AuthSetting]:
    """The credentials that a configuration holds, by scheme.

    Args:
        configuration: Where they are.
        key: Gives the key of a scheme; default: `key_of`.
    """
    found: dict[str, AuthSetting] = {}
    key = key or functools.partial(key_of, configuration)
    has_keys = bool(configuration.api_key)
    for name, scheme in configuration._schemes.items():
        if scheme.type == "api_key" and not has_keys:
            continue
        value = _credential(configuration, name, scheme, key)
        if value:
            found[name] = {
                "type": scheme.type,
                "in": scheme.place,
                "key": scheme.key,
                "value": value,
            }
    return found


def _credential(
    configuration: Settings, name: str, scheme: Scheme, key: Callable[..., str | None]
) -> str | None:
    if scheme.type == "bearer":
        token = configuration.access_token
        token = token and clean(token, "Configuration.access_token")
        return f"Bearer {token}" if token else None
    if scheme.type == "basic":
        is_set = configuration.username is not None and configuration.password is not None
        return configuration.get_basic_auth_token() if is_set else None
    return key(name) if scheme.alias is None else key(name, alias=scheme.alias)


def key_of(configuration: Settings, scheme: str, alias: str | None = None) -> str | None:
    """The key of a scheme with its prefix, or None; `alias` is a scheme whose key may stand in."""
    key = configuration.api_key.get(scheme)
    if key is None and alias is not None:
        key = configuration.api_key.get(alias)
    if not key:
        return None
    source = alias if configuration.api_key.get(scheme) is None else scheme
    text = key if isinstance(key, (str, bytes)) else str(key)
    key = clean(text, f"Configuration.api_key[{source!r}]")
    if not key:
        return None
    prefix = configuration.api_key_prefix.get(scheme)
    # Older documents show the key with its prefix written out.
    return key if not prefix or key.startswith(f"{prefix} ") else f"{prefix} {key}"


def apply(
    settings: dict[str, AuthSetting],
    names: Iterable[str] | None,
    headers: MutableMapping[str, Any],
    queries: list[tuple[str, Any]],
    origin: Callable[[], str],
    schemes: Mapping[str, Scheme] = CVAT_SCHEMES,
) -> None:
    """Put credentials on a request.

    Where several write the Authorization header the last one wins. In alphabetical order, in which
    operations name them, that is token over basic over bearer.

    Args:
        settings: Credentials by scheme.
        names: Schemes to use, in this order; None for all, alphabetically.
        headers: Headers of the request, changed in place.
        queries: Query parameters of the request, changed in place.
        origin: Gives the Origin header that goes with a CSRF token.
        schemes: What the schemes are.
    """
    chosen = sorted(settings) if names is None else names
    for name in chosen:
        if name not in settings:
            continue
        _place(settings[name], settings[name]["value"], headers, queries)
        needs_origin = name in schemes and schemes[name].origin
        if needs_origin and not any(header.lower() == "origin" for header in headers):
            headers["Origin"] = origin()


def put(
    setting: AuthSetting,
    headers: MutableMapping[str, Any],
    queries: list[tuple[str, Any]],
) -> None:
    """Put one credential of a caller's on a request.

    Raises:
        ApiValueError: The credential names a place other than header, cookie and query, or no header can carry it.
    """
    key, value, place = setting["key"], setting["value"], setting["in"]
    if isinstance(value, str):
        value = value.strip(BLANK) if place == "query" else clean(value, f"the credential {key!r}")
    _place(setting, value, headers, queries)


def _place(
    setting: AuthSetting,
    value: Any,
    headers: MutableMapping[str, Any],
    queries: list[tuple[str, Any]],
) -> None:
    key, place = setting["key"], setting["in"]
    if place == "cookie":
        cookie = headers.get("Cookie")
        headers["Cookie"] = f"{cookie}; {key}={value}" if cookie else f"{key}={value}"
    elif place == "header":
        if setting.get("type") != "http-signature":
            lowered = key.lower()
            for name in [name for name in headers if name.lower() == lowered]:
                del headers[name]
            headers[key] = value
    elif place == "query":
        queries.append((key, value))
    else:
        raise ApiValueError(f"A credential goes into header, cookie or query, not into {place!r}")


def basic_token(username: str, password: str) -> str:
    """Value of an Authorization or Proxy-Authorization header.

    A password may begin or end in a blank, but none has a line break at its end: that comes with a file.
    """
    credentials = ":".join(text.rstrip("\r\n") for text in (username, password))
    try:
        raw = credentials.encode("latin-1")
    except UnicodeEncodeError:
        raw = credentials.encode()
    return "Basic " + binascii.b2a_base64(raw, newline=False).decode("ascii")


def origin_of(host: str) -> str:
    """Scheme, name and port of an address, as an Origin header has them."""
    parts = urllib.parse.urlsplit(host)
    name = (parts.hostname or "").lower()
    if ":" in name:
        name = f"[{name}]"
    if parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme):
        return f"{parts.scheme}://{name}"
    return f"{parts.scheme}://{name}:{parts.port}"
