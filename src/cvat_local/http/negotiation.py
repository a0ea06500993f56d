"""Which media types a request may send and gets back."""

from __future__ import annotations

from cvat_local.http.errors import detail
from cvat_local.http.outputs import JSON_TYPE
from cvat_sdk.api_client.runtime.operation import Operation

API_VERSION = "2.0"
"""Version in ``Accept: application/vnd.cvat+json; version=...``."""


def check_accept(operation: Operation, accept: str) -> None:
    """Refuse a request that cannot take what the operation gives.

    Only answers in JSON are negotiated; images, archives and texts are sent whatever the caller
    accepts. ``application/json`` is as good as CVAT's own media type.

    Args:
        operation: The operation asked for.
        accept: Value of the Accept header; empty when there is none.

    Raises:
        ApiError: 406.
    """
    if JSON_TYPE not in operation.accept or not accept.strip():
        return
    offered = {*operation.accept, JSON_TYPE, "application/json"}
    if not any(_matches(media_range, offered) for media_range in accept.split(",")):
        raise detail(406, f"This operation answers in {', '.join(sorted(offered))} only.")


def _matches(media_range: str, offered: set[str]) -> bool:
    media_type, *parameters = (part.strip().lower() for part in media_range.split(";"))
    settings = dict(parameter.split("=", 1) for parameter in parameters if "=" in parameter)
    if settings.get("version", API_VERSION) != API_VERSION:
        return False
    if media_type == "*/*" or media_type in offered:
        return True
    main, _, subtype = media_type.partition("/")
    return subtype == "*" and any(one.startswith(f"{main}/") for one in offered)


def check_content_type(operation: Operation, content_type: str) -> None:
    """Refuse a body of a type that the operation does not read.

    Args:
        operation: The operation asked for, which has a body.
        content_type: Media type of the body, lower case, without parameters.

    Raises:
        ApiError: 415.
    """
    allowed = {"application/json", *operation.form_content_types}
    if operation.body is not None:
        allowed.update(operation.body.content_types)
    if content_type not in allowed:
        given = repr(content_type) if content_type else "without a content type"
        raise detail(
            415, f"A body {given} cannot be read; send it as {' or '.join(sorted(allowed))}."
        )
