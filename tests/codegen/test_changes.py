"""What changes between two versions of an API, and whom it breaks."""

from __future__ import annotations

import copy
import gzip
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvat_codegen.build import build_api
from cvat_codegen.changes import RULES, Change, changes
from cvat_codegen.cli import main

Json = dict[str, Any]

FLAG: Json = {"type": "boolean"}

SCHEMAS = Path(__file__).parent / "fixtures" / "schemas"


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def content(name: str, *types: str) -> Json:
    return {media_type: {"schema": ref(name)} for media_type in types or ("application/json",)}


def base() -> Json:
    """A small API: one operation that sends `Sent` and receives `Seen`."""
    name: Json = {"type": "string", "maxLength": 10}
    scheme = {"type": "http", "scheme": "basic"}
    bearer = {"type": "http", "scheme": "bearer"}
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "page", "in": "query", "schema": {"type": "integer", "maximum": 10}},
        {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["up", "down"]}},
    ]
    operation = {
        "operationId": "things_update",
        "tags": ["things"],
        "parameters": parameters,
        "requestBody": {
            "required": False,
            "content": content("Sent", "application/json", "application/x-yaml"),
        },
        "responses": {"200": {"description": "Fine.", "content": content("Seen")}},
        "security": [{"one": []}, {"two": []}],
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things/{id}": {"post": operation}},
        "components": {
            "securitySchemes": {"one": scheme, "two": bearer},
            "schemas": {
                "Sent": {"type": "object", "properties": {"name": name, "mood": ref("Mood")}},
                "Seen": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": name, "mood": ref("Tone")},
                },
                "Mood": {"type": "string", "enum": ["calm", "wild"]},
                "Tone": {"type": "string", "enum": ["low", "high"]},
                "Left": {"type": "object", "properties": {"left": FLAG}},
                "Right": {"type": "object", "properties": {"right": FLAG}},
                "Any": {
                    "type": "object",
                    "properties": {"x": {"oneOf": [ref("Left"), ref("Right")]}},
                },
            },
        },
    }


def changed(*path: Any, value: Any = None) -> Json:
    """The API with the value at a path set, or removed when there is none."""
    made = copy.deepcopy(base())
    place: Any = made
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return made


OPERATION = ("paths", "/things/{id}", "post")
SENT = ("components", "schemas", "Sent")
SEEN = ("components", "schemas", "Seen")
OTHER: Json = {
    "operationId": "things_other",
    "tags": ["things"],
    "responses": {"200": {"description": "Fine."}},
}
TEXT: Json = {"type": "string", "maxLength": 10}


def parameter(index: int, **more: Any) -> Json:
    value = {**base()["paths"]["/things/{id}"]["post"]["parameters"][index], **more}
    return changed(*OPERATION, "parameters", index, value=value)


def body(required: bool = False, **more: Any) -> Json:
    return changed(
        *OPERATION, "requestBody", value={"required": required, "content": content("Sent"), **more}
    )


def renamed(schema: tuple[str, ...], name: str = "name", **more: Any) -> Json:
    return changed(*schema, "properties", name, value={**TEXT, **more})


