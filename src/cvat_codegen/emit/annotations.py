"""Types as text: annotations of fields, of arguments, and the type texts of the operation table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cvat_codegen import ir
from cvat_codegen.emit.text import quoted
from cvat_codegen.names import ClassName, dict_name

_PYTHON = {
    "int": "int",
    "float": "float",
    "str": "str",
    "bool": "bool",
    "date": "datetime.date",
    "datetime": "datetime.datetime",
    "file": "File",
    "any": "Any",
}
_LIMIT_NAMES = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "pattern": "pattern",
}


def table_type(type_: ir.Type) -> str:
    """Type text of the operation table, see ``runtime.operation``."""
    if isinstance(type_, ir.Nullable):
        return f"{table_type(type_.inner)} | None"
    if isinstance(type_, ir.ListOf):
        return f"list[{table_type(type_.item)}]"
    if isinstance(type_, ir.DictOf):
        return f"dict[str, {table_type(type_.value)}]"
    return type_.name if isinstance(type_, ir.ModelRef) else type_.kind


def value_type(type_: ir.Type) -> str:
    """What a reader of a field gets."""
    if isinstance(type_, ir.Nullable):
        return f"{value_type(type_.inner)} | None"
    if isinstance(type_, ir.ListOf):
        return f"list[{value_type(type_.item)}]"
    if isinstance(type_, ir.DictOf):
        return f"dict[str, {value_type(type_.value)}]"
    return type_.name if isinstance(type_, ir.ModelRef) else _PYTHON[type_.kind]


def checked_type(type_: ir.Type) -> str:
    """Annotation that the runtime checks by: the value type with its limits."""
    if isinstance(type_, ir.Nullable):
        return f"{checked_type(type_.inner)} | None"
    if isinstance(type_, ir.ListOf):
        return _limited(f"list[{checked_type(type_.item)}]", type_.limits)
    if isinstance(type_, ir.DictOf):
        return f"dict[str, {checked_type(type_.value)}]"
    if isinstance(type_, ir.ModelRef):
        return type_.name
    return _limited(_PYTHON[type_.kind], type_.limits)


def _limited(text: str, limits: ir.Limits) -> str:
    if not limits:
        return text
    arguments = [
        f"{_LIMIT_NAMES[key]}={_raw(value) if isinstance(value, str) else value}"
        for key, value in limits
    ]
    return f"Annotated[{text}, Limits({', '.join(arguments)})]"


def _raw(text: str) -> str:
    """A pattern, as a raw literal where that can hold it."""
    plain = text.isprintable() and '"' not in text and not text.endswith("\\")
    return f'r"{text}"' if plain else quoted(text)


@dataclass(frozen=True)
class Inputs:
    """Annotations of what a caller may pass, which depend on what the models are."""

    models: Mapping[ClassName, ir.Model]
    with_dict: frozenset[ClassName]
    """Models that have a typed dictionary."""

    def type(self, type_: ir.Type) -> str:
        """Annotation of an argument or of an entry of a typed dictionary."""
        if isinstance(type_, ir.Nullable):
            return f"{self.type(type_.inner)} | None"
        if isinstance(type_, ir.ListOf):
            item = self.type(type_.item)
            # A list is invariant: a caller's list of models is no list of "models or dicts", nor is a
            # list of int one of float. As a sequence it is.
            widened = item != value_type(type_.item) or "float" in item
            return f"{'Sequence' if widened else 'list'}[{item}]"
        if isinstance(type_, ir.DictOf):
            value = self.type(type_.value)
            widened = value != value_type(type_.value) or "float" in value
            return f"{'Mapping' if widened else 'dict'}[str, {value}]"
        if isinstance(type_, ir.ModelRef):
            return self._model(type_.name)
        text = _PYTHON[type_.kind]
        return f"{text} | str" if type_.kind in ("date", "datetime") else text

    def _model(self, name: ClassName) -> str:
        model = self.models[name]
        if isinstance(model, (ir.EnumModel, ir.EnumUnion)):
            return f"{name} | str"
        names = [name]
        if isinstance(model, ir.ComposedModel):
            names += [ClassName(member) for member in model.members if member != "file"]
        as_dict = dict_name(name) if name in self.with_dict else "dict[str, Any]"
        return " | ".join([*names, as_dict])


def innermost(type_: ir.Type) -> ir.Scalar | ir.ModelRef:
    """What a type holds in the end, below lists, dictionaries and nulls."""
    if isinstance(type_, ir.Nullable):
        return innermost(type_.inner)
    if isinstance(type_, ir.ListOf):
        return innermost(type_.item)
    return innermost(type_.value) if isinstance(type_, ir.DictOf) else type_


def references(type_: ir.Type) -> set[ClassName]:
    """Models that a type names."""
    held = innermost(type_)
    return {held.name} if isinstance(held, ir.ModelRef) else set()
