"""From the text of an option to a value of the API, and from a file or an option to a body."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.runtime.suggest import did_you_mean
from cvat_sdk.cli.failures import UsageError

if TYPE_CHECKING:
    from cvat_sdk.api_client.runtime.schema import Node

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def scalar(text: str, kind: str, option: str) -> Any:
    """A value of a type that the operation table names.

    Raises:
        UsageError: The text is of another type.
    """
    try:
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        if kind == "bool":
            return _TRUTH[text.lower()]
        if kind == "datetime":
            from cvat_sdk.api_client.runtime.dates import read_datetime

            return read_datetime(text)
    except (KeyError, ValueError):
        expected = {"int": "a whole number", "float": "a number", "bool": "true or false"}
        raise UsageError(
            f"{option}: expected {expected.get(kind, 'a date with a time')}, got {text!r}"
        ) from None
    if kind == "file":
        return Path(text).open("rb")  # the request closes it
    return text


def field(texts: list[str], node: Node, option: str) -> Any:
    """A field of a body from the values of its option, which may be given several times for a list."""
    if node.kind == "list" and node.item is not None:
        if len(texts) == 1 and texts[0].lstrip().startswith("["):
            return parse(texts[0], option)
        return [_single(text, node.item, option) for text in texts]
    return _single(texts[-1], node, option)


def _single(text: str, node: Node, option: str) -> Any:
    if text == "null" and node.nullable:
        return None
    if node.kind in ("model", "dict", "list", "union", "any", "values"):
        return parse(text, option)
    if node.kind == "enum":
        return choice(text, [str(value) for value in choices(node)], option)
    # The client reads dates of a body from their text.
    return text if node.kind in ("date", "datetime") else scalar(text, node.kind, option)


def choice(text: str, known: list[str], option: str) -> str:
    """A value that is one of some.

    Raises:
        UsageError: It is none of them.
    """
    if known and text and text not in known:
        hint = did_you_mean(text, known)
        raise UsageError(f"{option}: expected one of {', '.join(known)}, got {text!r}{hint}")
    return text


def choices(node: Node) -> list[str]:
    """What a field may be; empty for anything."""
    if node.kind == "enum":
        members = getattr(node.cls, "allowed_values", {}).get(("value",), {})
        return [str(value) for value in members.values() if value not in ("", None)]
    return choices(node.item) if node.kind == "list" and node.item is not None else []


def parse(text: str, option: str) -> Any:
    """JSON from a command line or a file.

    Raises:
        UsageError: It is none.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"{option}: not JSON: {error}") from None


def body(source: str) -> Any:
    """What ``--body`` names: JSON itself, ``-`` for standard input, or a file."""
    if source == "-":
        return parse(sys.stdin.read(), "--body")
    if source.lstrip().startswith(("{", "[")):
        return parse(source, "--body")
    return parse(Path(source.removeprefix("@")).read_text(encoding="utf-8"), "--body")
