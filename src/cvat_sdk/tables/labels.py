"""Names of labels and attributes, and what the texts of attributes stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from cvat_sdk.api_client import models
from cvat_sdk.tables.table import ATTRIBUTE, Kind

AnyLabel: TypeAlias = models.ILabel | models.ISublabel


class Labels:
    """The labels of a task or project, with their sublabels and attributes.

    Args:
        labels: As `get_labels()` of a task gives them. Sublabels are taken from within their labels.
    """

    def __init__(self, labels: Iterable[models.ILabel]) -> None:
        self.names: dict[int, str] = {}
        self._ids: dict[tuple[int | None, str], list[int]] = {}
        self.attributes: dict[int, list[models.Attribute]] = {}
        """By id of the label."""
        for label in labels:
            self._add(label, None)
            for sublabel in getattr(label, "sublabels", None) or ():
                self._add(sublabel, label.id)
        self.specs: dict[int, models.Attribute] = {
            spec.id: spec for specs in self.attributes.values() for spec in specs
        }

    def _add(self, label: AnyLabel, parent: int | None) -> None:
        self.names[label.id] = label.name
        self._ids.setdefault((parent, label.name), []).append(label.id)
        self.attributes[label.id] = list(getattr(label, "attributes", None) or ())

    def find(self, name: str, parent: int | None) -> int:
        """The id of a label by its name, or of a sublabel of `parent`.

        Raises:
            ValueError: There is none, or there are several.
        """
        found = self._ids.get((parent, name), ())
        if len(found) != 1:
            of_parent = "" if parent is None else f" in the label {self.names[parent]!r}"
            raise ValueError(
                f"Expected one label with the name {name!r}{of_parent}, there are {len(found)}"
            )
        return found[0]

    def column_of(self, spec_id: int) -> str:
        """The name of the column of an attribute."""
        spec = self.specs.get(spec_id)
        return f"{ATTRIBUTE}{spec_id if spec is None else spec.name}"

    def reader_of(
        self, spec_ids: Iterable[int]
    ) -> Callable[[Sequence[Any]], tuple[Kind, list[Any]]]:
        """What turns the texts of a column into its values: of one type for all attributes of that name."""
        kinds = {
            str(self.specs[spec_id].input_type) if spec_id in self.specs else "text"
            for spec_id in spec_ids
        }
        if kinds == {"checkbox"}:
            return _truth_values
        if kinds == {"number"}:
            return _numbers
        return lambda texts: ("text", list(texts))


def text_of(value: Any) -> str:
    """The text of a value, as it is sent."""
    if isinstance(value, str):
        return value
    if value in (True, False) and type(value).__name__ in ("bool", "bool_"):
        return "true" if value else "false"
    number = float(value)
    return str(int(number)) if number.is_integer() else str(value)


def _truth_values(texts: Sequence[Any]) -> tuple[Kind, list[Any]]:
    known = {None: None, "true": True, "false": False, "True": True, "False": False}
    if set(texts) <= known.keys():
        return "bool", [known[text] for text in texts]
    return "text", list(texts)


def _numbers(texts: Sequence[Any]) -> tuple[Kind, list[Any]]:
    known: dict[Any, float | None] = {None: None}
    for text in set(texts) - {None}:
        try:
            known[text] = float(text)
        except ValueError:
            return "text", list(texts)
        if not math.isfinite(known[text] or 0.0):
            return "text", list(texts)
    return "float", [known[text] for text in texts]
