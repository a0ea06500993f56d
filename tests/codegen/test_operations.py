"""What operations become: the table, and methods that reach a real server."""

from __future__ import annotations

import datetime
import importlib
import inspect
import io
import json
import threading
import typing
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError, VersionSkewWarning
from cvat_sdk.api_client.runtime.endpoint import MethodOptions

Json = dict[str, Any]
Make = Callable[..., Json]

PERSON: Json = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "born": {"type": "string", "format": "date"}},
}
PERSON_REF: Json = {"$ref": "#/components/schemas/Person"}


class Server(ThreadingHTTPServer):
    """Answers every request with the same JSON and remembers what it was asked."""

    answer: Any = None
    requests: list[tuple[str, str, dict[str, str], bytes]]


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers, body))
        answer = json.dumps(self.server.answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, *args: object) -> None:
        """Keeps the output of the tests clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), _Handler) as running:
        running.requests = []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[ApiClient]:
    with ApiClient(Configuration(host=f"http://127.0.0.1:{server.server_port}")) as made:
        yield made


def content(schema: Json, *media_types: str) -> Json:
    return {name: {"schema": schema} for name in media_types or ("application/json",)}


def answer(schema: Json, *media_types: str) -> Json:
    return {"description": "Fine.", "content": content(schema, *media_types)}


def parameter(name: str, location: str = "query", **rest: Any) -> Json:
    return {"name": name, "in": location, "schema": {"type": "integer"}, **rest}


@pytest.fixture
def generate_api(generate: Callable[[Json], str]) -> Callable[[Json], tuple[Any, Any]]:
    """Generates a package; gives its class ``ThingsApi`` and the table of the tag ``things``."""

    def run(description: Json) -> tuple[Any, Any]:
        package = generate(description)
        apis = importlib.import_module(f"{package}.apis")
        operations = importlib.import_module(f"{package}.operations")
        assert operations.TAGS == ("things",)
        assert list(operations.all_operations()) == list(operations.load("things").values())
        return apis.ThingsApi, operations.load("things")

    return run


def test_a_call_sends_and_decodes(
    describe: Make, operation: Make, generate_api: Any, client: ApiClient, server: Server
) -> None:
    paths = {
        "/things/{id}": {
            "parameters": [parameter("id", "path", required=True)],
            "patch": operation(
                operationId="things_partial_update",
                parameters=[
                    parameter("since", schema={"type": "string", "format": "date-time"}),
                    parameter("X-Organization", "header", schema={"type": "string"}),
                ],
                requestBody={"content": content(PERSON_REF)},
                responses={"200": answer({"type": "array", "items": PERSON_REF})},
            ),
        }
    }
    api_class, _ = generate_api(describe({"Person": PERSON}, paths))
    server.answer = [{"name": "Ann", "born": "2001-02-03"}]
    people, response = api_class(client).partial_update(
        7, since=datetime.datetime(2024, 1, 2), x_organization="org", person={"name": "Bob"}
    )
    assert response.status == 200
    assert people[0].born == datetime.date(2001, 2, 3)
    ((method, path, headers, body),) = server.requests
    assert (method, path) == ("PATCH", "/things/7?since=2024-01-02T00%3A00%3A00")
    assert headers["x-organization"] == "org"
    assert headers["accept"] == "application/json"
    assert json.loads(body) == {"name": "Bob"}


def test_what_may_be_sent_again(describe: Make, operation: Make, generate_api: Any) -> None:
    paths = {
        "/a": {"post": operation(operationId="things_ask", **{"x-repeatable": True})},
        "/b": {"post": operation(operationId="things_make")},
    }
    _, table = generate_api(describe({}, paths))
    assert {name: entry.repeatable for name, entry in table.items()} == {"ask": True, "make": False}


def test_a_warning_names_the_line_of_the_program(
    describe: Make, operation: Make, generate_api: Any, client: ApiClient, server: Server
) -> None:
    paths = {
        "/a": {"get": operation(operationId="things_get", responses={"200": answer(PERSON_REF)})}
    }
    api_class, _ = generate_api(describe({"Person": PERSON}, paths))
    server.answer = {"name": "Ann", "hue": 1}
    with pytest.warns(VersionSkewWarning, match="Person has an unknown field 'hue'") as caught:
        api_class(client).get()
    assert caught[0].filename == __file__


def test_arguments_that_are_required_are_positional_and_sorted(
    describe: Make, operation: Make, generate_api: Any
) -> None:
    paths = {
        "/things/{id}/{action}": {
            "post": operation(
                parameters=[
                    parameter("id", "path", required=True),
                    parameter("format", required=True),
                    parameter("zoom"),
                    parameter("action", "path", required=True),
                    parameter("area"),
                ],
                requestBody={"content": content(PERSON_REF), "required": True},
            )
        }
    }
    api_class, table = generate_api(describe({"Person": PERSON}, paths))
    assert table["get"].positional == ("action", "format", "id", "person")
    signature = inspect.signature(api_class.get).parameters
    kinds = [(name, p.kind.name) for name, p in signature.items()]
    assert kinds[:7] == [
        ("self", "POSITIONAL_OR_KEYWORD"),
        ("action", "POSITIONAL_OR_KEYWORD"),
        ("format", "POSITIONAL_OR_KEYWORD"),
        ("id", "POSITIONAL_OR_KEYWORD"),
        ("person", "POSITIONAL_OR_KEYWORD"),
        ("zoom", "KEYWORD_ONLY"),
        ("area", "KEYWORD_ONLY"),
    ]
    assert {name for name, _ in kinds[7:]} == set(MethodOptions.__annotations__)
    assert {kind for _, kind in kinds[7:]} == {"KEYWORD_ONLY"}


def test_values_of_parameters_are_closed(
    describe: Make, operation: Make, generate_api: Any
) -> None:
    mood = {"enum": ["calm", "wild"]}
    long = {"enum": [f"value {number}" for number in range(20)]}
    parameters = [
        parameter("mood", schema=mood),
        parameter("only", schema={"enum": ["one", "two"]}),
        parameter("long", schema=long),
    ]
    described = describe({"Mood": mood}, {"/things": {"get": operation(parameters=parameters)}})
    api_class, _ = generate_api(described)
    hints = typing.get_type_hints(api_class.get)
    models = importlib.import_module(f"{api_class.__module__.split('.')[0]}.models")
    assert hints["mood"] == models.Mood | typing.Literal["calm", "wild"]
    assert hints["only"] == typing.Literal["one", "two"]
    assert hints["long"] == typing.Literal[tuple(long["enum"])]


def test_the_description_may_name_and_order_arguments(
    describe: Make, operation: Make, generate_api: Any
) -> None:
    body = {"content": content(PERSON_REF), "required": True, "x-python-name": "who"}
    post = operation(
        parameters=[parameter("b", required=True), parameter("c", **{"x-python-name": "see"})],
        requestBody=body,
        **{"x-python-method": "put_in", "x-positional-order": ["who", "b"]},
    )
    api_class, table = generate_api(describe({"Person": PERSON}, {"/things": {"post": post}}))
    assert table["put_in"].positional == ("who", "b")
    assert table["put_in"].body.name == "who"
    assert list(inspect.signature(api_class.put_in).parameters)[1:4] == ["who", "b", "see"]


def test_parameters_of_the_path_and_shared_components(
    describe: Make, operation: Make, generate_api: Any
) -> None:
    paths = {
        "/things": {
            "parameters": [parameter("a"), {"$ref": "#/components/parameters/B"}],
            "get": operation(
                parameters=[parameter("a", required=True), parameter("Accept", "header")],
                requestBody={"$ref": "#/components/requestBodies/One"},
                responses={"200": {"$ref": "#/components/responses/One"}, "404": {"$ref": "#/x"}},
            ),
        }
    }
    components = {
        "parameters": {"B": parameter("b", schema={"$ref": "#/components/schemas/Kind"})},
        "requestBodies": {"One": {"content": content(PERSON_REF)}},
        "responses": {"One": answer({"type": "object", "properties": {"n": {"type": "integer"}}})},
    }
    schemas = {"Person": PERSON, "Kind": {"type": "string", "enum": ["x", "y"]}}
    _, table = generate_api(describe(schemas, paths, components=components))
    found = table["get"]
    assert [(p.name, p.type, p.required, p.choices) for p in found.parameters] == [
        ("a", "int", True, ()),
        ("b", "str", False, ("x", "y")),
    ]
    assert found.body.type == "Person"
    assert found.response == "One"


def test_choices_and_limits_are_checked(
    describe: Make, operation: Make, generate_api: Any, client: ApiClient, server: Server
) -> None:
    get = operation(
        parameters=[
            parameter("kind", schema={"type": "string", "enum": ["x", "y"]}),
            parameter("size", schema={"type": "integer", "maximum": 3}),
        ]
    )
    api_class, _ = generate_api(describe({}, {"/things": {"get": get}}))
    api = api_class(client)
    api.get(kind="x", size=3)
    with pytest.raises(ApiValueError):
        api.get(kind="z")
    with pytest.raises(ApiValueError):
        api.get(size=4)
    with pytest.raises(ApiTypeError):
        api.get(size="3")
    assert len(server.requests) == 1


@pytest.mark.parametrize("shared", [False, True])
def test_a_form_is_passed_field_by_field(
    describe: Make,
    operation: Make,
    generate_api: Any,
    client: ApiClient,
    server: Server,
    shared: bool,
) -> None:
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "note": {"type": "string"},
            "file": {"type": "string", "format": "binary"},
        },
    }
    schema = {"$ref": "#/components/schemas/Form"} if shared else form
    post = operation(requestBody={"content": content(schema, "multipart/form-data")})
    api_class, table = generate_api(describe({"Form": form}, {"/things": {"post": post}}))
    assert table["get"].body is None
    assert table["get"].form_content_types == ("multipart/form-data",)
    api_class(client).get(io.BytesIO(b"pixels"), note="hello")
    ((_, _, headers, body),) = server.requests
    assert headers["content-type"].startswith("multipart/form-data")
    assert b"pixels" in body
    assert b"hello" in body


def test_the_lowest_success_decides_and_all_of_them_are_accepted(
    describe: Make, operation: Make, generate_api: Any
) -> None:
    responses = {
        "404": answer({"type": "object", "properties": {"detail": {"type": "string"}}}),
        "202": answer(PERSON_REF, "application/vnd.x+json"),
        "200": answer({"type": "string"}, "text/plain", "application/json"),
        "default": {"description": "Anything else."},
    }
    get = operation(responses=responses)
    _, table = generate_api(describe({"Person": PERSON}, {"/things": {"get": get}}))
    assert table["get"].responses == ((200, "str"), (202, "Person"))
    assert table["get"].response == "str"
    assert table["get"].accept == ("application/json", "application/vnd.x+json", "text/plain")


def test_credentials_of_an_operation(describe: Make, operation: Make, generate_api: Any) -> None:
    schemes = {name: {"type": "http", "scheme": "basic"} for name in ("a", "b", "c")}
    paths = {
        "/all": {"get": operation(operationId="things_all")},
        "/none": {"get": operation(operationId="things_none", security=[])},
        "/one": {"get": operation(operationId="things_one", security=[{"a": []}, {}])},
    }
    components = {"securitySchemes": schemes}
    security = [{"c": [], "b": []}, {"a": []}]
    description = describe({}, paths, components=components, security=security)
    _, table = generate_api(description)
    found = {name: entry.auth for name, entry in table.items()}
    assert found == {"all": ("a", "b", "c"), "none": (), "one": ("a",)}


def test_a_method_called_list_does_not_hide_the_type(
    describe: Make, operation: Make, generate_api: Any, client: ApiClient, server: Server
) -> None:
    responses = {"200": answer({"type": "array", "items": {"type": "integer"}})}
    paths = {"/things": {"get": operation(operationId="things_list", responses=responses)}}
    api_class, _ = generate_api(describe({}, paths))
    server.answer = [1, 2]
    assert api_class(client).list()[0] == [1, 2]


def test_a_description_of_nothing(describe: Make, generate: Callable[[Json], str]) -> None:
    package = generate(describe())
    for module, expected in (("models", "__all__"), ("apis", "__all__"), ("operations", "TAGS")):
        assert not getattr(importlib.import_module(f"{package}.{module}"), expected)
    assert importlib.import_module(f"{package}.apis.attributes").ATTRIBUTES == {}
