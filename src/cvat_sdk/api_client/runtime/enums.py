"""Enumerations: strings that know their allowed values and survive a newer server's values."""

from __future__ import annotations

import enum
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from cvat_sdk.api_client.exceptions import (
    ApiAttributeError,
    ApiTypeError,
    ApiValueError,
    UnsetItemError,
)
from cvat_sdk.api_client.runtime import signatures
from cvat_sdk.api_client.runtime.base import Described, IModelData, OpenApiModel, State

_NO_VALUE: Any = object()
_MOST_MET = 100


class _Met(threading.local):
    """Unknown values that this thread has met while it decoded: names of enumerations, each with a value."""

    values: set[tuple[str, str]] | tuple[()] = ()


MET = _Met()

PRIVATE_KEYWORDS = frozenset(
    {
        "_check_type",
        "_configuration",
        "_path_to_item",
        "_spec_property_naming",
        "_visited_composed_classes",
    }
)
"""Keywords that every model takes beside its fields."""


def member_key(value: str) -> str:
    """Key of a value in `allowed_values`: upper case, blanks as underscores, ``EMPTY`` for the empty string."""
    return value.upper().replace(" ", "_") or "EMPTY"


class EnumModelMeta(enum.EnumMeta):
    """Makes ``E("x")`` raise this package's errors and accept ``E(value="x")`` and a default."""

    if not TYPE_CHECKING:

        @classmethod
        def __prepare__(mcls, name, bases, **options):
            return super().__prepare__(name, _enumeration_last(bases), **options)

        def __new__(mcls, name, bases, namespace, **options):
            bases = _enumeration_last(bases)
            values = namespace.get("allowed_values")
            if not isinstance(values, dict):
                return super().__new__(mcls, name, bases, namespace, **options)
            return _from_table(mcls, name, bases, namespace, values)

        def __call__(cls, value=_NO_VALUE, *args, **private):
            if cls is ModelSimple or not cls._member_map_:  # the functional API of enum itself
                return super().__call__(value, *args, **private)
            path = private.get("_path_to_item") or ()
            has_value = value is not _NO_VALUE or hasattr(cls, "__default__")
            if args or not has_value or not private.keys() <= PRIVATE_KEYWORDS:
                raise ApiTypeError(f"{cls.__name__} takes one value", path, (str,))
            if value is _NO_VALUE:
                value = cls.__default__
            path = path or ("value",)
            if not isinstance(value, str) or isinstance(value, enum.Enum):
                raise ApiTypeError(
                    f"{cls.__name__} expects a value of type str, got {type(value).__name__}",
                    path,
                    (str,),
                )
            if not cls.knows(value):
                raise ApiValueError(
                    f"{value!r} is not a value of {cls.__name__}; allowed are {sorted(cls.known())}",
                    path,
                )
            return cls.keep(str(value))

        # PyYAML and others write objects by `type(value).__mro__[0]`, and refuse or mark up a class that they do
        # not know. To them a member is a string, as it is in the published package.
        @property
        def __mro__(cls):
            real = type.__dict__["__mro__"].__get__(cls)
            return (str, *(base for base in real if base is not str)) if str in real else real

    @property
    def __signature__(cls) -> Any:
        return signatures.of_enumeration(hasattr(cls, "__default__"))

    def knows(cls, value: str) -> bool:
        """Whether a value is among the declared ones, or those of the table that somebody has."""
        if "_table" in cls.__dict__:
            return value in cls.known()
        return value in cls._value2member_map_

    def known(cls) -> Iterable[str]:
        """The declared values, as changed by whoever has the table."""
        table: Any = cls.__dict__.get("_table")
        values: Iterable[str] = cls._value2member_map_
        if table is not None:
            values = table.get(("value",), {}).values()
        return values

    def keep(cls, value: str) -> Any:
        """The member of a value; for an unknown value a member of its own that keeps it."""
        member = cls._value2member_map_.get(value)
        return ModelSimple.unknown(cls, value) if member is None else member


# What a class in the form of the published generated ones has, and an enumeration has no need of.
_TABLES = frozenset(
    {
        "__init__",
        "_composed_schemas",
        "_from_openapi_data",
        "_nullable",
        "additional_properties_type",
        "allowed_values",
        "attribute_map",
        "discriminator",
        "openapi_types",
        "read_only_vars",
        "required_properties",
        "validations",
    }
)


