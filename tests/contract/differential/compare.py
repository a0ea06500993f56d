"""Where two outcomes of the same case differ."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

ABSENT = "<absent>"


class Difference(NamedTuple):
    """One place at which the two sides differ."""

    case: str
    field: str
    """Path into the outcome, such as ``requests.0.headers.accept.0``."""
    published: Any
    ours: Any


def compare(case: str, published: dict[str, Any], ours: dict[str, Any]) -> list[Difference]:
    """All differences between two outcomes, each at the outermost place that tells them apart."""
    kinds = [
        next(key for key in ("returned", "raised") if key in side) for side in (published, ours)
    ]
    found = []
    if kinds[0] != kinds[1]:
        found.append(Difference(case, "outcome", _short(published), _short(ours)))
    else:
        found += [
            Difference(case, *entry)
            for entry in _walk(kinds[0], published[kinds[0]], ours[kinds[0]])
        ]
    found += [
        Difference(case, *entry)
        for entry in _walk("requests", published["requests"], ours["requests"])
    ]
    return found


def _short(outcome: dict[str, Any]) -> Any:
    if "raised" in outcome:
        return f"raises {outcome['raised']['$']}"
    return {"returns": outcome["returned"]}


def _walk(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(left, dict) and isinstance(right, dict):
        if left.get("$") != right.get("$"):
            yield f"{path}.class", left, right
            return
        for key in [*left, *(key for key in right if key not in left)]:
            step = f"{path}.{key}"
            if key not in left:
                yield step, ABSENT, right[key]
            elif key not in right:
                yield step, left[key], ABSENT
            else:
                yield from _walk(step, left[key], right[key])
    elif isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            yield f"{path}.length", len(left), len(right)
        for index, (one, other) in enumerate(zip(left, right, strict=False)):
            yield from _walk(f"{path}.{index}", one, other)
    elif isinstance(left, str) and isinstance(right, dict) and right.get("enum") == left:
        # The same text, here as a member of an enumeration that is a str.
        yield f"{path}.class", "str", f"enumeration {right['$']}"
    elif _are_spellings_of_utc(left, right):
        yield f"{path}.utc", left, right
    elif type(left) is float and type(right) is int and left == right:
        yield f"{path}.whole", left, right
    elif type(left) is not type(right) or (left != right and not _are_nan(left, right)):
        yield path, left, right


def _are_spellings_of_utc(left: Any, right: Any) -> bool:
    if not (isinstance(left, str) and isinstance(right, str)):
        return False
    return left.endswith("+00:00") and right == left.removesuffix("+00:00") + "Z"


def _are_nan(left: Any, right: Any) -> bool:
    return isinstance(left, float) and math.isnan(left) and math.isnan(right)
