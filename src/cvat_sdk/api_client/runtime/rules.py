"""What the walk from plain data to models does with a surprise.

Four sets of rules share one walk:

========  ===========================  ==============================  =============  ============
rules     used for                     wrong type, unknown enum value  unknown field  value limits
========  ===========================  ==============================  =============  ============
CLIENT    what a caller passes         error                           warning        checked
STRICT    responses, when asked for    error                           error          ignored
RECEIVED  `validate_and_convert_types`  error                           kept           ignored
LENIENT   responses                    kept as received                kept           ignored
========  ===========================  ==============================  =============  ============
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from cvat_sdk.api_client.runtime import types


class Rules(NamedTuple):
    """What the walk does with a surprise."""

    raise_errors: bool
    check_limits: bool
    by_wire_names: bool
    allow_read_only: bool = False
    ignored_limits: frozenset[str] = frozenset()
    """JSON schema keywords that are not checked."""
    unknown: Literal["keep", "refuse", "warn"] = "keep"
    """What happens to a field that the API description does not know."""


CLIENT = Rules(raise_errors=True, check_limits=True, by_wire_names=False, unknown="warn")
# A response that is put together by hand may hold what only a server sets.
ASSIGNED = CLIENT._replace(allow_read_only=True)
RECEIVED = Rules(raise_errors=True, check_limits=False, by_wire_names=True, allow_read_only=True)
STRICT = RECEIVED._replace(unknown="refuse")
LENIENT = Rules(raise_errors=False, check_limits=False, by_wire_names=True, allow_read_only=True)


def client_rules(configuration: types.Configuration | None) -> Rules:
    """The rules for what a caller passes, as a configuration sets them."""
    if configuration is None or not (
        configuration.discard_unknown_keys or configuration.disabled_keywords
    ):
        return CLIENT
    return CLIENT._replace(
        raise_errors=not configuration.discard_unknown_keys,
        ignored_limits=configuration.disabled_keywords,
    )
