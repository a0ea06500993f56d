"""Every operation of the API."""

from __future__ import annotations

from typing import Any

from differential.arguments import revive
from differential.case import Side, case


@case(template=True)
def call(side: Side, given: dict[str, Any]) -> Any:
    client = side.client(username="ann", password="secret")
    method = getattr(getattr(client, given["api"]), given["method"])
    return method(*revive(given["positional"]), **revive(given["arguments"]), **given["options"])


@case(template=True)
def call_by_steps(side: Side, given: dict[str, Any]) -> Any:
    """The same after somebody has looked at the tables, and put something in the place of a step."""
    client = side.client(username="ann", password="secret")
    api = getattr(client, given["api"])
    _ = getattr(api, f"{given['method']}_endpoint").settings["auth"]
    client.deserialize = _passed_on(client.deserialize)
    method = getattr(api, given["method"])
    return method(*revive(given["positional"]), **revive(given["arguments"]), **given["options"])


def _passed_on(method: Any) -> Any:
    return lambda *args, **kwargs: method(*args, **kwargs)


@case(template=True)
def endpoint(side: Side, given: dict[str, Any]) -> Any:
    """What the endpoint object says of its operation."""
    found = getattr(getattr(side.client(), given["api"]), f"{given['method']}_endpoint")
    names = {
        group: sorted(members) for group, members in found.params_map.items() if group != "required"
    }
    return {
        "path": found.path,
        "settings": found.settings,
        "params_map": names,
        "required": found.params_map["required"],
        "attribute_map": found.attribute_map,
        "location_map": found.location_map,
        "openapi_types": {
            name: _type_names(types)
            for name, types in found.openapi_types.items()
            if not name.startswith("_")
        },
        "allowed_values": found.allowed_values,
        "validations": found.validations,
        "collection_format_map": found.collection_format_map,
        # The order shows in the Accept header of the calls.
        "headers_map": {name: sorted(types) for name, types in found.headers_map.items()},
    }


def _type_names(types: Any) -> list[str]:
    """The classes of a parameter; their order means nothing."""
    return sorted(
        kind.__name__ if isinstance(kind, type) else repr(_type_names(kind)) for kind in types
    )
