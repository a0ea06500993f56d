"""What holds for every model, whatever it contains."""

from __future__ import annotations

import copy
import io
import json
import os
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.lengths import short_and_long
from tests.unit.generated import (
    COMPOSED_ENUMS,
    ENUMS,
    JSON,
    OBJECTS,
    UNKNOWN_NAMES,
    documents,
    fields_as_objects,
    holds_file,
    same,
)

from cvat_sdk.api_client import OpenApiException, models
from cvat_sdk.api_client.model_utils import to_json
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.api_client.runtime.model import Model, items
from cvat_sdk.api_client.runtime.schema import fields_of

# One mistake fails hundreds of these tests, and making each sample small takes seconds.
_PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]


def samples(check: Callable[[Any, Any], None]) -> Callable[[Any, int], None]:
    """What holds for one sample of a class as a test of several samples."""

    @pytest.mark.parametrize("examples", short_and_long(4, 200))
    def test(cls: Any, examples: int) -> None:
        @settings(
            max_examples=examples,
            phases=_PHASES if examples < 100 else list(Phase),
            deadline=None,
            derandomize=bool(os.environ.get("CI")),
            database=None,  # it would mix up the classes
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(data=st.data())
        def sample(data: Any) -> None:
            check(cls, data)

        sample()

    test.__doc__ = check.__doc__
    return test


# Unknown fields are among what the tests pass.
pytestmark = pytest.mark.filterwarnings(
    "ignore::cvat_sdk.api_client.exceptions.UnknownFieldWarning"
)

each_model = pytest.mark.parametrize("cls", OBJECTS, ids=lambda cls: cls.__name__)
each_enum = pytest.mark.parametrize("cls", ENUMS, ids=lambda cls: cls.__name__)

RECEIVED = [
    cls for cls in OBJECTS if not any(f.required and holds_file(f) for f in fields_of(cls).values())
]
"""Models that JSON can express."""
each_received = pytest.mark.parametrize("cls", RECEIVED, ids=lambda cls: cls.__name__)


def test_all_models_are_here() -> None:
    assert len(OBJECTS) + len(ENUMS) + len(COMPOSED_ENUMS) == 247
    assert {cls.__name__ for cls in OBJECTS} - {cls.__name__ for cls in RECEIVED} == {
        "AnnotationFileRequest",
        "DatasetFileRequest",
        "ProjectFileRequest",
        "TaskFileRequest",
    }


def received(cls: Any, document: Any, mode: Any = "lenient") -> Any:
    return codec.decode(json.dumps(document).encode(), cls.__name__, mode=mode)


def built(cls: Any, document: dict[str, Any]) -> Any:
    """A model as a caller builds it; a required file is an empty one."""
    files = {
        field.name: io.BytesIO()
        for field in fields_of(cls).values()
        if field.required and holds_file(field)
    }
    return cls(**document, **files)


def containers(value: Any, inside_models: bool = True) -> Iterator[Any]:
    """Lists, dicts and models that a value consists of."""
    if isinstance(value, Model):
        yield value
        inner: Any = [entry for _, entry in items(value)] if inside_models else []
    elif isinstance(value, (list, dict)):
        yield value
        inner = value if isinstance(value, list) else value.values()
    else:
        return
    for entry in inner:
        yield from containers(entry, inside_models)


def shared(first: Any, second: Any) -> list[Any]:
    """Lists, dicts and models that belong to both values."""
    ids = {id(container) for container in containers(first)}
    return [container for container in containers(second) if id(container) in ids]


# -- the wire ---------------------------------------------------------------------------------------


@each_received
@samples
def test_what_a_server_sends_comes_back_unchanged(cls: Any, data: Any) -> None:
    document = data.draw(documents(cls, by_client=False))
    model = received(cls, document)
    assert type(model) is cls
    assert same(json.loads(codec.encode(model)), document)
    assert same(utc_as_z(to_json(model)), utc_as_z(document))
    try:
        strict = received(cls, document, "strict")
    except OpenApiException:  # an unknown value of an enumeration, or an unknown field
        assert "a newer value" in json.dumps(document) or document.keys() & set(UNKNOWN_NAMES)
    else:
        assert strict == model


def utc_as_z(value: Any) -> Any:
    """JSON data with one spelling of UTC; `to_json` writes times as Python does."""
    return json.loads(json.dumps(value).replace('+00:00"', 'Z"'))


@each_received
@samples
def test_data_that_differ_from_the_description_come_back_unchanged(cls: Any, data: Any) -> None:
    document = data.draw(documents(cls, by_client=False))
    for name in data.draw(st.sets(st.sampled_from(sorted(document)))) if document else ():
        kind = data.draw(st.sampled_from(["missing", "null", "object", "list", "text"]))
        document[name] = {"null": None, "object": {"é": [1, None]}, "list": [["x"]]}.get(kind, "?")
        if kind == "missing":
            del document[name]
    model = received(cls, document)
    assert same(json.loads(codec.encode(model)), document)
    assert pickle.loads(pickle.dumps(model)) == copy.deepcopy(model) == copy.copy(model) == model
    assert same(json.loads(codec.encode(copy.deepcopy(model))), document)


@each_received
@samples
def test_what_a_caller_builds_is_what_is_sent(cls: Any, data: Any) -> None:
    document = data.draw(documents(cls, by_client=True))
    fields = fields_of(cls)
    sent = json.loads(codec.encode(cls(**document)))
    for name, value in document.items():
        if name not in fields or fields[name].node.kind in ("str", "bool", "any", "int"):
            assert same(sent.pop(fields[name].wire if name in fields else name), value)
    for field in fields.values():
        sent.pop(field.wire, None)
    assert not sent, "nothing is added"


# -- building ---------------------------------------------------------------------------------------


@each_model
@samples
def test_dicts_and_models_build_the_same(cls: Any, data: Any) -> None:
    document = data.draw(documents(cls, by_client=True))
    from_dicts = built(cls, document)
    from_objects = built(cls, fields_as_objects(cls, document))
    assert to_json(from_dicts) == to_json(from_objects)
    if cls in RECEIVED:
        assert from_dicts == from_objects
        assert cls._from_openapi_data(**document) == from_dicts
        if not any(field.required for field in fields_of(cls).values()):
            assert cls(document) == from_dicts
        changed = cls(**document)
        for name, value in document.items():
            changed[name] = value
        assert changed == from_dicts


@each_model
@samples
def test_what_is_passed_is_neither_changed_nor_kept(cls: Any, data: Any) -> None:
    document = data.draw(documents(cls, by_client=True))
    before = copy.deepcopy(document)
    made = [built(cls, document)]
    if cls in RECEIVED:
        made.append(cls._from_openapi_data(**document))
        made.append(cls(**document, _check_type=False))
        assigned = cls(**document)
        for name, value in document.items():
            assigned[name] = value
        made.append(assigned)
    for model in made:
        to_json(model)
        assert same(document, before)
        assert shared(document, model) == []


@each_model
@samples
def test_models_that_are_passed_are_kept_but_not_changed(cls: Any, data: Any) -> None:
    """The exception: a model inside of a model is the caller's own, so that later changes are sent."""
    document = fields_as_objects(cls, data.draw(documents(cls, by_client=True)))
    before = copy.deepcopy(document)
    model = built(cls, document)
    assert document == before
    for name, value in document.items():
        if isinstance(value, Model):
            assert model[name] is value
        elif isinstance(value, (list, dict)):
            assert model[name] is not value
    kept = {id(part) for part in containers(document) if isinstance(part, Model)}
    assert kept <= {id(part) for part in containers(model)}


# -- copies -----------------------------------------------------------------------------------------


@each_model
@samples
def test_copies_are_equal(cls: Any, data: Any) -> None:
    if cls in RECEIVED:
        model = received(cls, data.draw(documents(cls, by_client=False)))
    else:
        model = cls._from_openapi_data(**data.draw(documents(cls, by_client=True)))
    deep = copy.deepcopy(model)
    assert pickle.loads(pickle.dumps(model)) == copy.copy(model) == deep == model
    assert same(utc_as_z(to_json(deep)), utc_as_z(to_json(model)))
    assert shared(model, deep) == []
    assert repr(deep) == repr(model) == str(model)


@each_model
@samples
def test_another_value_makes_another_model(cls: Any, data: Any) -> None:
    document = data.draw(documents(cls, by_client=True))
    model = built(cls, document)
    changed = copy.copy(model)
    changed.newer = data.draw(JSON.filter(lambda value: value != document.get("newer", ())))
    assert changed != model
    assert ("newer" in model) is ("newer" in document)


# -- enumerations -----------------------------------------------------------------------------------


@each_enum
@samples
def test_values_of_enumerations_come_back_unchanged(cls: Any, data: Any) -> None:
    known = st.sampled_from([member.value for member in cls])
    values = data.draw(st.lists(known | st.text(max_size=5), max_size=5))
    text = json.dumps(values)
    decoded = codec.decode(text, f"list[{cls.__name__}]")
    assert all(isinstance(member, cls) for member in decoded)
    assert [member.value for member in decoded] == values
    assert json.loads(codec.encode(decoded)) == json.loads(text)
    copies = [pickle.loads(pickle.dumps(decoded)), copy.copy(decoded), copy.deepcopy(decoded)]
    assert copies == [decoded] * 3
    assert [type(member) for member in copies[0]] == [cls] * len(values)


@pytest.mark.parametrize("cls", COMPOSED_ENUMS, ids=lambda cls: cls.__name__)
def test_a_choice_of_enumerations_gives_members_of_theirs(cls: Any) -> None:
    for enumeration in cls.members():
        for member in enumeration:
            chosen = cls(member.value)
            assert chosen == member
            assert isinstance(chosen, cls)
            assert pickle.loads(pickle.dumps(chosen)) == copy.deepcopy(chosen) == member
    assert codec.decode(b'["a newer value"]', f"list[{cls.__name__}]") == ["a newer value"]
    if cls._nullable:
        assert cls(None) is None
    else:
        with pytest.raises(OpenApiException):
            cls(None)


def test_the_samples_are_not_all_alike() -> None:
    """The strategies reach what they are for: optional and unknown fields, models in models."""
    seen: set[str] = set()

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(documents(models.TaskWriteRequest, by_client=True))
    def look(document: dict[str, Any]) -> None:
        seen.update(document)
        for label in document.get("labels", ()):
            seen.update(f"labels.{name}" for name in label)

    look()
    assert {"name", "labels", "newer", "labels.attributes", "labels.name"} <= seen
