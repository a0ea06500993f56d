"""Whatever a file holds, the generator answers with modules or with problems, in one run and in bounded time."""

from __future__ import annotations

import copy
import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cvat_codegen import document, reading
from cvat_codegen.build import build_api, read_api
from cvat_codegen.document import find, pointer, split_pointer
from cvat_codegen.emit import emit
from cvat_codegen.problems import BadDescription, Problems
from cvat_codegen.settings import Settings
from cvat_codegen.verify import verify

Json = dict[str, Any]
GALLERY = Path(__file__).parent / "fixtures" / "gallery" / "openapi.yaml"
ODD: list[Any] = [None, True, -1, 1.5, "", "x", [], [[]], ["x"], {}, {"x": {}}, {"$ref": "#/x"}]


def places(value: Any, place: str = "") -> Iterator[str]:
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, entry in entries:
        yield place + pointer(key)
        yield from places(entry, place + pointer(key))


def test_an_odd_value_anywhere_gives_modules_or_problems() -> None:
    gallery = yaml.safe_load(GALLERY.read_text("utf-8"))
    refused = 0
    values = itertools.cycle(ODD)
    for place, _ in itertools.product(places(gallery), range(2)):
        changed = copy.deepcopy(gallery)
        *parents, last = split_pointer(place) or []
        parent = find(changed, parents)
        value = next(values)
        parent[int(last) if isinstance(parent, list) else last] = value
        try:
            api = build_api(changed)
        except BadDescription as error:
            refused += 1
            assert all(problem.message for problem in error.problems.items)
        else:
            assert verify(api, emit(api, "x", "odd"), "odd") is None, (place, value)
    assert refused > 100


DOCUMENTS = [GALLERY, *sorted(Path(__file__).parent.glob("constructs/*/openapi.yaml"))]


def mutated(chance: random.Random, description: Json, parts: list[Any]) -> Json:
    """A description with a few values lost, exchanged, doubled or under other names."""
    changed = copy.deepcopy(description)
    for _ in range(chance.randint(1, 4)):
        found = list(places(changed))
        if not found:
            break
        *parents, last = split_pointer(chance.choice(found)) or []
        parent: Any = find(changed, parents)
        key: Any = int(last) if isinstance(parent, list) else last
        step = chance.randrange(4)
        if step == 0:
            del parent[key]
        elif step == 1:
            parent[key] = copy.deepcopy(chance.choice([*ODD, *parts]))
        elif isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        elif step == 2:
            parent[chance.choice(WORDS)] = parent.pop(key)
        else:
            parent[chance.choice(WORDS)] = copy.deepcopy(parent[key])
    return changed


WORDS = [
    *("allOf", "anyOf", "oneOf", "not", "enum", "const", "type", "items", "properties", "required"),
    *(
        "additionalProperties",
        "nullable",
        "discriminator",
        "$ref",
        "$defs",
        "prefixItems",
        "format",
    ),
    *("schema", "content", "parameters", "style", "in", "name", "default", "200", "get", "x-name"),
    *("servers", "variables", "encoding", "headers", "contentType", "application/json"),
]


@pytest.mark.parametrize(
    "count",
    [pytest.param(600, id="short"), pytest.param(60_000, id="long", marks=pytest.mark.long)],
)
def test_mutated_descriptions_give_modules_or_problems(count: int) -> None:
    chance = random.Random(20261127)
    descriptions: list[Any] = [reading.load(path) for path in DOCUMENTS]
    parts = [
        find(description, split_pointer(place) or [])
        for description in descriptions
        for place in places(description)
    ]
    outcomes = {"modules": 0, "problems": 0}
    for number in range(count):
        changed = mutated(chance, chance.choice(descriptions), parts)
        try:
            read = document.check_outline(document.plain(changed))
            if isinstance(read, Problems):
                raise BadDescription(read)
            api = build_api(read)
        except BadDescription as error:
            outcomes["problems"] += 1
            assert all(problem.message for problem in error.problems.items)
        except Exception as error:
            raise AssertionError(f"{number}: {changed!r}") from error
        else:
            outcomes["modules"] += 1
            assert verify(api, emit(api, "x", "odd"), "odd") is None, (number, changed)
    assert min(outcomes.values()) > count / 20, outcomes


