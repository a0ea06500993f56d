"""What each kind of schema becomes: classes are generated, imported and used with the real runtime."""

from __future__ import annotations

import datetime
import gc
import inspect
import io
import typing
from collections.abc import Callable
from typing import Any

import pytest

from cvat_sdk.api_client.exceptions import ApiAttributeError, ApiTypeError, ApiValueError
from cvat_sdk.api_client.model_utils import to_json
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.api_client.runtime.model import ComposedEnum, ModelComposed, ModelNormal, ModelSimple

Json = dict[str, Any]
Describe = Callable[..., Json]
Models = Callable[[Json], Any]

KIND: Json = {"type": "string", "enum": ["photo", "line drawing"]}
BLANK: Json = {"enum": [""]}
NULL: Json = {"enum": [None]}
PERSON: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(*required: str, **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(required)}


def test_required_fields_come_first_and_in_their_order(
    describe: Describe, generate_models: Models
) -> None:
    schema = thing("c", "a", a={"type": "integer"}, b={"type": "string"}, c={"type": "boolean"})
    models = generate_models(describe({"Thing": schema}))
    made = models.Thing(True, 1, b="x")
    assert (made.c, made.a, made.b) == (True, 1, "x")
    assert isinstance(made, ModelNormal)
    assert isinstance(made, models.IThing)
    with pytest.raises(TypeError):
        models.Thing(True)


def test_fields_are_written_in_the_order_of_the_properties(
    describe: Describe, generate_models: Models
) -> None:
    schema = thing("c", "a", b={"type": "string"}, c={"type": "boolean"}, a={"type": "integer"})
    both = {"allOf": [ref("Thing"), ref("Other")]}
    other = thing("a", e={"type": "string"}, a={"type": "integer"}, d={"type": "string"})
    models = generate_models(describe({"Thing": schema, "Other": other, "Both": both}))
    assert codec.encode(models.Thing(True, 1, b="x")) == b'{"b":"x","c":true,"a":1}'
    assert codec.encode(models.Both(True, 1, b="x", e="y")) == b'{"b":"x","c":true,"a":1,"e":"y"}'


def test_only_objects_that_may_hold_themselves_are_watched_by_the_garbage_collector(
    describe: Describe, generate_models: Models
) -> None:
    schemas = {
        "Leaf": thing(numbers={"type": "array", "items": {"type": "number"}}),
        "Branch": thing(leaves={"type": "array", "items": ref("Leaf")}),
        "Tree": thing(trees={"type": "array", "items": ref("Tree")}),
        "Wood": thing(trees={"type": "object", "additionalProperties": ref("Tree")}),
        "Free": thing(anything={"type": "array", "items": {}}),
        "Bag": thing(free=ref("Free")),
        "Box": thing(box={"allOf": [ref("Lid")], "nullable": True}),
        "Lid": thing(box=ref("Box")),
    }
    models = generate_models(describe(schemas))
    values: Json = {
        "Leaf": {"numbers": [1.0]},
        "Branch": {"leaves": []},
        "Tree": {"trees": []},
        "Wood": {"trees": {"a": {"trees": []}}},
        "Free": {"anything": [[]]},
        "Bag": {"free": {"anything": [[]]}},
        "Box": {"box": {"box": {}}},
        "Lid": {"box": {"box": {}}},
    }
    made = {name: getattr(models, name)(**value) for name, value in values.items()}
    watched = {name for name, model in made.items() if gc.is_tracked(model)}
    assert watched == {"Tree", "Free", "Bag", "Box", "Lid"}


