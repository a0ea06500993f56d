"""Every naming rule: how names of the description become names in Python."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Callable, Container, Sequence
from itertools import count
from typing import TypeVar

from cvat_codegen.source import Identifier, is_identifier


class ClassName(Identifier):
    """Name of a class."""


class ModuleName(Identifier):
    """Name of a module, without its package."""


class PythonName(Identifier):
    """Name of an attribute, an argument, a method or a member of an enumeration."""


_Name = TypeVar("_Name", bound=Identifier)

# Names that the annotations of a class body use; a field of that name would hide them.
_ANNOTATION_NAMES = frozenset(
    {"all_models", "bool", "datetime", "dict", "float", "int", "list", "str"}
)
# Members of every model class, and the arguments of a constructor that are no fields.
_MODEL_MEMBERS = frozenset(
    [
        *("get", "to_dict", "to_str", "mro", "self", "dicts", "additional"),
    ]
)
# Tables of every model class; the runtime has names of its own that begin with `_` for them.
_TABLES = frozenset(
    [
        *("additional_properties_type", "allowed_values", "attribute_map", "discriminator"),
        *("openapi_types", "read_only_vars", "required_properties", "validations"),
    ]
)
_FIELD_NAMES = _ANNOTATION_NAMES | _MODEL_MEMBERS
# Names that the generated modules import, or that are Python's own; a class of that name would hide them.
_TAKEN_CLASSES = frozenset(
    [
        *("Annotated", "Any", "ClassVar", "IO", "Iterator", "Literal", "Mapping", "Sequence"),
        *("TypedDict", "Unpack", "HTTPResponse", "Api", "CallOptions", "Endpoint", "Operation"),
        *("Body", "Parameter", "ComposedEnum", "File", "IModelData", "Limits", "Maybe", "UNSET"),
        *("ModelComposed", "ModelNormal", "ModelSimple", "ApiAttributes", "Alias", "Generic"),
        *("AsyncResult", "FileInput", "MethodOptions", "OneOf", "Strings", "TypeAlias", "Values"),
        *dir(builtins),
    ]
)
# Names that the generated methods use themselves.
_ARGUMENT_NAMES = frozenset({"options", "self"})
# Names that the body of an API class uses or inherits. Methods may be called `list` and `dict`: their
# classes write these types as `builtins.list`.
_METHOD_NAMES = frozenset(
    [
        *("api_client", "builtins", "overload", "deprecated", "bytes", "tuple", "object", "mro"),
        *("models", "types"),
        *(_ANNOTATION_NAMES - {"list", "dict"}),
    ]
)
# Members that every enumeration of texts has; one of its values would hide them.
_MEMBER_NAMES = frozenset({"name", "value", "mro", "get", "to_dict", "to_str", *dir(str)})
# Attributes of a client that are no API.
_CLIENT_NAMES = frozenset({"call_api"})

# Bytes; a longer name would not do for a file.
_LONGEST = 120

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\W_]+")


def snake_case(text: str) -> str:
    """``X-Organization`` and ``xOrganization`` -> ``x_organization``."""
    return "_".join(_words(_WORD_STARTS.sub("_", text).lower()))


def pascal_case(text: str) -> str:
    """``cvat_usage-reason`` -> ``CvatUsageReason``; capitals inside a word stay."""
    return "".join(_words(" ".join(part[0].upper() + part[1:] for part in _words(text))))


def _words(text: str) -> list[str]:
    """Letters and digits between other signs, as Python reads them in a name."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(sign if f"a{sign}".isidentifier() else "_" for sign in text)
    return [part for part in _SEPARATORS.split(text) if part]


def class_name(schema_name: str) -> ClassName:
    """Class of a schema."""
    name = _identifier(pascal_case(schema_name), "Model")
    derived = (name, f"I{name}", f"{name}Dict", f"{name}Literal")
    return ClassName(name if _TAKEN_CLASSES.isdisjoint(derived) else f"Model{name}")


def module_name(name: str) -> ModuleName:
    """Module of a class or of a tag."""
    return ModuleName(_escape(_identifier(snake_case(name), "module")))


def api_class_name(tag: str) -> ClassName:
    """``auth`` -> ``AuthApi``."""
    return ClassName(f"{class_name(tag)}Api")


def api_module_name(tag: str) -> ModuleName:
    """``auth`` -> ``auth_api``."""
    return ModuleName(_escape(_identifier(f"{snake_case(tag)}_api", "api"), _CLIENT_NAMES))


def interface_name(name: ClassName) -> ClassName:
    """``Label`` -> ``ILabel``."""
    return ClassName(f"I{name}")


def dict_name(name: ClassName) -> ClassName:
    """``LabelRequest`` -> ``LabelRequestDict``."""
    return ClassName(f"{name}Dict")


def literal_name(name: ClassName) -> ClassName:
    """``LabelType`` -> ``LabelTypeLiteral``."""
    return ClassName(f"{name}Literal")