@pytest.mark.parametrize(
    "count",
    [pytest.param(200, id="short"), pytest.param(20_000, id="long", marks=pytest.mark.long)],
)
def test_mutated_files_of_a_description_give_modules_or_problems(
    count: int, tmp_path: Path
) -> None:
    chance = random.Random(20261128)
    folder = Path(__file__).parent / "constructs" / "several_files"
    names = [
        path.relative_to(folder)
        for path in sorted(folder.rglob("*.yaml"))
        if "expected" not in path.parts
    ]
    contents = [yaml.safe_load((folder / name).read_text("utf-8")) for name in names]
    parts = [
        find(content, split_pointer(place) or [])
        for content in contents
        for place in places(content)
    ]
    parts += [
        {"$ref": f"{ref}"} for ref in ("../openapi.yaml", "#", "common.yaml#/responses", "..")
    ]
    outcomes = {"modules": 0, "problems": 0}
    for number in range(count):
        changed = [
            mutated(chance, content, parts) if chance.random() < 0.3 else content
            for content in contents
        ]
        for name, content in zip(names, changed, strict=True):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(json.dumps(content), "utf-8")
        try:
            api = read_api(Settings(str(tmp_path / "openapi.yaml"), "odd", tmp_path))
        except BadDescription as error:
            outcomes["problems"] += 1
            assert all(problem.message for problem in error.problems.items)
        except Exception as error:
            raise AssertionError(f"{number}: {changed!r}") from error
        else:
            outcomes["modules"] += 1
            assert verify(api, emit(api, "x", "odd"), "odd") is None, (number, changed)
    assert min(outcomes.values()) > count / 20, outcomes


def problems(text: str, name: str = "x.yaml") -> str:
    try:
        found = reading.parse(text, name)
        assert isinstance(found, dict), found
        build_api(found)
    except BadDescription as error:
        return str(error)
    except AssertionError:
        assert isinstance(found, Problems)
        return "\n".join(map(str, found.items))
    return ""


HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("paths: &a {x: *a}", "/paths/x"),
        ("paths: &a [*a]", "/paths"),
        ("x-a: " + "[" * 5000 + "]" * 5000, "nest"),
        ("x-a: " + "[" * 150 + "]" * 150, "nested too deeply or contains itself"),
        ("paths: {}\npaths: {}", "stands twice"),
        ("? [a, b]\n: c", "a key must be text"),
        ("x-a: !!binary aGk=", "a value of type bytes is no JSON"),
        ("x-a: !!set {a, b}", "a value of type set is no JSON"),
        ("x-a: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ('x-a: "\\ud800"', "invalid Unicode character"),
        (
            "\n".join(
                [
                    f"x-a0: &a0 [{', '.join('0' * 10)}]",
                    *(f"x-a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)),
                ]
            ),
            "too large",
        ),
    ],
)
def test_odd_yaml_is_a_problem(text: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_MOST", 20_000)
    assert message in problems(HEAD + text)


def test_odd_json_is_a_problem() -> None:
    assert "stands twice" in problems('{"openapi": "3.0.3", "openapi": "3.0.3"}')
    assert "nested too deeply" in problems("[" * 100_000)
    assert "neither YAML nor JSON" in problems('{"a": 1')


def test_keys_of_yaml_are_the_texts_that_stand_there() -> None:
    schema = (
        "{type: object, properties: {on: {type: string}, 1: {type: string}, null: {type: string}}}"
    )
    text = f"{HEAD}components:\n  schemas:\n    Thing: {schema}\n    No: {{enum: [on, off, 010]}}\n"
    found = reading.parse(text, "x.yaml")
    assert isinstance(found, dict)
    thing, no = sorted(build_api(found).models, key=lambda model: model.name, reverse=True)
    assert [field.wire for field in thing.fields] == ["on", "1", "null"]
    assert [value for _, value in no.members] == ["on", "off", "010"]


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"allOf": [ref("A")]}},
        {"A": {"allOf": [ref("B")]}, "B": {"anyOf": [ref("A")]}},
        {"A": {"allOf": [{"allOf": [ref("A")]}]}},
        {"A": ref("B"), "B": ref("A")},
        {"A": {"type": "array", "items": ref("A")}},
        {f"A{n}": ref(f"A{n + 1}") for n in range(1000)} | {"A1000": {"type": "string"}},
        {f"A{n}": {"allOf": [ref(f"A{n + 1}")]} for n in range(1000)}
        | {"A1000": {"type": "string"}},
    ],
)
def test_circles_of_schemas(describe: Callable[..., Json], operation: Any, schemas: Json) -> None:
    name = next(iter(schemas))
    query = {"name": "q", "in": "query", "schema": ref(name)}
    content = {"application/json": {"schema": ref(name)}}
    call = operation(
        parameters=[query],
        requestBody={"content": content},
        responses={"200": {"description": "", "content": content}},
    )
    with pytest.raises(BadDescription):
        build_api(describe(schemas, {"/things": {"get": call}}))


