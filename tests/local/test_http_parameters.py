"""Query parameters by their declaration in the operation table."""

from __future__ import annotations

from typing import Any

import pytest

from cvat_local.http.parameters import BadParameter, read
from cvat_sdk.api_client import operations
from cvat_sdk.api_client.runtime.operation import Operation


def operation(operation_id: str) -> Operation:
    return next(one for one in operations.all_operations() if one.id == operation_id)


EXPORT = operation("tasks.create_dataset_export")
DATA = operation("jobs.retrieve_data")


@pytest.mark.parametrize(
    ("declared", "name", "text", "value"),
    [
        (DATA, "number", "0", 0),
        (DATA, "number", "-1", -1),
        (DATA, "number", "", None),
        (DATA, "number", None, None),
        (DATA, "quality", "original", "original"),
        (EXPORT, "save_images", "True", True),
        (EXPORT, "save_images", "0", False),
        (EXPORT, "filename", "a b.zip", "a b.zip"),
    ],
)
def test_values_have_their_declared_type(
    declared: Operation, name: str, text: str | None, value: Any
) -> None:
    found = read(declared, name, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("declared", "name", "text", "told"),
    [
        (DATA, "number", "1.5", "number must be a whole number, not '1.5'"),
        (DATA, "number", "1" * 19, "number must be a whole number"),
        (DATA, "quality", "best", "quality must be one of compressed, original, not 'best'"),
        (DATA, "type", "preview", "type must be one of"),
        (DATA, "type", None, "type is missing"),
        (EXPORT, "format", "", "format is missing"),
        (EXPORT, "save_images", "yes", "save_images must be true or false, not 'yes'"),
    ],
)
def test_other_texts_are_refused_with_what_is_expected(
    declared: Operation, name: str, text: str | None, told: str
) -> None:
    with pytest.raises(BadParameter, match=told):
        read(declared, name, text)


def test_a_handler_can_allow_more_choices_than_are_declared() -> None:
    assert read(DATA, "type", "preview", also=("preview",)) == "preview"


def test_a_parameter_that_is_not_declared_is_a_mistake_of_the_handler() -> None:
    with pytest.raises(LookupError, match=r"tasks\.create_dataset_export has no .*'frames'"):
        read(EXPORT, "frames", "1")
