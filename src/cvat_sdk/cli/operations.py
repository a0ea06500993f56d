"""Operations of the API as commands: their arguments by the operation table, and their calls."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.operations import TAGS, load
from cvat_sdk.api_client.runtime.operation import Operation, Parameter
from cvat_sdk.cli import values
from cvat_sdk.cli.failures import UsageError
from cvat_sdk.cli.parsing import Parser

if TYPE_CHECKING:
    from cvat_sdk.api_client import ApiClient
    from cvat_sdk.api_client.runtime.schema import Field

MULTIPART = "multipart/form-data"


def names_of(resource: str) -> dict[str, Operation]:
    """Operations of a resource by the names that they have on the command line."""
    if resource not in TAGS:
        return {}
    return {name.replace("_", "-"): operation for name, operation in load(resource).items()}


def is_list(operation: Operation) -> bool:
    """Whether an operation answers page by page."""
    return any(parameter.name == "page_size" for parameter in operation.parameters)


def body_fields(operation: Operation) -> dict[str, Field]:
    """Fields of a body that are options, but for those that the path has already."""
    if operation.body is None:
        return {}
    from cvat_sdk.api_client.runtime.schema import fields_of, parse_text

    _, node = parse_text(operation.body.type)
    if node.kind != "model":
        return {}
    taken = {parameter.name for parameter in operation.parameters}
    return {name: found for name, found in fields_of(node.cls).items() if name not in taken}


def parser_of(operation: Operation, *, with_texts: bool = False) -> Parser:
    """The parser of an operation.

    Args:
        operation: The operation.
        with_texts: With what the description says of each option, which help alone needs.
    """
    from cvat_sdk.cli import descriptions

    texts = descriptions.parameters(operation) if with_texts else {}
    name = f"{operation.tag} {operation.name.replace('_', '-')}"
    about = f"{operation.summary}.\n\n{operation.method} {operation.path}"
    parser = Parser(name, about)
    by_name = {parameter.name: parameter for parameter in operation.parameters}
    by_wire = {p.wire: p for p in operation.parameters if p.location == "path"}
    for wire in re.findall(r"{(\w+)}", operation.path):
        parameter = by_name.pop(by_wire[wire].name)
        parser.add_argument(
            f"p:{parameter.name}", metavar=parameter.name.upper(), help=_help(parameter, texts)
        )
    if by_name:
        group = parser.add_argument_group("parameters")
        for parameter in by_name.values():
            parser.known[f"p:{parameter.name}"] = parameter.choices
            group.add_argument(
                option_of(parameter.name),
                dest=f"p:{parameter.name}",
                metavar=_metavar(parameter.type),
                required=parameter.required,
                help=_help(parameter, texts),
            )
    if operation.body is not None:
        _add_body(parser, operation, with_texts)
    if is_list(operation):
        pages = parser.add_argument_group("pages")
        pages.add_argument("--all", action="store_true", help="all pages, one after the other")
        pages.add_argument("--limit", type=int, metavar="N", help="the first N entries")
    return parser


def _add_body(parser: Parser, operation: Operation, with_texts: bool) -> None:
    from cvat_sdk.cli import descriptions

    fields = body_fields(operation)
    texts = descriptions.fields(operation) if with_texts and fields else {}
    group = parser.add_argument_group(
        "body",
        "Options add to what --body has. Several values of a list: the option several times.",
    )
    group.add_argument("--body", metavar="JSON|FILE|-", help="the whole body")
    for name, found in fields.items():
        known = values.choices(found.node)
        parser.known[f"b:{name}"] = known
        shown = " ".join(filter(None, (texts.get(name, ""), f"({', '.join(known)})" * bool(known))))
        group.add_argument(
            option_of(name),
            dest=f"b:{name}",
            action="append",
            metavar=_metavar(found.node.text),
            help=shown.replace("%", "%%") or None,
        )
    if _has_labels(fields):
        group.add_argument(
            "--label", dest="label", action="append", metavar="NAME", help="a label of this name"
        )


def _has_labels(fields: dict[str, Field]) -> bool:
    found = fields.get("labels")
    return found is not None and found.node.item is not None and found.node.item.kind == "model"


def option_of(name: str) -> str:
    """The option for a name of the API."""
    return f"--{name.replace('_', '-')}"


def _metavar(text: str) -> str:
    text = text.removesuffix(" | None")
    plain = {"int": "N", "float": "X", "bool": "true|false", "datetime": "TIME", "file": "FILE"}
    inner = text.removeprefix("list[").removesuffix("]")
    if inner in plain:
        return plain[inner]
    return "TEXT" if inner == "str" else "VALUE" if text == inner else "VALUE|JSON"


def _help(parameter: Parameter, texts: dict[str, str]) -> str | None:
    text = texts.get(parameter.name, "")
    if parameter.choices and " One of " not in f" {text}":
        text = f"{text} ({', '.join(parameter.choices)})".strip()
    return text.replace("%", "%%") or None


def arguments_of(
    operation: Operation, options: argparse.Namespace
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arguments of the operation, and common keywords of the call.

    Raises:
        UsageError: A value of another type, or none where one is needed.
        OSError: A file cannot be read.
    """
    given: dict[str, Any] = {}
    keywords: dict[str, Any] = {}
    found = vars(options)
    for parameter in operation.parameters:
        text = found.get(f"p:{parameter.name}")
        if text is not None:
            is_place = parameter.location == "path"
            option = parameter.name.upper() if is_place else option_of(parameter.name)
            text = values.choice(text, list(parameter.choices), option)
            given[parameter.name] = values.scalar(text, parameter.type, option)
    if operation.body is not None:
        body = _body_of(operation, options, keywords)
        if body is not None:
            given[operation.body.name] = body
    return given, keywords


def _body_of(operation: Operation, options: argparse.Namespace, keywords: dict[str, Any]) -> Any:
    spec, found = operation.body, vars(options)
    body = values.body(options.body) if options.body is not None else None
    own: dict[str, Any] = {}
    for name, entry in body_fields(operation).items():
        texts = found[f"b:{name}"]
        if texts:
            own[name] = values.field(texts, entry.node, option_of(name))
            kinds = {entry.node.kind, entry.node.item.kind if entry.node.item else ""}
            if "file" in kinds:
                keywords["_content_type"] = MULTIPART
    if found.get("label"):
        own["labels"] = [*own.get("labels", []), *({"name": name} for name in found["label"])]
    if own:
        if body is not None and not isinstance(body, dict):
            raise UsageError("--body is a list; options cannot add to it")
        return {**(body or {}), **own}
    if body is None and spec is not None and spec.required:
        raise UsageError(f"{operation.id} needs a body: --body, or options for its fields")
    return body


def send(
    client: ApiClient, operation: Operation, given: dict[str, Any], keywords: dict[str, Any]
) -> Any:
    """Call an operation; the answer is not read yet.

    Raises:
        ApiException: The server refuses.
    """
    endpoint = getattr(getattr(client, f"{operation.tag}_api"), f"{operation.name}_endpoint")
    _, response = endpoint.call_with_http_info(**given, **keywords, _parse_response=False)
    return response
