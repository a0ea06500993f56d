"""Aliases: what is generated for them, and which ones are refused."""

from __future__ import annotations

import importlib
import inspect
import typing
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvat_codegen import ir, settings, tables
from cvat_codegen.build import build_api, read_api
from cvat_codegen.emit.aliases import todays_call
from cvat_codegen.problems import BadDescription, Problems

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
TEXT: Json = {"type": "string"}
SCHEMAS: Json = {
    "Thing": {"type": "object", "required": ["name"], "properties": {"name": TEXT, "on": TEXT}},
    "PatchedThing": {"type": "object", "properties": {"name": {**TEXT, "maxLength": 9}}},
    "Other": {"type": "object", "properties": {"name": {"type": "integer"}}},
    "Mood": {"enum": ["calm", "wild"]},
}


@pytest.fixture
def things(describe: Callable[..., Json], operation: Callable[..., Json]) -> Json:
    """A description with ``things.change(id, *, page, patched_thing)`` and ``things.list()``."""
    body = {"schema": {"$ref": "#/components/schemas/PatchedThing"}}
    number = {"type": "integer"}
    change = operation(
        operationId="things_change",
        parameters=[
            {"name": "id", "in": "path", "required": True, "schema": number},
            {"name": "page", "in": "query", "schema": number},
        ],
        requestBody={"content": {"application/json": body}},
    )
    return describe(
        SCHEMAS,
        {
            "/things/{id}": {"patch": change},
            "/things": {"get": operation(operationId="things_list")},
        },
    )


def alias(**more: Any) -> Json:
    return {"name": "things.update", "operation": "things.change", "reason": "It was so.", **more}


def problems(description: Json, *aliases: Any) -> list[tuple[str, str]]:
    with pytest.raises(BadDescription) as caught:
        build_api(description, aliases)
    return [(problem.pointer, problem.message) for problem in caught.value.problems.items]


@pytest.mark.parametrize(
    ("table", "pointer", "message"),
    [
        (alias(operation="things.gone"), "operation", "'things.gone' is no operation"),
        (alias(operation="gone"), "operation", "'gone' is no operation"),
        ({"name": "things.a", "reason": "x"}, "operation", "None is no operation"),
        (alias(name="things.list"), "name", "'things.list' is an operation"),
        (alias(name="others.update"), "name", "'others.update' is no <tag>.<method>"),
        (alias(name="things.a b"), "name", "'things.a b' is no <tag>.<method>"),
        (alias(name="things._call"), "name", "'things._call' is no <tag>.<method>"),
        (alias(name=7), "name", "7 is no <tag>.<method>"),
        (alias(nmae="x"), "nmae", "'nmae' is not supported here"),
        (alias(reason=" "), "reason", "needs a reason"),
        (alias(rename=["id"]), "rename", "must be a table"),
        (alias(rename={"a": "b"}), "rename/a", "'b' is no argument of things.change"),
        (alias(rename={"a b": "id"}), "rename/a b", "'a b' is not a name in Python"),
        (alias(rename={"page": "id"}), "rename", "several arguments would be 'page'"),
        (alias(positional="id"), "positional", "must list names"),
        (alias(positional=["id", "id"]), "positional", "each of them once"),
        (alias(positional=["id", "x"]), "positional", "'x' is no argument of the alias"),
        (alias(rename={"x": "page"}, positional=["id", "page"]), "positional", "'page' is no"),
        (alias(positional=["page"]), "positional", "lacks 'id', which is required"),
        (alias(model="Gone"), "model", "'Gone' is no object model"),
        (alias(model="Mood"), "model", "'Mood' is no object model"),
        (alias(model="Other"), "model", "field 'name' has another type than in PatchedThing"),
        (alias(operation="things.list", model="Thing"), "model", "body of things.list is no model"),
    ],
)
def test_a_faulty_alias_is_a_problem_at_its_place(
    things: Json, table: Json, pointer: str, message: str
) -> None:
    ((place, text),) = problems(things, table)
    assert place == f"/alias/0/{pointer}"
    assert text.startswith("alias 1: ") and message in text