def field_name(wire: str) -> PythonName:
    """Attribute of a model."""
    name = _identifier(snake_case(wire), "field")
    return PythonName(f"{name}_" if name in _TABLES else _escape(name, _FIELD_NAMES))


def field_names(wires: Sequence[str]) -> list[PythonName]:
    """Attributes of one model, see `distinct`."""
    return distinct(wires, field_name, is_field_name)


def parameter_name(wire: str) -> PythonName:
    """Parameter of a method; also the name of its body argument."""
    return PythonName(_escape(_identifier(snake_case(wire), "parameter"), _ARGUMENT_NAMES))


def method_name(operation_id: str, tag: str) -> PythonName:
    """``tasks_create_data`` of tag ``tasks`` -> ``create_data``."""
    name = snake_case(operation_id).removeprefix(snake_case(tag) + "_")
    return PythonName(_escape(_identifier(name, "call"), _METHOD_NAMES))


def member_name(value: str) -> PythonName:
    """Member of an enumeration: ``in progress`` -> ``IN_PROGRESS``, the empty string -> ``EMPTY``."""
    if not value:
        return PythonName("EMPTY")
    # A value of signs alone, such as "+", goes by their names: PLUS_SIGN.
    parts = _words(value) or _words(" ".join(unicodedata.name(sign, "") for sign in value))
    name = "_".join(_words("_".join(parts).upper()))
    return PythonName(_escape(_identifier(name, "VALUE"), _MEMBER_NAMES))


def member_names(values: Sequence[str]) -> list[PythonName]:
    """Members of one enumeration, see `distinct`."""
    return distinct(values, member_name, is_member_name)


def model_names(schemas: Sequence[str]) -> dict[str, tuple[ClassName, ModuleName]]:
    """Class and module of every schema; no class has the name of another's interface, dictionary or values."""
    classes = distinct(schemas, class_name, lambda text: class_name(str(text)) == text)
    names: dict[str, tuple[ClassName, ModuleName]] = {}
    taken = set(classes)
    modules: set[str] = set()
    for schema, name in zip(schemas, classes, strict=True):
        owners = (name.removeprefix("I"), name.removesuffix("Dict"), name.removesuffix("Literal"))
        if any(owner != name and owner in taken for owner in owners):
            name = unused(ClassName(f"Model{name}"), taken)
            taken.add(name)
        module = unused(module_name(name), modules)
        modules.add(module)
        names[schema] = (name, module)
    return names


def distinct(
    texts: Sequence[str], rule: Callable[[str], _Name], fits: Callable[[object], bool]
) -> list[_Name]:
    """One name for each of some different texts.

    Where the rule gives several of them the same name, it goes to the text that is spelt so, otherwise to the first.
    The others keep their own spelling if it fits, otherwise they are numbered.
    """
    ruled = [rule(text) for text in texts]
    owners: dict[str, int] = {}
    for index, (text, name) in enumerate(zip(texts, ruled, strict=True)):
        if name not in owners or text == name:
            owners[name] = index
    taken = set(owners)
    names: list[_Name] = []
    for index, (text, name) in enumerate(zip(texts, ruled, strict=True)):
        if owners[name] != index:
            own = type(name)(text) if fits(text) else name
            name = unused(name if own in taken else own, taken)
            taken.add(name)
        names.append(name)
    return names


def unused(name: _Name, taken: Container[str]) -> _Name:
    """The name, or the first with a number behind it that is free."""
    if name not in taken:
        return name
    return next(type(name)(f"{name}_{n}") for n in count(2) if f"{name}_{n}" not in taken)


def is_package_name(text: str) -> bool:
    """Whether modules can be imported from a package of that name, dots included."""
    return all(is_identifier(part) for part in text.split("."))


def is_field_name(text: object) -> bool:
    """Whether a name that the description asks for can be a field."""
    return _is_free(text, _FIELD_NAMES) and text not in _TAKEN_CLASSES | _TABLES


def is_method_name(text: object) -> bool:
    """Whether a name that the description asks for can be a method."""
    return _is_free(text, _METHOD_NAMES)


def is_argument_name(text: object) -> bool:
    """Whether a name that the description asks for can be an argument."""
    return _is_free(text, _ARGUMENT_NAMES)


def is_member_name(text: object) -> bool:
    """Whether a name that the description asks for can be a member of an enumeration."""
    return _is_free(text, _MEMBER_NAMES)


def _is_free(text: object, taken: frozenset[str]) -> bool:
    """Whether a text is a name, and neither taken nor of the form of the runtime's own names."""
    if not is_identifier(text) or not isinstance(text, str) or text in taken:
        return False
    bare = text[1:]
    return (
        not text.startswith("_") or bare[:1].isdigit() or keyword.iskeyword(bare) or bare in taken
    )


def _identifier(name: str, fallback: str) -> str:
    name = name.encode()[:_LONGEST].decode(errors="ignore")
    if not name:
        return fallback
    return name if name.isidentifier() else f"_{name}"


def _escape(name: str, taken: frozenset[str] = frozenset()) -> str:
    return f"_{name}" if keyword.iskeyword(name) or name in taken else name
