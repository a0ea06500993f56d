"""Model classes that people write: subclasses of ours, and classes in the form of the published generated ones.

A subclass of a model has the fields of that model, and no more: its annotations and class attributes are
its own affair, as in the published package. Its `__init__` is called as for any class.

A class in the published form derives from `ModelNormal` or `ModelComposed` and describes its fields by tables
(`openapi_types`, `attribute_map`, `validations`, `allowed_values`...). Its objects hold the same fields as
those of any model, and are read, written and compared alike. As the tables may name classes that do not exist yet
when the class is made, the types are not known to msgspec: all data take the roads in Python.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import StructMeta

from cvat_sdk.api_client.exceptions import ApiAttributeError
from cvat_sdk.api_client.runtime import convert, described
from cvat_sdk.api_client.runtime.enums import PRIVATE_KEYWORDS
from cvat_sdk.api_client.runtime.model import UNSET, ModelMeta, is_declared, items
from cvat_sdk.api_client.runtime.rules import RECEIVED, client_rules
from cvat_sdk.api_client.runtime.schema import Field, wire_fields_of

T = TypeVar("T")

# Msgspec refuses them in the body of a class, but not on the class.
_MADE_LATER = ("__init__", "__new__")

# What objects of the published form keep about themselves, beside their fields.
_STATE = PRIVATE_KEYWORDS | {
    "_additional_properties_model_instances",
    "_composed_instances",
    "_var_name_to_model_instances",
}


class ByHandMeta(ModelMeta):
    """Metaclass of classes whose objects are made as those of any class: `__new__`, then `__init__`."""

    def __call__(cls, /, *args: Any, **kwargs: Any) -> Any:
        made: Any = cls
        model = made.__new__(cls, *args, **kwargs)
        if isinstance(model, cls):
            model.__init__(*args, **kwargs)
        return model

    @property
    def __signature__(cls) -> inspect.Signature:
        signature = inspect.signature(cls.__init__)  # type: ignore[misc]  # asked of the class on purpose
        _, *parameters = signature.parameters.values()
        return signature.replace(parameters=parameters)


class Undecoded:
    """Type of the fields of the published form: msgspec knows no value of it."""


def make(
    mcls: type[ModelMeta],
    name: str,
    bases: tuple[type, ...],
    namespace: dict[str, Any],
    options: Mapping[str, Any],
) -> Any:
    """Make a class that somebody wrote.

    Raises:
        TypeError: It has tables that do not fit together, or bases that no model can have.
    """
    later = {key: namespace.pop(key) for key in _MADE_LATER if key in namespace}
    annotations = namespace.pop("__annotations__", {})
    if "openapi_types" in namespace:
        later |= _describe(name, namespace)
    for base in bases:
        own_init = getattr(base, "__init__")  # noqa: B009  # of the class, on purpose
        if not isinstance(base, StructMeta) and own_init is not object.__init__:
            raise TypeError(
                f"{name} cannot be made: {base.__name__}, one of its bases, has an __init__; a model "
                "may inherit methods, but be initialised by its own __init__ only"
            )
    # Objects may hold whatever their class puts into them, also themselves.
    room = {"dict": True, "weakref": True, "gc": True}
    meta = ByHandMeta if later else mcls
    cls = ModelMeta.create(meta, name, bases, namespace, {**room, **options})
    for key, value in {**later, "__annotations__": annotations}.items():
        type.__setattr__(cls, key, staticmethod(value) if key == "__new__" else value)
    return cls


# -- the published form -----------------------------------------------------------------------------


def _describe(name: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Declare the fields that the tables name; gives what the class gets later."""
    wires = namespace.get("attribute_map")
    if not isinstance(wires, Mapping):
        raise TypeError(
            f"{name} cannot be made: a model that has openapi_types needs an attribute_map, "
            "a dict of wire names by field"
        )
    namespace["__annotations__"] = dict.fromkeys(wires, Undecoded | msgspec.UnsetType)
    for field, wire in wires.items():
        namespace[field] = msgspec.field(default=UNSET, name=wire)
    namespace.setdefault("__setattr__", _set)
    for table in ("allowed_values", "validations"):
        namespace.setdefault(table, {})
    return {
        "_by_hand": True,
        "_data_store": property(_stored, _ignore),
        "_read_only": frozenset(namespace.get("read_only_vars", ())),
    }


def _stored(model: Any) -> dict[str, Any]:
    return dict(items(model))


def _ignore(model: Any, value: Any) -> None:
    """The fields of our models are not kept in a dict."""


def _set(model: Any, name: str, value: Any) -> None:
    cls = type(model)
    if name in _STATE:
        model.__dict__[name] = value
    elif name != "_data_store":
        if not is_declared(cls, name) and cls.additional_properties_type is None:
            raise ApiAttributeError(
                f"{cls.__name__} has no field '{name}', and allows no others", [name]
            )
        state = model.__dict__
        rules = client_rules(state.get("_configuration"))
        if state.get("_spec_property_naming"):
            rules = RECEIVED
        if state.get("_check_type") is False:
            rules = rules._replace(raise_errors=False)
        convert.assign(model, name, value, rules, tuple(state.get("_path_to_item") or ()))


def fields(cls: Any) -> dict[str, Field]:
    """Fields of a class in the published form, those first that its `__init__` takes by position."""
    types, limits, allowed = cls.openapi_types, cls.validations, cls.allowed_values
    positional = inspect.signature(cls.__init__).parameters.values()
    required = [
        parameter.name
        for parameter in positional
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and parameter.default is parameter.empty
        and parameter.name in cls.attribute_map
    ]
    found = {}
    for name in dict.fromkeys([*required, *cls.attribute_map]):
        node = described.node_of(cls, name, types.get(name, described.ANYTHING))
        keywords = described.keywords_of(limits.get((name,), {}))
        if (name,) in allowed:
            keywords["enum"] = tuple(allowed[(name,)].values())
        found[name] = Field(
            name, cls.attribute_map[name], node._replace(keywords=keywords), name in required
        )
    return found


# -- what such classes import from model_utils ------------------------------------------------------


class cached_property(Generic[T]):
    """A class attribute that a function without arguments gives, when it is first read."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function

    def __get__(self, instance: Any, owner: Any) -> T:
        if not hasattr(self, "_value"):
            self._value = self._function()
        return self._value


def convert_js_args_to_python_args(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a method of a model take wire names when it is called with ``_spec_property_naming=True``."""

    @functools.wraps(function)
    def method(self_or_cls: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("_spec_property_naming"):
            cls = self_or_cls if isinstance(self_or_cls, type) else type(self_or_cls)
            kwargs = change_keys_js_to_python(kwargs, cls)
        return function(self_or_cls, *args, **kwargs)

    return method


def change_keys_js_to_python(input_dict: Mapping[str, Any], model_class: Any) -> dict[str, Any]:
    """A dict by Python names from one by wire names."""
    fields = wire_fields_of(model_class)
    return {(fields[key].name if key in fields else key): v for key, v in input_dict.items()}


def validate_get_composed_info(
    constant_args: Mapping[str, Any], model_args: Mapping[str, Any], self: Any
) -> tuple[list[Any], dict[str, list[Any]], list[Any], list[str]]:
    """What a composed model in the published form keeps of its members: nothing, for it has all fields itself.

    Returns:
        Members, members by field, members with additional fields, names of arguments to leave out.
    """
    return [], {}, [self], []
