"""Model modules: what the templates of the four kinds of models are filled with."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.annotations import Inputs, checked_type, value_type
from cvat_codegen.emit.graph import Graph, circles, may_hold_themselves
from cvat_codegen.emit.text import (
    RUNTIME,
    bracketed,
    docstring,
    import_line,
    import_order,
    string_tuple,
)
from cvat_codegen.names import ClassName, ModuleName, dict_name, interface_name, literal_name
from cvat_codegen.source import Source, code, joined, quoted

_TYPING_NAMES = ("TYPE_CHECKING", "Annotated", "Any", "ClassVar", "Literal", "TypedDict")
_ABSTRACT_NAMES = ("Mapping", "Sequence")
_CLASS_VARIABLES = ("composed", "nullable", "positional", "read_only", "secret", "tags")
_ALL = Source("all_models.")
_RUNTIME_MODEL = code("{}.model", RUNTIME)
_RUNTIME_NAMES = (
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
    "Strings",
    "Values",
)


@dataclass(frozen=True)
class ModelEmitter:
    """Fills the templates of model modules."""

    inputs: Inputs
    graph: Graph
    package: Source

    def template(self, model: ir.Model) -> str:
        """Name of the template of a model."""
        if isinstance(model, ir.EnumModel):
            return "model_enum.py.jinja"
        return (
            "model_enum_union.py.jinja"
            if isinstance(model, ir.EnumUnion)
            else "model_object.py.jinja"
        )

    def view(self, model: ir.Model) -> dict[str, Any]:
        """Variables of the template of a model."""
        text = docstring(model.description or _default_text(model), 4)
        view: dict[str, Any] = {"name": model.name, "docstring": text}
        if isinstance(model, ir.EnumModel):
            view["members"] = [
                code("{} = {}", name, quoted(value)) for name, value in model.members
            ]
            view["default"] = None if model.default is None else quoted(model.default)
            view["is_quoted"] = model.is_quoted
            view["literal"] = self._literal(model)
            return view
        if isinstance(model, ir.EnumUnion):
            view["members"] = string_tuple(model.members)
            view["nullable"] = model.nullable
            runtime = import_line(_RUNTIME_MODEL, [Source("ComposedEnum")])
            imports = [*self._model_imports(model, set(model.members)), runtime]
            view["imports"] = sorted(imports, key=import_order)
            view["literal"] = self._literal(model)
            return view
        return view | self._object_view(model)

    def _literal(self, model: ir.EnumModel | ir.EnumUnion) -> Source:
        """The values of an enumeration as a type of their own."""
        head = code("{}: TypeAlias = Literal[", literal_name(model.name))
        return bracketed(head, map(quoted, self._values(model)), "]", 0)

    def _values(self, model: ir.Model) -> list[str]:
        if isinstance(model, ir.EnumModel):
            return [value for _, value in model.members]
        members = model.members if isinstance(model, ir.EnumUnion) else ()
        return [value for name in members for value in self._values(self.inputs.models[name])]

    def _object_view(self, model: ir.ObjectModel | ir.ComposedModel) -> dict[str, Any]:
        composed = isinstance(model, ir.ComposedModel)
        # Models of a circle cannot import each other while they are defined, and one that imported the next at its
        # end would be as deep in imports as the circle is long. The package of all models imports what is asked for.
        prefix = _ALL if len(self.circles[model.name]) > 1 else Source("")
        inputs = dataclasses.replace(self.inputs, prefix=prefix)
        # A decoder finds a field fastest when it stands where the JSON has it.
        in_json = sorted(model.fields, key=lambda field: field.position)
        view: dict[str, Any] = {
            "class_head": self._class_head(model),
            "interface": None if composed else interface_name(model.name),
            "interface_fields": [
                code("{}: {}", field.name, value_type(field.type, prefix)) for field in model.fields
            ],
            "fields": [(_declaration(field, prefix), _field_text(field)) for field in in_json],
            "positional": _positional(in_json, model.fields),
            "read_only": _name_set("_read_only", (f.name for f in model.fields if f.read_only)),
            "secret": _name_set("_secret", (f.name for f in model.fields if f.secret)),
            "tags": _tags(model.tags),
            "nullable": isinstance(model, ir.ComposedModel) and model.nullable,
            "composed": None,
            "init": self._init(model.fields, inputs),
            "dict_class": self._dict_class(model, inputs)
            if model.name in self.inputs.with_dict
            else None,
        }
        if isinstance(model, ir.ComposedModel):
            view["composed"] = code(
                "{{{}: {}}}", quoted(model.keyword), string_tuple(model.members)
            )
        view["imports"] = self._imports(model, view)
        return view

    def _class_head(self, model: ir.ObjectModel | ir.ComposedModel) -> Source:
        renamed = [
            code("{}: {}", quoted(field.name), quoted(field.wire))
            for field in model.fields
            if field.name != field.wire
        ]
        bases: list[Source] = (
            [Source("ModelComposed")]
            if isinstance(model, ir.ComposedModel)
            else [Source("ModelNormal"), interface_name(model.name)]
        )
        if renamed:
            bases.append(code("rename={{{}}}", joined(", ", renamed)))
        if model.name not in self.tracked:
            bases.append(Source("gc=False"))
        return bracketed(code("class {}(", model.name), bases, "):", 0)

    def _init(self, fields: tuple[ir.Field, ...], inputs: Inputs) -> Source:
        """Signature of the constructor; read-only fields are set by the server alone."""
        settable = [field for field in fields if not field.read_only]
        required = [field for field in settable if field.required]
        arguments = [Source("self")]
        arguments += [code("{}: {}", field.name, inputs.type(field.type)) for field in required]
        arguments.append(Source("*dicts: Mapping[str, Any]"))
        arguments += [
            code("{}: {} = ...", field.name, inputs.type(field.type))
            for field in settable
            if not field.required
        ]
        arguments.append(Source("**additional: Any"))
        return bracketed(Source("def __init__("), arguments, ") -> None: ...", 8)

    def _dict_class(
        self, model: ir.ObjectModel | ir.ComposedModel, inputs: Inputs
    ) -> dict[str, Any]:
        settable = [field for field in model.fields if not field.read_only]
        entries = {
            required: [
                code("{}: {}", field.name, inputs.type(field.type))
                for field in settable
                if field.required is required
            ]
            for required in (True, False)
        }
        return {
            "name": dict_name(model.name),
            "required": entries[True],
            "optional": entries[False],
        }

    def _imports(
        self, model: ir.ObjectModel | ir.ComposedModel, view: dict[str, Any]
    ) -> list[Source]:
        text = _code_of(view)
        words = set(re.findall(r"(?<![\w.])\w+", text))
        imports: list[Source] = []
        if re.search(r"\bdatetime\.", text):
            imports.append(Source("import datetime"))
        abstract = [name for name in _ABSTRACT_NAMES if name in words]
        if abstract:
            imports.append(import_line(Source("collections.abc"), map(Source, abstract)))
        used = {"TYPE_CHECKING", "Any"} | words
        if any(view[name] for name in _CLASS_VARIABLES):
            used.add("ClassVar")
        if view["dict_class"]:
            used.add("TypedDict")
        names = [Source(name) for name in _TYPING_NAMES if name in used]
        imports += [code("from typing import {}", joined(", ", names)), Source("")]
        used |= {"UNSET"} if "Maybe" in words else set()
        used |= {"IModelData"} if view["interface"] else set()
        runtime = [Source(name) for name in _RUNTIME_NAMES if name in used]
        own = self._model_imports(model, words)
        if _ALL.removesuffix(".") in words:
            own.append(code("from {} import models as {}", self.package, Source(_ALL[:-1])))
        return imports + sorted([*own, import_line(_RUNTIME_MODEL, runtime)], key=import_order)

    def _model_imports(self, model: ir.Model, names: Iterable[str]) -> list[Source]:
        """Imports of the models and dictionaries among some names."""
        modules: dict[ModuleName, list[Source]] = {}
        for name in names:
            owner = self.owners.get(name)
            if owner is not None and owner.name != model.name:
                modules.setdefault(owner.module, []).append(ClassName(name))
        return [
            import_line(code("{}.model.{}", self.package, module), modules[module])
            for module in sorted(modules)
        ]

    @functools.cached_property
    def owners(self) -> dict[str, ir.Model]:
        """Model whose module defines a name."""
        owners: dict[str, ir.Model] = {name: model for name, model in self.inputs.models.items()}
        for name in self.inputs.with_dict:
            owners[dict_name(name)] = self.inputs.models[name]
        for name, model in self.inputs.models.items():
            if isinstance(model, (ir.EnumModel, ir.EnumUnion)):
                owners[literal_name(name)] = model
        return owners

    @functools.cached_property
    def circles(self) -> dict[ClassName, frozenset[ClassName]]:
        """Models in a circle with each model."""
        return circles(self.graph)

    @functools.cached_property
    def tracked(self) -> frozenset[ClassName]:
        """Models that the garbage collector has to look at."""
        return may_hold_themselves(self.graph, self.inputs.models.values(), self.circles)


def _default_text(model: ir.Model) -> str:
    if isinstance(model, ir.ComposedModel):
        parts = " or ".join(member if member != "file" else "a file" for member in model.members)
        return f"{parts}."
    if isinstance(model, ir.EnumUnion):
        return f"A value of {' or '.join(model.members)}."
    if isinstance(model, ir.EnumModel):
        return "One of the values below."
    return f"`{model.name}` of the API."


def _field_text(field: ir.Field) -> Source | None:
    notes = [field.description] if field.description else []
    if field.deprecated:
        notes.append("Deprecated.")
    return docstring(" ".join(notes), 4) if notes else None


def _declaration(field: ir.Field, prefix: Source) -> Source:
    annotation = checked_type(field.type, prefix)
    if field.required:
        return code("{}: {}", field.name, annotation)
    return code("{}: Maybe[{}] = UNSET", field.name, annotation)


def _positional(in_json: Sequence[ir.Field], fields: Sequence[ir.Field]) -> Source | None:
    """The order of the required fields as arguments, where it is not the one of the declarations."""
    names = [field.name for field in fields if field.required]
    if names == [field.name for field in in_json if field.required]:
        return None
    head = Source("_positional: ClassVar[tuple[str, ...]] = (")
    return bracketed(head, map(quoted, names), ")", 4)


def _tags(tags: ir.Tags) -> Source | None:
    """Values by which discriminators mean a model."""
    head = Source("_tags: ClassVar[dict[str, tuple[str, ...]]] = {")
    entries = (code("{}: {}", quoted(name), string_tuple(values)) for name, values in tags)
    return bracketed(head, entries, "}", 4) if tags else None


def _name_set(variable: str, names: Iterable[str]) -> Source | None:
    found = sorted(names)
    head = Source(f"{variable}: ClassVar[frozenset[str]] = frozenset({{")
    return bracketed(head, map(quoted, found), "})", 4) if found else None


def _code_of(view: dict[str, Any]) -> str:
    """All code of a view, without its texts: what decides on the imports."""
    code = [view["class_head"], view["init"], *view["interface_fields"]]
    code += [declaration for declaration, _ in view["fields"]]
    if view["dict_class"]:
        code += view["dict_class"]["required"] + view["dict_class"]["optional"]
    return "\n".join(re.sub(r'r?"(?:\\.|[^"\\])*"', '""', line) for line in code)
