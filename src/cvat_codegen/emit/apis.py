"""API classes: one module of typed methods for each tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.aliases import as_called, message, todays_call
from cvat_codegen.emit.annotations import Inputs, references, value_type
from cvat_codegen.emit.text import RUNTIME, WIDTH, bracketed, docstring, import_line
from cvat_codegen.names import ClassName, PythonName, dict_name
from cvat_codegen.source import Source, code, joined, quoted

# More values than that are no help in a docstring.
_MOST_CHOICES = 12
_OPTIONS = Source("**options: Unpack[CallOptions]")
_PARSED = Source("_parse_response: Literal[True] = ...")
_RAW = Source("_parse_response: Literal[False]")
_EITHER = Source("_parse_response: bool = ...")


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
    name: PythonName
    annotation: Source

    def required(self) -> Source:
        return code("{}: {}", self.name, self.annotation)

    def optional(self, default: str) -> Source:
        return code("{}: {} = {}", self.name, self.annotation, Source(default))


def api_view(tag: ir.Tag, inputs: Inputs, package: Source) -> dict[str, Any]:
    """Variables of the template of a tag's class."""
    called = [
        *(_Method(operation) for operation in tag.operations),
        *(_Method(as_called(alias), alias) for alias in tag.aliases),
    ]
    methods = [_view(method, inputs) for method in called]
    endpoints = [_endpoint(method.operation) for method in called]
    signatures = [line for m in methods for line in (*m["overloads"], m["definition"])]
    text = "\n".join([*endpoints, *signatures])
    abstract = [name for name in ("Mapping", "Sequence") if re.search(rf"\b{name}\b", text)]
    typing = [name for name in ("Literal", "overload") if any(m["overloads"] for m in methods)]
    return {
        "tag": quoted(tag.name),
        "class_name": tag.class_name,
        "docstring": docstring(tag.description or f"Operations of the tag `{tag.name}`.", 4),
        "endpoints": endpoints,
        "methods": methods,
        "typing_names": joined(", ", map(Source, ["TYPE_CHECKING", "Any", *typing])),
        "typing_imports": _typing_imports(text, abstract),
        "package_imports": _package_imports(called, inputs, package, text),
        "uses_deprecated": bool(tag.aliases),
        "uses_unset": "UNSET" in text,
    }


def _typing_imports(text: str, abstract: list[str]) -> list[Source]:
    imports: list[Source] = []
    # A method may be called `list`: the annotations of its class must not mean that.
    if re.search(r"\bbuiltins\.", text):
        imports.append(Source("import builtins"))
    if re.search(r"\bdatetime\.", text):
        imports.append(Source("import datetime"))
    if abstract:
        imports.append(import_line(Source("collections.abc"), map(Source, abstract)))
    if re.search(r"\bIO\[", text):
        imports.append(Source("from typing import IO"))
    return imports


def _package_imports(
    methods: list[_Method], inputs: Inputs, package: Source, text: str
) -> list[Source]:
    names: dict[Source, set[Source]] = {
        code("{}.endpoint", RUNTIME): {Source("CallOptions"), Source("Endpoint")}
    }
    if re.search(r"\bFile\b", text):
        names[code("{}.model", RUNTIME)] = {Source("File")}
    for method in methods:
        response = method.operation.response
        sent = {name for type_ in method.sent for name in references(type_)}
        sent |= {
            ClassName(member)
            for name in sent
            if isinstance(model := inputs.models[name], ir.ComposedModel)
            for member in model.members
            if member != "file"
        }
        received = references(response) if response else set()
        for name in sent | received:
            module = code("{}.model.{}", package, inputs.models[name].module)
            found = names.setdefault(module, set())
            found.add(name)
            if name in sent and name in inputs.with_dict:
                found.add(dict_name(name))
    return [import_line(module, names[module], 4) for module in sorted(names)]