CASES: dict[str, tuple[Json, Json, bool]] = {
    "operation-removed": (changed("paths", "/other", value={"get": OTHER}), base(), True),
    "operation-added": (base(), changed("paths", "/other", value={"get": OTHER}), False),
    "operation-renamed": (base(), changed(*OPERATION, "operationId", value="things_write"), True),
    "operation-moved": (
        base(),
        changed("paths", value={"/thing/{id}": base()["paths"]["/things/{id}"]}),
        True,
    ),
    "operation-deprecated": (base(), changed(*OPERATION, "deprecated", value=True), False),
    "authentication-removed": (base(), changed(*OPERATION, "security", value=[{"one": []}]), True),
    "authentication-added": (changed(*OPERATION, "security", value=[{"one": []}]), base(), False),
    "parameter-removed": (base(), changed(*OPERATION, "parameters", 1), True),
    "parameter-added": (changed(*OPERATION, "parameters", 1), base(), False),
    "parameter-added-required": (
        changed(*OPERATION, "parameters", 1),
        parameter(1, required=True),
        True,
    ),
    "parameter-renamed": (base(), parameter(1, **{"x-python-name": "page_number"}), True),
    "parameter-now-required": (base(), parameter(1, required=True), True),
    "parameter-now-optional": (parameter(1, required=True), base(), False),
    "parameter-type": (base(), parameter(1, schema={"type": "string"}), True),
    "parameter-value-removed": (
        base(),
        parameter(2, schema={"type": "string", "enum": ["up"]}),
        True,
    ),
    "parameter-value-added": (
        parameter(2, schema={"type": "string", "enum": ["up"]}),
        base(),
        False,
    ),
    "parameter-limits-tighter": (
        base(),
        parameter(1, schema={"type": "integer", "maximum": 9}),
        True,
    ),
    "parameter-limits-wider": (base(), parameter(1, schema={"type": "integer"}), False),
    "body-removed": (base(), changed(*OPERATION, "requestBody"), True),
    "body-added": (changed(*OPERATION, "requestBody"), base(), False),
    "body-added-required": (changed(*OPERATION, "requestBody"), body(required=True), True),
    "body-now-required": (base(), body(required=True), True),
    "body-now-optional": (body(required=True), base(), False),
    "body-type": (base(), body(content=content("Seen")), True),
    "content-type-removed": (base(), body(), True),
    "content-type-added": (body(), base(), False),
    "response-type": (
        base(),
        changed(*OPERATION, "responses", "200", "content", value=content("Sent")),
        True,
    ),
    "model-removed": (base(), changed("components", "schemas", "Any"), True),
    "model-added": (changed("components", "schemas", "Any"), base(), False),
    "model-kind": (
        base(),
        changed("components", "schemas", "Tone", value={"type": "object", "properties": {}}),
        True,
    ),
    "member-removed": (
        base(),
        changed(
            "components",
            "schemas",
            "Any",
            "properties",
            "x",
            value={"oneOf": [ref("Left"), ref("Sent")]},
        ),
        True,
    ),
    "member-added": (
        base(),
        changed(
            "components",
            "schemas",
            "Any",
            "properties",
            "x",
            value={"oneOf": [ref("Left"), ref("Right"), ref("Sent")]},
        ),
        True,  # no operation leads to the model, so anybody may read it
    ),
    "field-removed": (base(), changed(*SENT, "properties", "name"), True),
    "field-added": (base(), changed(*SENT, "properties", "more", value=FLAG), False),
    "field-added-required": (
        changed(*SENT, "properties", "name"),
        changed(*SENT, "required", value=["name"]),
        True,
    ),
    "field-renamed": (base(), renamed(SENT, **{"x-python-name": "title"}), True),
    "field-now-required": (base(), changed(*SENT, "required", value=["name"]), True),
    "field-now-optional": (base(), changed(*SEEN, "required"), True),
    "field-type": (base(), changed(*SENT, "properties", "name", value=FLAG), True),
    "field-now-nullable": (base(), renamed(SEEN, nullable=True), True),
    "field-no-longer-nullable": (renamed(SENT, nullable=True), base(), True),
    "field-now-read-only": (base(), renamed(SENT, readOnly=True), True),
    "field-no-longer-read-only": (renamed(SENT, readOnly=True), base(), False),
    "field-limits-tighter": (base(), renamed(SENT, maxLength=9), True),
    "field-limits-wider": (base(), renamed(SENT, maxLength=11), False),
    "field-deprecated": (base(), renamed(SENT, deprecated=True), False),
    "value-removed": (
        base(),
        changed("components", "schemas", "Mood", "enum", value=["calm"]),
        True,
    ),
    "value-added": (
        changed("components", "schemas", "Mood", "enum", value=["calm"]),
        base(),
        False,
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_kind_of_change_is_found(rule: str) -> None:
    old, new, is_breaking = CASES[rule]
    found = [change for change in changes(build_api(old), build_api(new)) if change.rule == rule]
    assert {change.is_breaking for change in found} == {is_breaking}
    assert all("{name}" not in change.message for change in found)


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        (renamed(SENT, nullable=True), "field-now-nullable"),
        (
            changed(*SEEN, "properties", "name", value={**TEXT, "maxLength": 9}),
            "field-limits-tighter",
        ),
        (changed("components", "schemas", "Tone", "enum", value=["low"]), "value-removed"),
        (changed(*SEEN, "required", value=["name", "mood"]), "field-now-required"),
        (renamed(SEEN, readOnly=True), "field-now-read-only"),
    ],
)
def test_a_change_breaks_only_those_whom_its_direction_concerns(new: Json, rule: str) -> None:
    (change,) = changes(build_api(base()), build_api(new))
    assert (change.rule, change.is_breaking) == (rule, False)


