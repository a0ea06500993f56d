"""Cases made from the operation table and from the models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cvat_sdk.api_client import models, operations
from cvat_sdk.api_client.runtime.operation import Operation, Parameter
from differential import samples
from differential.answers import Answer, answer
from differential.case import Case


def cases(templates: Mapping[str, Case]) -> Iterator[Case]:
    """All generated cases."""
    for operation in operations.all_operations():
        yield from _operation(operation, templates)
    for name in _model_names():
        yield from _model(name, templates)


def _make(template: Case, name: str, argument: Any, *answers: Answer) -> Case:
    return Case(f"{template.id}#{name}", template.run, argument, answers)


# -- operations -----------------------------------------------------------------------------------


def _operation(operation: Operation, templates: Mapping[str, Case]) -> Iterator[Case]:
    call = templates["operations.call"]
    where = {"api": f"{operation.tag}_api", "method": operation.name}

    def argument(**more: Any) -> dict[str, Any]:
        return {**where, "arguments": {}, "options": {}, "positional": [], **more}

    minimal, full = _arguments(operation, full=False), _arguments(operation, full=True)
    plain, rich = _success(operation, full=False), _success(operation, full=True)
    yield _make(call, f"{operation.id} plain", argument(arguments=minimal), plain)
    # A body whose required fields are files can only be a form.
    is_form = operation.body is not None and samples.needs_files(operation.body.type)
    options = {"_content_type": "multipart/form-data"} if is_form else {}
    everything = argument(arguments=full, options=options)
    yield _make(call, f"{operation.id} all parameters", everything, rich)
    steps = templates["operations.call_by_steps"]
    yield _make(steps, f"{operation.id} all parameters", everything, rich)
    yield _make(
        call,
        f"{operation.id} by position",
        argument(
            positional=[minimal[name] for name in operation.positional],
            options={"_parse_response": False},
        ),
        rich,
    )
    yield _make(
        call,
        f"{operation.id} without checks of the answer",
        argument(arguments=minimal, options={"_validate_outputs": False}),
        rich,
    )
    yield _make(
        call,
        f"{operation.id} not found",
        argument(arguments=minimal),
        answer(404, json={"detail": "Not found."}),
    )
    yield _make(templates["operations.endpoint"], operation.id, where)
    body = operation.body
    if body and "multipart/form-data" in body.content_types and samples.is_flat(body.type):
        filled = samples.of_type(body.type, full=True, request=True, files=True)
        form = argument(
            arguments={**minimal, body.name: filled},
            options={"_content_type": "multipart/form-data"},
        )
        yield _make(call, f"{operation.id} as a form", form, plain)
        yield _make(steps, f"{operation.id} as a form", form, plain)


def _arguments(operation: Operation, *, full: bool) -> dict[str, Any]:
    values = {
        parameter.name: _parameter(parameter)
        for parameter in operation.parameters
        if parameter.required or full
    }
    body = operation.body
    if body and (body.required or full):
        values[body.name] = samples.of_type(body.type, full=full, request=True)
    return values


def _parameter(parameter: Parameter) -> Any:
    if parameter.choices:
        return parameter.choices[-1]
    if parameter.limits.get("pattern"):
        fitting = (text for text in ("text", "12") if re.search(parameter.limits["pattern"], text))
        return next(fitting)
    return {
        "int": 42,
        "float": 1.5,
        "bool": True,
        "str": "a b/c?d=e&f",
        "datetime": {"$datetime": "2024-05-06T07:08:09+00:00"},
        "file": {"$file": ["picture.png", "content"]},
    }[parameter.type]


def _success(operation: Operation, *, full: bool) -> Answer:
    status, text = operation.responses[0] if operation.responses else (200, None)
    # What the client decodes to may belong to another status than the first.
    status = next(
        (code for code, kind in operation.responses if kind == operation.response), status
    )
    text = operation.response or text
    if text is None:
        return answer(status)
    if text == "DataResponse":
        return answer(status, json={"rq_id": "text"})
    if text == "file":
        disposition = ("Content-Disposition", 'attachment; filename="frame.zip"')
        return answer(status, body="content", content_type="application/zip", headers=[disposition])
    return answer(status, json=samples.of_type(text, full=full))


# -- models ---------------------------------------------------------------------------------------


def _model_names() -> list[str]:
    return sorted(
        name
        for name in models.__all__
        if not name.endswith(("Dict", "Literal"))
        and f"{name}" not in _interfaces()
        and name.isidentifier()
    )


def _interfaces() -> set[str]:
    return {name for name in models.__all__ if name.startswith("I") and name[1:] in models.__all__}


def _model(name: str, templates: Mapping[str, Case]) -> Iterator[Case]:
    cls = getattr(models, name)
    yield _make(templates["schema_models.facts"], name, {"model": name})
    if not hasattr(cls, "__struct_fields__"):
        template = templates["composed.choice" if hasattr(cls, "members") else "enums.member"]
        for value in samples.enum_values(cls):
            yield _make(template, f"{name} {value!r}", {"model": name, "value": value})
        return
    for full in (False, True):
        word = "full" if full else "minimal"
        received = samples.of_type(name, full=full)
        given = samples.of_type(name, full=full, request=True)
        yield _make(
            templates["schema_models.received"], f"{name} {word}", {"model": name, "data": received}
        )
        yield _make(
            templates["schema_models.built"], f"{name} {word}", {"model": name, "data": given}
        )
