"""From the words of a command line to what is done."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.operations import TAGS, load_aliases
from cvat_sdk.api_client.runtime.operation import Operation
from cvat_sdk.api_client.runtime.suggest import did_you_mean
from cvat_sdk.cli import connection, failures, jobs, operations, output
from cvat_sdk.cli.failures import UsageError
from cvat_sdk.cli.parsing import Parser

if TYPE_CHECKING:
    from cvat_sdk.api_client import ApiClient

_LARGEST_PAGE = 500
# Options before the command that take no value; all others do.
_FLAGS = frozenset({"--insecure", "--dry-run", "--help", "-h"})
OTHERS = {
    "call": "any request: call METHOD PATH",
    "upload": "send images or a video to a task: upload TASK FILE...",
    "completion": "print what a shell needs to complete commands: completion bash|zsh|fish",
}


def run(given: list[str]) -> int:
    """Do what a command line says.

    Raises:
        UsageError: It says nothing that can be done.
    """
    before, words = split(given)
    wants_help = any(word in ("-h", "--help") for word in (*before, *words))
    if not words:
        _print_resources()
        return failures.OK if wants_help or not before else failures.USAGE
    name, *rest = words
    if name == "call":
        return _finish(call_parser(), before + rest, _call)
    if name == "upload":
        return _finish(jobs.upload_parser(), before + rest, jobs.upload)
    if name not in TAGS:
        hint = did_you_mean(name, [*TAGS, *OTHERS])
        raise UsageError(f"unknown command {name!r}{hint}; see cvat-api --help")
    own = jobs.of(name)
    known = operations.names_of(name)
    if not rest or rest[0].startswith("-"):
        _print_operations(name, known, own)
        return failures.OK if wants_help or not rest else failures.USAGE
    verb = rest[0].replace("_", "-")
    if verb in own:
        return _finish(own[verb].parser(name), before + rest[1:], own[verb].run)
    if verb not in known:
        alias = load_aliases(name).get(verb.replace("-", "_"))
        hint = did_you_mean(verb, [*known, *own])
        if alias is not None:
            hint = f" (it is '{alias.operation.rpartition('.')[2].replace('_', '-')}' today)"
        raise UsageError(f"{name} has no {rest[0]!r}{hint}; see cvat-api {name} --help")
    operation = known[verb]
    parser = operations.parser_of(operation, with_texts=wants_help)
    return _finish(
        parser, before + rest[1:], lambda client, options: _operate(client, options, operation)
    )


def split(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """The options before the first word of a command, and all from there on."""
    position = 0
    while position < len(given) and given[position].startswith("-"):
        takes_value = given[position] not in _FLAGS and "=" not in given[position]
        position += 2 if takes_value else 1
    return list(given[:position]), list(given[position:])


def _finish(
    parser: Parser,
    given: Sequence[str],
    act: Callable[[ApiClient, argparse.Namespace], int],
) -> int:
    if any(word in ("-h", "--help") for word in given):
        parser.print_help()
        return failures.OK
    options = parser.read(given)
    with connection.connect(options) as client:
        if not options.dry_run:
            return act(client, options)
        from cvat_sdk.cli import curl

        client.rest_client = curl.Recorder(client.configuration)
        try:
            return act(client, options)
        except curl.NotSent as request:
            print(request)
            return failures.OK


def fields_of(options: argparse.Namespace) -> list[str]:
    """The fields that are asked for."""
    return [name.strip() for name in (options.fields or "").split(",") if name.strip()]


def _operate(client: ApiClient, options: argparse.Namespace, operation: Operation) -> int:
    arguments, keywords = operations.arguments_of(operation, options)
    fields = fields_of(options)
    if operations.is_list(operation) and options.save_to is None:
        if options.limit is not None and options.limit < 1:
            raise UsageError(f"--limit: expected a number from 1, got {options.limit}")
        rows = _rows(client, options, operation, arguments)
        output.entries(rows, options.output or "table", fields)
        return failures.OK
    answer = operations.send(client, operation, arguments, keywords)
    if operation.response is not None and "html" in answer.headers.get("Content-Type", ""):
        output.json_of(answer)  # a page is no answer of an operation
    output.response(answer, options.output or "table", fields, options.save_to)
    return failures.OK


def _rows(
    client: ApiClient, options: argparse.Namespace, operation: Operation, arguments: dict[str, Any]
) -> Iterator[Any]:
    endpoint: Any = _Pages(client, operation)  # has what is called of an endpoint
    if not options.all and options.limit is None:
        page, _ = endpoint.call_with_http_info(**arguments)
        yield from page.results
        rest = (page.get("count") or 0) - len(page.results)
        if rest > 0 and page.get("next") and sys.stderr.isatty():
            print(f"cvat-api: {rest} more; --all shows them", file=sys.stderr)
        return
    if arguments.pop("page", None) is not None:
        raise UsageError("--page excludes --all and --limit")
    from cvat_sdk.core.paging import iterate

    most = min(options.limit or _LARGEST_PAGE, _LARGEST_PAGE)
    size = arguments.pop("page_size", min(100, most))
    if any(parameter.name == "sort" for parameter in operation.parameters):
        arguments.setdefault("sort", "-id")  # as a server does for one page
    found = iterate(endpoint, page_size=size, prefetch=0 if options.dry_run else 1, **arguments)
    try:
        yield from islice(found, options.limit)
    finally:
        found.close()


class _Page(dict[str, Any]):
    """A page as the server wrote it."""

    @property
    def results(self) -> list[Any]:
        entries: list[Any] = self.get("results") or []
        return entries


class _Pages:
    """A list operation whose pages stay as the server wrote them."""

    def __init__(self, client: ApiClient, operation: Operation) -> None:
        self.api_client = client
        self.operation = operation

    def call_with_http_info(self, **arguments: Any) -> tuple[_Page, Any]:
        keywords = {name: value for name, value in arguments.items() if name.startswith("_")}
        given = {name: value for name, value in arguments.items() if name not in keywords}
        answer = operations.send(self.api_client, self.operation, given, keywords)
        page = output.json_of(answer)
        return _Page(page if isinstance(page, dict) else {"results": page}), answer


# -- any request ------------------------------------------------------------------------------------


def call_parser() -> Parser:
    """The parser of ``call``."""
    parser = Parser("call", "Send any request with the credentials of the client.")
    parser.add_argument("method", type=str.upper, choices=_METHODS, metavar="METHOD")
    parser.add_argument("path", metavar="PATH", help="from the server's root, such as /api/tasks")
    parser.add_argument(
        "--query", action="append", default=[], metavar="NAME=VALUE", help="a part of the query"
    )
    parser.add_argument("--body", metavar="JSON|FILE|-", help="body, sent as JSON")
    return parser


_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def _call(client: ApiClient, options: argparse.Namespace) -> int:
    from cvat_sdk.cli import values

    if not options.path.startswith("/"):
        raise UsageError("PATH: expected one from the server's root, such as /api/tasks")
    query = []
    for pair in options.query:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--query: expected NAME=VALUE, got {pair!r}")
        query.append((name, value))
    body = values.body(options.body) if options.body is not None else None
    headers = {"Accept": "application/vnd.cvat+json, application/json;q=0.9, */*;q=0.5"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    _, answer = client.call_api(
        options.path,
        options.method,
        query_params=query,
        header_params=headers,
        body=body,
        _parse_response=False,
    )
    output.response(answer, options.output or "json", fields_of(options), options.save_to)
    return failures.OK


# -- help -------------------------------------------------------------------------------------------


def _print_resources() -> None:
    from cvat_sdk.cli import descriptions

    print("usage: cvat-api [OPTIONS] RESOURCE OPERATION [ARGUMENTS]\n")
    print("Every operation of the CVAT API. --help after a resource or an operation says more.\n")
    _print_pairs("resources", {tag: descriptions.resource(tag) for tag in TAGS})
    _print_pairs("other commands", {**OTHERS, "--version": "the version of this package"})
    print(connection.CREDENTIALS)
    print(failures.EXIT_CODES, end="")


def _print_operations(
    resource: str, known: Mapping[str, Operation], own: Mapping[str, jobs.Job]
) -> None:
    print(f"usage: cvat-api {resource} OPERATION [ARGUMENTS]\n")
    _print_pairs("operations", {name: operation.summary for name, operation in known.items()})
    if own:
        _print_pairs("jobs of several calls", {name: job.about for name, job in own.items()})


def _print_pairs(title: str, pairs: Mapping[str, str]) -> None:
    width = max(map(len, pairs))
    print(f"{title}:")
    for name, text in pairs.items():
        print(f"  {name:<{width}}  {text}".rstrip())
    print()
