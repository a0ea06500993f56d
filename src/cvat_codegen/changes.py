"""What has changed between two versions of an API for those who call it.

`RULES` says which changes there are, and which of them break a program. Many depend on the direction: a field that
may now be null breaks those who read it, and helps those who send it. A model counts as sent when a body or a
parameter leads to it, as received when a response does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

from cvat_codegen import ir

_Item = TypeVar("_Item")

Breaks = Literal["always", "sent", "received", "never"]


class Rule(NamedTuple):
    """One kind of change."""

    breaks: Breaks
    """Whom it breaks: everybody, those who send the model, those who receive it, or nobody."""
    text: str


RULES: Mapping[str, Rule] = {
    "operation-removed": Rule("always", "the operation is gone"),
    "operation-added": Rule("never", "the operation is new"),
    "operation-renamed": Rule("always", "the operation is called {new}; it was {old}"),
    "operation-moved": Rule("always", "the address is {new}; it was {old}"),
    "operation-deprecated": Rule("never", "the operation is deprecated"),
    "authentication-removed": Rule("always", "{old} is no longer a way to authenticate"),
    "authentication-added": Rule("never", "{new} is a way to authenticate"),
    "parameter-removed": Rule("always", "the parameter {name} is gone"),
    "parameter-added": Rule("never", "the parameter {name} is new"),
    "parameter-added-required": Rule("always", "the parameter {name} is new, and required"),
    "parameter-renamed": Rule("always", "the argument for {name} is {new}; it was {old}"),
    "parameter-now-required": Rule("always", "the parameter {name} is required"),
    "parameter-now-optional": Rule("never", "the parameter {name} is optional"),
    "parameter-type": Rule("always", "the parameter {name} is {new}; it was {old}"),
    "parameter-value-removed": Rule("always", "the parameter {name} no longer takes {old}"),
    "parameter-value-added": Rule("never", "the parameter {name} takes {new}"),
    "parameter-limits-tighter": Rule("always", "the parameter {name} has {new}; it had {old}"),
    "parameter-limits-wider": Rule("never", "the parameter {name} has {new}; it had {old}"),
    "body-removed": Rule("always", "there is no body; it was {old}"),
    "body-added": Rule("never", "a body may be sent: {new}"),
    "body-added-required": Rule("always", "a body is required: {new}"),
    "body-now-required": Rule("always", "the body is required"),
    "body-now-optional": Rule("never", "the body is optional"),
    "body-type": Rule("always", "the body is {new}; it was {old}"),
    "content-type-removed": Rule("always", "the body can no longer be sent as {old}"),
    "content-type-added": Rule("never", "the body can be sent as {new}"),
    "response-type": Rule("always", "the result is {new}; it was {old}"),
    "model-removed": Rule("always", "the model is gone"),
    "model-added": Rule("never", "the model is new"),
    "model-kind": Rule("always", "it is {new}; it was {old}"),
    "member-removed": Rule("always", "it can no longer be {old}"),
    "member-added": Rule("received", "it can be {new}"),
    "field-removed": Rule("always", "the field {name} is gone"),
    "field-added": Rule("never", "the field {name} is new"),
    "field-added-required": Rule("sent", "the field {name} is new, and required"),
    "field-renamed": Rule("always", "the attribute for {name} is {new}; it was {old}"),
    "field-now-required": Rule("sent", "the field {name} is required"),
    "field-now-optional": Rule("received", "the field {name} may be left out"),
    "field-type": Rule("always", "the field {name} is {new}; it was {old}"),
    "field-now-nullable": Rule("received", "the field {name} may be null"),
    "field-no-longer-nullable": Rule("sent", "the field {name} cannot be null"),
    "field-now-read-only": Rule("sent", "the field {name} is read-only"),
    "field-no-longer-read-only": Rule("never", "the field {name} can be set"),
    "field-limits-tighter": Rule("sent", "the field {name} has {new}; it had {old}"),
    "field-limits-wider": Rule("never", "the field {name} has {new}; it had {old}"),
    "field-deprecated": Rule("never", "the field {name} is deprecated"),
    "value-removed": Rule("sent", "{old} is no value any more"),
    "value-added": Rule("never", "{new} is a value"),
}
"""All changes that are told apart. A value that is added to an enumeration breaks nobody: clients keep what they do not know."""


@dataclass(frozen=True, order=True)
class Change:
    """One difference."""

    subject: str
    """Operation (``tasks.create``) or model (``TaskRead``)."""
    rule: str
    """A key of `RULES`."""
    name: str = ""
    """Parameter or field, as it is called in requests."""
    old: str = ""
    new: str = ""
    is_breaking: bool = False

    @property
    def message(self) -> str:
        """What has changed, as a sentence."""
        return RULES[self.rule].text.format(name=repr(self.name), old=self.old, new=self.new)


@dataclass(frozen=True)
class _Directions:
    """Where models are used, in either version."""

    sent: frozenset[str]
    received: frozenset[str]

    def breaks(self, rule: str, model: str) -> bool:
        whom = RULES[rule].breaks
        if whom in ("always", "never"):
            return whom == "always"
        # What no operation leads to is used by nobody knows whom.
        is_used = model in self.sent or model in self.received
        return not is_used or model in (self.sent if whom == "sent" else self.received)


def changes(old: ir.Api, new: ir.Api) -> tuple[Change, ...]:
    """All changes from one version to the other, sorted."""
    before, after = _uses(old), _uses(new)
    directions = _Directions(before.sent | after.sent, before.received | after.received)
    found = [*_of_operations(old, new), *_of_models(old, new, directions)]
    return tuple(sorted(set(found)))


# -- operations -------------------------------------------------------------------------------------------------------


def _of_operations(old: ir.Api, new: ir.Api) -> Iterator[Change]:
    before = {operation.id: operation for tag in old.tags for operation in tag.operations}
    after = {operation.id: operation for tag in new.tags for operation in tag.operations}
    addresses = {_address(operation): operation for operation in after.values()}
    pairs = {}
    for id_, operation in before.items():
        other = after.get(id_)
        there = addresses.get(_address(operation))
        # The same address under another name is a new name, unless the old name lives on.
        pairs[id_] = other or (there if there is not None and there.id not in before else None)
    matched = {operation.id for operation in pairs.values() if operation is not None}
    for id_, operation in before.items():
        other = pairs[id_]
        if other is None:
            yield _change(id_, "operation-removed")
        else:
            yield from _of_operation(operation, other)
    for id_ in after.keys() - matched:
        yield _change(id_, "operation-added")


def _address(operation: ir.Operation) -> str:
    """Method and path, whatever the parameters in it are called."""
    parts = operation.path.split("/")
    return f"{operation.method} {'/'.join('{}' if '{' in part else part for part in parts)}"


def _change(subject: str, rule: str, name: str = "", old: str = "", new: str = "") -> Change:
    return Change(subject, rule, name, old, new, RULES[rule].breaks == "always")


def _of_operation(old: ir.Operation, new: ir.Operation) -> Iterator[Change]:
    subject = old.id
    if old.id != new.id:
        yield _change(subject, "operation-renamed", old=old.id, new=new.id)
    if _address(old) != _address(new):
        here, there = f"{old.method} {old.path}", f"{new.method} {new.path}"
        yield _change(subject, "operation-moved", old=here, new=there)
    if new.deprecated and not old.deprecated:
        yield _change(subject, "operation-deprecated")
    for scheme in sorted(set(old.auth) - set(new.auth)):
        yield _change(subject, "authentication-removed", old=scheme)
    for scheme in sorted(set(new.auth) - set(old.auth)):
        yield _change(subject, "authentication-added", new=scheme)
    yield from _of_parameters(subject, old, new)
    yield from _of_bodies(subject, old.body, new.body)
    for kind in _missing(old.form_content_types, new.form_content_types):
        yield _change(subject, "content-type-removed", old=kind)
    for kind in _missing(new.form_content_types, old.form_content_types):
        yield _change(subject, "content-type-added", new=kind)
    if _text(old.response) != _text(new.response):
        yield _change(subject, "response-type", old=_text(old.response), new=_text(new.response))


def _of_parameters(subject: str, old: ir.Operation, new: ir.Operation) -> Iterator[Change]:
    # Parameters of a path have a place in it, whatever they are called.
    before, after = _by_place(old), _by_place(new)
    for place in before.keys() - after.keys():
        yield _change(subject, "parameter-removed", before[place].wire)
    for place, parameter in after.items():
        name = parameter.wire
        if place not in before:
            rule = "parameter-added-required" if parameter.required else "parameter-added"
            yield _change(subject, rule, name)
            continue
        other = before[place]
        if other.name != parameter.name:
            yield _change(subject, "parameter-renamed", name, other.name, parameter.name)
        if other.required != parameter.required:
            rule = "parameter-now-required" if parameter.required else "parameter-now-optional"
            yield _change(subject, rule, name)
        if _text(other.type) != _text(parameter.type):
            types = _text(other.type), _text(parameter.type)
            yield _change(subject, "parameter-type", name, *types)
        if other.choices and parameter.choices:
            for value in _missing(other.choices, parameter.choices):
                yield _change(subject, "parameter-value-removed", name, old=repr(value))
            for value in _missing(parameter.choices, other.choices):
                yield _change(subject, "parameter-value-added", name, new=repr(value))
        step = _step_of_limits(other.limits, parameter.limits)
        if step:
            limits = _limits(other.limits), _limits(parameter.limits)
            yield _change(subject, f"parameter-limits-{step}", name, *limits)


def _by_place(operation: ir.Operation) -> dict[tuple[str, str], ir.Parameter]:
    in_path = [part for part in operation.path.split("/") if "{" in part]
    found: dict[tuple[str, str], ir.Parameter] = {}
    for parameter in operation.parameters:
        part = f"{{{parameter.wire}}}"
        is_part = parameter.location == "path" and part in in_path
        name = str(in_path.index(part)) if is_part else parameter.wire
        found[parameter.location, name] = parameter
    return found


def _of_bodies(subject: str, old: ir.Body | None, new: ir.Body | None) -> Iterator[Change]:
    if old is None and new is None:
        return
    if new is None:
        yield _change(subject, "body-removed", old=_text(old.type if old else None))
    elif old is None:
        rule = "body-added-required" if new.required else "body-added"
        yield _change(subject, rule, new=_text(new.type))
    else:
        if _text(old.type) != _text(new.type):
            yield _change(subject, "body-type", old=_text(old.type), new=_text(new.type))
        if old.required != new.required:
            rule = "body-now-required" if new.required else "body-now-optional"
            yield _change(subject, rule)
        for kind in _missing(old.content_types, new.content_types):
            yield _change(subject, "content-type-removed", old=kind)
        for kind in _missing(new.content_types, old.content_types):
            yield _change(subject, "content-type-added", new=kind)


# -- models -----------------------------------------------------------------------------------------------------------


def _of_models(old: ir.Api, new: ir.Api, directions: _Directions) -> Iterator[Change]:
    before = {str(model.name): model for model in old.models}
    after = {str(model.name): model for model in new.models}
    for name in before.keys() - after.keys():
        yield _change(name, "model-removed")
    for name in after.keys() - before.keys():
        yield _change(name, "model-added")
    for name in before.keys() & after.keys():
        for rule, place, here, there in _of_model(before[name], after[name]):
            yield Change(name, rule, place, here, there, directions.breaks(rule, name))


_Found = Iterator[tuple[str, str, str, str]]
"""Rule, field, what it was and what it is."""


def _of_model(old: ir.Model, new: ir.Model) -> _Found:
    if type(old) is not type(new):
        yield "model-kind", "", _KINDS[type(old)], _KINDS[type(new)]
        return
    if isinstance(old, ir.EnumModel) and isinstance(new, ir.EnumModel):
        values = [value for _, value in old.members], [value for _, value in new.members]
        yield from (("value-removed", "", repr(value), "") for value in _missing(*values))
        yield from (("value-added", "", "", repr(value)) for value in _missing(*reversed(values)))
    if isinstance(old, (ir.ComposedModel, ir.EnumUnion)):
        members = old.members, getattr(new, "members", ())
        yield from (("member-removed", "", str(one), "") for one in _missing(*members))
        yield from (("member-added", "", "", str(one)) for one in _missing(*reversed(members)))
    if isinstance(old, (ir.ObjectModel, ir.ComposedModel)):
        yield from _of_fields(old.fields, getattr(new, "fields", ()))


_KINDS: Mapping[Any, str] = {
    ir.ObjectModel: "an object",
    ir.EnumModel: "an enumeration",
    ir.ComposedModel: "a composition of objects",
    ir.EnumUnion: "a choice of enumerations",
}


def _of_fields(old: tuple[ir.Field, ...], new: tuple[ir.Field, ...]) -> _Found:
    before, after = ({field.wire: field for field in fields} for fields in (old, new))
    for name in before.keys() - after.keys():
        yield "field-removed", name, "", ""
    for name, field in after.items():
        if name not in before:
            # What only a server sets is not asked of those who send.
            is_asked = field.required and not field.read_only
            yield "field-added-required" if is_asked else "field-added", name, "", ""
        else:
            yield from _of_field(name, before[name], field)


def _of_field(name: str, old: ir.Field, new: ir.Field) -> _Found:
    if old.name != new.name:
        yield "field-renamed", name, old.name, new.name
    if old.required != new.required:
        yield "field-now-required" if new.required else "field-now-optional", name, "", ""
    if old.read_only != new.read_only:
        rule = "field-now-read-only" if new.read_only else "field-no-longer-read-only"
        yield rule, name, "", ""
    if new.deprecated and not old.deprecated:
        yield "field-deprecated", name, "", ""
    before, after = _bare(old.type), _bare(new.type)
    if _text(before) != _text(after):
        yield "field-type", name, _text(before), _text(after)
    elif isinstance(old.type, ir.Nullable) != isinstance(new.type, ir.Nullable):
        is_nullable = isinstance(new.type, ir.Nullable)
        yield "field-now-nullable" if is_nullable else "field-no-longer-nullable", name, "", ""
    limits = getattr(before, "limits", ()), getattr(after, "limits", ())
    step = _step_of_limits(*limits)
    if step:
        yield f"field-limits-{step}", name, _limits(limits[0]), _limits(limits[1])


# -- types ------------------------------------------------------------------------------------------------------------


def _bare(type_: ir.Type) -> ir.Type:
    return type_.inner if isinstance(type_, ir.Nullable) else type_


def _text(type_: ir.Type | None) -> str:
    """A type as Python writes it, without its limits."""
    if type_ is None:
        return "nothing"
    if isinstance(type_, ir.Nullable):
        return f"{_text(type_.inner)} | None"
    if isinstance(type_, ir.ListOf):
        return f"list[{_text(type_.item)}]"
    if isinstance(type_, ir.DictOf):
        return f"dict[str, {_text(type_.value)}]"
    if isinstance(type_, ir.OneOf):
        return " | ".join(map(_text, type_.options))
    if isinstance(type_, ir.Values):
        return f"Literal{list(type_.values)}"
    return str(type_.name) if isinstance(type_, ir.ModelRef) else type_.kind


_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems"})


def _step_of_limits(old: ir.Limits, new: ir.Limits) -> Literal["tighter", "wider"] | None:
    before, after = dict(old), dict(new)
    if before == after:
        return None
    for keyword, limit in after.items():
        if keyword not in before:
            return "tighter"
        was = before[keyword]
        if isinstance(limit, str) or isinstance(was, str):
            is_tighter = limit != was
        elif keyword in _LOWER:
            is_tighter = limit > was
        elif keyword in _UPPER:
            is_tighter = limit < was
        else:
            is_tighter = limit != was
        if is_tighter:
            return "tighter"
    return "wider"


def _limits(limits: ir.Limits) -> str:
    return ", ".join(f"{keyword} {limit!r}" for keyword, limit in limits) or "no limits"


def _missing(items: Iterable[_Item], others: Iterable[_Item]) -> list[_Item]:
    """Those that are not among the others."""
    known = set(others)
    return [item for item in items if item not in known]


def _uses(api: ir.Api) -> _Directions:
    """The models that operations lead to."""
    models = {str(model.name): model for model in api.models}
    operations = [operation for tag in api.tags for operation in tag.operations]
    bodies = [operation.body.type for operation in operations if operation.body is not None]
    sent = [*bodies, *(entry.type for operation in operations for entry in operation.parameters)]
    received = [type_ for operation in operations for _, type_ in operation.responses if type_]
    return _Directions(_reached(sent, models), _reached(received, models))


def _reached(types: Iterable[ir.Type], models: Mapping[str, ir.Model]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [name for type_ in types for name in _named(type_)]
    while waiting:
        name = waiting.pop()
        model = models.get(name)
        if model is None or name in found:
            continue
        found.add(name)
        if isinstance(model, (ir.ComposedModel, ir.EnumUnion)):
            waiting.extend(map(str, model.members))
        if isinstance(model, (ir.ObjectModel, ir.ComposedModel)):
            waiting.extend(name for field in model.fields for name in _named(field.type))
    return frozenset(found)


def _named(type_: ir.Type) -> Iterator[str]:
    for held in ir.leaves(type_):
        if isinstance(held, ir.ModelRef):
            yield str(held.name)
