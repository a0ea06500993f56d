"""The servers of an API or of an operation as they stand in generated modules."""

from __future__ import annotations

from collections.abc import Iterable

from cvat_codegen import ir
from cvat_codegen.emit.text import bracketed, string_tuple
from cvat_codegen.source import Source, code, joined, quoted


def servers(found: Iterable[ir.Server], head: str, indent: int) -> Source:
    """A tuple of servers behind `head`, which ends with an equals sign."""
    entries = [_server(server, indent + 4) for server in found]
    return bracketed(Source(f"{head}("), entries, ",)" if len(entries) == 1 else ")", indent)


def names(found: Iterable[ir.Server]) -> list[str]:
    """Names of the runtime that servers are written with."""
    some = list(found)
    with_variables = any(server.variables for server in some)
    return ["Server"] * bool(some) + ["ServerVariable"] * with_variables


def _server(server: ir.Server, indent: int) -> Source:
    arguments = [quoted(server.url)]
    if server.description or server.variables:
        arguments.append(quoted(server.description))
    if server.variables:
        variables = [_variable(variable) for variable in server.variables]
        tail = ",)" if len(variables) == 1 else ")"
        arguments.append(bracketed(Source("("), variables, tail, indent + 4))
    return bracketed(Source("Server("), arguments, ")", indent)


def _variable(variable: ir.ServerVariable) -> Source:
    arguments = [quoted(variable.name), quoted(variable.default)]
    if variable.choices or variable.description:
        arguments.append(string_tuple(variable.choices))
    if variable.description:
        arguments.append(quoted(variable.description))
    return code("ServerVariable({})", joined(", ", arguments))