@pytest.mark.parametrize(
    ("schema", "given", "read", "sent"),
    [
        ({"type": "integer", "format": "int64"}, 5, 5, 5),
        ({"type": "number", "format": "double"}, 5, 5.0, 5.0),
        ({"type": "boolean"}, True, True, True),
        ({"type": "string", "format": "uri"}, "http://x", "http://x", "http://x"),
        (
            {"type": "string", "format": "date"},
            "2024-02-29",
            datetime.date(2024, 2, 29),
            "2024-02-29",
        ),
        (
            {"type": "string", "format": "date-time"},
            "2024-02-29T10:00:00+00:00",
            datetime.datetime(2024, 2, 29, 10, tzinfo=datetime.timezone.utc),
            "2024-02-29T10:00:00+00:00",
        ),
        ({}, [1, {"a": None}], [1, {"a": None}], [1, {"a": None}]),
        ({"type": "object"}, {"a": [1]}, {"a": [1]}, {"a": [1]}),
        ({"type": "object", "additionalProperties": True}, {"a": "x"}, {"a": "x"}, {"a": "x"}),
        (
            {"type": "object", "additionalProperties": {"type": "number"}},
            {"a": 1},
            {"a": 1.0},
            {"a": 1.0},
        ),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
            [[1], []],
            [[1], []],
            [[1], []],
        ),
        ({"type": "string", "nullable": True}, None, None, None),
    ],
)
def test_a_field_converts_what_it_is_given(
    describe: Describe, generate_models: Models, schema: Json, given: Any, read: Any, sent: Any
) -> None:
    models = generate_models(describe({"Thing": thing(value=schema)}))
    made = models.Thing(value=given)
    assert made.value == read
    assert type(made.value) is type(read)
    assert to_json(made) == {"value": sent}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 3}, 3, 4),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, 0.5, 0.0),
        ({"type": "integer", "multipleOf": 5}, 10, 11),
        ({"type": "string", "minLength": 2, "maxLength": 3}, "abc", "abcd"),
        ({"type": "string", "pattern": r'^[\w"\\]+$'}, 'a"\\', "a b"),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 1}, [1], [1, 2]),
    ],
)
def test_limits_hold_for_what_the_caller_gives(
    describe: Describe, generate_models: Models, schema: Json, good: Any, bad: Any
) -> None:
    models = generate_models(describe({"Thing": thing(value=schema)}))
    assert models.Thing(value=good).value == good
    with pytest.raises(ApiValueError):
        models.Thing(value=bad)


def test_a_file_field_takes_open_files_only(describe: Describe, generate_models: Models) -> None:
    schema = thing(value={"type": "string", "format": "binary"})
    models = generate_models(describe({"Thing": schema}))
    file = io.BytesIO(b"x")
    assert models.Thing(value=file).value is file
    with pytest.raises(ApiTypeError):
        models.Thing(value="x")


def test_read_only_and_secret_fields(describe: Describe, generate_models: Models) -> None:
    schema = thing(
        "id",
        id={"type": "integer", "readOnly": True},
        key={"type": "string", "format": "password"},
    )
    models = generate_models(describe({"Thing": schema}))
    with pytest.raises(ApiAttributeError):
        models.Thing(id=1)
    assert codec.decode(b'{"id": 1}', "Thing", package=models.__name__.rpartition(".")[0]).id == 1
    assert "hunter2" not in repr(models.Thing._from_openapi_data(id=1, key="hunter2"))


def test_names_that_python_or_the_runtime_needs_are_changed(
    describe: Describe, generate_models: Models
) -> None:
    wires = ["class", "X-Size", "SIZE", "int", "get", "2d", "from_", "camelCase"]
    schema = thing(*wires, **{wire: {"type": "integer"} for wire in wires})
    models = generate_models(describe({"Thing": schema}))
    made = models.Thing(1, 2, 3, 4, 5, 6, 7, 8)
    assert made.to_dict() == {
        "_class": 1,
        "x_size": 2,
        "size": 3,
        "_int": 4,
        "_get": 5,
        "_2d": 6,
        "_from": 7,
        "camel_case": 8,
    }
    assert list(to_json(made)) == wires


def test_an_enumeration(describe: Describe, generate_models: Models) -> None:
    schema = {**KIND, "enum": ["photo", "line drawing", "3d", ""], "default": "photo"}
    models = generate_models(describe({"Kind": schema}))
    assert isinstance(models.Kind.PHOTO, ModelSimple)
    assert {member.name: member.value for member in models.Kind} == {
        "PHOTO": "photo",
        "LINE_DRAWING": "line drawing",
        "_3D": "3d",
        "EMPTY": "",
    }
    assert models.Kind() is models.Kind.PHOTO
    assert models.Kind("line drawing") == "line drawing"


def test_an_enumeration_prints_with_quotes_where_it_has_no_name_or_asks_for_it(
    describe: Describe, generate_models: Models
) -> None:
    mood: Json = {"type": "string", "enum": ["calm"]}
    schemas = {
        "Mood": mood,
        "Quoted": {**mood, "x-quoted": True},
        "Day": thing(mood=ref("Mood"), quoted=ref("Quoted"), inline={**mood, "enum": ["wild"]}),
    }
    day = generate_models(describe(schemas)).Day(mood="calm", quoted="calm", inline="wild")
    assert (repr(day.mood), repr(day.quoted), repr(day.inline)) == ("calm", "'calm'", "'wild'")


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [ref("Kind"), ref("Blank"), ref("Null")], "nullable": True},
        {"oneOf": [ref("Kind"), ref("Blank"), ref("Null")]},
        {"anyOf": [ref("Kind"), ref("Blank")], "nullable": True},
    ],
)
def test_a_choice_of_enumerations(
    describe: Describe, generate_models: Models, schema: Json
) -> None:
    schemas = {"Kind": KIND, "Blank": BLANK, "Null": NULL, "Thing": thing(kind=schema)}
    models = generate_models(describe(schemas))
    assert issubclass(models.ThingKind, ComposedEnum)
    assert models.Thing(kind="photo").kind is models.Kind.PHOTO
    assert models.Thing(kind="").kind is models.Blank.EMPTY
    assert models.Thing(kind=None).kind is None
    with pytest.raises(ApiValueError):
        models.Thing(kind="statue")


