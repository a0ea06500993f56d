"""Every public name that a module of the published package has, wherever it comes from."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from differential.case import Side, case

_NAMES = {
    "version": "VERSION",
    "api_client": (
        "ApiAttributeError ApiClient ApiException ApiKeyError ApiTypeError ApiValueError Configuration"
        " OpenApiException api api_client apis configuration exceptions model model_utils models rest"
    ),
    "api_client.api_client": (
        "ApiClient ApiException ApiTypeError ApiValueError Configuration Endpoint HTTPResponse"
        " ModelComposed ModelNormal ModelSimple RequestField SimpleCookie ThreadPool"
        " check_allowed_values check_validations date datetime deserialize_file file_type"
        " get_file_data_and_close_file model_to_dict none_type parse_url quote rest to_json"
        " validate_and_convert_types"
    ),
    "api_client.configuration": "ApiValueError Configuration JSON_SCHEMA_VALIDATION_KEYWORDS",
    "api_client.rest": (
        "ApiException ApiValueError ForbiddenException NotFoundException RESTClientObject"
        " ServiceException UnauthorizedException in_ipv4net is_ipv4"
        " should_bypass_proxies urlencode urllib3 urlparse"
    ),
    "api_client.model_utils": (
        "ApiAttributeError ApiKeyError ApiTypeError ApiValueError IModelData ModelComposed ModelNormal"
        " ModelSimple OpenApiModel PRIMITIVE_TYPES allows_single_value_input cached_property"
        " change_keys_js_to_python check_allowed_values check_validations date datetime"
        " deserialize_file deserialize_model deserialize_primitive file_type"
        " get_file_data_and_close_file get_simple_class get_type_error get_valid_classes_phrase"
        " is_json_validation_enabled is_type_nullable is_valid_type model_to_dict none_type to_json"
        " type_error_message validate_and_convert_types"
    ),
    "exceptions": "ApiAttributeError ApiException ApiKeyError ApiTypeError ApiValueError CvatSdkException",
}


@case(each={f"{home} {name}": (home, name) for home, n in _NAMES.items() for name in n.split()})
def name_of(side: Side, place: tuple[str, str]) -> Any:
    module, name = place
    namespace: dict[str, Any] = {}
    exec(f"from cvat_sdk.{module} import {name} as found", namespace)
    found = namespace["found"]
    if inspect.isclass(found):
        return ["class", found.__name__]
    if inspect.ismodule(found):
        return found.__name__
    return "callable" if callable(found) else sorted(map(str, found))


@case(each=[home for home in _NAMES if "utils" not in home and home != "exceptions"])
def star(side: Side, module: str) -> Any:
    """Which of those names a star import brings."""
    namespace: dict[str, Any] = {}
    exec(f"from cvat_sdk.{module} import *", namespace)
    return [name for name in _NAMES[module].split() if name in namespace]


@case()
def unknown(side: Side) -> Any:
    homes = [importlib.import_module(f"cvat_sdk.{home}") for home in _NAMES]
    return [hasattr(home, "nothing_like_this") for home in homes]


@case()
def modules_below_the_package(side: Side) -> Any:
    namespace: dict[str, Any] = {}
    exec("import cvat_sdk\nfound = cvat_sdk.core.helpers, cvat_sdk.core.progress", namespace)
    return list(namespace["found"])


@case()
def deserialized_file(side: Side) -> Any:
    from cvat_sdk.api_client.model_utils import deserialize_file

    configuration = side.configuration(temp_folder_path=str(side.folder()))
    header = 'attachment; filename="a.txt"'
    file = deserialize_file(b"content", configuration, content_disposition=header)
    return [file.read(), deserialize_file("text", configuration).read()]
