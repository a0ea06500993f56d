"""Operations: paths of the description -> groups of methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cvat_codegen import ir
from cvat_codegen.bodies import Request, build_request
from cvat_codegen.document import pointer
from cvat_codegen.hoist import METHODS
from cvat_codegen.names import (
    PythonName,
    api_class_name,
    api_module_name,
    is_python_name,
    method_name,
    module_name,
)
from cvat_codegen.parameters import build_parameters
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.responses import Answer, build_responses
from cvat_codegen.schemas.context import Context

_PATH_ITEM_KEYWORDS = frozenset({*METHODS, "summary", "description", "parameters"})
_OPERATION_KEYWORDS = frozenset(
    [
        *("tags", "summary", "description", "externalDocs", "operationId", "deprecated"),
        *("parameters", "requestBody", "responses", "security"),
    ]
)


def build_tags(context: Context) -> tuple[ir.Tag, ...] | Problems:
    """Groups of operations, sorted by tag; the operations of a group are sorted by name."""
    problems: list[Problem] = []
    tags: dict[str, list[ir.Operation]] = {}
    for path, item in context.document.get("paths", {}).items():
        place = pointer("paths", path)
        if not isinstance(item, dict):
            problems.append(Problem(place, "must be an object"))
            continue
        problems += _unknown(item, _PATH_ITEM_KEYWORDS, place)
        for method in METHODS:
            if method not in item:
                continue
            shared = item.get("parameters", [])
            built = _build_operation(context, path, method, item[method], shared)
            if isinstance(built, Problems):
                problems.extend(built.items)
                continue
            group = tags.setdefault(built.tag, [])
            if any(other.name == built.name for other in group):
                message = f"{built.tag}.{built.name} is another operation; add x-python-method"
                problems.append(Problem(f"{place}/{method}/operationId", message))
            group.append(built)
    if problems:
        return Problems(tuple(problems))
    texts = {
        tag["name"]: tag.get("description", "")
        for tag in context.document.get("tags", [])
        if isinstance(tag, dict) and "name" in tag
    }
    return tuple(
        ir.Tag(
            name,
            api_class_name(name),
            api_module_name(name),
            module_name(name),
            texts.get(name, ""),
            tuple(sorted(tags[name], key=lambda operation: operation.name)),
        )
        for name in sorted(tags)
    )


def _unknown(value: Mapping[str, Any], known: frozenset[str], place: str) -> list[Problem]:
    return [
        Problem(place + pointer(key), f"{key!r} is not supported here")
        for key in value
        if key not in known and not str(key).startswith("x-")
    ]


def _build_operation(
    context: Context, path: str, method: str, operation: Any, shared: Any
) -> ir.Operation | Problems:
    place = pointer("paths", path, method)
    if not isinstance(operation, dict):
        return Problems.at(place, "must be an object")
    problems = _unknown(operation, _OPERATION_KEYWORDS, place)
    names = _names(operation, place)
    item_place = pointer("paths", path)
    parameters = build_parameters(
        context, shared, operation.get("parameters", []), path, item_place, place
    )
    request = build_request(context, operation, place)
    answer = build_responses(context, operation.get("responses"), f"{place}/responses")
    auth = _auth(context, operation, place)
    for part in (names, parameters, request, answer, auth):
        if isinstance(part, Problems):
            problems.extend(part.items)
    if (
        problems
        or isinstance(names, Problems)
        or isinstance(parameters, Problems)
        or isinstance(request, Problems)
        or isinstance(answer, Problems)
        or isinstance(auth, Problems)
    ):
        return Problems(tuple(problems))
    tag, name = names
    arguments = (*parameters, *request.form)
    positional = _positional(operation, arguments, request, place)
    if isinstance(positional, Problems):
        return positional
    return _operation(
        tag, name, method, path, operation, arguments, request, answer, auth, positional
    )


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
        summary=_text(operation, "summary"),
        description=_text(operation, "description"),
    )


def _names(operation: dict[str, Any], place: str) -> tuple[str, PythonName] | Problems:
    tags, operation_id = operation.get("tags"), operation.get("operationId")
    if not isinstance(tags, list) or not tags or not isinstance(tags[0], str):
        return Problems.at(
            f"{place}/tags", "an operation needs a tag; its first one names the class"
        )
    if not isinstance(operation_id, str):
        return Problems.at(f"{place}/operationId", "an operation needs an id; it names the method")
    name = operation.get("x-python-method", method_name(operation_id, tags[0]))
    if not is_python_name(name):
        return Problems.at(f"{place}/x-python-method", f"{name!r} is not a name in Python")
    return tags[0], name


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
    names = [argument.name for argument in arguments]
    required = [argument.name for argument in arguments if argument.required]
    if request.body is not None:
        names.append(request.body.name)
        required += [request.body.name] if request.body.required else []
    for name in sorted(set(names)):
        if names.count(name) > 1:
            message = f"several arguments have the Python name {name!r}; add x-python-name"
            return Problems.at(place, message)
    order = operation.get("x-positional-order", sorted(required))
    if not isinstance(order, list) or sorted(map(str, order)) != sorted(required):
        message = f"must list the required arguments, which are {', '.join(sorted(required))}"
        return Problems.at(f"{place}/x-positional-order", message)
    return tuple(order)


def _text(operation: dict[str, Any], key: str) -> str:
    value = operation.get(key, "")
    return value.strip() if isinstance(value, str) else ""
