"""Names that code written against the published package imports from here.

Those that belong to the inside of its conversion (coercion tables, the search for composed classes) have
no counterpart: `runtime.convert` does that work another way.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import IO, Any

from cvat_sdk.api_client.exceptions import (
    ApiAttributeError,
    ApiKeyError,
    ApiTypeError,
    ApiValueError,
)
from cvat_sdk.api_client.runtime import described, types
from cvat_sdk.api_client.runtime.base import IModelData, OpenApiModel
from cvat_sdk.api_client.runtime.by_hand import (
    cached_property,
    change_keys_js_to_python,
    convert_js_args_to_python_args,
    validate_get_composed_info,
)
from cvat_sdk.api_client.runtime.choice import convert_to_any
from cvat_sdk.api_client.runtime.limits import check_limits
from cvat_sdk.api_client.runtime.model import (
    Model,
    ModelComposed,
    ModelNormal,
    ModelSimple,
)
from cvat_sdk.api_client.runtime.plain import to_dict, to_json
from cvat_sdk.api_client.runtime.rules import RECEIVED, client_rules

__all__ = [
    "PRIMITIVE_TYPES",
    "ApiAttributeError",
    "ApiKeyError",
    "ApiTypeError",
    "ApiValueError",
    "IModelData",
    "ModelComposed",
    "ModelNormal",
    "ModelSimple",
    "OpenApiModel",
    "allows_single_value_input",
    "cached_property",
    "change_keys_js_to_python",
    "check_allowed_values",
    "check_validations",
    "convert_js_args_to_python_args",
    "date",
    "datetime",
    "deserialize_file",
    "deserialize_model",
    "deserialize_primitive",
    "file_type",
    "get_file_data_and_close_file",
    "get_simple_class",
    "get_type_error",
    "get_valid_classes_phrase",
    "is_json_validation_enabled",
    "is_type_nullable",
    "is_valid_type",
    "model_to_dict",
    "none_type",
    "to_json",
    "type_error_message",
    "validate_and_convert_types",
    "validate_get_composed_info",
]

none_type: type[None] = type(None)
file_type = io.IOBase
PRIMITIVE_TYPES = (list, float, int, bool, datetime, date, str, file_type)


def model_to_dict(model_instance: Model | ModelSimple, serialize: bool = True) -> dict[str, Any]:
    """Set fields of a model as a dict.

    Args:
        model_instance: A model, or a member of an enumeration, whose one field is ``value``.
        serialize: Use wire names and JSON values rather than Python names and values.
    """
    if isinstance(model_instance, ModelSimple):
        return {"value": str(model_instance.value)}
    result: dict[str, Any] = (
        to_json(model_instance, read_files=False) if serialize else to_dict(model_instance)
    )
    return result


def validate_and_convert_types(
    input_value: Any,
    required_types_mixed: Sequence[Any],
    path_to_item: Sequence[str | int],
    spec_property_naming: bool,
    _check_type: bool,
    configuration: types.Configuration | None = None,
) -> Any:
    """Turn a value into one of the given types.

    Args:
        input_value: Plain data or models.
        required_types_mixed: Classes, where ``[X]`` is a list of X and ``{str: (X,)}`` a dict of X.
        path_to_item: Where the value stands, for messages.
        spec_property_naming: The value comes from a server: its keys are wire names.
        _check_type: Raise when the value fits no type; otherwise it stays as it is.
        configuration: Its settings for validation hold.

    Raises:
        ApiTypeError: A value of the wrong type.
        ApiValueError: A value of the right type that is not allowed.
    """
    rules = RECEIVED if spec_property_naming else client_rules(configuration)
    if not _check_type:
        rules = rules._replace(raise_errors=False)
    return convert_to_any(input_value, required_types_mixed, rules, tuple(path_to_item))


def deserialize_model(
    model_data: Any,
    model_class: Any,
    path_to_item: Sequence[str | int],
    check_type: bool,
    configuration: types.Configuration | None,
    spec_property_naming: bool,
) -> Any:
    """A model from a server's data; the arguments are those of `validate_and_convert_types`."""
    return validate_and_convert_types(
        model_data, (model_class,), path_to_item, spec_property_naming, check_type, configuration
    )


