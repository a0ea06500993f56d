"""What scripts do with models and endpoints beside calling them: edit their tables, read their private state."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiAttributeError, ApiClient, ApiTypeError, models
from cvat_sdk.api_client.model_utils import model_to_dict, to_json
from cvat_sdk.api_client.runtime.codec import decode, encode

Cls: Any = models.TaskWriteRequest


@contextmanager
def edited(*names: str) -> Iterator[list[Any]]:
    """The tables of a model; what is done to them is undone at the end."""
    tables = [getattr(Cls, name) for name in names]
    before = copy.deepcopy(tables)
    try:
        yield tables
    finally:
        for table, old in zip(tables, before, strict=True):
            table.clear()
            table.update(old)


def test_an_edited_wire_name_is_the_one_that_is_sent() -> None:
    task = Cls(name="x")
    with edited("attribute_map") as (wires,):
        wires["name"] = "NAME"
        assert encode(task) == encode([task])[1:-1] == b'{"NAME":"x"}'
        assert to_json(task) == {"NAME": "x"}
    assert encode(task) == b'{"name":"x"}'


def test_edited_types_are_those_that_callers_may_pass() -> None:
    with edited("openapi_types") as (types,):
        types["project_id"] = (str,)
        assert Cls(name="x", project_id="5").project_id == "5"
        with pytest.raises(ApiTypeError):
            Cls(name="x", project_id=5)
        types["project_id"] = (object,)
        with pytest.raises(ApiTypeError, match="openapi_types of 'project_id'"):
            Cls(name="x", project_id=5)
    assert Cls(name="x", project_id=5).project_id == 5


def test_a_field_that_is_added_to_the_tables_is_one() -> None:
    with edited("openapi_types", "attribute_map") as (types, wires):
        types["priority"], wires["priority"] = (int,), "Priority"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            task = Cls(name="x", priority=1)
            task.priority = 2
        assert task.priority == 2
        assert encode(task) == b'{"name":"x","Priority":2}'
        with pytest.raises(ApiTypeError):
            Cls(name="x", priority="high")
        with pytest.raises(ApiTypeError):
            task.priority = "high"
        assert task.priority == 2


def test_a_model_without_a_type_for_other_fields_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cls, "additional_properties_type", None)
    with pytest.raises(ApiAttributeError, match="has no field 'nam_e'"):
        Cls(name="x", nam_e=1)
    task = Cls(name="x")
    with pytest.raises(ApiAttributeError):
        task.priority = 1
    assert task.to_dict() == {"name": "x"}


def test_a_parameter_that_is_added_to_an_endpoint_is_one_of_its_method(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    with connect() as client:
        endpoint: Any = client.jobs_api.list_endpoint
        endpoint.params_map["all"].append("extra")
        endpoint.openapi_types["extra"] = (str,)
        endpoint.attribute_map["extra"] = "extra"
        endpoint.location_map["extra"] = "query"
        listed: Any = client.jobs_api.list
        listed(extra="x", _parse_response=False)
        assert server.last.target.endswith("/api/jobs?extra=x")
        with pytest.raises(ApiTypeError):
            listed(extra=5)
        with pytest.raises(ApiTypeError, match="has no argument 'other'"):
            listed(other="x")


@pytest.mark.parametrize(
    ("model", "stored"),
    [
        (models.TaskWriteRequest(name="x"), {"name": "x"}),
        (models.JobStage("annotation"), {"value": "annotation"}),
    ],
)
def test_models_have_the_private_state_of_the_published_ones(model: Any, stored: Any) -> None:
    assert model._data_store == stored
    assert model._path_to_item == ()
    assert model._configuration is None
    assert model._check_type is True
    assert model._spec_property_naming is False
    assert model._visited_composed_classes == (type(model),)
    assert not hasattr(type(model), "_data_store")


def test_a_member_as_a_dict_is_its_value() -> None:
    member = models.JobStage("annotation")
    assert (
        model_to_dict(member) == model_to_dict(member, serialize=False) == {"value": "annotation"}
    )


def test_what_only_the_server_sets_can_be_assigned_to_a_response() -> None:
    task: Any = decode(b'{"id":1}', "TaskRead")
    task.owner = {"id": 2, "username": "z", "url": "http://x"}
    assert task.owner.url == "http://x"


@pytest.mark.parametrize("schema", [(object,), (bytes,), ([object],), "Nope", "list[Nope]"])
def test_a_type_that_no_response_has_is_refused_before_the_call(
    schema: Any, server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    with connect() as client:
        with pytest.raises(ApiTypeError, match="not a type of responses") as error:
            client.call_api("/x", "GET", response_schema=schema)
        assert error.value.path_to_item == ["response_schema"]
        assert not server.received


def test_reading_what_is_no_field_says_so_and_what_may_be_meant() -> None:
    task: Any = Cls(name="x")
    with pytest.raises(ApiAttributeError, match="has no field 'nmae' \\(did you mean 'name'"):
        _ = task.nmae
    with pytest.raises(ApiAttributeError, match="has no field 'nmae'"):
        del task.nmae
    with pytest.raises(ApiAttributeError, match="it is not set"):
        _ = task.subset
    with pytest.raises(ApiAttributeError, match="has no field '_name' at"):
        _ = task._name


def test_modules_have_the_modules_that_scripts_find_in_them() -> None:
    import json

    from cvat_sdk.api_client import api_client, rest

    for module in (api_client, rest):
        found: Any = module
        assert found.json is json
