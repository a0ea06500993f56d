"""API classes: one module of typed methods for each tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.aliases import as_called, message, todays_call
from cvat_codegen.emit.annotations import Inputs, references, value_type
from cvat_codegen.emit.text import RUNTIME, WIDTH, bracketed, docstring, import_line, quoted
from cvat_codegen.names import dict_name

# More values than that are no help in a docstring.
_MOST_CHOICES = 12
_OPTIONS = "**options: Unpack[CallOptions]"
_PARSED = "_parse_response: Literal[True] = ..."
_RAW = "_parse_response: Literal[False]"
_EITHER = "_parse_response: bool = ..."


@dataclass(frozen=True)
class _Method:
    """A method of a class: an operation as it is called there."""

    operation: ir.Operation
    alias: ir.Alias | None = None

    @property
    def sent(self) -> list[ir.Type]:
        """What may be passed as the body."""
        types: list[ir.Type] = []
        if self.alias is not None and self.alias.model is not None:
            types.append(ir.ModelRef(self.alias.model))
        if self.operation.body is not None:
            types.append(self.operation.body.type)
        return types


@dataclass(frozen=True)
class _Argument:
    name: str
    annotation: str

    def required(self) -> str:
        return f"{self.name}: {self.annotation}"

    def optional(self, default: str) -> str:
        return f"{self.name}: {self.annotation} = {default}"


def api_view(tag: ir.Tag, inputs: Inputs, package: str) -> dict[str, Any]:
    """Variables of the template of a tag's class."""
    called = [
        *(_Method(operation) for operation in tag.operations),
        *(_Method(as_called(alias), alias) for alias in tag.aliases),
    ]
    methods = [_view(method, inputs) for method in called]
    endpoints = [_endpoint(method.operation) for method in called]
    signatures = [line for m in methods for line in (*m["overloads"], m["definition"])]
    code = "\n".join([*endpoints, *signatures])
    abstract = [name for name in ("Mapping", "Sequence") if re.search(rf"\b{name}\b", code)]
    typing = [name for name in ("Literal", "overload") if any(m["overloads"] for m in methods)]
    return {
        "tag": quoted(tag.name),
        "class_name": tag.class_name,
        "docstring": docstring(tag.description or f"Operations of the tag `{tag.name}`.", 4),
        "endpoints": endpoints,
        "methods": methods,
        "typing_names": ", ".join(["TYPE_CHECKING", "Any", *typing]),
        "typing_imports": _typing_imports(code, abstract),
        "package_imports": _package_imports(called, inputs, package, code),
        "uses_deprecated": bool(tag.aliases),
        "uses_unset": "UNSET" in code,
    }


def _typing_imports(code: str, abstract: list[str]) -> list[str]:
    imports = []
    # A method may be called `list`: the annotations of its class must not mean that.
    if re.search(r"\bbuiltins\.", code):
        imports.append("import builtins")
    if re.search(r"\bdatetime\.", code):
        imports.append("import datetime")
    if abstract:
        imports.append(f"from collections.abc import {', '.join(abstract)}")
    if re.search(r"\bIO\[", code):
        imports.append("from typing import IO")
    return imports


def _package_imports(methods: list[_Method], inputs: Inputs, package: str, code: str) -> list[str]:
    names = {f"{RUNTIME}.endpoint": {"CallOptions", "Endpoint"}}
    if re.search(r"\bFile\b", code):
        names[f"{RUNTIME}.model"] = {"File"}
    for method in methods:
        response = method.operation.response
        sent = {name for type_ in method.sent for name in references(type_)}
        received = references(response) if response else set()
        for name in sent | received:
            found = names.setdefault(f"{package}.model.{inputs.models[name].module}", set())
            found.add(name)
            if name in sent and name in inputs.with_dict:
                found.add(dict_name(name))
    return [import_line(module, names[module], 4) for module in sorted(names)]


