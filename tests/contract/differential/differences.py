"""The table of intended differences."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from differential.compare import Difference

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = Path(__file__).parents[1] / "differences.toml"


@dataclass
class Intended:
    """A difference that is meant.

    ``*`` in `cases`, `fields`, `published_value` and `our_value` stands for any text. A difference
    belongs to the first entry that fits.
    """

    title: str
    section: str
    """Heading in the document."""
    published: str
    """What the published package does, for readers."""
    ours: str
    """What this package does, for readers."""
    reason: str
    cases: list[str]
    fields: list[str]
    published_value: str = "*"
    """Fits the value at the field as JSON."""
    our_value: str = "*"
    used: set[str] = field(default_factory=set)
    """Patterns of `cases` and `fields` that some difference fitted."""
    count: int = 0

    def takes(self, difference: Difference) -> bool:
        """Whether the entry covers a difference; if so, it is counted."""
        case = next((p for p in self.cases if _fits(difference.case, p)), None)
        place = next((p for p in self.fields if _fits(difference.field, p)), None)
        if case is None or place is None:
            return False
        if not _fits(_text(difference.published), self.published_value):
            return False
        if not _fits(_text(difference.ours), self.our_value):
            return False
        self.used |= {case, place}
        self.count += 1
        return True

    @property
    def stale(self) -> list[str]:
        """Patterns that no difference fitted: they are to be taken out."""
        return [pattern for pattern in (*self.cases, *self.fields) if pattern not in self.used]


def load(path: Path = TABLE) -> list[Intended]:
    """The entries of the table in their order."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["difference"]
    return [Intended(**entry) for entry in entries]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _fits(text: str, pattern: str) -> bool:
    # Ids of cases have brackets, which are no character classes here.
    return fnmatchcase(text, pattern.replace("[", "[[]"))
