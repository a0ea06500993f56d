"""What of a description has no effect on a client: it gives a warning with its place, and the rest is generated."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cvat_codegen.build import build_api
from cvat_codegen.cli import main
from cvat_codegen.emit import emit
from cvat_codegen.verify import verify

Json = dict[str, Any]
Make = Callable[..., Json]

TEXT: Json = {"type": "string"}
JSON = "application/json"


def warnings(description: Json) -> dict[str, str]:
    """Message of each warning by its pointer; the rest gives modules."""
    api = build_api(description)
    assert verify(api, emit(api, "x", "left"), "left") is None
    return {warning.pointer: warning.message for warning in api.warnings}


def test_callbacks_links_and_encodings_are_left_out(describe: Make, operation: Make) -> None:
    call = operation(
        callbacks={"done": {}},
        requestBody={"content": {JSON: {"schema": TEXT, "encoding": {}}}},
        responses={"200": {"description": "", "links": {}}},
    )
    found = warnings(describe({}, {"/a": {"post": call}}))
    assert found == {
        "/paths/~1a/post/callbacks": "'callbacks' is left out",
        "/paths/~1a/post/requestBody/content/application~1json/encoding": "'encoding' is left out",
        "/paths/~1a/post/responses/200/links": "'links' is left out",
    }


def test_styles_that_say_nothing_of_a_value(describe: Make, operation: Make) -> None:
    nested = {"type": "array", "items": {"type": "array", "items": TEXT}}
    parameters = [
        {"name": "X-A", "in": "header", "schema": TEXT, "style": "form"},
        {"name": "b", "in": "query", "schema": nested},
    ]
    found = warnings(describe({}, {"/a": {"get": operation(parameters=parameters)}}))
    assert found == {
        "/paths/~1a/get/parameters/0/style": "style 'form' is none of a header: it goes by 'simple'",
        "/paths/~1a/get/parameters/1/schema": "no style writes lists or objects within a list or an "
        "object: such values are refused",
    }


def test_an_unknown_format_leaves_a_plain_type(
    describe: Make, generate_models: Callable[[Json], Any]
) -> None:
    fields = {"colour": {**TEXT, "format": "colour"}, "size": {"type": "integer", "format": "date"}}
    description = describe({"Thing": {"type": "object", "properties": fields}})
    assert warnings(description) == {
        "/components/schemas/Thing/properties/colour/format": "format 'colour' is not known; a plain str",
        "/components/schemas/Thing/properties/size/format": "format 'date' is not known; a plain int",
    }
    thing = generate_models(description).Thing(colour="red", size=3)
    assert (thing.colour, thing.size) == ("red", 3)


def test_further_properties_are_kept_whatever_their_type(
    describe: Make, generate_models: Callable[[Json], Any]
) -> None:
    schema = {
        "type": "object",
        "properties": {"name": TEXT},
        "additionalProperties": {"type": "integer"},
    }
    description = describe({"Thing": schema})
    assert list(warnings(description)) == ["/components/schemas/Thing/additionalProperties"]
    models = generate_models(description)
    codec = importlib.import_module("cvat_sdk.api_client.runtime.codec")
    package = models.__name__.rpartition(".")[0]
    thing = codec.decode(b'{"name":"a","more":1}', "Thing", package=package)
    assert thing.more == 1
    assert codec.encode(thing) == b'{"name":"a","more":1}'


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ({"type": "oauth2", "flows": {}}, "type 'oauth2' is not known"),
        ({"type": "http", "scheme": "digest"}, "http scheme 'digest' is not known"),
        ({"type": "apiKey", "in": "body", "name": "x"}, "a key needs a place"),
        ({"type": "apiKey", "in": "header", "name": "x\ny"}, "is no name of a header"),
    ],
)
def test_a_credential_that_no_client_can_send(describe: Make, scheme: Json, message: str) -> None:
    found = warnings(describe(components={"securitySchemes": {"x": scheme}}))
    assert list(found) == ["/components/securitySchemes/x"]
    assert message in found["/components/securitySchemes/x"]


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"2XX": TEXT, "4XX": None}, ((200, "str"),)),
        ({"2XX": TEXT, "200": {"type": "integer"}}, ((200, "int"),)),
        ({"200": {"type": "integer"}, "2xx": TEXT}, ((200, "int"),)),
        ({"default": TEXT}, ((200, "str"),)),
        ({"default": TEXT, "204": None}, ((204, None),)),
        ({"default": TEXT, "404": None}, ()),
        ({"410": None}, ()),
    ],
)
def test_successes_without_a_number(
    describe: Make,
    operation: Make,
    generate: Callable[[Json], str],
    responses: Json,
    expected: tuple[tuple[int, str | None], ...],
) -> None:
    answers = {
        status: {"description": "", **({"content": {JSON: {"schema": schema}}} if schema else {})}
        for status, schema in responses.items()
    }
    package = generate(describe({}, {"/things": {"get": operation(responses=answers)}}))
    table = importlib.import_module(f"{package}.operations").load("things")
    assert table["get"].responses == expected
    assert table["get"].response == (expected[0][1] if expected else None)


def test_warnings_are_printed_and_problems_only_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], describe: Make, operation: Make
) -> None:
    spec = tmp_path / "x.yaml"
    spec.write_text(yaml.safe_dump(describe({}, {"/a": {"get": operation(callbacks={})}})))
    assert main(["problems", str(spec)]) == 0
    captured = capsys.readouterr()
    assert captured.err == "warning: /paths/~1a/get/callbacks: 'callbacks' is left out\n"
    assert captured.out == "Test API 1.0: 0 models, 1 operations: no problems, 1 warnings\n"
    assert [path.name for path in tmp_path.iterdir()] == ["x.yaml"]


def test_no_text_gives_orders_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], describe: Make
) -> None:
    description = describe({"\x1b[2J": {"type": "\x1b[2J"}}, info={"title": "\x9b", "version": "1"})
    spec = tmp_path / "x.json"
    spec.write_text(json.dumps(description))
    assert main(["problems", str(spec)]) == 2
    captured = capsys.readouterr()
    assert "\x1b" not in captured.err + captured.out
