"""What a dataset consists of, before there is anything that it can be imported to: its subsets and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_OF_SHAPES = frozenset(
    {"keyframe", "occluded", "outside", "rotation", "score", "source", "track_id", "frame"}
)
"""Attributes in files that are properties of shapes."""


@dataclass
class LabelOutline:
    """A label that a dataset has."""

    name: str
    color: str = ""
    type: str = "any"
    svg: str = ""
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name, as the API takes them."""
    parts: dict[str, LabelOutline] = field(default_factory=dict)
    """Points of a skeleton."""

    def part(self, name: str) -> LabelOutline:
        """The point of that name; the label is a skeleton from then on."""
        self.type = "skeleton"
        return self.parts.setdefault(name, LabelOutline(name, type="points"))

    def found(self, values: Mapping[str, Any]) -> None:
        """Note the attributes of an object."""
        for name, value in values.items():
            if name not in _OF_SHAPES and name not in self.attributes:
                self.attributes[name] = {"name": name, "mutable": False, **_kind(value)}

    def item(self) -> dict[str, Any]:
        """The label as the API takes it."""
        item: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "attributes": list(self.attributes.values()),
        }
        if self.color:
            item["color"] = self.color
        if self.type == "skeleton":
            item |= {"svg": self.svg, "sublabels": [part.item() for part in self.parts.values()]}
        return item


def _kind(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"input_type": "checkbox", "default_value": "false", "values": ["false"]}
    if isinstance(value, int):
        return {
            "input_type": "number",
            "default_value": "0",
            "values": ["-2147483648", "2147483647", "1"],
        }
    return {"input_type": "text", "default_value": "", "values": [""]}


@dataclass
class Outline:
    """What a dataset consists of."""

    subsets: list[str] = field(default_factory=list)
    labels: dict[str, LabelOutline] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    """Folders of images and the subsets that they belong to, where they are not called like these."""

    def label(self, name: str) -> LabelOutline:
        """The label of that name, which is there from then on."""
        return self.labels.setdefault(name, LabelOutline(name))
