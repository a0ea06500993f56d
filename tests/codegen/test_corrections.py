"""Corrections of a description: patches with a reason, which must fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cvat_codegen import corrections, tables
from cvat_codegen.problems import Problems

DOCUMENT: dict[str, Any] = {
    "paths": {"/a/b": {"get": {"tags": ["x", "y"]}}},
    "info": {"title": "T"},
}
REASON = "It is so."


def correction(op: str, pointer: str, *value: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"op": op, "pointer": pointer, "reason": REASON}
    if value:
        made["value"] = value[0]
    return made


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (correction("replace", "/info/title", "New"), {"info": {"title": "New"}}),
        (correction("add", "/info/title", "New"), {"info": {"title": "New"}}),
        (correction("add", "/info/version", "1"), {"info": {"title": "T", "version": "1"}}),
        (correction("remove", "/info/title"), {"info": {}}),
        (
            correction("replace", "/paths/~1a~1b/get/tags/1", "z"),
            {"paths": {"/a/b": {"get": {"tags": ["x", "z"]}}}},
        ),
        (
            correction("add", "/paths/~1a~1b/get/tags/0", "z"),
            {"paths": {"/a/b": {"get": {"tags": ["z", "x", "y"]}}}},
        ),
        (
            correction("add", "/paths/~1a~1b/get/tags/-", "z"),
            {"paths": {"/a/b": {"get": {"tags": ["x", "y", "z"]}}}},
        ),
        (
            correction("remove", "/paths/~1a~1b/get/tags/0"),
            {"paths": {"/a/b": {"get": {"tags": ["y"]}}}},
        ),
    ],
)
def test_a_correction_changes_one_place(given: dict[str, Any], expected: dict[str, Any]) -> None:
    corrected = corrections.apply(DOCUMENT, [given])
    assert corrected == {**DOCUMENT, **expected}
    assert DOCUMENT["info"] == {"title": "T"}


def test_corrections_apply_from_top_to_bottom() -> None:
    steps = [correction("add", "/info/a", {}), correction("add", "/info/a/b", 1)]
    assert corrections.apply(DOCUMENT, steps) == {**DOCUMENT, "info": {"title": "T", "a": {"b": 1}}}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("text", "is not a table"),
        ({**correction("remove", "/info"), "when": 1}, "unknown keys: when"),
        (correction("move", "/info"), "op must be one of"),
        (correction("remove", ""), "pointer must be"),
        (correction("remove", "info"), "pointer must be"),
        ({"op": "remove", "pointer": "/info"}, "needs a reason"),
        ({**correction("remove", "/info"), "reason": " "}, "needs a reason"),
        (correction("remove", "/info", 1), "value is needed"),
        (correction("add", "/info"), "value is needed"),
        (correction("remove", "/info/version"), "nothing is there"),
        (correction("replace", "/info/version", 1), "nothing is there"),
        (correction("add", "/lost/version", 1), "its parent is not"),
        (correction("add", "/info/title/x", 1), "its parent is not"),
        (correction("replace", "/paths/~1a~1b/get/tags/2", 1), "nothing is there"),
        (correction("add", "/paths/~1a~1b/get/tags/3", 1), "nothing is there"),
        (correction("remove", "/paths/~1a~1b/get/tags/x"), "nothing is there"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(given: Any, message: str) -> None:
    found = corrections.apply(DOCUMENT, [correction("add", "/info/a", 1), given])
    assert isinstance(found, Problems)
    (problem,) = found.items
    assert problem.message.startswith("correction 2: ")
    assert message in problem.message


@pytest.mark.parametrize("text", ["[", "correction = 1", "[corrections]", "[correction]"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text, "utf-8")
    assert isinstance(tables.load(path, "correction"), Problems)
    assert isinstance(tables.load(tmp_path / "lost.toml", "correction"), Problems)


def test_the_corrections_of_this_project_are_readable() -> None:
    assert isinstance(
        tables.load(Path(__file__).parents[2] / "spec" / "corrections.toml", "correction"), list
    )
