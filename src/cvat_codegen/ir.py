"""The intermediate representation: what the description says, free of OpenAPI and of Python text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cvat_codegen.names import ClassName, ModuleName, PythonName
from cvat_codegen.problems import Problem

ScalarKind = Literal["int", "float", "str", "bool", "date", "datetime", "file", "any"]
Location = Literal["path", "query", "header", "cookie", "form"]
Style = Literal[
    "", "deepObject", "form", "json", "label", "matrix", "pipeDelimited", "simple", "spaceDelimited"
]
CompositionKeyword = Literal["allOf", "anyOf", "oneOf"]

Limits: TypeAlias = "tuple[tuple[str, int | float | str], ...]"
"""JSON schema keywords with their values, such as ``(("minimum", 0),)``."""


@dataclass(frozen=True)
class Scalar:
    """A single value."""

    kind: ScalarKind
    limits: Limits = ()


@dataclass(frozen=True)
class ModelRef:
    """A model, by its class name."""

    name: ClassName


@dataclass(frozen=True)
class ListOf:
    """A JSON array."""

    item: Type
    limits: Limits = ()


@dataclass(frozen=True)
class DictOf:
    """A JSON object with free names."""

    value: Type


@dataclass(frozen=True)
class OneOf:
    """A value of one of several types, none of which is a union or allows null."""

    options: tuple[Type, ...]


@dataclass(frozen=True)
class Values:
    """One of some values that are not all texts."""

    values: tuple[int | str, ...]
    """Truth values among them."""


@dataclass(frozen=True)
class Nullable:
    """A value or null."""

    inner: Scalar | ModelRef | ListOf | DictOf | OneOf | Values


Type: TypeAlias = "Scalar | ModelRef | ListOf | DictOf | OneOf | Values | Nullable"


def nullable(inner: Type) -> Type:
    """The type or null; a type that already allows null stays as it is."""
    if isinstance(inner, Nullable) or inner == Scalar("any"):
        return inner
    return Nullable(inner)


def one_of(options: Iterable[Type]) -> Type:
    """The union of some types; null is said once, and of several same types one is left."""
    some: dict[Type, None] = {}
    may_be_null = False
    for option in options:
        if isinstance(option, Nullable):
            may_be_null, option = True, option.inner
        some.update(dict.fromkeys(option.options if isinstance(option, OneOf) else (option,)))
    if Scalar("any") in some:
        return Scalar("any")
    union = OneOf(tuple(some)) if len(some) > 1 else next(iter(some))
    return nullable(union) if may_be_null else union


def leaves(type_: Type) -> Iterator[Scalar | ModelRef | Values]:
    """What a type holds in the end, below lists, dictionaries, unions and nulls."""
    if isinstance(type_, Nullable):
        yield from leaves(type_.inner)
    elif isinstance(type_, ListOf):
        yield from leaves(type_.item)
    elif isinstance(type_, DictOf):
        yield from leaves(type_.value)
    elif isinstance(type_, OneOf):
        for option in type_.options:
            yield from leaves(option)
    else:
        yield type_


def without_limits(type_: Type) -> Type:
    """The type with no limits on its values."""
    if isinstance(type_, Nullable):
        return nullable(without_limits(type_.inner))
    if isinstance(type_, ListOf):
        return ListOf(without_limits(type_.item))
    if isinstance(type_, DictOf):
        return DictOf(without_limits(type_.value))
    if isinstance(type_, OneOf):
        return OneOf(tuple(map(without_limits, type_.options)))
    return Scalar(type_.kind) if isinstance(type_, Scalar) else type_


@dataclass(frozen=True)
class Field:
    """A property of an object model."""

    name: PythonName
    wire: str
    type: Type
    position: int = 0
    """Its place in the JSON of a server, which writes the properties in the order of the description."""
    required: bool = False
    read_only: bool = False
    secret: bool = False
    """Whether it must not be shown, as a password."""
    deprecated: bool = False
    description: str = ""


Tags: TypeAlias = "tuple[tuple[PythonName, tuple[str, ...]], ...]"
"""Fields by which discriminators tell a model from others, with the values that mean it."""


@dataclass(frozen=True)
class ObjectModel:
    """A JSON object with known fields; required ones first, as they are passed by position."""

    name: ClassName
    module: ModuleName
    description: str
    fields: tuple[Field, ...]
    tags: Tags = ()
    place: str = ""
    """JSON pointer to its schema."""


@dataclass(frozen=True)
class EnumModel:
    """A string with known values."""

    name: ClassName
    module: ModuleName
    description: str
    members: tuple[tuple[PythonName, str], ...]
    default: str | None = None
    is_quoted: bool = False
    """Whether its values print with quotes, as texts do."""
    place: str = ""


@dataclass(frozen=True)
class ComposedModel:
    """An object with the fields of other objects."""

    name: ClassName
    module: ModuleName
    description: str
    keyword: CompositionKeyword
    members: tuple[str, ...]
    """Class names of the members; ``file`` for a binary body."""
    fields: tuple[Field, ...]
    nullable: bool = False
    tags: Tags = ()
    place: str = ""


@dataclass(frozen=True)
class EnumUnion:
    """A string that belongs to any of several enumerations."""

    name: ClassName
    module: ModuleName
    description: str
    members: tuple[ClassName, ...]
    nullable: bool = False
    place: str = ""


Model: TypeAlias = "ObjectModel | EnumModel | ComposedModel | EnumUnion"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation that is not its body."""

    name: PythonName
    wire: str
    location: Location
    type: Type
    required: bool = False
    choices: tuple[str, ...] = ()
    limits: Limits = ()
    description: str = ""
    deprecated: bool = False
    style: Style = ""
    """How a list or an object is written, or ``json``; empty: a single value, as it is."""
    explode: bool = False


