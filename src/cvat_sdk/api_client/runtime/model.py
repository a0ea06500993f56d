"""Base classes of the models: `msgspec.Struct` classes that convert and check what a caller gives them.

Building a model by calling its class is checked (`ModelMeta.__call__`). Decoding a response builds the
same objects in C, past that check; `runtime.codec` owns that road. Fields that are not set hold `UNSET`
and raise when they are read. What a server sends beyond the declared fields is kept in `Extra`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

import msgspec
from msgspec import Meta as Limits
from msgspec import Struct, StructMeta

from cvat_sdk.api_client.exceptions import ApiAttributeError, ApiTypeError, UnsetItemError
from cvat_sdk.api_client.runtime import above, signatures
from cvat_sdk.api_client.runtime.base import Described, IModelData, OpenApiModel, State
from cvat_sdk.api_client.runtime.enums import ComposedEnum, ComposedEnumMeta, ModelSimple
from cvat_sdk.api_client.runtime.inputs import FileInput, Strings
from cvat_sdk.api_client.runtime.rules import LENIENT
from cvat_sdk.api_client.runtime.sources import as_file, is_file
from cvat_sdk.api_client.runtime.unions import UnionMeta

__all__ = [
    "UNSET",
    "ComposedEnum",
    "File",
    "FileInput",
    "IModelData",
    "Limits",
    "Maybe",
    "ModelComposed",
    "ModelNormal",
    "ModelSimple",
    "OneOf",
    "OpenApiModel",
    "Strings",
    "Values",
]

T = TypeVar("T")

if TYPE_CHECKING:
    from typing import IO
    from typing import Literal as Values
    from typing import Union as OneOf

    from typing_extensions import dataclass_transform

    UNSET: Any
    """Default of a field that is not set. Reading such a field raises, so no reader meets this value."""

    Maybe = Annotated[T, "may be unset"]
    File = IO[bytes]
else:
    from cvat_sdk.api_client.runtime.unions import OneOf, Values

    UNSET = msgspec.UNSET

    def dataclass_transform(**options):
        """Tells type checkers how a class is built."""
        return lambda cls: cls

    class Maybe:
        """``Maybe[T]``: a field that may be unset. Type checkers read it as ``T``, since reading raises."""

        def __class_getitem__(cls, item):
            return item | msgspec.UnsetType

    class _FileMeta(type):
        def __instancecheck__(cls, instance):
            return is_file(instance)

    class File(metaclass=_FileMeta):
        """An open file: anything that can be read like one."""


class Extra:
    """Fields that the API description does not know, by their wire names.

    They live in a field of the model, where the C encoder meets an object it cannot encode and thereby
    learns that this one model must be written the slow way (see `runtime.codec.encode`).
    """

    __slots__ = ("data",)

    def __init__(self, data: dict[str, Any]) -> None:
        self.data: dict[str, Any] = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Extra) and self.data == other.data

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # the standard way to say "unhashable"


class OptionalField:
    """Stands over a slot whose field may be unset, and raises when it is."""

    __slots__ = ("_set", "name", "read")

    def __init__(self, name: str, slot: Any) -> None:
        self.name: str = name
        self.read: Callable[[Any], Any] = slot.__get__
        self._set = slot.__set__

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = self.read(instance)
        if value is UNSET:
            raise _unset(type(instance), self.name)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        self._set(instance, value)


class ModelMeta(StructMeta):
    """Metaclass of the models: a call of the class is checked, decoding in C is not."""

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> Any:
        ours = namespace.get("__module__") == __name__
        if not ours and ("openapi_types" in namespace or any(map(_is_model, bases))):
            return above.by_hand.make(mcls, name, bases, namespace, options)
        return ModelMeta.create(mcls, name, bases, namespace, options)

    @staticmethod
    def create(
        mcls: type[ModelMeta],
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        options: Mapping[str, Any],
    ) -> Any:
        """Make a class whose annotations are its fields."""
        cls: Any = StructMeta.__new__(mcls, name, bases, namespace, kw_only=True, **options)
        for field in cls.__struct_fields__:
            slot = cls.__dict__.get(field)
            # A field without default keeps the plain slot: it is nearly always set, and read much faster.
            if slot is not None and field != "_extra" and _is_optional(cls, field):
                type.__setattr__(cls, field, OptionalField(field, slot))
        return cls

    @property
    def __signature__(cls) -> Any:
        return signatures.of_model(cls)

    def __subclasscheck__(cls, subclass: Any) -> bool:
        # Composed enumerations are composed models too, but cannot inherit the layout of one.
        if isinstance(subclass, ComposedEnumMeta) and cls is ModelComposed:
            return True
        return super().__subclasscheck__(subclass)

    if not TYPE_CHECKING:
        # Type checkers take the signature from the class's own fields and __init__ instead.
        def __call__(cls, /, *args, **kwargs):
            if not args:
                try:
                    return above.construct.fast(kwargs, cls)
                except above.construct.Surprise:
                    pass
            return above.construct.construct(cls, args, kwargs)


def reader(cls: Any, field: str) -> Callable[[Any], Any]:
    """Reads a field of a model as it is: `UNSET` when it is not set."""
    found = next(base.__dict__[field] for base in cls.__mro__ if field in base.__dict__)
    read: Callable[[Any], Any] = found.read if isinstance(found, OptionalField) else found.__get__
    return read


def _is_model(base: type) -> bool:
    """Whether a class is a model, and not one of the base classes of models."""
    return isinstance(base, ModelMeta) and base.__module__ != __name__


def _is_optional(cls: Any, field: str) -> bool:
    # struct_defaults covers the last fields only, in the order of struct_fields.
    fields, defaults = cls.__struct_fields__, cls.__struct_defaults__
    position = fields.index(field) - (len(fields) - len(defaults))
    return position >= 0 and defaults[position] is UNSET


# Programs that ask models for attributes of other objects do so again and again.
@functools.lru_cache(maxsize=256)
def _no_field(cls: Any, name: str) -> str:
    from cvat_sdk.api_client.runtime.suggest import did_you_mean

    fields = [field for field in cls.__struct_fields__ if field != "_extra"]
    hint = "" if name.startswith("_") else did_you_mean(name, fields)
    return f"{cls.__name__} has no field '{name}'{hint}"


def _missing(cls: type, name: str) -> ApiAttributeError:
    """The error for a name that an object has no value for, be it a field or not."""
    if is_declared(cls, name):
        return _unset(cls, name)
    return ApiAttributeError(_no_field(cls, name), [name])


def _unset(cls: type, name: str) -> ApiAttributeError:
    return ApiAttributeError(f"{cls.__name__} has no attribute '{name}': it is not set", [name])


def dec_hook(expected: Any, value: Any) -> Any:
    """Decode what msgspec does not know: unions, open files and composed enumerations."""
    if isinstance(expected, UnionMeta):
        return above.convert.walk(value, above.schema.node_of_union(expected), LENIENT, ())
    if expected is File:
        file = as_file(value)
        if file is not None:
            return file
    elif isinstance(value, expected):
        return value
    if isinstance(expected, ComposedEnumMeta) and isinstance(value, str):
        return expected.keep(value)
    raise TypeError(f"Expected {expected.__name__}, got {type(value).__name__}")


class Made(Struct, metaclass=ModelMeta):
    """Gives models the `__new__` and the `__init__` that classes written by people call.

    It stands below `OpenApiModel`, where those in the published form look for `__new__`, and has a field,
    without which Python would take `OpenApiModel` for the base that decides on the layout of objects.
    """

    if TYPE_CHECKING:
        _extra: ClassVar[Any]  # a field with a default would have to follow those without
    else:
        # The wire name is one that no server uses: nothing may be decoded into this field.
        _extra: Extra | msgspec.UnsetType = msgspec.field(default=UNSET, name="\u2063extra")


# What `ModelMeta` does: fields with and without a default may be declared in any order.
@dataclass_transform(kw_only_default=True)
class Model(OpenApiModel, Made, metaclass=ModelMeta, forbid_unknown_fields=True):
    """What normal and composed models have in common."""

    # Empty where the required fields are declared in the order in which they may be passed.
    _positional: ClassVar[tuple[str, ...]] = ()
    _read_only: ClassVar[frozenset[str]] = frozenset()
    _handed_out: ClassVar[list[tuple[Any, Any]]] = []
    """Tables that somebody has, and may have changed, each with a copy of what it was."""
    _secret: ClassVar[frozenset[str]] = frozenset()
    _nullable: ClassVar[bool] = False
    _tags: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Values by which a discriminator means this model in a union, by the name of its field."""
    _by_hand: ClassVar[bool] = False
    _composed: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    if TYPE_CHECKING:
        allowed_values: ClassVar[dict[tuple[str, ...], dict[str, str]]]
        """Allowed values of the fields that are no enumerations of their own."""
        validations: ClassVar[dict[tuple[str, ...], dict[str, Any]]]
        """Limits by field."""
        attribute_map: ClassVar[dict[str, str]]
        """Wire names by field."""
        openapi_types: ClassVar[dict[str, tuple[Any, ...]]]
        """Allowed classes by field."""
        read_only_vars: ClassVar[set[str]]
        """Fields that only the server sets."""
        required_properties: ClassVar[set[str]]
        """Fields that a model cannot be built without."""
        additional_properties_type: ClassVar[tuple[Any, ...] | None]
        """Allowed classes of additional fields."""
        discriminator: ClassVar[None]
        """No model of this API has one."""
        _composed_schemas: ClassVar[dict[str, list[Any]]]
    else:
        allowed_values = Described("allowed_values")
        validations = Described("validations")
        attribute_map = Described("attribute_map")
        openapi_types = Described("openapi_types")
        read_only_vars = Described("read_only_vars")
        required_properties = Described("required_properties")
        additional_properties_type = Described("additional_properties_type")
        discriminator = None
        _composed_schemas = Described("composed_schemas")
        _data_store = State(lambda model: dict(items(model)))

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            # Reached for unknown names, and for a required field that the server left out.
            if not name.startswith("__"):
                extra = self._extra
                if extra is not UNSET and name in extra.data:
                    return extra.data[name]
            raise _missing(type(self), name)

        def __setattr__(self, name, value):
            above.convert.assign(self, name, value)

    def __delattr__(self, name: str) -> None:
        """Unset a field."""
        if name not in self:
            raise _missing(type(self), name)
        unset(self, name)

    def __getitem__(self, name: str) -> Any:
        for field, value in items(self):
            if field == name:
                return value
        raise UnsetItemError(f"{type(self).__name__} has no item '{name}': it is not set", [name])

    def __setitem__(self, name: str, value: Any) -> None:
        if not isinstance(name, str):
            raise ApiTypeError(
                f"Expected a name of type str, got {type(name).__name__}", [name], (str,), True
            )
        setattr(self, name, value)

    def __delitem__(self, name: str) -> None:
        delattr(self, name)

    def __contains__(self, name: object) -> bool:
        return any(field == name for field, _ in items(self))

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or `default` when it is not set."""
        for field, value in items(self):
            if field == name:
                return value
        return default

    def to_dict(self) -> dict[str, Any]:
        """The set fields as a new dict, by Python names: nested models as dicts, enumerations as str."""
        return above.plain.to_dict(self)

    def to_str(self) -> str:
        """`to_dict`, laid out for reading; secrets are hidden."""
        import pprint

        return pprint.pformat(above.plain.to_dict(self, hide_secrets=True))

    def __repr__(self) -> str:
        return self.to_str()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return dict(items(self)) == dict(items(other))

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # models can be changed

    def __copy__(self) -> Any:
        made = rebuild(type(self), dict(items(self)))
        if _state(self):
            made.__dict__.update(_state(self))
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        import copy

        made = rebuild(type(self), {name: copy.deepcopy(v, memo) for name, v in items(self)})
        if _state(self):
            made.__dict__.update(copy.deepcopy(_state(self), memo))
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return (rebuild, (type(self), dict(items(self))), _state(self))

    @classmethod
    def _from_openapi_data(cls, /, *args: Any, **kwargs: Any) -> Any:
        """Build a model from data of the server: read-only fields are allowed, limits are not checked."""
        return above.construct.from_server(cls, args, kwargs)


def _new(cls: Any, *args: Any, **kwargs: Any) -> Any:
    return assemble(cls, {}, {})


def _init(self: Model, *args: Any, **kwargs: Any) -> None:
    for name, value in items(above.construct.construct(type(self), args, kwargs)):
        put(self, name, value)


# Msgspec takes them from no class body. It calls neither of them itself.
type.__setattr__(Made, "__new__", staticmethod(_new))
type.__setattr__(Made, "__init__", _init)


class ModelNormal(Model):
    """Base of the models that are objects of their own."""


class ModelComposed(Model):
    """Base of the models that are made of other ones (``allOf``, ``anyOf``, ``oneOf``)."""


def items(model: Model) -> Iterator[tuple[str, Any]]:
    """Set fields of a model with their values, declared ones first, then the additional ones."""
    names = type(model).__struct_fields__
    try:
        values = msgspec.structs.astuple(model)
    except AttributeError:  # a required field that the server left out
        values = tuple(getattr(model, name, UNSET) for name in names)
    extra: Any = UNSET
    for name, value in zip(names, values, strict=True):
        if name == "_extra":
            extra = value
        elif value is not UNSET:
            yield name, value
    if extra is not UNSET:
        yield from extra.data.items()


def _state(model: Model) -> dict[str, Any] | None:
    """What an object of a class written by people holds beside its fields."""
    return getattr(model, "__dict__", None) or None


def put(model: Model, name: str, value: Any) -> None:
    """Set a declared or an additional field, without a check."""
    if is_declared(type(model), name):
        Struct.__setattr__(model, name, value)
        return
    extra: Any = model._extra
    if extra is UNSET:
        Struct.__setattr__(model, "_extra", Extra({name: value}))
    else:
        extra.data[name] = value


def tables_are_changed() -> bool:
    """Whether somebody has changed a table of any model."""
    return any(table != declared for table, declared in Model._handed_out)


def is_declared(cls: Any, name: str) -> bool:
    """Whether a model declares a field; the field that holds the additional ones is none of them."""
    return name in cls.__struct_fields__ and name != "_extra"


def rebuild(cls: Any, values: dict[str, Any]) -> Any:
    """A model that holds just these values, unchecked; names that it does not declare become additional."""
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in values.items():
        (known if is_declared(cls, name) else extra)[name] = value
    return assemble(cls, known, extra)


def assemble(cls: Any, known: dict[str, Any], extra: dict[str, Any]) -> Any:
    """A model of these declared and additional values, unchecked and possibly incomplete."""
    if extra:
        known["_extra"] = Extra(extra)
    try:
        return StructMeta.__call__(cls, **known)
    except TypeError:
        missing = [
            name
            for name in cls.__struct_fields__
            if name != "_extra" and name not in known and not _is_optional(cls, name)
        ]
    model = StructMeta.__call__(cls, **known, **dict.fromkeys(missing))
    for name in missing:
        Struct.__delattr__(model, name)
    return model


def unset(model: Model, name: str) -> None:
    """Take the value of a field away, without a check."""
    cls = type(model)
    if not is_declared(cls, name):
        extra: Any = model._extra
        del extra.data[name]
        if not extra.data:
            Struct.__setattr__(model, "_extra", UNSET)
    elif _is_optional(cls, name):
        Struct.__setattr__(model, name, UNSET)
    else:
        Struct.__delattr__(model, name)
