"""The OpenAPI description that the SDK is generated from, as YAML or JSON."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import yaml
from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import detail
from cvat_local.http.negotiation import API_VERSION
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers

handlers = Handlers("schema")

_YAML = "application/vnd.oai.openapi"
_JSON = "application/vnd.oai.openapi+json"
_TYPES = {
    "*/*": _YAML,
    "application/*": _YAML,
    _YAML: _YAML,
    "application/yaml": "application/yaml",
    _JSON: _JSON,
    "application/json": "application/json",
}
"""Media ranges of the Accept header and what they are answered with."""

_SCHEMES = {"json": _JSON, "yaml": _YAML}


@handlers("retrieve", anonymous=True)
def retrieve(call: Call) -> Response:
    """The description in the form that ``?scheme=`` names, otherwise in the first that the caller accepts."""
    scheme = call.query.get("scheme")
    ranges = [_SCHEMES[scheme]] if scheme in _SCHEMES else call.headers.get("accept", "").split(",")
    names = [one.partition(";")[0].strip().lower() for one in ranges]
    accepted = [_TYPES[name] for name in names if name in _TYPES]
    if not accepted and any(names):
        raise detail(406, f"The description comes as {', '.join(sorted(set(_TYPES.values())))}.")
    media_type = accepted[0] if accepted else _YAML
    as_json = media_type.endswith("json")
    content = description_as_json() if as_json else description()
    filename = f"CVAT REST API ({API_VERSION}).{'json' if as_json else 'yaml'}"
    response = outputs.bytes_(content, media_type)
    response.headers["Content-Type"] = media_type if as_json else f"{media_type}; charset=utf-8"
    response.headers["Content-Disposition"] = outputs.content_disposition(filename, inline=True)
    return response


@functools.cache
def description() -> bytes:
    """The YAML text of the API description."""
    # An installed package carries a copy; a checkout has the original in its own folder.
    packaged = Path(__file__).with_name("openapi.yaml")
    original = Path(__file__).parents[4] / "spec" / "openapi.yaml"
    return (packaged if packaged.exists() else original).read_bytes()


@functools.cache
def description_as_json() -> bytes:
    """The API description as JSON text."""
    # The loader in C, when there is one, is ten times faster on a text of this size.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return json.dumps(yaml.load(description(), Loader=loader), default=str).encode()  # noqa: S506  # both are safe