def _enumeration_last(bases: tuple[type, ...]) -> tuple[type, ...]:
    # Python wants it there; the published generated classes name it first.
    return tuple(sorted(bases, key=lambda base: isinstance(base, enum.EnumMeta)))


def _from_table(
    mcls: Any, name: str, bases: tuple[type, ...], namespace: Mapping[str, Any], table: Any
) -> Any:
    """An enumeration from a class whose values stand in a table, as the published package writes them.

    Raises:
        TypeError: The values are no text.
    """
    values = table.get(("value",), {})
    if not values or not all(isinstance(value, str) for value in values.values()):
        raise TypeError(
            f"{name} cannot be made: a ModelSimple is an enumeration of texts, "
            "which allowed_values has to list for ('value',)"
        )
    members = mcls.__prepare__(name, bases)
    for key, value in namespace.items():
        if key not in _TABLES:
            members[key] = value
    for key, value in values.items():
        members[key] = value
    if len(values) == 1:
        members["__default__"] = next(iter(values.values()))
    cls = enum.EnumMeta.__new__(mcls, name, bases, members)
    type.__setattr__(cls, "allowed_values", dict(table))
    return cls


class _AllowedValues:
    """Allowed values by name: ``{("value",): {"FINISHED": "finished"}}``."""

    def __get__(self, instance: Any, owner: Any) -> dict[tuple[str, ...], dict[str, str]]:
        if "_table" not in owner.__dict__:
            # Kept: what is changed in it acts on what callers pass from then on.
            table = {("value",): {member_key(member.value): member.value for member in owner}}
            type.__setattr__(owner, "_table", table)
        found: dict[tuple[str, ...], dict[str, str]] = owner.__dict__["_table"]
        return found


class _Constant:
    """A class attribute that is not to become a member of the enumeration."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self._make()


class ModelSimple(OpenApiModel, str, enum.Enum, metaclass=EnumModelMeta):
    """Base of the enumerations.

    A member is a `str`: it compares, sorts, formats, hashes and serialises like its value. A value that
    this version of the package does not know is kept when it comes from a server, and refused when it
    comes from the caller.
    """

    if TYPE_CHECKING:
        allowed_values: ClassVar[dict[tuple[str, ...], dict[str, str]]]
        """Allowed values by name: ``{("value",): {"FINISHED": "finished"}}``."""
        validations: ClassVar[dict[tuple[str, ...], dict[str, Any]]]
        attribute_map: ClassVar[dict[str, str]]
        openapi_types: ClassVar[dict[str, tuple[Any, ...]]]
        read_only_vars: ClassVar[set[str]]
        required_properties: ClassVar[set[str]]
        additional_properties_type: ClassVar[None]
        discriminator: ClassVar[None]
        _composed_schemas: ClassVar[None]
        _nullable: ClassVar[bool]
    else:
        allowed_values = _AllowedValues()
        validations = _Constant(dict)
        attribute_map = _Constant(dict)
        openapi_types = _Constant(lambda: {"value": (str,)})
        read_only_vars = _Constant(set)
        required_properties = _Constant(set)
        additional_properties_type = _Constant(lambda: None)
        discriminator = _Constant(lambda: None)
        _composed_schemas = _Constant(lambda: None)
        _data_store = State(lambda member: {"value": str(member._value_)})
        _nullable = _Constant(bool)

    # Whether a member prints with quotes: the field is a plain string in the published package.
    __quoted__ = False

    @classmethod
    def _missing_(cls, value: object) -> Any:
        # Only decoders get here (see EnumModelMeta.__call__): a server knows values that we do not.
        if not isinstance(value, str):
            return None
        return cls.unknown(cls, value)

    @staticmethod
    def unknown(cls: Any, value: str) -> Any:
        """A member that is not among the declared ones."""
        member = str.__new__(cls, value)
        member._name_ = member_key(value)
        member._value_ = str(value)
        met = MET.values = MET.values or set()
        if len(met) < _MOST_MET:
            met.add((cls.__name__, member._value_))
        return member

    def __str__(self) -> str:
        return str.__str__(self._value_)

    def __repr__(self) -> str:
        text = str.__str__(self._value_)
        return repr(text) if self.__quoted__ else text

    def __bool__(self) -> bool:
        return True  # a value is there, even if it is the empty one

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            raise ApiAttributeError(f"{type(self).__name__} has no attribute '{name}'", [name])

    def __format__(self, format_spec: str) -> str:
        return format(str(self._value_), format_spec)

    __hash__ = str.__hash__

    def __getitem__(self, key: Any) -> str:
        if key == "value":
            return str(self._value_)
        if isinstance(key, str):
            raise UnsetItemError(f"{type(self).__name__} has no item '{key}'", [key])
        return str(self._value_)[key]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return (_restore, (type(self), str(self._value_)))

    def __contains__(self, key: object) -> bool:
        # "value" in status, as for the fields of other models; anything else is looked for in the text.
        return key == "value" or (isinstance(key, str) and str.__contains__(self, key))

    @classmethod
    def _from_openapi_data(cls, value: Any, **private: Any) -> Any:
        """The member of a server's value, be it declared or not."""
        # What is no text at all is told apart, and refused, by the class.
        return cls.keep(value) if isinstance(value, str) else cls(value, **private)

    def get(self, name: str, default: Any = None) -> Any:
        """The value for the name ``value``, `default` for any other."""
        return str(self._value_) if name == "value" else default

    def to_str(self) -> str:
        """The value."""
        return str(self._value_)


