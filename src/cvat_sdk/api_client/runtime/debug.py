"""What the log says of a request and its answer when somebody debugs: headers, but no secrets and no bodies."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from cvat_sdk.api_client.runtime import explain

SUMMARY = 15
"""Level of one line for each request: below INFO, which many scripts show of all their libraries."""

# All others may be secret, such as one that carries a credential under a name of its own.
_SHOWN = frozenset(
    {
        "accept",
        "accept-encoding",
        "allow",
        "connection",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "host",
        "origin",
        "retry-after",
        "server",
        "transfer-encoding",
        "upload-finish",
        "upload-length",
        "upload-multiple",
        "upload-offset",
        "upload-start",
        "user-agent",
        "vary",
        "x-organization",
        "x-request-id",
    }
)


logger: logging.Logger = logging.getLogger("cvat_sdk.api_client").getChild("rest")
"""The logger of `rest` in the published package, which scripts set up. What is logged here goes to the one above it."""


class HideSecrets(logging.Filter):
    """Takes what is named like a credential out of the addresses that urllib3 logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; it is always kept."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                explain.address(part) if isinstance(part, str) and "?" in part else part
                for part in record.args
            )
        return True


def log_exchange(
    to: logging.Logger,
    method: str,
    url: str,
    headers: Mapping[str, Any],
    response: Any,
) -> None:
    """Log a request: at the level DEBUG with its headers and those of the answer, else in one line.

    Args:
        to: The logger.
        method: HTTP method.
        url: Address; a query in it is logged but for values that are named like a credential.
        headers: Headers of the request.
        response: The answer.
    """
    address = explain.address(url)
    # What stands in the place of a request in a test may answer with less than a response has.
    reason = getattr(response, "reason", None) or ""
    lines = [f"{method} {address} -> {response.status} {reason}".rstrip()]
    if not to.isEnabledFor(logging.DEBUG):
        to.log(SUMMARY, "%s", lines[0])
        return
    for mark, values in ((">", headers), ("<", response.headers)):
        lines += [f"{mark} {name}: {_shown(name, value)}" for name, value in values.items()]
    to.debug("%s", "\n".join(lines))


def _shown(name: str, value: Any) -> str:
    if name.lower() == "location":
        return explain.address(str(value))
    return explain.one_line(str(value), 300) if name.lower() in _SHOWN else explain.HIDDEN
