"""Corrections of a description that its author does not own: JSON patches, each with its reason."""

from __future__ import annotations

import copy
from typing import Any

from cvat_codegen.document import JsonObject, find, split_pointer
from cvat_codegen.problems import Problem, Problems

_OPERATIONS = ("add", "replace", "remove")


def apply(document: JsonObject, corrections: list[Any]) -> JsonObject | Problems:
    """A copy of a description, corrected as ``[[correction]]`` tables say."""
    document = copy.deepcopy(document)
    problems: list[Problem] = []
    for number, correction in enumerate(corrections, 1):
        fault = _fault(correction) or _apply_one(document, correction)
        if fault:
            place = correction.get("pointer") if isinstance(correction, dict) else None
            problems.append(Problem(str(place or ""), f"correction {number}: {fault}"))
    return Problems(tuple(problems)) if problems else document


def _fault(correction: Any) -> str | None:
    if not isinstance(correction, dict):
        return "is not a table"
    unknown = set(correction) - {"pointer", "op", "value", "reason"}
    if unknown:
        return f"has unknown keys: {', '.join(sorted(unknown))}"
    if correction.get("op") not in _OPERATIONS:
        return f"op must be one of {', '.join(_OPERATIONS)}"
    if not isinstance(correction.get("pointer"), str) or not split_pointer(correction["pointer"]):
        return "pointer must be a JSON pointer to a place below the root"
    if not isinstance(correction.get("reason"), str) or not correction["reason"].strip():
        return "needs a reason"
    if ("value" in correction) == (correction["op"] == "remove"):
        return "value is needed for add and replace, and only there"
    return None


def _apply_one(document: JsonObject, correction: dict[str, Any]) -> str | None:
    keys = split_pointer(correction["pointer"]) or []
    *parents, last = keys
    try:
        parent = find(document, parents)
    except KeyError:
        return "its parent is not in the description"
    if isinstance(parent, list):
        return _apply_to_list(parent, last, correction)
    if not isinstance(parent, dict):
        return "its parent is not in the description"
    if correction["op"] != "add" and last not in parent:
        return "nothing is there to correct"
    if correction["op"] == "remove":
        del parent[last]
    else:
        parent[last] = correction["value"]
    return None


def _apply_to_list(parent: list[Any], last: str, correction: dict[str, Any]) -> str | None:
    op = correction["op"]
    if op == "add" and last == "-":
        parent.append(correction["value"])
        return None
    if not last.isdigit() or int(last) >= len(parent) + (op == "add"):
        return "nothing is there to correct"
    index = int(last)
    if op == "add":
        parent.insert(index, correction["value"])
    elif op == "replace":
        parent[index] = correction["value"]
    else:
        del parent[index]
    return None