def _view(method: _Method, inputs: Inputs) -> dict[str, Any]:
    operation, alias = method.operation, method.alias
    positional, keyword = _arguments(method, inputs)
    given = [argument.optional("...") for argument in keyword]
    unset = [argument.optional("UNSET") for argument in keyword]

    def signature(arguments: list[str], returns: str, end: str) -> str:
        return _signature(operation.name, positional, arguments, returns, end)

    names = [argument.name for argument in (*positional, *keyword)]
    view: dict[str, Any] = {
        "docstring": _text(method),
        "overloads": [],
        "deprecated": quoted(message(alias)) if alias is not None else None,
    }
    if operation.response is None:
        definition = signature(
            [*unset, "_parse_response: bool = True", _OPTIONS], _pair("None"), ":"
        )
        options = '{**options, "_parse_response": _parse_response}'
    else:
        response = _response_type(operation.response)
        either = (
            response if response == "Any" or response.endswith("| None") else f"{response} | None"
        )
        view["overloads"] = [
            signature([*given, mode, _OPTIONS], _pair(data), ": ...")
            for mode, data in ((_PARSED, response), (_RAW, "None"), (_EITHER, either))
        ]
        definition, options = signature([*unset, "**options: Any"], "Any", ":"), "options"
    function = "_call" if alias is None else "_call_alias"
    return view | {
        "definition": definition,
        "call": _call(function, operation.name, names, options),
    }


def _call(function: str, method: str, arguments: list[str], options: str) -> str:
    sent = [f"{quoted(name)}: {name}" for name in arguments]
    line = f"return self.{function}({quoted(method)}, {{{', '.join(sent)}}}, {options})"
    if len(line) + 8 <= WIDTH:
        return line
    parts = (quoted(method), bracketed("{", sent, "}", 12), options)
    rows = "".join(f"            {part},\n" for part in parts)
    return f"return self.{function}(\n{rows}        )"


def _arguments(method: _Method, inputs: Inputs) -> tuple[list[_Argument], list[_Argument]]:
    """Arguments that may be passed by position, and the others."""
    operation = method.operation
    found = {}
    for parameter in operation.parameters:
        annotation = _in_class(inputs.type(parameter.type))
        if parameter.location == "header":
            annotation += " | None"  # None takes a default header out
        found[parameter.name] = _Argument(parameter.name, annotation)
    if operation.body is not None:
        annotation = " | ".join(inputs.type(type_) for type_ in method.sent)
        found[operation.body.name] = _Argument(operation.body.name, _in_class(annotation))
    positional = [found.pop(name) for name in operation.positional]
    return positional, list(found.values())


def _signature(
    name: str, positional: list[_Argument], keyword: list[str], returns: str, end: str
) -> str:
    arguments = ["self", *(argument.required() for argument in positional)]
    if not keyword[0].startswith("**"):
        arguments.append("*")
    return bracketed(f"def {name}(", [*arguments, *keyword], f") -> {returns}{end}", 4)


def _response_type(type_: ir.Type) -> str:
    return "IO[bytes]" if type_ == ir.Scalar("file") else _in_class(value_type(type_))


def _endpoint(operation: ir.Operation) -> str:
    result = "None" if operation.response is None else _response_type(operation.response)
    return f"{operation.name}_endpoint: Endpoint[{result}]"


def _pair(data: str) -> str:
    return f"tuple[{data}, HTTPResponse]"


def _in_class(annotation: str) -> str:
    return re.sub(r"\b(list|dict)\[", r"builtins.\1[", annotation)


def _text(method: _Method) -> str:
    """What the operation does, and what the names and types of its arguments do not say."""
    if method.alias is not None:
        return docstring(f"Older name of `{todays_call(method.alias)}`.", 8)
    operation = method.operation
    summary = operation.summary or f"{operation.method} ``{operation.path}``"
    paragraphs = [summary if summary.endswith((".", "!", "?")) else f"{summary}."]
    if operation.description and operation.description != operation.summary:
        paragraphs.append(operation.description)
    if operation.deprecated:
        paragraphs.append("Deprecated.")
    arguments: list[ir.Parameter | ir.Body] = list(operation.parameters)
    if operation.body is not None:
        arguments.append(operation.body)
    texts = ((argument.name, _argument_text(argument)) for argument in arguments)
    entries = [f"`{name}`: {text}" for name, text in texts if text]
    return docstring("\n\n".join(paragraphs), 8, entries)


def _argument_text(argument: ir.Parameter | ir.Body) -> str:
    parts = [" ".join(argument.description.split())]
    if isinstance(argument, ir.Parameter):
        if 0 < len(argument.choices) <= _MOST_CHOICES:
            parts.append(f"One of {', '.join(argument.choices)}.")
        if argument.deprecated:
            parts.append("Deprecated.")
    return " ".join(part for part in parts if part)