@dataclass(frozen=True)
class Part:
    """How a value of a form is sent, where that is not as usual for its type."""

    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    style: Style = "form"
    explode: bool = True


@dataclass(frozen=True)
class Body:
    """A body that is passed as one argument."""

    name: PythonName
    type: Type
    required: bool
    content_types: tuple[str, ...]
    """The default one first."""
    types: tuple[tuple[str, Type], ...] = ()
    """Its types by media type, where they differ."""
    description: str = ""


@dataclass(frozen=True)
class ServerVariable:
    """A part of an address that callers choose."""

    name: str
    default: str
    choices: tuple[str, ...] = ()
    """Allowed values; empty: any."""
    description: str = ""


@dataclass(frozen=True)
class Server:
    """A server that a description names."""

    url: str
    """An address, or a path from the host that a client is configured with; ``{name}`` is a variable."""
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    tag: str
    name: PythonName
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    form_content_types: tuple[str, ...]
    responses: tuple[tuple[int, Type | None], ...]
    response: Type | None
    accept: tuple[str, ...]
    auth: tuple[str, ...]
    positional: tuple[PythonName, ...]
    deprecated: bool
    repeatable: bool
    """Whether to do it twice is the same as to do it once, although its method does not say so."""
    summary: str
    description: str
    servers: tuple[Server, ...] = ()
    """Its own servers; empty: those of the API."""
    parts: tuple[tuple[str, Part], ...] | None = None
    """Values of a form that are not sent as usual, by their names in the request; None: as CVAT has forms, or no form."""
    place: str = ""
    """JSON pointer to it in the description."""

    @property
    def id(self) -> str:
        """Name that is unique in the API, such as ``tasks.create``."""
        return f"{self.tag}.{self.name}"


@dataclass(frozen=True)
class Alias:
    """A name of older versions for an operation."""

    tag: str
    attribute: ModuleName
    """Attribute of a client that holds the alias' tag, such as ``tasks_api``."""
    name: PythonName
    operation: Operation
    """Today's operation, possibly of another tag."""
    operation_attribute: ModuleName
    renamed: tuple[tuple[PythonName, PythonName], ...]
    """Arguments that have other names: that of the alias, that of the operation."""
    positional: tuple[PythonName, ...]
    """Required arguments of the alias, in the order in which they may be passed by position."""
    model: ClassName | None = None
    """Model that is taken beside that of the body."""

    @property
    def id(self) -> str:
        """Name that is unique among aliases and operations."""
        return f"{self.tag}.{self.name}"


@dataclass(frozen=True)
class Tag:
    """A group of operations: one class of methods."""

    name: str
    class_name: ClassName
    api_module: ModuleName
    """Module of the class."""
    module: ModuleName
    """Module of the operation table."""
    description: str
    operations: tuple[Operation, ...]
    """Sorted by name."""
    aliases: tuple[Alias, ...] = ()
    """Sorted by name."""


@dataclass(frozen=True)
class SecurityScheme:
    """How one kind of credential is sent."""

    name: str
    type: Literal["api_key", "basic", "bearer"]
    place: Literal["header", "query", "cookie"] = "header"
    key: str = "Authorization"
    """Name of the header, query parameter or cookie."""
    prefix: str | None = None
    """Word that is sent before the key."""


@dataclass(frozen=True)
class Api:
    """A whole description."""

    title: str
    version: str
    models: tuple[Model, ...]
    """Sorted by name."""
    tags: tuple[Tag, ...]
    """Sorted by name."""
    schemes: tuple[SecurityScheme, ...] = ()
    servers: tuple[Server, ...] = ()
    warnings: tuple[Problem, ...] = ()
    """What of the description is left out, without harm to the rest."""
