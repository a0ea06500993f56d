"""Types as text: annotations of fields, of arguments, and the type texts of the operation table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cvat_codegen import ir
from cvat_codegen.names import ClassName, dict_name, literal_name
from cvat_codegen.source import Identifier, Source, code, joined, number, quoted, raw

_PYTHON = {
    "int": Source("int"),
    "float": Source("float"),
    "str": Source("str"),
    "bool": Source("bool"),
    "date": Source("datetime.date"),
    "datetime": Source("datetime.datetime"),
    "file": Source("File"),
    "any": Source("Any"),
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


def table_type(type_: ir.Type) -> Source:
    """Type text of the operation table, see ``runtime.operation``."""
    if isinstance(type_, ir.Nullable):
        return code("{} | None", table_type(type_.inner))
    if isinstance(type_, ir.ListOf):
        return code("list[{}]", table_type(type_.item))
    if isinstance(type_, ir.DictOf):
        return code("dict[str, {}]", table_type(type_.value))
    if isinstance(type_, ir.OneOf):
        return joined(" | ", map(table_type, type_.options))
    if isinstance(type_, ir.Values):
        return _literal(type_)
    return type_.name if isinstance(type_, ir.ModelRef) else Source(type_.kind)


_NO_PREFIX = Source("")


def value_type(type_: ir.Type, prefix: Source = _NO_PREFIX) -> Source:
    """What a reader of a field gets; `prefix` stands before the names of models."""
    if isinstance(type_, ir.Nullable):
        return code("{} | None", value_type(type_.inner, prefix))
    if isinstance(type_, ir.ListOf):
        return code("list[{}]", value_type(type_.item, prefix))
    if isinstance(type_, ir.DictOf):
        return code("dict[str, {}]", value_type(type_.value, prefix))
    if isinstance(type_, ir.ModelRef):
        return code("{}{}", prefix, type_.name)
    if isinstance(type_, ir.OneOf):
        return joined(" | ", (value_type(option, prefix) for option in type_.options))
    return _literal(type_) if isinstance(type_, ir.Values) else _PYTHON[type_.kind]


def checked_type(type_: ir.Type, prefix: Source = _NO_PREFIX) -> Source:
    """Annotation that the runtime checks by: the value type with its limits."""
    if isinstance(type_, ir.Nullable):
        return code("{} | None", checked_type(type_.inner, prefix))
    if isinstance(type_, ir.ListOf):
        return _limited(code("list[{}]", checked_type(type_.item, prefix)), type_.limits)
    if isinstance(type_, ir.DictOf):
        return code("dict[str, {}]", checked_type(type_.value, prefix))
    if isinstance(type_, ir.ModelRef):
        return code("{}{}", prefix, type_.name)
    if isinstance(type_, ir.OneOf):
        options = (checked_type(option, prefix) for option in type_.options)
        return code("OneOf[{}]", joined(", ", options))
    if isinstance(type_, ir.Values):
        return code("Values[{}]", _constants(type_))
    return _limited(_PYTHON[type_.kind], type_.limits)


def _literal(type_: ir.Values) -> Source:
    return code("Literal[{}]", _constants(type_))


def _constants(type_: ir.Values) -> Source:
    return joined(
        ", ",
        (quoted(value) if isinstance(value, str) else number(value) for value in type_.values),
    )


def _limited(text: Source, limits: ir.Limits) -> Source:
    if not limits:
        return text
    arguments = (
        code(
            "{}={}",
            Identifier(_LIMIT_NAMES[key]),
            raw(value) if isinstance(value, str) else number(value),
        )
        for key, value in limits
    )
    return code("Annotated[{}, Limits({})]", text, joined(", ", arguments))


@dataclass(frozen=True)
class Inputs:
    """Annotations of what a caller may pass, which depend on what the models are."""

    models: Mapping[ClassName, ir.Model]
    with_dict: frozenset[ClassName]
    """Models that have a typed dictionary."""
    enums: Mapping[frozenset[str], ClassName]
    """Enumerations by their values, of several with the same values the first."""
    prefix: Source = _NO_PREFIX
    """Stands before the names of models."""

    def type(self, type_: ir.Type) -> Source:
        """Annotation of an argument or of an entry of a typed dictionary."""
        if isinstance(type_, ir.Nullable):
            return code("{} | None", self.type(type_.inner))
        if isinstance(type_, ir.ListOf):
            item = self.type(type_.item)
            # A list is invariant: a caller's list of models is no list of "models or dicts", nor is a
            # list of int one of float. As a sequence it is. But a text is a sequence of texts.
            return Source("Strings") if item == "str" else code("Sequence[{}]", item)
        if isinstance(type_, ir.DictOf):
            value = self.type(type_.value)
            widened = value != value_type(type_.value, self.prefix) or "float" in value
            return code("Mapping[str, {}]" if widened else "dict[str, {}]", value)
        if isinstance(type_, ir.ModelRef):
            return self._model(type_.name)
        if isinstance(type_, ir.OneOf):
            options = dict.fromkeys(map(self.type, type_.options))
            return joined(" | ", options)
        if isinstance(type_, ir.Values):
            return _literal(type_)
        text = Source("FileInput") if type_.kind == "file" else _PYTHON[type_.kind]
        return code("{} | str", text) if type_.kind in ("date", "datetime") else text

    def _model(self, name: ClassName) -> Source:
        model = self.models[name]
        names = [name]
        if isinstance(model, (ir.EnumModel, ir.EnumUnion)):
            names += model.members if isinstance(model, ir.EnumUnion) else ()
            return self._either([*names, literal_name(name)])
        if isinstance(model, ir.ComposedModel):
            names += [ClassName(member) for member in model.members if member != "file"]
        if name in self.with_dict:
            return self._either([*names, dict_name(name)])
        return code("{} | dict[str, Any]", self._either(names))

    def choice(self, values: Collection[str]) -> Source:
        """Annotation of an argument that is one of some texts."""
        name = self.enums.get(frozenset(values))
        if name is not None:
            return self._either([name, literal_name(name)])
        return code("Literal[{}]", joined(", ", map(quoted, values)))

    def _either(self, names: Iterable[ClassName]) -> Source:
        return joined(" | ", (code("{}{}", self.prefix, name) for name in names))


def references(type_: ir.Type) -> set[ClassName]:
    """Models that a type names."""
    return {held.name for held in ir.leaves(type_) if isinstance(held, ir.ModelRef)}
