"""Packages, import paths and what they offer."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from differential.case import Side, case

_API_CLIENT_NAMES = (
    "ApiClient",
    "Configuration",
    "OpenApiException",
    "ApiAttributeError",
    "ApiTypeError",
    "ApiValueError",
    "ApiKeyError",
    "ApiException",
    "__version__",
)


@case(each=_API_CLIENT_NAMES)
def name_of_api_client(side: Side, name: str) -> Any:
    return getattr(importlib.import_module("cvat_sdk.api_client"), name)


@case(
    each=(
        "cvat_sdk",
        "cvat_sdk.api_client",
        "cvat_sdk.api_client.api_client",
        "cvat_sdk.api_client.apis",
        "cvat_sdk.api_client.configuration",
        "cvat_sdk.api_client.exceptions",
        "cvat_sdk.api_client.model_utils",
        "cvat_sdk.api_client.models",
        "cvat_sdk.api_client.rest",
        "cvat_sdk.core",
        "cvat_sdk.core.helpers",
        "cvat_sdk.core.progress",
        "cvat_sdk.exceptions",
        "cvat_sdk.models",
        "cvat_sdk.version",
    )
)
def module(side: Side, name: str) -> Any:
    return importlib.import_module(name)


@case(
    each=(
        "Client",
        "Config",
        "make_client",
        "__version__",
        "models",
        "exceptions",
    )
)
def name_of_package(side: Side, name: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(f"from cvat_sdk import {name}", namespace)
    found = namespace[name]
    return found if isinstance(found, (str, type)) or inspect.ismodule(found) else callable(found)


@case(each=("models", "apis", "exceptions", "model_utils", "rest", "configuration"))
def module_as_name(side: Side, name: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(f"from cvat_sdk.api_client import {name}", namespace)
    return namespace[name]


@case(
    each=(
        "OpenApiException",
        "ApiTypeError",
        "ApiValueError",
        "ApiAttributeError",
        "ApiKeyError",
        "ApiException",
        "NotFoundException",
        "UnauthorizedException",
        "ForbiddenException",
        "ServiceException",
    )
)
def name_of_exceptions(side: Side, name: str) -> Any:
    found = getattr(importlib.import_module("cvat_sdk.api_client.exceptions"), name)
    if not isinstance(found, type):
        return callable(found)
    return [base.__name__ for base in found.__mro__ if not base.__name__.startswith("_")]


@case(
    each=(
        "CvatSdkException",
        "OpenApiException",
        "ApiTypeError",
        "ApiValueError",
        "ApiAttributeError",
        "ApiKeyError",
        "ApiException",
        "NotFoundException",
        "UnauthorizedException",
        "ForbiddenException",
        "ServiceException",
    )
)
def name_of_top_exceptions(side: Side, name: str) -> Any:
    found = getattr(importlib.import_module("cvat_sdk.exceptions"), name)
    inner = importlib.import_module("cvat_sdk.api_client.exceptions")
    return [found, getattr(inner, name, None) in (None, found)]


@case(
    each=(
        "to_json",
        "model_to_dict",
        "IModelData",
        "OpenApiModel",
        "ModelNormal",
        "ModelSimple",
        "ModelComposed",
        "none_type",
        "file_type",
        "date",
        "datetime",
        "validate_and_convert_types",
    )
)
def name_of_model_utils(side: Side, name: str) -> Any:
    found = getattr(importlib.import_module("cvat_sdk.api_client.model_utils"), name)
    return found if isinstance(found, type) else callable(found)


@case(each=("RESTClientObject", "is_ipv4", "in_ipv4net", "should_bypass_proxies"))
def name_of_rest(side: Side, name: str) -> Any:
    found = getattr(importlib.import_module("cvat_sdk.api_client.rest"), name)
    return found if isinstance(found, type) else callable(found)


def _is_model(found: Any) -> bool:
    base = importlib.import_module("cvat_sdk.api_client.model_utils").OpenApiModel
    return isinstance(found, type) and issubclass(found, base)


@case()
def model_modules(side: Side) -> Any:
    """Every model stands in a module of its own name, with its interface."""
    models = importlib.import_module("cvat_sdk.api_client.models")
    result = {}
    for name in dir(models):
        found = getattr(models, name)
        if not _is_model(found):
            continue
        if not found.__module__.startswith("cvat_sdk.api_client.model."):
            continue
        home = importlib.import_module(found.__module__)
        result[name] = [found.__module__, getattr(home, name) is found, hasattr(home, f"I{name}")]
    return result


@case()
def api_modules(side: Side) -> Any:
    apis = importlib.import_module("cvat_sdk.api_client.apis")
    result = {}
    for name in dir(apis):
        if not name.startswith("_") and name.endswith("Api"):
            found = getattr(apis, name)
            home = importlib.import_module(found.__module__)
            result[name] = [found.__module__, getattr(home, name) is found]
    return result


@case()
def interfaces(side: Side) -> Any:
    """The names of all interfaces."""
    models = importlib.import_module("cvat_sdk.api_client.models")
    base = importlib.import_module("cvat_sdk.api_client.model_utils").IModelData
    return sorted(
        name
        for name in dir(models)
        if isinstance(found := getattr(models, name), type)
        and issubclass(found, base)
        and not hasattr(found, "to_dict")
        and found is not base
    )


@case()
def top_models_are_the_same(side: Side) -> Any:
    outer = importlib.import_module("cvat_sdk.models")
    inner = importlib.import_module("cvat_sdk.api_client.models")
    names = [name for name in dir(inner) if _is_model(getattr(inner, name))]
    return [
        len(names),
        [name for name in names if getattr(outer, name) is not getattr(inner, name)],
    ]


@case(each=("cvat_sdk.api_client.models", "cvat_sdk.api_client.apis", "cvat_sdk.models"))
def star_import(side: Side, name: str) -> Any:
    """What a star import brings."""
    namespace: dict[str, Any] = {}
    exec(f"from {name} import *", namespace)
    return sorted(
        key
        for key, value in namespace.items()
        if _is_model(value) or (isinstance(value, type) and key.endswith("Api"))
    )


@case()
def unknown_name(side: Side) -> Any:
    models = importlib.import_module("cvat_sdk.api_client.models")
    return [hasattr(models, "NoSuchModel"), hasattr(importlib.import_module("cvat_sdk"), "nothing")]


def _signature(path: str) -> inspect.Signature:
    home, _, name = path.rpartition(":")
    found: Any = importlib.import_module(f"cvat_sdk.api_client.{home}")
    for step in name.split("."):
        found = getattr(found, step)
    return inspect.signature(found)


@case(
    each=(
        "configuration:Configuration.__init__",
        "configuration:Configuration.get_api_key_with_prefix",
        "configuration:Configuration.get_host_from_settings",
        "api_client:ApiClient.__init__",
        "api_client:ApiClient.request",
        "api_client:ApiClient.call_api",
        "api_client:ApiClient.update_params_for_auth",
        "api_client:ApiClient.build_origin_header",
        "api_client:ApiClient.set_default_header",
        "api_client:ApiClient.deserialize",
        "api_client:ApiClient.files_parameters",
        "api_client:ApiClient.parameters_to_tuples",
        "api_client:ApiClient.parameters_to_multipart",
        "api_client:ApiClient.sanitize_for_serialization",
        "api_client:ApiClient.select_header_accept",
        "api_client:ApiClient.select_header_content_type",
        "exceptions:ApiException.__init__",
        "exceptions:ApiTypeError.__init__",
        "exceptions:ApiValueError.__init__",
        "exceptions:ApiAttributeError.__init__",
        "exceptions:ApiKeyError.__init__",
        "model_utils:to_json",
        "model_utils:model_to_dict",
        "rest:RESTClientObject.__init__",
        "rest:RESTClientObject.request",
        "rest:RESTClientObject.GET",
        "rest:RESTClientObject.HEAD",
        "rest:RESTClientObject.OPTIONS",
        "rest:RESTClientObject.DELETE",
        "rest:RESTClientObject.POST",
        "rest:RESTClientObject.PUT",
        "rest:RESTClientObject.PATCH",
        "rest:is_ipv4",
        "rest:in_ipv4net",
        "rest:should_bypass_proxies",
    )
)
def parameters(side: Side, path: str) -> Any:
    """Names, kinds and plain defaults of a function's parameters."""
    return {
        p.name: f"{p.kind.name.lower()} = {p.default if _is_plain(p.default) else '...'}"
        for p in _signature(path).parameters.values()
        if p.name not in _PRIVATE
    }


# Parameters that functions pass to themselves.
_PRIVATE = frozenset({"_path"})


def _is_plain(default: Any) -> bool:
    return default is None or isinstance(default, (bool, int, str))


@case(
    each=(
        "COERCIBLE_TYPE_PAIRS",
        "COERCION_INDEX_BY_TYPE",
        "UPCONVERSION_TYPE_PAIRS",
        "attempt_convert_item",
        "composed_model_input_classes",
        "get_allof_instances",
        "get_anyof_instances",
        "get_discarded_args",
        "get_discriminated_classes",
        "get_discriminator_class",
        "get_oneof_instance",
        "get_possible_classes",
        "get_required_type_classes",
        "order_response_types",
        "remove_uncoercible",
    )
)
def step_of_a_conversion(side: Side, name: str) -> Any:
    return hasattr(importlib.import_module("cvat_sdk.api_client.model_utils"), name)
