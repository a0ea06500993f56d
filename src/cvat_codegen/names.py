"""Every naming rule: how names of the description become names in Python."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import NewType

ClassName = NewType("ClassName", str)
ModuleName = NewType("ModuleName", str)
PythonName = NewType("PythonName", str)

# Names that the annotations of a class body use; a field of that name would hide them.
_ANNOTATION_NAMES = frozenset({"bool", "datetime", "dict", "float", "int", "list", "str"})
# Public members of every model class.
_MODEL_MEMBERS = frozenset({"get", "to_dict", "to_str"})
# Names that the generated modules import; a model of that name would hide them.
_IMPORTED_NAMES = frozenset(
    [
        *("Annotated", "Any", "ClassVar", "IO", "Iterator", "Literal", "Mapping", "Sequence"),
        *("TypedDict", "Unpack", "HTTPResponse", "Api", "CallOptions", "Endpoint", "Operation"),
        *("Body", "Parameter", "ComposedEnum", "File", "IModelData", "Limits", "Maybe"),
        *("ModelComposed", "ModelNormal", "ModelSimple", "None", "True", "False"),
    ]
)
# Names that the generated methods use themselves.
_METHOD_NAMES = frozenset({"options", "self"})

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")


def snake_case(text: str) -> str:
    """``X-Organization`` and ``xOrganization`` -> ``x_organization``."""
    parts = _SEPARATORS.split(_WORD_STARTS.sub("_", text))
    return "_".join(part.lower() for part in parts if part)


def pascal_case(text: str) -> str:
    """``cvat_usage-reason`` -> ``CvatUsageReason``; capitals inside a word stay."""
    return "".join(part[0].upper() + part[1:] for part in _SEPARATORS.split(text) if part)


def class_name(schema_name: str) -> ClassName:
    """Class of a schema."""
    name = _identifier(pascal_case(schema_name), "Model")
    return ClassName(f"Model{name}" if name in _IMPORTED_NAMES else name)


def module_name(name: str) -> ModuleName:
    """Module of a class or of a tag."""
    return ModuleName(_escape(_identifier(snake_case(name), "module")))


def api_class_name(tag: str) -> ClassName:
    """``auth`` -> ``AuthApi``."""
    return ClassName(class_name(tag) + "Api")


def api_module_name(tag: str) -> ModuleName:
    """``auth`` -> ``auth_api``."""
    return ModuleName(_identifier(snake_case(tag) + "_api", "api"))


def interface_name(name: ClassName) -> ClassName:
    """``Label`` -> ``ILabel``."""
    return ClassName("I" + name)


def dict_name(name: ClassName) -> ClassName:
    """``LabelRequest`` -> ``LabelRequestDict``."""
    return ClassName(name + "Dict")


def field_name(wire: str) -> PythonName:
    """Attribute of a model."""
    return PythonName(
        _escape(_identifier(snake_case(wire), "field"), _ANNOTATION_NAMES | _MODEL_MEMBERS)
    )


def parameter_name(wire: str) -> PythonName:
    """Parameter of a method; also the name of its body argument."""
    return PythonName(_escape(_identifier(snake_case(wire), "parameter"), _METHOD_NAMES))


def method_name(operation_id: str, tag: str) -> PythonName:
    """``tasks_create_data`` of tag ``tasks`` -> ``create_data``."""
    name = snake_case(operation_id).removeprefix(snake_case(tag) + "_")
    return PythonName(_escape(_identifier(name, "call")))


def member_name(value: str) -> PythonName:
    """Member of an enumeration: ``in progress`` -> ``IN_PROGRESS``, the empty string -> ``EMPTY``."""
    if not value:
        return PythonName("EMPTY")
    parts = [part for part in _SEPARATORS.split(value) if part]
    # A value of signs alone, such as "+", goes by their names: PLUS_SIGN.
    parts = parts or _SEPARATORS.split(" ".join(unicodedata.name(sign, "") for sign in value))
    return PythonName(_identifier("_".join(parts).upper(), "VALUE"))


def is_python_name(text: object) -> bool:
    """Whether a name that the description asks for can stand in the code."""
    return isinstance(text, str) and text.isidentifier() and not keyword.iskeyword(text)


def _identifier(name: str, fallback: str) -> str:
    if not name:
        return fallback
    return name if name.isidentifier() else f"_{name}"


def _escape(name: str, taken: frozenset[str] = frozenset()) -> str:
    return f"_{name}" if keyword.iskeyword(name) or name in taken else name