def test_a_named_choice_of_enumerations(describe: Describe, generate_models: Models) -> None:
    union = {"oneOf": [ref("Kind"), ref("Null")], "nullable": True}
    schemas = {"Kind": KIND, "Null": NULL, "Any Kind": union, "Thing": thing(kind=ref("Any Kind"))}
    models = generate_models(describe(schemas))
    assert models.AnyKind(None) is None
    assert models.Thing(kind=None).kind is None
    assert typing.get_type_hints(models.IThing)["kind"] == models.AnyKind | None


@pytest.mark.parametrize("notes", [{}, {"readOnly": True}, {"nullable": True}, {"default": None}])
def test_a_single_member_is_the_member(
    describe: Describe, generate_models: Models, notes: Json
) -> None:
    schema = thing(
        owner={"anyOf": [ref("Person")], **notes}, kind={"oneOf": [ref("Kind")], **notes}
    )
    models = generate_models(describe({"Person": PERSON, "Kind": KIND, "Thing": schema}))
    nullable = notes.get("nullable", False)
    assert typing.get_type_hints(models.IThing) == {
        "owner": models.Person | None if nullable else models.Person,
        "kind": models.Kind | None if nullable else models.Kind,
    }
    made = models.Thing._from_openapi_data(owner={"name": "Ann"}, kind="photo")
    assert type(made.owner) is models.Person
    assert made.kind is models.Kind.PHOTO


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_a_named_composition_of_one_object(
    describe: Describe, generate_models: Models, keyword: str
) -> None:
    schemas = {
        "Person": PERSON,
        "Owner": {keyword: [ref("Person")], "nullable": True},
        "Thing": thing(owner=ref("Owner")),
    }
    models = generate_models(describe(schemas))
    made = models.Thing(owner={"name": "Ann"})
    assert type(made.owner) is models.Owner
    assert isinstance(made.owner, ModelComposed)
    assert made.owner.name == "Ann"
    assert models.Thing(owner=None).owner is None
    with pytest.raises(ApiValueError if keyword == "anyOf" else ApiTypeError):
        models.Owner(age=3)


def test_an_object_that_extends_another(describe: Describe, generate_models: Models) -> None:
    extension = thing("wage", wage={"type": "number"})
    worker = {"allOf": [ref("Person"), extension]}
    models = generate_models(describe({"Person": PERSON, "Worker": worker}))
    assert models.Worker(name="Ann", wage=1, age=3).to_dict() == {
        "name": "Ann",
        "wage": 1.0,
        "age": 3,
    }
    with pytest.raises(TypeError):
        models.Worker(name="Ann")


def test_any_of_requires_what_all_members_require(
    describe: Describe, generate_models: Models
) -> None:
    limited = thing(
        "name", "wage", name={"type": "string", "maxLength": 3}, wage={"type": "number"}
    )
    either = {"anyOf": [ref("Person"), ref("Worker")]}
    models = generate_models(describe({"Person": PERSON, "Worker": limited, "Any": either}))
    assert models.ModelAny(name="Annabel").name == "Annabel"
    with pytest.raises(ApiValueError):
        models.ModelAny(wage=1)


def test_an_object_or_a_file(describe: Describe, generate_models: Models) -> None:
    answer = {"oneOf": [ref("Person"), {"type": "string", "format": "binary"}]}
    models = generate_models(describe({"Person": PERSON, "Answer": answer}))
    assert models.Answer(name="Ann").name == "Ann"
    with pytest.raises(ApiValueError):  # neither the object nor a file
        models.Answer()
    assert models.Answer._composed == {"oneOf": ("Person", "file")}


