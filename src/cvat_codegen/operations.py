"""Operations: paths of the description -> groups of methods."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from cvat_codegen import ir
from cvat_codegen.bodies import Request, build_request
from cvat_codegen.document import pointer
from cvat_codegen.names import (
    ModuleName,
    PythonName,
    api_class_name,
    api_module_name,
    is_method_name,
    method_name,
    module_name,
    unused,
)
from cvat_codegen.parameters import build_parameters, name_arguments
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.responses import Answer, build_responses
from cvat_codegen.schemas.context import Context
from cvat_codegen.servers import build_servers
from cvat_codegen.vocabulary import METHODS, unknown_keys

_PATH_ITEM_KEYWORDS = frozenset({*METHODS, "summary", "description", "parameters", "servers"})
# Group of the operations without a tag.
_NO_TAG = "default"
_OPERATION_KEYWORDS = frozenset(
    [
        *("tags", "summary", "description", "externalDocs", "operationId", "deprecated"),
        *("parameters", "requestBody", "responses", "security", "callbacks", "servers"),
    ]
)


def build_tags(context: Context) -> tuple[ir.Tag, ...] | Problems:
    """Groups of operations, sorted by tag; the operations of a group are sorted by name."""
    problems: list[Problem] = []
    # By module: tags that differ in case or signs only are one group.
    tags: dict[ModuleName, list[ir.Operation]] = {}
    for path, item in context.document.get("paths", {}).items():
        place = pointer("paths", path)
        if not isinstance(item, dict):
            problems.append(Problem(place, "must be an object"))
            continue
        problems += unknown_keys(item, _PATH_ITEM_KEYWORDS, place)
        servers = build_servers(context, item, place)
        if isinstance(servers, Problems):
            problems += servers.items
            servers = ()
        for method in METHODS:
            if method not in item:
                continue
            shared = item.get("parameters", [])
            built = _build_operation(context, path, method, item[method], shared)
            if isinstance(built, ir.Operation) and not built.servers:
                built = dataclasses.replace(built, servers=servers)
            if isinstance(built, Problems):
                problems.extend(built.items)
                continue
            tags.setdefault(api_module_name(built.tag), []).append(built)
    if problems:
        return Problems(tuple(problems))
    texts = {
        tag["name"]: _text(tag, "description")
        for tag in context.document.get("tags", [])
        if isinstance(tag, dict) and isinstance(tag.get("name"), str)
    }
    groups = (_build_tag(operations, texts) for operations in tags.values())
    return tuple(sorted(groups, key=lambda tag: tag.name))


def _build_tag(operations: list[ir.Operation], texts: Mapping[str, str]) -> ir.Tag:
    """A group under the name that its first operation gives it."""
    name = operations[0].tag
    named: dict[PythonName, ir.Operation] = {}
    taken = {operation.name for operation in operations}
    # Beside the method `list` there is an attribute `list_endpoint`.
    endpoints = {PythonName(f"{method}_endpoint") for method in taken}
    for operation in operations:
        method = operation.name
        if method in named or method in endpoints:
            method = unused(method, taken | endpoints)
            taken.add(method)
        named[method] = dataclasses.replace(operation, tag=name, name=method)
    return ir.Tag(
        name,
        api_class_name(name),
        api_module_name(name),
        module_name(name),
        texts.get(name, ""),
        tuple(named[method] for method in sorted(named)),
    )


def _build_operation(
    context: Context, path: str, method: str, operation: Any, shared: Any
) -> ir.Operation | Problems:
    place = pointer("paths", path, method)
    if not isinstance(operation, dict):
        return Problems.at(place, "must be an object")
    problems = unknown_keys(operation, _OPERATION_KEYWORDS, place)
    context.skip(operation, ("callbacks",), place)
    names = _names(operation, method, path, place)
    item_place = pointer("paths", path)
    parameters = build_parameters(
        context, shared, operation.get("parameters", []), path, item_place, place
    )
    request = build_request(context, operation, place)
    answer = build_responses(context, operation.get("responses"), f"{place}/responses")
    auth = _auth(context, operation, place)
    servers = build_servers(context, operation, place)
    for part in (names, parameters, request, answer, auth, servers):
        if isinstance(part, Problems):
            problems.extend(part.items)
    if (
        problems
        or isinstance(names, Problems)
        or isinstance(parameters, Problems)
        or isinstance(request, Problems)
        or isinstance(answer, Problems)
        or isinstance(auth, Problems)
        or isinstance(servers, Problems)
    ):
        return Problems(tuple(problems))
    tag, name = names
    arguments, body = name_arguments((*parameters, *request.form), request.body)
    request = dataclasses.replace(request, body=body)
    positional = _positional(operation, arguments, request, place)
    if isinstance(positional, Problems):
        return positional
    built = _operation(
        tag, name, method, path, operation, arguments, request, answer, auth, positional
    )
    return dataclasses.replace(built, servers=servers, parts=request.parts)


def _operation(
    tag: str,
    name: PythonName,
    method: str,
    path: str,
    operation: dict[str, Any],
    arguments: tuple[ir.Parameter, ...],
    request: Request,
    answer: Answer,
    auth: tuple[str, ...],
    positional: tuple[PythonName, ...],
) -> ir.Operation:
    return ir.Operation(
        tag=tag,
        name=name,
        method=method.upper(),
        path=path,
        parameters=arguments,
        body=request.body,
        form_content_types=request.form_content_types,
        responses=answer.responses,
        response=answer.response,
        accept=answer.accept,
        auth=auth,
        positional=positional,
        deprecated=operation.get("deprecated") is True,
        repeatable=operation.get("x-repeatable") is True,
        summary=_text(operation, "summary"),
        description=_text(operation, "description"),
        place=pointer("paths", path, method),
    )


def _names(
    operation: dict[str, Any], method: str, path: str, place: str
) -> tuple[str, PythonName] | Problems:
    tags = operation.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return Problems.at(
            f"{place}/tags", "must be a list of names; the first one names the class"
        )
    tag = tags[0] if tags else _NO_TAG
    operation_id = operation.get("operationId", f"{method} {path}")
    if not isinstance(operation_id, str):
        return Problems.at(f"{place}/operationId", "must be text; it names the method")
    name = operation.get("x-python-method", method_name(operation_id, tag))
    if not is_method_name(name):
        return Problems.at(f"{place}/x-python-method", f"{name!r} is not a name for a method")
    return tag, PythonName(name)


def _auth(context: Context, operation: dict[str, Any], place: str) -> tuple[str, ...] | Problems:
    """Names of every scheme of every alternative."""
    own = "security" in operation
    place = f"{place}/security" if own else "/security"
    alternatives = operation["security"] if own else context.document.get("security", [])
    schemes = context.document["components"].get("securitySchemes", {})
    if not isinstance(alternatives, list) or not all(isinstance(a, dict) for a in alternatives):
        return Problems.at(place, "must be a list of objects")
    names = sorted({name for alternative in alternatives for name in alternative})
    problems = [
        Problem(place, f"{name!r} is no security scheme") for name in names if name not in schemes
    ]
    return Problems(tuple(problems)) if problems else tuple(names)


def _positional(
    operation: dict[str, Any],
    arguments: tuple[ir.Parameter, ...],
    request: Request,
    place: str,
) -> tuple[PythonName, ...] | Problems:
    """Required arguments, alphabetically unless the description orders them."""
    required = [argument.name for argument in arguments if argument.required]
    if request.body is not None:
        required += [request.body.name] if request.body.required else []
    order = operation.get("x-positional-order", sorted(required))
    if not isinstance(order, list) or sorted(map(str, order)) != sorted(required):
        message = f"must list the required arguments, which are {', '.join(sorted(required))}"
        return Problems.at(f"{place}/x-positional-order", message)
    return tuple(map(PythonName, order))


def _text(operation: dict[str, Any], key: str) -> str:
    value = operation.get(key, "")
    return value.strip() if isinstance(value, str) else ""