def _restore(cls: EnumModelMeta, value: str) -> Any:
    return cls.keep(value)


class ComposedEnumMeta(type):
    """A class that stands for any of several enumerations and never has instances of its own."""

    _composed: dict[str, tuple[str, ...]]
    _nullable: bool

    def members(cls) -> tuple[EnumModelMeta, ...]:
        """The enumerations, which the generated module imports."""
        found = cls.__dict__.get("_member_classes")
        if found is None:
            namespace = vars(sys.modules[cls.__module__])
            found = tuple(namespace[name] for name in cls._composed["oneOf"])
            type.__setattr__(cls, "_member_classes", found)
        return found

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, ModelSimple) and type(instance) in cls.members()

    if not TYPE_CHECKING:

        def __call__(cls, value=_NO_VALUE, **private):
            path = private.get("_path_to_item") or ()
            if value is None and cls._nullable:
                return None
            if isinstance(value, cls):
                return value
            for member_class in cls.members():
                if isinstance(value, str) and member_class.knows(value):
                    return member_class.keep(value)
            allowed = sorted(value for values in cls.allowed().values() for value in values)
            raise ApiValueError(
                f"{value!r} is not a value of {cls.__name__}; allowed are {allowed}", path
            )

    @property
    def __signature__(cls) -> Any:
        return signatures.of_enumeration()

    def allowed(cls) -> Mapping[str, Iterable[str]]:
        """Allowed values by enumeration."""
        found: dict[str, list[str]] = {}
        for member_class in cls.members():
            members: Iterable[Any] = member_class
            found[member_class.__name__] = [member.value for member in members]
        return found

    def knows(cls, value: str) -> bool:
        """Whether a value is among the declared ones of any of the enumerations."""
        return any(member_class.knows(value) for member_class in cls.members())

    def keep(cls, value: str) -> Any:
        """The member of a value; an unknown one is kept by the enumeration with the most values."""
        for member_class in cls.members():
            if value in member_class._value2member_map_:
                return member_class._value2member_map_[value]
        return max(cls.members(), key=len).keep(value)


if TYPE_CHECKING:
    # What stands in a field of such a class is a member of one of the enumerations, so a string.
    _Instance = str
else:
    _Instance = object


class ComposedEnum(OpenApiModel, _Instance, metaclass=ComposedEnumMeta):
    """Base of the classes made of several enumerations: calling one gives a member of the one that matches."""

    _composed: ClassVar[dict[str, tuple[str, ...]]] = {}
    _nullable: ClassVar[bool] = False

    if TYPE_CHECKING:
        value: str
        """The value as plain text."""

        def __new__(cls, value: str | None, **private: Any) -> Any: ...

    else:
        allowed_values = _Constant(dict)
        validations = _Constant(dict)
        attribute_map = _Constant(dict)
        openapi_types = _Constant(dict)
        read_only_vars = _Constant(set)
        required_properties = _Constant(set)
        additional_properties_type = Described("additional_properties_type")
        discriminator = None
        _composed_schemas = Described("composed_schemas")

    @classmethod
    def _from_openapi_data(cls, value: Any, **private: Any) -> Any:
        """The member of a server's value, be it declared or not; null stays None."""
        return cls.keep(value) if isinstance(value, str) else cls(value, **private)


__all__ = ["ComposedEnum", "ComposedEnumMeta", "EnumModelMeta", "IModelData", "ModelSimple"]
