"""Attributes of annotations: which values a specification allows, and values as they are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cvat_sdk.api_client import models

__all__ = ["attribute_vals_from_dict", "attribute_value_validator", "number_attribute_values"]


def number_attribute_values(min_value: int, max_value: int, /, step: int = 1) -> list[str]:
    """The ``values`` of a specification of numbers.

    Args:
        min_value: The smallest number.
        max_value: The largest number.
        step: What each number is more than the one before.

    Raises:
        ValueError: The largest is less than the smallest, or no steps lead there.
    """
    if min_value > max_value:
        raise ValueError(f"Expected min_value up to max_value, got {min_value} and {max_value}")
    if step <= 0:
        raise ValueError(f"Expected a step from 1, got {step}")
    if (max_value - min_value) % step:
        raise ValueError(f"Expected steps of {step} to lead from {min_value} to {max_value}")
    return [str(min_value), str(max_value), str(step)]


def attribute_value_validator(spec: models.IAttributeRequest) -> Callable[[str], bool]:
    """What tells whether a text is a value of an attribute.

    Args:
        spec: The specification of the attribute.

    Raises:
        ValueError: The specification contradicts itself.
    """
    kind = str(getattr(spec.input_type, "value", spec.input_type))
    values = list(spec.values)
    if kind == "checkbox":
        return lambda text: text in ("true", "false")
    if kind == "number":
        return _number_validator(values)
    if kind in ("select", "radio"):
        if not values:
            raise ValueError(f"An attribute of type {kind} needs values to choose from")
        return lambda text: text in values
    if kind == "text":
        return lambda text: True
    raise ValueError(f"Expected checkbox, number, radio, select or text, got the type {kind!r}")


def _number_validator(values: list[Any]) -> Callable[[str], bool]:
    try:
        low, high, step = map(int, values)
    except ValueError:
        raise ValueError(
            f"Expected three whole numbers (smallest, largest, step), got {values!r}"
        ) from None
    number_attribute_values(low, high, step)

    def is_value(text: str) -> bool:
        try:
            number = int(text)
        except ValueError:
            return False
        return low <= number <= high and (number - low) % step == 0

    return is_value


def attribute_vals_from_dict(
    id_to_value: Mapping[int, str | int | bool], /
) -> list[models.AttributeValRequest]:
    """Values of attributes by the ids of their specifications, as they are sent.

    Raises:
        TypeError: A value that is no text, whole number or truth value.
    """
    return [
        models.AttributeValRequest(spec_id=spec_id, value=_text(value))
        for spec_id, value in id_to_value.items()
    ]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return value
    raise TypeError(f"Expected str, int or bool, got a value of type {type(value).__name__}")
