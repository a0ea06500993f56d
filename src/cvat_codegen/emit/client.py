"""What a generated package needs beside its APIs and models: a client, a configuration, exceptions."""

from __future__ import annotations

from typing import Any

from cvat_codegen import ir
from cvat_codegen.emit import servers
from cvat_codegen.emit.text import bracketed, docstring
from cvat_codegen.settings import Profile
from cvat_codegen.source import Source, code, joined, quoted

FILES = ("__init__", "api_client", "configuration", "exceptions")
"""Modules of a package that has a client."""

# A CSRF token comes with the address of the page that it was given to; CVAT takes the key of either for both.
_CSRF = {"csrfAuth": None, "csrfHeaderAuth": "csrfAuth"}


def client_view(api: ir.Api, package: Source, profile: Profile | None) -> dict[str, Any]:
    """Variables of the templates."""
    title = " ".join(f"{api.title} {api.version}".split())
    return {
        "package": package,
        "quoted_package": quoted(package),
        "package_docstring": docstring(f"A client of {title}.", 0),
        "client_docstring": docstring(
            f"A connection to a server of {title}.\n\n"
            "Use it as a context manager, or call `close`. One client may be used from many threads.",
            4,
        ),
        "configuration_docstring": docstring(
            f"Settings of an `ApiClient` of {title}: where the server is, who calls, and how "
            "connections are made.",
            4,
            [*_credentials(api), *_servers(api)],
        ),
        "runtime_names": joined(", ", map(Source, servers.names(api.servers))),
        "servers": servers.servers(api.servers, "_servers = ", 4) if api.servers else None,
        "schemes": [(quoted(scheme.name), _scheme(scheme, profile)) for scheme in api.schemes],
    }


def _scheme(scheme: ir.SecurityScheme, profile: Profile | None) -> Source:
    arguments = [quoted(scheme.type)]
    if scheme.type == "api_key":
        arguments += [quoted(scheme.place), quoted(scheme.key)]
    if profile == "cvat" and scheme.name in _CSRF:
        alias = _CSRF[scheme.name]
        if alias is not None:
            arguments.append(code("alias={}", quoted(alias)))
        arguments.append(Source("origin=True"))
    if scheme.prefix is not None:
        arguments.append(code("prefix={}", quoted(scheme.prefix)))
    return bracketed(Source("Scheme("), arguments, ")", 8)


def _credentials(api: ir.Api) -> list[str]:
    """A line for each way to say who calls."""
    lines = []
    for scheme in api.schemes:
        if scheme.type == "basic":
            text = "`username` and `password`, sent as basic authentication"
        elif scheme.type == "bearer":
            text = "`access_token`, sent as a bearer token"
        else:
            text = f'`api_key["{scheme.name}"]`, sent as the {_place(scheme.place)} `{scheme.key}`'
        lines.append(f"{scheme.name}: {text}.")
    return lines


def _servers(api: ir.Api) -> list[str]:
    """A line for each server."""
    return [
        f"`server_index` {index}: `{server.url}`"
        + (f", {' '.join(server.description.split())}" if server.description else "")
        for index, server in enumerate(api.servers)
    ]


def _place(place: str) -> str:
    return "query parameter" if place == "query" else place
