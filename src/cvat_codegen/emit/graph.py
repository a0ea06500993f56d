"""Which models name which: what a request can hold, and which imports go in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cvat_codegen import ir
from cvat_codegen.emit.annotations import references
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


def circles(graph: Graph) -> dict[ClassName, frozenset[ClassName]]:
    """For each model those that it leads to and that lead back to it, itself included (Tarjan's algorithm)."""
    found: dict[ClassName, frozenset[ClassName]] = {}
    numbers: dict[ClassName, int] = {}
    lowest: dict[ClassName, int] = {}
    open_: list[ClassName] = []
    for start in graph:
        if start in numbers:
            continue
        path = [(start, iter(sorted(graph[start])))]
        while path:
            name, targets = path[-1]
            if name not in numbers:
                numbers[name] = lowest[name] = len(numbers)
                open_.append(name)
            following = next((target for target in targets if target not in found), None)
            if following is not None and following not in numbers:
                path.append((following, iter(sorted(graph[following]))))
            elif following is not None:
                lowest[name] = min(lowest[name], numbers[following])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[name])
                if lowest[name] == numbers[name]:
                    members = {open_.pop()}
                    while name not in members:
                        members.add(open_.pop())
                    found.update(dict.fromkeys(members, frozenset(members)))
    return found


def may_hold_themselves(
    graph: Graph, models: Iterable[ir.Model], circles: Mapping[ClassName, frozenset[ClassName]]
) -> frozenset[ClassName]:
    """Models whose fields, or what these hold, can lead back to an object of the same model."""
    holders: dict[ClassName, set[ClassName]] = {}
    for name, held in graph.items():
        for other in held:
            holders.setdefault(other, set()).add(name)
    waiting = [model.name for model in models if _holds_anything(model)]
    found: set[ClassName] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += holders.get(name, ())
    return frozenset(found | {n for n in graph if len(circles[n]) > 1 or n in graph[n]})


def _holds_anything(model: ir.Model) -> bool:
    if isinstance(model, (ir.EnumModel, ir.EnumUnion)):
        return False
    held = [one for field in model.fields for one in ir.leaves(field.type)]
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
