"""Query parameters as the operation table declares them: their type, their choices, whether they are needed."""

from __future__ import annotations

import re
from typing import Any

from cvat_sdk.api_client.runtime.operation import Operation, Parameter

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class BadParameter(ValueError):
    """A parameter that cannot be used; the text says which one and what is expected."""


def read(operation: Operation, name: str, text: str | None, *, also: tuple[str, ...] = ()) -> Any:
    """The value that a query gives to a parameter.

    Args:
        operation: The operation, which declares the parameter.
        name: Its name in the query.
        text: What the query says; None when the name is not in it.
        also: Values that are allowed beyond the declared choices.

    Returns:
        An int, a bool or a text; None when there is none or it is empty.

    Raises:
        BadParameter: It is missing, or not of the declared type.
        LookupError: The operation has no such parameter.
    """
    declared = next(
        (p for p in operation.parameters if (p.location, p.wire) == ("query", name)), None
    )
    if declared is None:
        raise LookupError(f"{operation.id} has no query parameter {name!r}")
    if not text:
        if declared.required:
            raise BadParameter(f"The parameter {name} is missing.")
        return None
    return _value(declared, text, (*declared.choices, *also))


def _value(parameter: Parameter, text: str, choices: tuple[str, ...]) -> Any:
    name = parameter.wire
    if parameter.type == "int":
        if not re.fullmatch("-?[0-9]{1,18}", text):
            raise BadParameter(f"The parameter {name} must be a whole number, not {text[:50]!r}.")
        return int(text)
    if parameter.type == "bool":
        if text.lower() not in _BOOLEANS:
            raise BadParameter(f"The parameter {name} must be true or false, not {text[:50]!r}.")
        return _BOOLEANS[text.lower()]
    if parameter.choices and text not in choices:
        raise BadParameter(
            f"The parameter {name} must be one of {', '.join(choices)}, not {text[:50]!r}."
        )
    return text
