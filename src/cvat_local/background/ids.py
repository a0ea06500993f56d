"""Ids of background requests, as clients get and send them.

An id is made of ``key=value`` parts joined by ``&``, always in the same order::

    action=export&target=task&target_id=14&user_id=1&format=COCO_1~0&subresource=annotations

In values ``.`` is written ``~`` and a space ``_``. Earlier servers used another form, still read here::

    export:task-14-dataset-in-COCO_1@0-format-by-1
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OLD_FORM = re.compile(
    r"(?P<action>create|export|import):(?P<target>[a-z]+)-(?P<id>[0-9a-fA-F-]{36}|[0-9]+)"
    r"(?:-(?P<subresource>annotations|dataset|backup))?"
    r"(?:-in-(?P<format>.+)-format)?"
    r"(?:-by-(?P<user_id>[0-9]+))?"
)
_KEYS = {
    "action",
    "target",
    "target_id",
    "id",
    "user_id",
    "format",
    "lightweight",
    "subresource",
}


class BadRequestId(ValueError):
    """The text is not the id of a background request."""


@dataclass(frozen=True)
class RequestId:
    """What the id of a background request says.

    Either ``target_id`` (an existing project, task or job) or ``id`` (a made-up one, for work whose
    target does not exist yet) is set. ``user_id`` is part of the id when several users can have the
    same work done at a time.
    """

    action: str
    target: str
    target_id: int | None = None
    id: str | None = None
    user_id: int | None = None
    format: str | None = None
    """Display name of a dataset format, such as ``COCO 1.0``, or its written form ``COCO_1~0``."""
    lightweight: bool = False
    subresource: str | None = None

    def __str__(self) -> str:
        parts = {
            "action": self.action,
            "target": self.target,
            "target_id": self.target_id,
            "id": self.id,
            "user_id": self.user_id,
            "format": self.format,
            "lightweight": self.lightweight or None,
            "subresource": self.subresource,
        }
        return "&".join(
            f"{key}={_written(str(value))}" for key, value in parts.items() if value is not None
        )


def parse(text: str) -> RequestId:
    """Read an id in either form. The format of the result stays as written.

    ``str(parse(text))`` is the one form under which a request is stored.

    Raises:
        BadRequestId: It is not an id.
    """
    old = _OLD_FORM.fullmatch(text)
    if old is not None:
        return _from_parts({key: value for key, value in old.groupdict().items() if value}, text)
    parts: dict[str, str] = {}
    for part in text.split("&"):
        key, equals, value = part.partition("=")
        if not equals or not value or key not in _KEYS or key in parts:
            raise BadRequestId(f"{text!r} is not the id of a request")
        parts[key] = value
    return _from_parts(parts, text)


def _from_parts(parts: dict[str, str], text: str) -> RequestId:
    identifier = parts.get("id")
    target_id = parts.get("target_id")
    if target_id is None and identifier is not None and identifier.isdecimal():
        target_id, identifier = identifier, None
    user_id = parts.get("user_id")
    numbers = [number for number in (target_id, user_id) if number is not None]
    if (
        not {"action", "target"} <= parts.keys()
        or (target_id is None) == (identifier is None)
        or not all(re.fullmatch("[0-9]{1,18}", number) for number in numbers)
    ):
        raise BadRequestId(f"{text!r} is not the id of a request")
    return RequestId(
        action=parts["action"],
        target=parts["target"],
        target_id=None if target_id is None else int(target_id),
        id=identifier,
        user_id=None if user_id is None else int(user_id),
        format=parts.get("format", "").replace("@", "~") or None,
        lightweight=parts.get("lightweight") == "True",
        subresource=parts.get("subresource"),
    )


def _written(value: str) -> str:
    return value.replace(".", "~").replace(" ", "_")
