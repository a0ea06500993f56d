"""Import paths that user code has, and what importing them costs."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys

import pytest

from cvat_sdk.api_client import ApiTypeError, ApiValueError, Configuration, model_utils, models


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (
            "cvat_sdk.api_client",
            "ApiClient Configuration OpenApiException ApiAttributeError ApiTypeError ApiValueError ApiKeyError "
            "ApiException __version__ api api_client apis configuration exceptions model model_utils models rest",
        ),
        ("cvat_sdk.api_client.api_client", "ApiClient Endpoint"),
        ("cvat_sdk.api_client.configuration", "Configuration"),
        ("cvat_sdk.api_client.rest", "RESTClientObject is_ipv4 in_ipv4net should_bypass_proxies"),
        (
            "cvat_sdk.api_client.exceptions",
            "NotFoundException UnauthorizedException ForbiddenException ServiceException ApiException",
        ),
        (
            "cvat_sdk.api_client.model_utils",
            "to_json model_to_dict IModelData OpenApiModel ModelNormal ModelSimple ModelComposed none_type "
            "file_type date datetime validate_and_convert_types",
        ),
        ("cvat_sdk.api_client.model.task_write_request", "TaskWriteRequest ITaskWriteRequest"),
        ("cvat_sdk.api_client.api.tasks_api", "TasksApi"),
        ("cvat_sdk.api_client.models", "TaskRead ITaskRead RequestStatus"),
        ("cvat_sdk.api_client.apis", "TasksApi AuthApi LambdaApi"),
        ("cvat_sdk.models", "TaskRead ITaskRead"),
        ("cvat_sdk.exceptions", "ApiException NotFoundException CvatSdkException OpenApiException"),
        (
            "cvat_sdk.core.helpers",
            "get_paginated_collection expect_status make_request_headers StreamWithProgress",
        ),
        ("cvat_sdk.core.progress", "ProgressReporter BaseProgressReporter NullProgressReporter"),
        ("cvat_sdk", "__version__ api_client core exceptions models"),
    ],
)
def test_public_names(module: str, names: str) -> None:
    loaded = importlib.import_module(module)
    for name in names.split():
        assert hasattr(loaded, name), name
        assert name in {*dir(loaded), *getattr(loaded, "__all__", ())} or name.startswith("__"), (
            name
        )
    for name in getattr(loaded, "__all__", ()):
        assert hasattr(loaded, name), name
    assert not hasattr(loaded, "no_such_name")


def test_version() -> None:
    import cvat_sdk
    import cvat_sdk.api_client

    assert cvat_sdk.__version__ == cvat_sdk.api_client.__version__ == "2.80.0"


def test_public_models_are_the_same_objects() -> None:
    import cvat_sdk.models

    assert cvat_sdk.models.TaskRead is models.TaskRead


def test_imports_load_no_more_than_they_need() -> None:
    program = (
        "import sys\n"
        "from cvat_sdk.api_client import Configuration, ApiClient, models, apis, exceptions\n"
        "Configuration(host='http://x', username='u', password='p')\n"
        "print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    loaded = set(result.stdout.split())
    late = {
        "urllib3",
        "msgspec",
        "logging",
        "ssl",
        "http.cookies",
        "email",
        "tempfile",
        "multiprocessing",
        "tqdm",
    }
    assert not loaded & late
    assert not [name for name in loaded if name.startswith("cvat_sdk.api_client.model.")]


# -- model_utils ------------------------------------------------------------------------------------


def test_validate_and_convert_types() -> None:
    convert = model_utils.validate_and_convert_types
    configuration = Configuration()
    label = convert({"name": "x"}, (models.Label,), ["a"], False, True, configuration=configuration)
    assert label == models.Label(name="x")
    assert convert([{"name": "x"}], ([models.Label],), ["a"], False, True)[0] == label
    assert convert({"k": 1}, ({str: (float,)},), ["a"], False, True) == {"k": 1.0}
    assert convert(None, (int, type(None)), ["a"], False, True) is None
    assert convert("x", (int, str), ["a"], False, True) == "x"
    assert convert("x", (int,), ["a"], False, False) == "x"
    with pytest.raises(ApiTypeError) as caught:
        convert("5", (int,), ["a", 0], False, True)
    assert caught.value.path_to_item == ["a", 0]
    plugins = convert({"ANALYTICS": True, "MODELS": True}, (models.Plugins,), ["a"], True, True)
    assert plugins.analytics is True
    for field, types in models.TaskRead.openapi_types.items():
        assert convert(None, (*types, type(None)), [field], True, True) is None


def test_checks_by_table() -> None:
    table = models.TaskWriteRequest.validations
    model_utils.check_validations(table, ("name",), "x")
    with pytest.raises(ApiValueError):
        model_utils.check_validations(table, ("name",), "")
    switched_off = Configuration(disabled_client_side_validations="minLength")
    model_utils.check_validations(table, ("name",), "", switched_off)
    assert not model_utils.is_json_validation_enabled("minLength", switched_off)
    allowed = models.RequestStatus.allowed_values
    model_utils.check_allowed_values(allowed, ("value",), "queued")
    with pytest.raises(ApiValueError):
        model_utils.check_allowed_values(allowed, ("value",), ["queued", "x"])


def test_small_tools() -> None:
    plugins = models.Plugins(analytics=True, models=False)
    assert model_utils.model_to_dict(plugins) == {"ANALYTICS": True, "MODELS": False}
    assert model_utils.model_to_dict(plugins, serialize=False) == {
        "analytics": True,
        "models": False,
    }
    assert model_utils.change_keys_js_to_python({"ANALYTICS": 1, "x": 2}, models.Plugins) == {
        "analytics": 1,
        "x": 2,
    }
    assert model_utils.is_type_nullable(models.JobReadAssignee)
    assert not model_utils.is_type_nullable(models.Label)
    assert model_utils.allows_single_value_input(models.RequestStatus)
    assert not model_utils.allows_single_value_input(models.Label)
    assert model_utils.get_simple_class(plugins) is models.Plugins
    assert model_utils.is_valid_type(bool, (bool,))
    assert not model_utils.is_valid_type(bool, (int,))
    assert model_utils.deserialize_primitive("5", int, ["a"]) == 5
    with pytest.raises(ApiValueError):
        model_utils.deserialize_primitive("x", int, ["a"])
    assert "int" in str(model_utils.get_type_error("x", ["a"], (int,)))


def test_the_logger_of_rest_can_be_set_up() -> None:
    from cvat_sdk.api_client import rest

    assert rest.logger is logging.getLogger("cvat_sdk.api_client.rest")
