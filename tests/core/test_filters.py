"""Filters of lists as JSON Logic."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cvat_sdk.core.filters import (
    F,
    Filter,
    all_,
    any_,
    build_filter_param,
    not_,
    pop_lookup_conditions,
)

A, B = {"==": [{"var": "a"}, 1]}, {"<": [{"var": "b"}, 2]}


@pytest.mark.parametrize(
    ("condition", "logic"),
    [
        (F.a == 1, A),
        (F["a"] != 1, {"!": A}),
        (F.b < 2, B),
        (F.b >= 2, {">=": [{"var": "b"}, 2]}),
        (F.a.one_of((1, 2)), {"in": [{"var": "a"}, [1, 2]]}),
        (F.a.contains("x"), {"in": ["x", {"var": "a"}]}),
        (F.a.between(1, 5), {"<=": [1, {"var": "a"}, 5]}),
        (F.a.is_set(), {"var": "a"}),
        (~(F.a == 1), {"!": A}),
        ((F.a == 1) & (F.b < 2), {"and": [A, B]}),
        ((F.a == 1) & B & json.dumps(A), {"and": [A, B, A]}),
        ((F.a == 1) | (F.b < 2) | A, {"or": [A, B, A]}),
        (((F.a == 1) | B) & A, {"and": [{"or": [A, B]}, A]}),
        (all_(A), A),
        (any_(A, F.b < 2), {"or": [A, B]}),
        (not_(A), {"!": A}),
        (Filter(A), A),
    ],
)
def test_conditions(condition: Filter, logic: Any) -> None:
    assert condition.to_json_logic() == logic
    assert repr(condition) == f"Filter({logic!r})"


def test_what_is_no_condition() -> None:
    with pytest.raises(ValueError, match="at least one"):
        all_()
    for wrong in (5, "[]", None):
        with pytest.raises(TypeError, match="Filter"):
            not_(wrong)  # type: ignore[arg-type]  # what is tried
    with pytest.raises(json.JSONDecodeError):
        not_("{")
    with pytest.raises(TypeError, match="&"):
        bool(F.a == 1)  # as `and` asks
    with pytest.raises(AttributeError):
        F._a  # noqa: B018 - what is tried


def test_lookups_of_keywords() -> None:
    kwargs = {
        "name__contains": "x",
        "page_size": 5,
        "id__in": [1],
        "a__isset": False,
        "b__lt": 2,
        "c__odd": 1,
    }
    found = [condition.to_json_logic() for condition in pop_lookup_conditions(kwargs)]
    assert found == [
        {"in": ["x", {"var": "name"}]},
        {"in": [{"var": "id"}, [1]]},
        {"!": {"var": "a"}},
        B,
    ]
    assert kwargs == {"page_size": 5, "c__odd": 1}
    with pytest.raises(ValueError, match="a__between"):
        pop_lookup_conditions({"a__between": 5})


def test_the_parameter() -> None:
    assert build_filter_param(None, []) is None
    assert build_filter_param("", []) is None
    assert build_filter_param("as it is", []) == "as it is"
    assert build_filter_param(F.a == 1, []) == json.dumps(A)
    assert build_filter_param(json.dumps(A), [F.b < 2]) == json.dumps({"and": [B, A]})
