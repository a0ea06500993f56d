"""``--dry-run``: the first request of a command, written for curl, with variables in place of secrets."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cvat_sdk.api_client import rest
from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.explain import HIDDEN, names_secret

# Named like secrets, and none: a request without them would be another one.
_NOT_SECRET = frozenset({"credentials_type", "next_token"})


class NotSent(Exception):
    """A request that was about to be sent; its text is the command."""


class Recorder(rest.RESTClientObject):
    """Takes the place of a client's connections, and sends nothing."""

    def request(
        self,
        method: str,
        url: str,
        query_params: Iterable[tuple[str, Any]] | Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Any = None,
        **_options: Any,
    ) -> types.HTTPResponse:
        """Raise the request.

        Raises:
            NotSent: Always.
        """
        raise NotSent(command(method, url, query_params, headers or {}, body, post_params))


def command(
    method: str,
    url: str,
    query: Any,
    headers: Mapping[str, Any],
    body: Any = None,
    post_params: Any = None,
) -> str:
    """A request as a command for a shell."""
    url, _, own = url.partition("?")
    pairs = parse_qsl(own, keep_blank_values=True)
    pairs += list(query.items() if isinstance(query, Mapping) else query or ())
    if pairs:
        shown = [(name, HIDDEN if _is_secret(name, value) else value) for name, value in pairs]
        url += f"?{urlencode(shown)}"
    words = ["curl", "-X", method, shlex.quote(url)]
    is_form = body is None and bool(post_params)
    for name, value in headers.items():
        if value is None or (is_form and name.lower() == "content-type"):
            continue
        words += ["-H", _header(name, str(value))]
    if is_form:
        parts = post_params.items() if isinstance(post_params, Mapping) else post_params
        words += [word for pair in parts for word in ("-F", _part(pair))]
    elif body is not None:
        words += ["--data-binary", shlex.quote(_text(body))]
    return " ".join(words)


def _header(name: str, value: str) -> str:
    lowered = name.lower()
    if lowered == "authorization":
        scheme = value.partition(" ")[0]
        if scheme == "Basic":
            return (
                '"Authorization: Basic $(printf %s "$CVAT_USERNAME:$CVAT_PASSWORD" | base64 -w0)"'
            )
        return f'"Authorization: {scheme} $CVAT_ACCESS_TOKEN"'
    if lowered == "cookie" or names_secret(name):
        value = HIDDEN
    return shlex.quote(f"{name}: {value}")


def _part(pair: Any) -> str:
    if not isinstance(pair, tuple):  # a part that is ready, of urllib3
        name, value = getattr(pair, "_name", "part"), getattr(pair, "data", "")
        return shlex.quote(f"{name}={_text(value)}")
    name, value = pair[0], pair[1]
    file = getattr(value, "name", None)
    if hasattr(value, "read"):
        return shlex.quote(f"{name}=@{file or '-'}")
    return shlex.quote(f"{name}={HIDDEN if _is_secret(name, value) else value}")


def _text(body: Any) -> str:
    if isinstance(body, (bytes, str)):
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        try:
            body = json.loads(text)
        except ValueError:
            return text
    else:
        from cvat_sdk.api_client.runtime.plain import to_json

        body = to_json(body)
    return json.dumps(_without_secrets(body), ensure_ascii=False)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: HIDDEN if entry and _is_secret(str(name), entry) else _without_secrets(entry)
            for name, entry in value.items()
        }
    return [_without_secrets(entry) for entry in value] if isinstance(value, list) else value


def _is_secret(name: str, value: Any) -> bool:
    return isinstance(value, str) and name not in _NOT_SECRET and names_secret(name)