def test_parameters_and_bodies_that_lead_to_themselves(
    describe: Callable[..., Json], operation: Any
) -> None:
    components = {
        "parameters": {"a": {"$ref": "#/components/parameters/a"}},
        "requestBodies": {"a": {"$ref": "#/components/requestBodies/a"}},
        "responses": {"a": {"$ref": "#/components/responses/a"}},
    }
    call = operation(
        parameters=[{"$ref": "#/components/parameters/a"}],
        requestBody={"$ref": "#/components/requestBodies/a"},
        responses={"200": {"$ref": "#/components/responses/a"}},
    )
    with pytest.raises(BadDescription) as caught:
        build_api(describe({}, {"/a": {"get": call}}, components=components))
    assert [problem.pointer for problem in caught.value.problems.items] == [
        "/components/parameters/a",
        "/components/requestBodies/a",
        "/components/responses/a",
    ]


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadDescription):
        read_api(Settings(str(tmp_path / "x.yaml"), "x", tmp_path))


def mutual_models(count: int) -> Json:
    return {
        "schemas": {
            f"M{n}": {
                "type": "object",
                "properties": {f"p{k}": ref(f"M{(n + k * k + 1) % count}") for k in range(5)},
            }
            for n in range(count)
        }
    }


def parameters_with_choices(count: int) -> Json:
    schemas = {f"E{n}": {"enum": [f"{n}a", f"{n}b"]} for n in range(count)}
    responses = {"204": {"description": ""}}
    paths = {}
    for n in range(count):
        query = {"name": "q", "in": "query", "schema": {"enum": [f"{n}c", f"{n}b"]}}
        tags = [f"t{n // 10}"]
        paths[f"/p{n}"] = {"get": {"tags": tags, "parameters": [query], "responses": responses}}
    return {"schemas": schemas, "paths": paths}


def models_of_a_base(count: int) -> Json:
    base = {"type": "object", "properties": {"b": {"type": "string"}}}
    own = ({"type": "object", "properties": {f"x{n}": ref("Base")}} for n in range(count))
    models = {f"M{n}": {"allOf": [ref("Base"), part]} for n, part in enumerate(own)}
    union = {"oneOf": [ref(name) for name in models]}
    return {"schemas": {"Base": base, "Any": union, **models}}


@pytest.mark.parametrize("make", [mutual_models, parameters_with_choices, models_of_a_base])
def test_a_description_of_twice_the_size_takes_twice_the_work(
    describe: Callable[..., Json], make: Callable[[int], Json]
) -> None:
    def work(count: int) -> int:
        description = describe(**make(count))

        def generate() -> None:
            api = build_api(description)
            assert verify(api, emit(api, "x", "mutual"), "mutual") is None

        return _steps(generate)

    work(5)  # what is done once in a process, such as reading the templates
    assert work(160) < 2.05 * work(80)


def _steps(function: Callable[[], Any]) -> int:
    """How many lines of Python a function runs, with those that it calls."""
    count = 0

    def note(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        function()
    finally:
        sys.settrace(before)
    return count
