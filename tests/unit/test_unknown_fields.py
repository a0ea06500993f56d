"""Fields that the API description does not know, among what a caller passes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, models
from cvat_sdk.api_client.exceptions import UnknownFieldWarning
from cvat_sdk.api_client.runtime.codec import decode


def _assign(name: str, value: Any) -> Any:
    label = models.PatchedLabelRequest()
    setattr(label, name, value)
    return label


def _set_item(name: str, value: Any) -> Any:
    label = models.PatchedLabelRequest()
    label[name] = value
    return label


@pytest.mark.parametrize(
    "make",
    [
        lambda name, value: models.PatchedLabelRequest(**{name: value}),
        lambda name, value: models.PatchedLabelRequest({name: value}),
        _assign,
        _set_item,
    ],
    ids=["keyword", "dict", "attribute", "item"],
)
def test_an_unknown_field_is_warned_of_and_kept(make: Callable[..., Any]) -> None:
    message = r"^PatchedLabelRequest has no field 'colour' \(did you mean 'color'\?\); it is sent as it is$"
    with pytest.warns(UnknownFieldWarning, match=message) as caught:
        label = make("colour", "red")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert label.to_dict() == {"colour": "red"}


_MANY_TIMES = """
from cvat_sdk.api_client import models
def build(**fields):
    return models.PatchedLabelRequest(**fields)
for _ in range(3):
    build(only_once="x")
build(only_once="y", another_one="z")
models.PatchedTaskWriteRequest(only_once="x")
"""


def test_an_unknown_field_is_warned_of_once_wherever_it_is_given() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _MANY_TIMES], capture_output=True, text=True, check=True
    )
    assert re.findall(r"UnknownFieldWarning: (.*);", ran.stderr) == [
        "PatchedLabelRequest has no field 'only_once'",
        "PatchedLabelRequest has no field 'another_one'",
        "PatchedTaskWriteRequest has no field 'only_once'",
    ]


def test_an_application_may_make_it_an_error() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnknownFieldWarning)
        for _ in range(2):
            with pytest.raises(UnknownFieldWarning):
                models.PatchedLabelRequest(colour="red")
        label = models.PatchedLabelRequest()
        with pytest.raises(UnknownFieldWarning):
            label.colour = "red"
    assert label.to_dict() == {}


def test_a_field_inside_a_body_is_warned_of_and_sent(
    server: RecordingServer, client: ApiClient
) -> None:
    body = {"name": "x", "labels": [{"name": "car", "atributes": []}]}
    with pytest.warns(UnknownFieldWarning, match="did you mean 'attributes'") as caught:
        client.tasks_api.create(body, _parse_response=False)
    assert caught[0].filename == __file__
    assert json.loads(server.last.body) == body


def test_a_new_value_for_a_kept_field_is_not_warned_of() -> None:
    label = decode(b'{"name": "car", "newer": 1}', "Label")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnknownFieldWarning)
        label.newer = 2
        label["newer"] = 3
    assert label.newer == 3


@pytest.mark.parametrize("check", [True, False])
def test_answers_are_not_warned_of(server: RecordingServer, client: ApiClient, check: bool) -> None:
    server.answer(body={"count": 1, "newer": 1, "results": [{"name": "car", "newer": {"a": 1}}]})
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnknownFieldWarning)
        page, _ = client.labels_api.list(_validate_outputs=check)
        models.Label._from_openapi_data(name="car", newer=1)
        models.Label(name="car", newer=1, _spec_property_naming=True)
    assert page.newer == 1


def test_a_misspelt_required_field_is_named_with_the_one_that_is_missing() -> None:
    with pytest.raises(
        ApiTypeError,
        match=r"Label misses the required 'name'; it has no field 'nmae' \(did you mean 'name'\?\)",
    ):
        models.Label(nmae="car", novel=1)