def test_a_required_field_that_only_the_server_sets_is_asked_of_nobody() -> None:
    new = changed(*SENT, "properties", "id", value={"type": "integer", "readOnly": True})
    new["components"]["schemas"]["Sent"]["required"] = ["id"]
    (change,) = changes(build_api(base()), build_api(new))
    assert (change.rule, change.name, change.is_breaking) == ("field-added", "id", False)


def test_what_a_parameter_of_a_path_is_called_moves_no_operation() -> None:
    text = json.dumps(base()).replace("{id}", "{key}").replace('"name": "id"', '"name": "key"')
    (change,) = changes(build_api(base()), build_api(json.loads(text)))
    assert change == Change("things.update", "parameter-renamed", "key", "id", "key", True)


def test_the_page_lists_all_rules() -> None:
    text = (Path(__file__).parents[2] / "docs" / "changes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (.+) \|$", text, re.MULTILINE)
    whom = {
        "always": "everybody",
        "sent": "those who send it",
        "received": "those who receive it",
        "never": "nobody",
    }
    assert rows == [
        (name, re.sub(r"\{(\w+)\}", r"*\1*", rule.text), whom[rule.breaks])
        for name, rule in RULES.items()
    ]


VERSIONS = ("2.5", "2.15.0", "2.31.1", "2.37.1", "2.54.1", "2.73.0")
OPPOSITES = {"added": "removed", "removed": "added"}


@pytest.fixture(scope="module")
def released() -> Callable[[str], Any]:
    known: dict[str, Any] = {}

    def read(version: str) -> Any:
        if version not in known:
            text = gzip.decompress((SCHEMAS / f"cvat-{version}.json.gz").read_bytes())
            known[version] = build_api(json.loads(text))
        return known[version]

    return read


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_changes_from_a_released_server_to_itself(
    version: str, released: Callable[[str], Any]
) -> None:
    assert changes(released(version), released(version)) == ()


@pytest.mark.parametrize(("old", "new"), list(itertools.pairwise(VERSIONS)))
def test_what_comes_between_released_servers_goes_on_the_way_back(
    old: str, new: str, released: Callable[[str], Any]
) -> None:
    there, back = changes(released(old), released(new)), changes(released(new), released(old))
    assert there
    for what in ("operation", "model"):
        came = {change.subject for change in there if change.rule == f"{what}-added"}
        went = {change.subject for change in back if change.rule == f"{what}-removed"}
        assert came == went


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[str]]:
    def write(*descriptions: Json) -> list[str]:
        names = []
        for number, description in enumerate(descriptions):
            names.append(str(tmp_path / f"{number}.json"))
            Path(names[-1]).write_text(json.dumps(description))
        return names

    return write


def test_the_command_says_what_breaks_first(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed(*SENT, "properties", "more", value=FLAG)
    new["paths"]["/things/{id}"]["post"]["parameters"][1]["required"] = True
    new["info"]["version"] = "2"
    assert main(["diff", *files(base(), new)]) == 1
    assert capsys.readouterr().out == (
        "Things 1 -> Things 2: 1 breaking change, 1 others\n"
        "\n"
        "Breaking\n"
        "  things.update: the parameter 'page' is required\n"
        "\n"
        "Others\n"
        "  Sent: the field 'more' is new\n"
    )
    assert main(["diff", "--breaking", *files(base(), new)]) == 1
    assert "Others" not in capsys.readouterr().out


def test_the_command_ends_well_when_nothing_breaks(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed(*SENT, "properties", "more", value=FLAG)
    assert main(["diff", "--json", *files(base(), new)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["breaking"] == 0
    assert answer["changes"] == [
        {
            "subject": "Sent",
            "rule": "field-added",
            "name": "more",
            "old": "",
            "new": "",
            "is_breaking": False,
            "message": "the field 'more' is new",
        }
    ]


def test_the_command_names_the_description_that_is_faulty(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = files(base(), changed("paths", value={"/x": {"get": {}}}))
    assert main(["diff", old, new]) == 2
    assert new in capsys.readouterr().err
    assert main(["diff", old, "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err


def test_texts_of_a_description_give_no_orders_to_a_terminal(
    files: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed("info", "title", value="\x1b[2J")
    main(["diff", *files(base(), new)])
    assert "\x1b" not in capsys.readouterr().out
