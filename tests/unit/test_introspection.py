"""What `inspect` and `typing` tell of the public surface."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

import cvat_sdk
from cvat_sdk.api_client import ApiClient, Configuration, apis, models
from cvat_sdk.api_client.exceptions import ApiException
from cvat_sdk.api_client.operations import all_operations
from cvat_sdk.api_client.runtime.enums import ComposedEnumMeta, EnumModelMeta
from cvat_sdk.api_client.runtime.model import Model, ModelMeta

COMMON = {
    "_parse_response": True,
    "_request_timeout": None,
    "_validate_inputs": True,
    "_validate_outputs": True,
    "_check_status": True,
    "_spec_property_naming": False,
    "_content_type": None,
    "_host_index": None,
    "_request_auths": None,
    "_async_call": False,
}
"""Keywords of every method, with their defaults."""
NEEDS_TORCH = (
    "cvat_sdk.pytorch",
    "cvat_sdk.auto_annotation.functions._",
    "cvat_sdk.auto_annotation.functions.t",
)
"""Beginnings of the names of modules that `make test-pytorch` imports."""
OF_TABLES = ("pandas", "polars", "pyarrow")
"""Libraries of the extra `tables`, not all of which are installed where the oldest dependencies are tried."""


def public_objects() -> Iterator[tuple[str, Any]]:
    """Every class and function that a module defines, and the methods and properties of the classes."""
    for found in pkgutil.walk_packages(cvat_sdk.__path__, "cvat_sdk."):
        if found.name.startswith(NEEDS_TORCH):
            continue  # `make test-pytorch` imports them
        if found.name.startswith("cvat_sdk.cli"):
            continue  # no interface for programs; a command imports the client when it needs one
        module = importlib.import_module(found.name)
        for name, value in list(vars(module).items()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                yield f"{module.__name__}.{name}", value
            elif inspect.isclass(value):
                yield f"{module.__name__}.{name}", value
                for member_name, member in vars(value).items():
                    function = getattr(member, "fget", getattr(member, "__func__", member))
                    if inspect.isfunction(function):
                        yield f"{module.__name__}.{name}.{member_name}", function


def model_classes() -> list[Any]:
    found = [getattr(models, name) for name in models.__all__]
    return [cls for cls in found if isinstance(cls, ModelMeta)]


def methods() -> list[tuple[Any, Any]]:
    """Every operation with its method."""
    tags = {getattr(apis, name)._tag: getattr(apis, name) for name in apis.__all__}
    return [
        (operation, getattr(tags[operation.tag], operation.name)) for operation in all_operations()
    ]


def test_hints_of_every_class_and_function_can_be_resolved() -> None:
    objects = dict(public_objects())
    # The hints of urllib3's own attributes name what it imports for type checkers only.
    foreign = (
        "HTTPConnection",
        "HTTPSConnection",
        "_Pool",
        "HTTPConnectionPool",
        "HTTPSConnectionPool",
    )
    failures = {}
    for name, value in objects.items():
        if name.startswith("cvat_sdk.api_client.runtime.deadlines.") and name.endswith(foreign):
            continue
        try:
            typing.get_type_hints(value)
        except ModuleNotFoundError as error:
            if error.name not in OF_TABLES:  # nobody needs all of these
                failures[name] = error
        except Exception as error:  # all of them are wanted
            failures[name] = error
    assert not failures
    assert len(objects) > 1300


def test_hints_name_the_real_classes() -> None:
    from urllib3 import HTTPResponse

    hints = typing.get_type_hints(apis.TasksApi.create)
    assert hints["task_write_request"] == models.TaskWriteRequest | models.TaskWriteRequestDict
    assert hints["return"] == tuple[models.TaskRead, HTTPResponse]
    assert typing.get_type_hints(ApiClient.request)["return"] is HTTPResponse
    assert typing.get_type_hints(models.ITaskRead)["status"] is models.JobStatus


def test_hints_cost_nothing_until_they_are_asked_for() -> None:
    script = (
        "import sys, cvat_sdk.api_client.api_client, cvat_sdk.api_client.rest\n"
        "print(sorted({'urllib3', 'msgspec', 'inspect', 'logging'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_signatures_of_methods_show_the_common_keywords() -> None:
    assert len(methods()) == 166
    for operation, method in methods():
        parameters = inspect.signature(method).parameters
        body = [operation.body.name] if operation.body is not None else []
        own = [parameter.name for parameter in operation.parameters]
        assert {*parameters} == {"self", *own, *body, *COMMON}, operation.id
        shown = {name: parameters[name].default for name in COMMON}
        assert shown == COMMON, operation.id
        assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in COMMON)


def test_signatures_of_bound_methods_bind_as_calls_do() -> None:
    with ApiClient(Configuration("http://localhost")) as client:
        signature = inspect.signature(client.tasks_api.create_dataset_export)
        bound = signature.bind("COCO 1.0", 4, _check_status=False)
        assert bound.arguments == {"format": "COCO 1.0", "id": 4, "_check_status": False}
        with pytest.raises(TypeError):
            signature.bind("COCO 1.0", 4, _check_staus=False)


def test_methods_are_plain_functions_with_source_and_text() -> None:
    method = apis.TasksApi.retrieve
    assert inspect.isfunction(method)
    assert inspect.getsource(method).lstrip().startswith("def retrieve(")
    assert inspect.getdoc(method) == "Get a task.\n\n`id`: Id of the task."
    assert inspect.isfunction(inspect.unwrap(method))


def test_automatic_mocks_of_methods_know_their_keywords() -> None:
    api = mock.create_autospec(apis.TasksApi, instance=True)
    api.retrieve(1, _parse_response=False)
    with pytest.raises(TypeError):
        api.retrieve(1, _parse_respons=False)


def test_signatures_of_models_bind_as_calls_do() -> None:
    assert list(inspect.signature(models.TaskWriteRequest).bind("a name").arguments) == ["name"]
    assert len(model_classes()) > 150
    for cls in model_classes():
        parameters = inspect.signature(cls).parameters
        assert not any(name.startswith("_") for name in parameters), cls
        required = [
            name
            for name, parameter in parameters.items()
            if parameter.default is parameter.empty and parameter.kind < parameter.VAR_POSITIONAL
        ]
        assert set(required) == cls.required_properties - cls.read_only_vars, cls
        assert set(parameters) - {"dicts", "additional"} == set(cls.openapi_types) - set(
            cls.read_only_vars
        ), cls


def test_fields_of_a_model_may_be_passed_in_the_order_of_its_signature() -> None:
    label = models.LabeledShapeRequest("rectangle", 0, 4)
    names = list(inspect.signature(models.LabeledShapeRequest).parameters)
    assert [label[name] for name in names[:3]] == ["rectangle", 0, 4]


def test_signatures_of_subclasses_are_those_of_their_constructors() -> None:
    class Plain(models.TaskWriteRequest):
        pass

    class Own(models.TaskWriteRequest):
        def __init__(self, title: str, size: int = 2) -> None:
            super().__init__(name=title)

    assert inspect.signature(Plain).bind("a name").arguments == {"name": "a name"}
    assert list(inspect.signature(Own).parameters) == ["title", "size"]


def test_signatures_of_enumerations_name_one_value() -> None:
    found = [getattr(models, name) for name in models.__all__]
    enumerations = [cls for cls in found if isinstance(cls, (EnumModelMeta, ComposedEnumMeta))]
    assert len(enumerations) == 50
    for cls in enumerations:
        assert list(inspect.signature(cls).parameters) == ["value"]


def test_bases_and_exceptions_keep_their_signatures() -> None:
    assert "status" in inspect.signature(ApiException).parameters
    assert list(inspect.signature(Model.get).parameters) == ["self", "name", "default"]
