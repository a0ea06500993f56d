"""Fetching a description from a server."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping

from cvat_codegen.document import JsonObject
from cvat_codegen.problems import Problems
from cvat_codegen.reading import LARGEST, parse

# Seconds.
_TIMEOUT = 60
_ACCEPT = "application/vnd.oai.openapi+json, application/json, application/yaml;q=0.9, */*;q=0.5"


class _NoOtherScheme(urllib.request.HTTPRedirectHandler):
    """Follows redirections on the web, not to files."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # as the base class
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None and new.host != req.host:
            new.headers.clear()  # they may hold credentials
        return new


def fetch(address: str, headers: Mapping[str, str]) -> JsonObject | Problems:
    """Reads a description from an http or https address.

    Args:
        address: The address.
        headers: Sent with the request, such as credentials; another server that it leads to does not get them.
    """
    shown = name_of(address)
    try:
        request = urllib.request.Request(address, headers={"Accept": _ACCEPT, **headers})  # noqa: S310 - http or https
        opener = urllib.request.build_opener(_NoOtherScheme)
        with opener.open(request, timeout=_TIMEOUT) as response:
            data = response.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        return Problems.at("", f"{shown} answers {error.code} {error.reason}")
    except (OSError, ValueError) as error:
        return Problems.at("", f"{shown} cannot be read: {error}")
    if len(data) > LARGEST:
        return Problems.at("", f"{shown} is larger than {LARGEST} bytes")
    try:
        return parse(data.decode("utf-8"), shown)
    except UnicodeDecodeError as error:
        return Problems.at("", f"{shown} cannot be read: {error}")


def name_of(address: str) -> str:
    """An address without what may be a secret: user, password and query."""
    parts = urllib.parse.urlsplit(address)
    return f"{parts.hostname or ''}{parts.path}"