def test_inline_models_are_named_after_their_place(
    describe: Describe, generate_models: Models
) -> None:
    schema = thing(
        mode={**KIND, "nullable": True},
        mood={"enum": ["calm", "wild", None]},
        size=thing("w", w={"type": "integer"}),
        parts={"type": "array", "items": thing(kind=KIND)},
        by_name={"type": "object", "additionalProperties": thing(n={"type": "integer"})},
        only={"allOf": [thing(n={"type": "integer"})], "nullable": True},
    )
    models = generate_models(describe({"Thing": schema}))
    assert typing.get_type_hints(models.IThing) == {
        "mode": models.ThingMode | None,
        "mood": models.ThingMood | None,
        "size": models.ThingSize,
        "parts": list[models.ThingPartsItem],
        "by_name": dict[str, models.ThingByNameValue],
        "only": models.ThingOnly | None,
    }
    made = models.Thing(parts=[{"kind": "photo"}], by_name={"a": {"n": 1}}, mood=None)
    assert made.parts[0].kind is models.ThingPartsItemKind.PHOTO
    assert made.by_name["a"].n == 1


def test_a_name_for_a_plain_type_stands_for_the_type(
    describe: Describe, generate_models: Models
) -> None:
    schemas = {
        "Id": {"type": "integer", "minimum": 1},
        "Ids": {"type": "array", "items": ref("Id"), "nullable": True},
        "Free": {"type": "object", "additionalProperties": {}},
        "Same": {"allOf": [ref("Ids")]},
        "Thing": thing(ids=ref("Same"), free=ref("Free")),
    }
    models = generate_models(describe(schemas))
    assert models.__all__ == ["IThing", "Thing"]
    assert models.Thing(ids=None, free={"a": 1}).to_dict() == {"ids": None, "free": {"a": 1}}
    with pytest.raises(ApiValueError):
        models.Thing(ids=[0])


def test_models_that_name_each_other_import_in_any_order(
    describe: Describe, generate_models: Models
) -> None:
    schemas = {
        "A": thing(b=ref("B"), c=ref("C")),
        "B": thing(a={"type": "array", "items": ref("A")}),
        "C": thing(c=ref("C"), a=ref("COwner")),
        "COwner": {"allOf": [ref("A")], "nullable": True},
    }
    for first in ("A", "B", "C", "COwner"):
        models = generate_models(describe(schemas))
        getattr(models, first)
        made = models.A(b={"a": [{}, {"c": {"c": {}, "a": {"b": {}}}}]})
        assert type(made.b.a[1].c.a) is models.COwner
        assert type(made.b.a[1].c.a.b) is models.B
        for name in models.__all__:
            typing.get_type_hints(getattr(models, name))


def test_docstrings_hold_any_text(describe: Describe, generate_models: Models) -> None:
    text = 'Ends with a "quote" and a \\ backslash, """ three quotes and a last "'
    schema = {**thing(a={"type": "string", "description": text}), "description": text}
    models = generate_models(describe({"Thing": schema, "Kind": {**KIND, "description": text}}))
    assert models.Thing.__doc__ == models.IThing.__doc__ == models.Kind.__doc__
    assert " ".join(models.Thing.__doc__.split()) == text


def test_docstrings_fill_paragraphs_and_keep_lists(
    describe: Describe, generate_models: Models
) -> None:
    text = (
        "Broken over\nlines by its author.\n\n* `a` - a first value,\n* `b` - another.\n1. One\n"
        "and a half\n2. Two\n\nExample:\n\n    {\n        'a': 1\n    }\n" + "word " * 30
    )
    models = generate_models(describe({"Thing": {**thing(), "description": text}}))
    assert inspect.cleandoc(models.Thing.__doc__).splitlines() == [
        "Broken over lines by its author.",
        "",
        "* `a` - a first value,",
        "* `b` - another.",
        "1. One and a half",
        "2. Two",
        "",
        "Example:",
        "",
        "    {",
        "        'a': 1",
        "    } " + " ".join(["word"] * 17),
        "    " + " ".join(["word"] * 13),
    ]


def test_typed_dictionaries_exist_for_what_is_sent(
    describe: Describe, operation: Callable[..., Json], generate_models: Models
) -> None:
    body = {"content": {"application/json": {"schema": ref("Order")}}}
    answer = {"200": {"description": "", "content": {"application/json": {"schema": ref("Bill")}}}}
    schemas = {
        "Order": thing(
            "items", items={"type": "array", "items": ref("Item")}, note={"type": "string"}
        ),
        "Item": thing(id={"type": "integer", "readOnly": True}, n={"type": "integer"}),
        "Bill": thing(sum={"type": "number"}),
    }
    paths = {"/orders": {"post": operation(requestBody=body, responses=answer)}}
    models = generate_models(describe(schemas, paths))
    assert [name for name in models.__all__ if name.endswith("Dict")] == ["ItemDict", "OrderDict"]
    assert models.OrderDict.__required_keys__ == {"items"}
    assert models.OrderDict.__optional_keys__ == {"note"}
    assert models.ItemDict.__optional_keys__ == {"n"}
    assert typing.get_type_hints(models.ItemDict) == {"n": int}
