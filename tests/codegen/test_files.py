"""Descriptions of several files: references stay in the folder of the description, and every fault has its place."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from cvat_codegen import document, ir
from cvat_codegen.build import read_api
from cvat_codegen.problems import BadDescription
from cvat_codegen.settings import Settings

Json = dict[str, Any]


def write(folder: Path, files: Json, schemas: Json | None = None, paths: Json | None = None) -> str:
    """Writes a description and other files; gives its path."""
    head = {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}}
    main = {**head, "paths": paths or {}, "components": {"schemas": schemas or {}}}
    for name, content in {"main.json": main, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(folder / "main.json")


def read(spec: str) -> ir.Api:
    return read_api(Settings(spec, "client", Path()))


def problems(spec: str) -> dict[str, str]:
    with pytest.raises(BadDescription) as caught:
        read(spec)
    return {problem.pointer: problem.message for problem in caught.value.problems.items}


def models(spec: str) -> dict[str, str]:
    """Places of the models by their names."""
    return {str(model.name): model.place for model in read(spec).models}


def model(**properties: Any) -> Json:
    return {"type": "object", "properties": properties}


PLACE = "/components/schemas/A"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe and symbolic links")
@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("https://example.org/x.yaml#/A", "leads to another server"),
        ("//example.org/x.yaml", "leads to another server"),
        ("file:///etc/passwd", "leads to another server"),
        ("../outside.json", "leads out of the folder"),
        ("..%2Foutside.json", "leads out of the folder"),
        ("/etc/passwd", "leads out of the folder"),
        ("link.json", "leads out of the folder"),
        ("folder/outside.json", "leads out of the folder"),
        ("nothing.json", "no such file"),
        ("sub", "no such file"),
        ("pipe", "no such file"),
        ("bad.json", "neither YAML nor JSON"),
        ("odd.yaml", "contains itself"),
        ("x.json#/B", "points to nothing"),
        ("x.json#B", "points to nothing"),
        ("[", "no such file"),
        ("http://[", "is no address"),
        ("a\0b", "is no address"),
    ],
)
def test_a_reference_that_may_not_or_cannot_be_followed(
    tmp_path: Path, ref: str, message: str
) -> None:
    folder = tmp_path / "spec"
    files = {
        "../outside.json": model(),
        "../elsewhere/outside.json": model(),
        "x.json": {"A": model()},
        "sub/x.json": {},
        "bad.json": "{",
        "odd.yaml": "&a {x: *a}",
    }
    folder.mkdir()
    spec = write(folder, files, {"A": {"$ref": ref}, "B": model(a={"type": "no"})})
    (folder / "link.json").symlink_to(tmp_path / "outside.json")
    (folder / "folder").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe")
    found = problems(spec)
    assert set(found) == {PLACE, "/components/schemas/B/properties/a/type"}
    assert message in found[PLACE]


def test_a_fault_in_another_file_has_its_place_there(tmp_path: Path) -> None:
    files = {
        "a.json": {"x": {"A": model(b={"type": "no"}, c={"$ref": "sub/b.json#/C"})}},
        "sub/b.json": {"C": model(d={"$ref": "../no.json"}, e={"$ref": "#/no"}, f=1)},
        "get.json": {"get": {"responses": {"200": {"$ref": "r.json"}}, "no": 1}},
        "r.json": {"content": {"application/json": {"schema": {"type": "no"}}}},
    }
    spec = write(
        tmp_path, files, {"A": {"$ref": "a.json#/x/A"}}, {"/a": {"$ref": "./get.json", "no": {}}}
    )
    assert set(problems(spec)) == {
        "a.json#/x/A/properties/b/type",
        "sub/b.json#/C/properties/d",
        "sub/b.json#/C/properties/e",
        "sub/b.json#/C/properties/f",
        "get.json#/get/no",
        "r.json#/content/application~1json/schema/type",
        "/paths/~1a/no",
    }


def test_files_that_lead_to_each_other(tmp_path: Path) -> None:
    files = {
        "sub/a.json": model(b={"$ref": "../b.json#/B"}, main={"$ref": "../main.json#" + PLACE}),
        "b.json": {"B": model(a={"$ref": "sub/a.json"}, self={"$ref": "b.json#/B"})},
    }
    spec = write(tmp_path, files, {"A": {"$ref": "sub/a.json"}, "Same": {"$ref": "sub/a.json"}})
    assert models(spec) == {"A": "sub/a.json#", "B": "b.json#/B"}


def test_many_files_may_hold_as_much_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_MOST", 2_000)
    repeated = "{A: {type: object}, x: &a [0, 0, 0, 0, 0, 0, 0], y: [" + "*a, " * 100 + "]}"
    files = {f"{number}.yaml": repeated for number in range(4)}
    schemas = {f"M{number}": {"$ref": f"{number}.yaml#/A"} for number in range(4)}
    found = problems(write(tmp_path, files, schemas))
    assert list(found) == ["/components/schemas/M2", "/components/schemas/M3"]
    assert "is too large" in found["/components/schemas/M2"]


@pytest.mark.parametrize(
    ("files", "schemas", "paths", "place"),
    [
        ({"a.json": {"A": {"$ref": "#/A"}}}, {"A": {"$ref": "a.json#/A"}}, {}, "a.json#/A"),
        (
            {"a.json": {"$ref": "b.json"}, "b.json": {"$ref": "a.json"}},
            {"A": {"$ref": "a.json"}},
            {},
            "a.json#",
        ),
        ({"a.json": {"$ref": "main.json#" + PLACE}}, {"A": {"$ref": "a.json"}}, {}, PLACE),
        (
            {"a.json": {"$ref": "main.json#/paths/~1a"}},
            {},
            {"/a": {"$ref": "a.json"}},
            "/paths/~1a",
        ),
        ({}, {}, {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}}, "/paths/~1a"),
        ({}, {}, {"/a": {"$ref": "#/paths/~1b"}}, "/paths/~1a"),
    ],
)
def test_a_circle_of_nothing_but_references(
    tmp_path: Path, files: Json, schemas: Json, paths: Json, place: str
) -> None:
    found = problems(write(tmp_path, files, schemas, paths))
    assert place in found
    assert "lead" in found[place] or "points to nothing" in found[place] or "each" in found[place]


def test_names_of_what_stands_in_other_files(tmp_path: Path) -> None:
    files = {
        "pet.json": model(owner={"$ref": "more.yaml#/definitions/pet"}),
        "more.yaml": "{definitions: {pet: {type: object, properties: {kind: {$ref: 'kind.yaml#/0'}}}}}",
        "kind.yaml": "[{enum: [a, b]}]",
    }
    use = {"oneOf": [{"$ref": "pet.json"}, {"$ref": "other.json#/Pet"}]}
    files["other.json"] = {"Pet": model(a={"type": "string"})}
    spec = write(tmp_path, files, {"Pet": model(x={"$ref": "pet.json"}), "Use": use})
    found = models(spec)
    assert found["Pet"] == "/components/schemas/Pet"
    assert {"pet.json#", "more.yaml#/definitions/pet", "kind.yaml#/0", "other.json#/Pet"} <= set(
        found.values()
    )


def test_a_path_of_another_file_may_be_used_twice(tmp_path: Path) -> None:
    get = {"operationId": "look", "tags": ["a"], "responses": {"204": {"description": ""}}}
    paths = {"/a": {"$ref": "p.json#/~1x"}, "/b": {"$ref": "p.json#/~1x", "summary": "B"}}
    api = read(write(tmp_path, {"p.json": {"/x": {"get": get}}}, {}, paths))
    assert [(one.path, one.place) for one in api.tags[0].operations] == [
        ("/a", "p.json#/~1x/get"),
        ("/b", "p.json#/~1x/get"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a symbolic link")
def test_a_description_that_is_a_link_has_the_files_beside_the_link(tmp_path: Path) -> None:
    write(tmp_path / "real", {}, {"A": {"$ref": "a.json"}})
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "a.json").write_text(json.dumps(model()))
    (tmp_path / "spec" / "main.json").symlink_to(tmp_path / "real" / "main.json")
    assert models(str(tmp_path / "spec" / "main.json")) == {"A": "a.json#"}


def test_examples_and_what_is_left_out_are_not_followed(tmp_path: Path) -> None:
    text = {"type": "string", "example": {"$ref": "no.json"}, "default": {"$ref": "no.json"}}
    get = {
        "responses": {"204": {"description": "", "links": {"a": {"$ref": "no.json"}}}},
        "callbacks": {"a": {"$ref": "no.json"}},
    }
    api = read(write(tmp_path, {}, {"A": model(a=text)}, {"/a": {"get": get}}))
    assert [model.name for model in api.models] == ["A"]
