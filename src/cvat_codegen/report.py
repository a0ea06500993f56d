"""Changes between two versions of an API, as text for people and as JSON for programs."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterable, Sequence

from cvat_codegen import ir
from cvat_codegen.changes import Change


def as_text(old: ir.Api, new: ir.Api, changes: Sequence[Change]) -> str:
    """What breaks first, then the rest; each by operation and model."""
    breaking = [change for change in changes if change.is_breaking]
    others = [change for change in changes if not change.is_breaking]
    lines = [f"{_name(old)} -> {_name(new)}: {_counted(len(breaking))}, {len(others)} others"]
    for title, group in (("Breaking", breaking), ("Others", others)):
        if group:
            lines += ["", title, *_lines(group)]
    return "\n".join(lines)


def _lines(changes: Iterable[Change]) -> list[str]:
    lines = []
    for subject, group in itertools.groupby(changes, key=lambda change: change.subject):
        messages = [change.message for change in group]
        if len(messages) == 1:
            lines.append(f"  {subject}: {messages[0]}")
        else:
            lines += [f"  {subject}", *(f"    {message}" for message in messages)]
    return lines


def _counted(count: int) -> str:
    return f"{count} breaking change{'s' * (count != 1)}"


def _name(api: ir.Api) -> str:
    return f"{api.title} {api.version}"


def as_json(old: ir.Api, new: ir.Api, changes: Sequence[Change]) -> str:
    """The same with the rule of each change, as one JSON object."""
    content = {
        "old": {"title": old.title, "version": old.version},
        "new": {"title": new.title, "version": new.version},
        "breaking": sum(change.is_breaking for change in changes),
        "changes": [
            {**dataclasses.asdict(change), "message": change.message} for change in changes
        ],
    }
    return json.dumps(content, indent=2)
