"""Which models name which: what a request can hold, and which imports go in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cvat_codegen import ir
from cvat_codegen.emit.annotations import innermost, references
from cvat_codegen.names import ClassName

Graph = Mapping[ClassName, frozenset[ClassName]]


def field_graph(models: Iterable[ir.Model]) -> Graph:
    """Models that the fields and the composition of each model name."""
    return {model.name: frozenset(_named_by(model)) for model in models}


def _named_by(model: ir.Model) -> set[ClassName]:
    if isinstance(model, ir.EnumModel):
        return set()
    if isinstance(model, ir.EnumUnion):
        return set(model.members)
    names = {name for field in model.fields for name in references(field.type)}
    if isinstance(model, ir.ComposedModel):
        names |= {ClassName(member) for member in model.members if member != "file"}
    return names


def reachable(graph: Graph, start: Iterable[ClassName]) -> frozenset[ClassName]:
    """The start and everything that it leads to."""
    found: set[ClassName] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(graph[name])
    return frozenset(found)


def circular(graph: Graph, name: ClassName) -> frozenset[ClassName]:
    """The models that a model leads to and that lead back to it, itself excluded."""
    others = reachable(graph, [name]) - {name}
    return frozenset(other for other in others if name in reachable(graph, [other]))


def may_hold_itself(graph: Graph, models: Mapping[ClassName, ir.Model], name: ClassName) -> bool:
    """Whether the fields of a model, or of what they hold, can lead back to an object of that model."""
    held = reachable(graph, graph[name])
    return name in held or any(_holds_anything(models[other]) for other in {name, *held})


def _holds_anything(model: ir.Model) -> bool:
    if isinstance(model, (ir.EnumModel, ir.EnumUnion)):
        return False
    held = [innermost(field.type) for field in model.fields]
    return any(isinstance(one, ir.Scalar) and one.kind in ("any", "file") for one in held)


def sent_models(tags: Sequence[ir.Tag], graph: Graph) -> frozenset[ClassName]:
    """Models that can be a part of a request body."""
    bodies = [
        operation.body.type
        for tag in tags
        for operation in tag.operations
        if operation.body is not None
    ]
    start = {name for type_ in bodies for name in references(type_)}
    start |= {alias.model for tag in tags for alias in tag.aliases if alias.model is not None}
    return reachable(graph, start)