def deserialize_primitive(data: Any, klass: type, path_to_item: Sequence[str | int]) -> Any:
    """A number, text, date or datetime from text or another scalar.

    Raises:
        ApiValueError: The data cannot be read as that.
    """
    if klass in (date, datetime):
        return validate_and_convert_types(data, (klass,), path_to_item, True, True)
    try:
        return klass(data)
    except (TypeError, ValueError) as error:
        raise ApiValueError(f"Expected {klass.__name__}: {error}", path_to_item) from None


def deserialize_file(
    response_data: bytes | str,
    configuration: types.Configuration,
    content_disposition: str | None = None,
) -> IO[bytes]:
    """A body as an open temporary file.

    Args:
        response_data: The body; text is written as UTF-8.
        configuration: Names the folder for temporary files.
        content_disposition: The header that names the file.
    """
    from cvat_sdk.api_client.runtime import files

    data = response_data.encode() if isinstance(response_data, str) else response_data
    client: Any = SimpleNamespace(configuration=configuration)
    headers = {"Content-Disposition": content_disposition or ""}
    response: Any = SimpleNamespace(data=data, headers=headers)
    return files.open_file(client, response)


def get_file_data_and_close_file(file_instance: io.IOBase) -> bytes:
    """What is left to read of an open file, which is closed."""
    data: bytes = to_json(file_instance)
    return data


def check_allowed_values(
    allowed_values: Mapping[tuple[str, ...], Mapping[str, Any]],
    input_variable_path: tuple[str, ...],
    input_values: Any,
) -> None:
    """Check a value, or each of a list, against a table of allowed ones.

    Raises:
        ApiValueError: It is none of them.
    """
    allowed = list(allowed_values[input_variable_path].values())
    values = input_values if isinstance(input_values, (list, set)) else [input_values]
    for value in values:
        if value not in allowed:
            raise ApiValueError(f"Expected one of {allowed}, got {value!r}", input_variable_path)


def check_validations(
    validations: Mapping[tuple[str, ...], Mapping[str, Any]],
    input_variable_path: tuple[str, ...],
    input_values: Any,
    configuration: types.Configuration | None = None,
) -> None:
    """Check a value against a table of limits, such as `ModelNormal.validations`.

    Raises:
        ApiValueError: It is outside of them.
    """
    if input_values is None:
        return
    ignored = configuration.disabled_keywords if configuration is not None else frozenset()
    keywords = described.keywords_of(validations[input_variable_path])
    check_limits(input_values, keywords, input_variable_path, ignored)


def is_json_validation_enabled(
    schema_keyword: str, configuration: types.Configuration | None = None
) -> bool:
    """Whether a JSON schema keyword such as ``maxLength`` is checked."""
    return configuration is None or schema_keyword not in configuration.disabled_keywords


def allows_single_value_input(cls: type) -> bool:
    """Whether a class is built from one value: enumerations and scalars are."""
    return not issubclass(cls, Model)


def is_type_nullable(input_type: Any) -> bool:
    """Whether None stands for a value of a type."""
    return input_type is none_type or bool(getattr(input_type, "_nullable", False))


def get_simple_class(input_value: Any) -> Any:
    """Class of a value; a class stands for itself."""
    if isinstance(input_value, type):
        return input_value
    return file_type if isinstance(input_value, file_type) else type(input_value)


def is_valid_type(input_class_simple: type, valid_classes: Sequence[type]) -> bool:
    """Whether a class is among the given ones or below one of them; bool is not below int."""
    if input_class_simple in valid_classes:
        return True
    return input_class_simple is not bool and issubclass(input_class_simple, tuple(valid_classes))


def get_valid_classes_phrase(input_classes: Sequence[type]) -> str:
    """Classes as words, for messages."""
    names = sorted(cls.__name__ for cls in input_classes)
    return f"is {names[0]}" if len(names) == 1 else f"is one of [{', '.join(names)}]"


def type_error_message(
    var_value: Any = None,
    var_name: str | int | None = None,
    valid_classes: Sequence[type] | None = None,
    key_type: bool | None = None,
) -> str:
    """Message of an error about a type."""
    what = "a key" if key_type else "a value"
    return (
        f"'{var_name}': the type of {what} {get_valid_classes_phrase(valid_classes or ())}, "
        f"got {type(var_value).__name__}"
    )


def get_type_error(
    var_value: Any,
    path_to_item: Sequence[str | int],
    valid_classes: tuple[type, ...],
    key_type: bool = False,
) -> ApiTypeError:
    """An error about the type of a value."""
    message = type_error_message(var_value, path_to_item[-1], valid_classes, key_type)
    return ApiTypeError(message, path_to_item, valid_classes, key_type)
