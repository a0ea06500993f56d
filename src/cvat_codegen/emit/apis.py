"""API classes: for each tag a module of methods, and a stub that tells type checkers all their overloads."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit.aliases import as_called, message, todays_call
from cvat_codegen.emit.annotations import Inputs, value_type
from cvat_codegen.emit.text import (
    RUNTIME,
    WIDTH,
    bracketed,
    docstring,
    import_line,
    import_order,
)
from cvat_codegen.names import PythonName, class_name
from cvat_codegen.source import Source, code, joined, quoted

# More values than that are no help in a docstring.
_MOST_CHOICES = 12
# A longer type gets a name of its own.
_LONGEST_LITERAL = 60
_STANDARD = {
    Source("collections.abc"): ("Mapping", "Sequence"),
    Source("multiprocessing.pool"): ("AsyncResult",),
    Source("typing"): ("IO", "Any", "Literal", "TypeAlias", "overload"),
}
_PACKAGE = {
    RUNTIME: ("types",),
    code("{}.aliases", RUNTIME): ("deprecated",),
    code("{}.api", RUNTIME): ("Api",),
    code("{}.endpoint", RUNTIME): ("CallOptions", "Endpoint", "MethodOptions"),
    code("{}.model", RUNTIME): ("UNSET", "File", "FileInput", "Strings"),
}
_PARSED = Source("_parse_response: Literal[True] = ...")
_RAW = Source("_parse_response: Literal[False]")
_EITHER = Source("_parse_response: bool = ...")
_NOW = Source("_async_call: Literal[False] = ...")
_LATER = Source("_async_call: Literal[True]")
_NOTHING = Source("None")


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
    """Variables of the two templates of a tag: that of the module and that of the stub."""
    return _ApiView(tag, inputs, package).variables()


class _ApiView:
    def __init__(self, tag: ir.Tag, inputs: Inputs, package: Source) -> None:
        self.tag = tag
        self.package = package
        self.inputs = dataclasses.replace(inputs, prefix=Source("models."))
        self.literals: dict[Source, Source] = {}
        """Long types by their names."""

    def variables(self) -> dict[str, Any]:
        methods = [
            *(_Method(operation) for operation in self.tag.operations),
            *(_Method(as_called(alias), alias) for alias in self.tag.aliases),
        ]
        views = [self._method(method) for method in methods]
        endpoints = [self._endpoint(method.operation) for method in methods]
        literals = list(self.literals.values())
        common = ["Api", *endpoints, *literals, *(["deprecated"] if self.tag.aliases else [])]
        definitions = [view["definition"] for view in views]
        overloads = [line for view in views for line in ("overload", *view["overloads"])]
        typing = [
            Source("from typing_extensions import Unpack"),
            Source("from urllib3 import HTTPResponse"),
        ]
        return {
            "about_stub": code("# What type checkers know of {}.py.", self.tag.api_module),
            "tag": quoted(self.tag.name),
            "class_name": self.tag.class_name,
            "docstring": docstring(
                self.tag.description or f"Operations of the tag `{self.tag.name}`.", 4
            ),
            "endpoints": endpoints,
            "literals": literals,
            "methods": views,
            "imports": self._imports([*common, *definitions], []),
            "stub_imports": self._imports([*common, *overloads], typing),
        }

    def _imports(self, lines: Iterable[str], third: list[Source]) -> list[Source]:
        """Import lines of a module with this code; empty ones stand between the blocks."""
        text = re.sub(r'"(?:\\.|[^"\\])*"', '""', "\n".join(lines))
        words = set(re.findall(r"\w+", text))
        # A method may be called `list`: the annotations of its class must not mean that.
        standard = [
            code("import {}", Source(name)) for name in ("builtins", "datetime") if name in words
        ]
        standard += _import_lines(_STANDARD, words)
        own = _import_lines({self.package: ("models",), **_PACKAGE}, words)
        blocks = [block for block in (standard, third, sorted(own, key=import_order)) if block]
        return [line for block in blocks for line in (Source(""), *block)][1:]

    def _method(self, method: _Method) -> dict[str, Any]:
        operation, alias = method.operation, method.alias
        positional, keyword = self._arguments(method)
        given = [argument.optional("...") for argument in keyword]

        def overload(parse: Source, when: Source, data: Source) -> Source:
            arguments = [*given, parse, when, Source("**options: Unpack[CallOptions]")]
            pattern = "tuple[{}, HTTPResponse]: ..."
            if when == _LATER:
                pattern = "AsyncResult[tuple[{}, HTTPResponse]]: ..."
            return _signature(operation.name, positional, arguments, code(pattern, data))

        response = self._response(operation)
        has_none = response == "Any" or response.endswith("None")
        either = response if has_none else code("{} | None", response)
        modes = [
            (_PARSED, _NOW, response),
            (_RAW, _NOW, _NOTHING),
            (_EITHER, _NOW, either),
            (_PARSED, _LATER, response),
            (_RAW, _LATER, _NOTHING),
        ]
        if operation.response is None:
            modes = [(_EITHER, _NOW, _NOTHING), (_EITHER, _LATER, _NOTHING)]
        unset = [argument.optional("UNSET") for argument in keyword]
        options = Source("**options: types.Unpack[MethodOptions]")
        returns = code("tuple[{}, types.HTTPResponse]:", response)
        names = [argument.name for argument in (*positional, *keyword)]
        function = Source("_call" if alias is None else "_call_alias")
        return {
            "docstring": _text(method),
            "deprecated": quoted(message(alias)) if alias is not None else None,
            "overloads": [overload(*mode) for mode in modes],
            "definition": _signature(operation.name, positional, [*unset, options], returns),
            "call": _call(function, operation.name, names),
        }

    def _arguments(self, method: _Method) -> tuple[list[_Argument], list[_Argument]]:
        """Arguments that may be passed by position, and the others."""
        operation = method.operation
        found = {}
        for parameter in operation.parameters:
            annotation = self._parameter_type(operation, parameter)
            if parameter.location == "header":
                annotation = code("{} | None", annotation)  # None takes a default header out
            found[parameter.name] = _Argument(parameter.name, annotation)
        if operation.body is not None:
            annotation = joined(" | ", (self.inputs.type(type_) for type_ in method.sent))
            found[operation.body.name] = _Argument(operation.body.name, _in_class(annotation))
        positional = [found.pop(name) for name in operation.positional]
        return positional, list(found.values())

    def _parameter_type(self, operation: ir.Operation, parameter: ir.Parameter) -> Source:
        if not parameter.choices:
            return _in_class(self.inputs.type(parameter.type))
        annotation = self.inputs.choice(parameter.choices)
        if len(annotation) <= _LONGEST_LITERAL:
            return annotation
        name = class_name(f"{operation.name} {parameter.name} literal")
        head = code("{}: TypeAlias = Literal[", name)
        self.literals[name] = bracketed(head, map(quoted, parameter.choices), "]", 0)
        return name

    def _response(self, operation: ir.Operation) -> Source:
        if operation.response is None:
            return _NOTHING
        if operation.response == ir.Scalar("file"):
            return Source("IO[bytes]")
        return _in_class(value_type(operation.response, self.inputs.prefix))

    def _endpoint(self, operation: ir.Operation) -> Source:
        return code("{}_endpoint: Endpoint[{}]", operation.name, self._response(operation))


def _import_lines(modules: Mapping[Source, tuple[str, ...]], words: Container[str]) -> list[Source]:
    used = {
        module: [Source(name) for name in names if name in words]
        for module, names in modules.items()
    }
    return [import_line(module, names) for module, names in used.items() if names]


def _call(function: Source, method: PythonName, arguments: list[PythonName]) -> Source:
    sent = [code("{}: {}", quoted(name), name) for name in arguments]
    values = code("{{{}}}", joined(", ", sent))
    line = code("return self.{}({}, {}, options)", function, quoted(method), values)
    if len(line) + 8 <= WIDTH:
        return line
    parts = (quoted(method), bracketed(Source("{"), sent, "}", 12), Source("options"))
    rows = joined("", (code("            {},\n", part) for part in parts))
    return code("return self.{}(\n{}        )", function, rows)


def _signature(
    name: PythonName, positional: list[_Argument], keyword: list[Source], returns: Source
) -> Source:
    arguments = [Source("self"), *(argument.required() for argument in positional)]
    if not keyword[0].startswith("**"):
        arguments.append(Source("*"))
    return bracketed(code("def {}(", name), [*arguments, *keyword], f") -> {returns}", 4)


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
    if isinstance(argument, ir.Body) and argument.types:
        types = (f"as `{name}` {value_type(kind)}" for name, kind in argument.types)
        parts.append(f"It is sent {', '.join(types)}.")
    if isinstance(argument, ir.Parameter):
        if 0 < len(argument.choices) <= _MOST_CHOICES:
            parts.append(f"One of {', '.join(argument.choices)}.")
        if argument.deprecated:
            parts.append("Deprecated.")
    return " ".join(part for part in parts if part)