def test_all_faulty_aliases_are_told_at_once(things: Json) -> None:
    found = problems(things, alias(), "nothing", alias(), alias(name="things.list", extra=1))
    assert found == [
        ("/alias/1", "alias 2: is not a table"),
        ("/alias/2/name", "alias 3: 'things.update' is another alias"),
        ("/alias/3/extra", "alias 4: 'extra' is not supported here"),
        ("/alias/3/name", "alias 4: 'things.list' is an operation of the description"),
    ]


def test_a_file_of_something_else_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text("[[correction]]\n", "utf-8")
    assert isinstance(tables.load(path, "alias"), Problems)


def test_the_names_of_todays_call_are_told(things: Json) -> None:
    renamed = alias(rename={"key": "id", "thing": "patched_thing", "page": "page"})
    (tag,) = build_api(things, [renamed, alias(name="things.search", operation="things.list")]).tags
    assert [todays_call(entry) for entry in tag.aliases] == [
        "things_api.list()",
        "things_api.change(id, patched_thing=...)",
    ]


def test_a_generated_alias_is_a_typed_method_and_an_entry_of_the_table(
    things: Json, generate: Callable[..., str]
) -> None:
    update = alias(rename={"thing": "patched_thing"}, positional=["id", "thing"], model="Thing")
    package = generate(things, [update])
    api = importlib.import_module(f"{package}.apis").ThingsApi
    assert list(inspect.signature(api.update).parameters)[:4] == ["self", "id", "thing", "page"]
    models = importlib.import_module(f"{package}.models")
    assert typing.get_type_hints(api.update)["thing"] == (
        models.Thing | models.ThingDict | models.PatchedThing | models.PatchedThingDict
    )
    assert api.update.__doc__ == "Older name of `things_api.change(id, patched_thing=...)`."
    message = "things_api.update is deprecated; call things_api.change(id, patched_thing=...)"
    assert api.update.__deprecated__ == message
    operations = importlib.import_module(f"{package}.operations")
    assert set(operations.load("things")) == {"change", "list"}
    (entry,) = operations.load_aliases("things").values()
    assert entry == operations.load_aliases("things")["update"]
    assert (entry.operation, entry.model, entry.message) == ("things.change", "Thing", message)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        endpoint = api(object()).update_endpoint
    assert [str(warning.message) for warning in caught] == [message]
    assert endpoint.params_map["required"] == ["id", "thing"]
    assert endpoint.attribute_map == {"id": "id", "page": "page"}


def test_every_crud_name_of_the_documents_leads_somewhere() -> None:
    """Each tag that can destroy can delete; each that changes in part and not as a whole can update."""
    api = committed()
    for tag in api.tags:
        methods = {str(operation.name) for operation in tag.operations}
        older = {str(entry.name): entry.operation.id for entry in tag.aliases}
        if "destroy" in methods:
            assert older.get("delete") == f"{tag.name}.destroy"
        if "partial_update" in methods and "update" not in methods:
            assert older.get("update") == f"{tag.name}.partial_update"


def test_an_update_takes_the_model_that_its_argument_is_named_after() -> None:
    api = committed()
    models = {model.name.lower(): model.name for model in api.models}
    for tag in api.tags:
        for entry in tag.aliases:
            if entry.name == "update":
                ((name, _),) = entry.renamed
                assert entry.positional == ("id", name)
                # The server refuses the fields that this model requires.
                expected = None if tag.name == "jobs" else models.get(name.replace("_", ""))
                assert entry.model == expected, entry.id


def committed() -> ir.Api:
    found = settings.read(ROOT / "cvat-codegen.toml")
    assert isinstance(found, settings.Settings)
    return read_api(found)
