"""Names of older versions: methods that are gone from a description, each with today's operation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer
from cvat_codegen.names import ClassName, PythonName, is_argument_name, is_method_name
from cvat_codegen.problems import Problem, Problems

_KEYS = frozenset({"name", "operation", "rename", "positional", "model", "reason"})


def add_aliases(api: ir.Api, tables: Sequence[Any]) -> ir.Api | Problems:
    """The API with the aliases of ``[[alias]]`` tables.

    The pointers of problems lead into the file of the tables.
    """
    builder = _Builder(api)
    problems: list[Problem] = []
    aliases: list[ir.Alias] = []
    for index, table in enumerate(tables):
        built = builder.build(table, [alias.id for alias in aliases])
        if isinstance(built, ir.Alias):
            aliases.append(built)
        else:
            place = pointer("alias", index)
            problems += [
                Problem(place + problem.pointer, f"alias {index + 1}: {problem.message}")
                for problem in built.items
            ]
    if problems:
        return Problems(tuple(problems))
    tags = (
        dataclasses.replace(
            tag,
            aliases=tuple(
                sorted((a for a in aliases if a.tag == tag.name), key=lambda alias: alias.name)
            ),
        )
        for tag in api.tags
    )
    return dataclasses.replace(api, tags=tuple(tags))


class _Builder:
    def __init__(self, api: ir.Api) -> None:
        self.tags = {tag.name: tag for tag in api.tags}
        self.operations = {
            f"{tag.name}.{operation.name}": operation
            for tag in api.tags
            for operation in tag.operations
        }
        self.models = {model.name: model for model in api.models}

    def build(self, table: Any, earlier: Iterable[str]) -> ir.Alias | Problems:
        """An alias, or what is wrong with its table; pointers start at the table."""
        if not isinstance(table, dict):
            return Problems.at("", "is not a table")
        problems = [
            Problem(pointer(key), f"{key!r} is not supported here")
            for key in table
            if key not in _KEYS
        ]
        if not isinstance(table.get("reason"), str) or not table["reason"].strip():
            problems.append(Problem("/reason", "needs a reason"))
        name = self._name(table.get("name"), earlier)
        operation = self.operations.get(str(table.get("operation")))
        if operation is None:
            message = f"{table.get('operation')!r} is no operation of the description"
            problems.append(Problem("/operation", message))
        if isinstance(name, Problems):
            problems += name.items
        if operation is None or isinstance(name, Problems):
            return Problems(tuple(problems))
        renamed = _renamed(operation, table.get("rename", {}))
        model = self._model(operation, table.get("model"))
        for part in (renamed, model):
            if isinstance(part, Problems):
                problems += part.items
        if isinstance(renamed, Problems) or isinstance(model, Problems):
            return Problems(tuple(problems))
        positional = _positional(operation, renamed, table.get("positional"))
        if isinstance(positional, Problems):
            problems += positional.items
        if problems or isinstance(positional, Problems):
            return Problems(tuple(problems))
        tag, method = name
        return ir.Alias(
            tag=tag.name,
            attribute=tag.api_module,
            name=method,
            operation=operation,
            operation_attribute=self.tags[operation.tag].api_module,
            renamed=tuple((old, new) for new, old in renamed.items() if old != new),
            positional=positional,
            model=model,
        )

    def _name(self, text: Any, earlier: Iterable[str]) -> tuple[ir.Tag, PythonName] | Problems:
        tag_name, _, method = str(text).rpartition(".")
        tag = self.tags.get(tag_name)
        if tag is None or not is_method_name(method) or method.startswith("_"):
            return Problems.at("/name", f"{text!r} is no <tag>.<method> of a tag with operations")
        if text in self.operations:
            return Problems.at("/name", f"{text!r} is an operation of the description")
        if text in earlier:
            return Problems.at("/name", f"{text!r} is another alias")
        return tag, PythonName(method)

    def _model(self, operation: ir.Operation, text: Any) -> ClassName | Problems | None:
        """The model that is taken in place of that of the body, whose fields must be its own."""
        if text is None:
            return None
        taken = self.models.get(text)
        if not isinstance(taken, ir.ObjectModel):
            return Problems.at("/model", f"{text!r} is no object model")
        body = operation.body.type if operation.body is not None else None
        sent = self.models[body.name] if isinstance(body, ir.ModelRef) else None
        if not isinstance(sent, ir.ObjectModel):
            return Problems.at("/model", f"the body of {operation.id} is no model")
        types = {field.name: ir.without_limits(field.type) for field in sent.fields}
        for field in taken.fields:
            type_ = ir.without_limits(field.type)
            if types.get(field.name, type_) != type_:
                message = f"field {field.name!r} has another type than in {sent.name}"
                return Problems.at("/model", message)
        return taken.name


def _arguments(operation: ir.Operation) -> list[PythonName]:
    names = [parameter.name for parameter in operation.parameters]
    return [*names, operation.body.name] if operation.body is not None else names


def _renamed(operation: ir.Operation, rename: Any) -> dict[PythonName, PythonName] | Problems:
    """Name of every argument of an alias by that of its operation."""
    if not isinstance(rename, dict):
        return Problems.at("/rename", "must be a table")
    names = {name: name for name in _arguments(operation)}
    problems: list[Problem] = []
    for old, new in rename.items():
        if new not in names:
            message = f"{new!r} is no argument of {operation.id}"
            problems.append(Problem("/rename" + pointer(old), message))
        elif not is_argument_name(old):
            message = f"{old!r} is not a name in Python"
            problems.append(Problem("/rename" + pointer(old), message))
        else:
            names[new] = PythonName(old)
    for name in sorted(set(names.values())):
        if list(names.values()).count(name) > 1:
            problems.append(Problem("/rename", f"several arguments would be {name!r}"))
    return Problems(tuple(problems)) if problems else names


def _positional(
    operation: ir.Operation, renamed: Mapping[PythonName, PythonName], order: Any
) -> tuple[PythonName, ...] | Problems:
    """Arguments that an alias requires, in their order."""
    required = [renamed[name] for name in operation.positional]
    if order is None:
        return tuple(required)
    known = set(renamed.values())
    if not isinstance(order, list) or len(set(map(str, order))) != len(order):
        return Problems.at("/positional", "must list names, each of them once")
    unknown = [name for name in order if name not in known]
    if unknown:
        return Problems.at("/positional", f"{unknown[0]!r} is no argument of the alias")
    missing = [name for name in required if name not in order]
    if missing:
        return Problems.at("/positional", f"lacks {missing[0]!r}, which is required")
    return tuple(order)
