"""The settings in ``specific_attributes``: ``region=…&endpoint_url=…&prefix=…``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

DEFAULT_REGION = "us-east-1"
"""Region for services that have none; AWS itself tells the right one when a bucket is elsewhere."""

_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class BadAttributes(ValueError):
    """Settings that cannot be used; the text is for whoever wrote them."""


@dataclass(frozen=True)
class Attributes:
    """The settings that are used. Others may be there and mean nothing."""

    region: str = DEFAULT_REGION
    endpoint_url: str | None = None
    """Address of an S3-compatible service; None: AWS."""
    prefix: str = ""
    """Only files whose key begins with this are shown."""


def parse(text: str) -> Attributes:
    """The settings that ``text`` stands for.

    Args:
        text: ``name=value`` pairs joined by ``&``; values may be percent-encoded. The last one wins
            when a name is repeated.

    Raises:
        BadAttributes: It has another form, or a value cannot be used.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True) if text else []
    except ValueError:
        raise BadAttributes("Write name=value pairs, joined by &.") from None
    values = {name: value for name, value in pairs if value}
    region = values.get("region", DEFAULT_REGION)
    if not _REGION.fullmatch(region):
        raise BadAttributes("region is a name such as eu-central-1.")
    prefix = values.get("prefix", "")
    if prefix.startswith("/") or "//" in prefix:
        raise BadAttributes("prefix must not begin with a slash or have two slashes in a row.")
    return Attributes(region, _endpoint(values.get("endpoint_url")), prefix)


def _endpoint(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not url.isascii() or not url.isprintable() or " " in url:
        raise BadAttributes("endpoint_url is an address such as https://storage.example.org:9000.")
    if "@" in parts.netloc or "?" in url or "#" in url:
        # The address is shown to everybody who sees the storage.
        raise BadAttributes("endpoint_url must hold no user, password or query.")
    return url