def _view(method: _Method, inputs: Inputs) -> dict[str, Any]:
    operation, alias = method.operation, method.alias
    positional, keyword = _arguments(method, inputs)
    given = [argument.optional("...") for argument in keyword]
    unset = [argument.optional("UNSET") for argument in keyword]

    def signature(arguments: list[Source], returns: Source, end: str) -> Source:
        return _signature(operation.name, positional, arguments, returns, end)

    names = [argument.name for argument in (*positional, *keyword)]
    view: dict[str, Any] = {
        "docstring": _text(method),
        "overloads": [],
        "deprecated": quoted(message(alias)) if alias is not None else None,
    }
    if operation.response is None:
        definition = signature(
            [*unset, Source("_parse_response: bool = True"), _OPTIONS],
            _pair(Source("None")),
            ":",
        )
        options = Source('{**options, "_parse_response": _parse_response}')
    else:
        response = _response_type(operation.response)
        has_none = response == "Any" or response.endswith("| None")
        either = response if has_none else code("{} | None", response)
        view["overloads"] = [
            signature([*given, mode, _OPTIONS], _pair(data), ": ...")
            for mode, data in (
                (_PARSED, response),
                (_RAW, Source("None")),
                (_EITHER, either),
            )
        ]
        definition = signature([*unset, Source("**options: Any")], Source("Any"), ":")
        options = Source("options")
    function = Source("_call" if alias is None else "_call_alias")
    return view | {
        "definition": definition,
        "call": _call(function, operation.name, names, options),
    }


def _call(
    function: Source, method: PythonName, arguments: list[PythonName], options: Source
) -> Source:
    sent = [code("{}: {}", quoted(name), name) for name in arguments]
    values = code("{{{}}}", joined(", ", sent))
    line = code("return self.{}({}, {}, {})", function, quoted(method), values, options)
    if len(line) + 8 <= WIDTH:
        return line
    parts = (quoted(method), bracketed(Source("{"), sent, "}", 12), options)
    rows = joined("", (code("            {},\n", part) for part in parts))
    return code("return self.{}(\n{}        )", function, rows)


def _arguments(method: _Method, inputs: Inputs) -> tuple[list[_Argument], list[_Argument]]:
    """Arguments that may be passed by position, and the others."""
    operation = method.operation
    found = {}
    for parameter in operation.parameters:
        annotation = _in_class(inputs.type(parameter.type))
        if parameter.location == "header":
            annotation = code("{} | None", annotation)  # None takes a default header out
        found[parameter.name] = _Argument(parameter.name, annotation)
    if operation.body is not None:
        annotation = joined(" | ", (inputs.type(type_) for type_ in method.sent))
        found[operation.body.name] = _Argument(operation.body.name, _in_class(annotation))
    positional = [found.pop(name) for name in operation.positional]
    return positional, list(found.values())


def _signature(
    name: PythonName, positional: list[_Argument], keyword: list[Source], returns: Source, end: str
) -> Source:
    arguments = [Source("self"), *(argument.required() for argument in positional)]
    if not keyword[0].startswith("**"):
        arguments.append(Source("*"))
    tail = code(") -> {}{}", returns, Source(end))
    return bracketed(code("def {}(", name), [*arguments, *keyword], tail, 4)


def _response_type(type_: ir.Type) -> Source:
    return Source("IO[bytes]") if type_ == ir.Scalar("file") else _in_class(value_type(type_))


def _endpoint(operation: ir.Operation) -> Source:
    response = operation.response
    result = Source("None") if response is None else _response_type(response)
    return code("{}_endpoint: Endpoint[{}]", operation.name, result)


def _pair(data: Source) -> Source:
    return code("tuple[{}, HTTPResponse]", data)


def _in_class(annotation: Source) -> Source:
    return Source(re.sub(r"\b(list|dict)\[", r"builtins.\1[", annotation))


def _text(method: _Method) -> Source:
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
